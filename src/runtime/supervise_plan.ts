/**
 * Which services start, and after which others.
 *
 * @module
 */
import { ConfigError, Issues } from "../config/issue.ts";
import {
  type HttpServiceEntry,
  isService,
  type ProcessServiceEntry,
  type ServiceEntry,
} from "../registry/entry.ts";
import type { Registry } from "../registry/registry.ts";

/** What starts and stops as one. */
export interface PlannedUnit {
  /** Its name among the others: the id of its service, or of the first. */
  readonly id: string;
  /** A process that is watched over; or what listens together. */
  readonly services: readonly (ProcessServiceEntry | HttpServiceEntry)[];
  /** Units that must run before it. */
  readonly requires: readonly string[];
  /** Whether the application does not start without it. */
  readonly required: boolean;
}

/** The services that are to start. */
export interface Plan {
  /** Each after those that it requires. */
  readonly units: readonly PlannedUnit[];
  /** Services that one may have expected, and why they are not among them. */
  readonly remarks: readonly string[];
}

/**
 * The services that start by themselves, and those that they require; or one that is named, and those that it requires.
 *
 * @param name The id or name of a service.
 * @returns No units where the name is no service's, or nothing starts by itself.
 * @throws {ConfigError} If several of them want the same terminal.
 */
export function planUnits(registry: Registry, name: string | undefined): Plan {
  const all = registry.entries().filter(isService);
  const named = name === undefined ? undefined : all.find(({ id }) => id === name) ?? registry.get(name);
  const roots = name === undefined
    ? all.filter(({ lifecycle }) => lifecycle.autoStart)
    : named !== undefined && isService(named)
    ? [named]
    : [];
  const found = new Map<string, ServiceEntry>();
  for (const root of roots) collect(root, registry, found);
  const services = [...found.values()].filter((entry) => isProcess(entry) || entry.kind === "http.service");
  if (services.length === 0) return { units: [], remarks: [] };
  checkTerminals(services.filter(isProcess), registry);
  const left = name === undefined
    ? all.filter((entry) => (isProcess(entry) || entry.kind === "http.service") && !found.has(entry.id))
    : [];
  return {
    units: unitsOf(services, registry),
    remarks: left.map(({ id }) => `${id} is not started: its auto_start is not true`),
  };
}

function isProcess(entry: ServiceEntry): entry is ProcessServiceEntry {
  return entry.kind === "process.service";
}

/** A terminal has the streams of one process. */
function checkTerminals(services: readonly ProcessServiceEntry[], registry: Registry): void {
  const issues = new Issues();
  const taken = new Map<string, string>();
  for (const { id, host, where } of services) {
    if (registry.get(host)?.kind !== "terminal.host") continue;
    const other = taken.get(host);
    if (other === undefined) taken.set(host, id);
    else {issues.error(
        "value",
        where.host,
        `${id}: host names ${host}, a terminal.host, which has the process of ${other}`,
      );}
  }
  if (issues.errors > 0) throw new ConfigError(issues.sorted());
}

/** Whether it starts by itself, and not with others. */
function isAlone(entry: ServiceEntry): boolean {
  return isProcess(entry) || entry.lifecycle.startup === "optional";
}

/** A service after those that it requires; none requires itself. */
function collect(entry: ServiceEntry, registry: Registry, into: Map<string, ServiceEntry>): void {
  if (into.has(entry.id)) return;
  for (const id of entry.lifecycle.requires) {
    const other = registry.get(id);
    if (other !== undefined && isService(other)) collect(other, registry, into);
  }
  into.set(entry.id, entry);
}

/**
 * What listens does so together, since it shares what it has made ready; but not what must not keep others from it, nor what
 * requires a process that requires something else that listens.
 */
function unitsOf(services: readonly ServiceEntry[], registry: Registry): PlannedUnit[] {
  const units = new Map<string, { services: ServiceEntry[]; level: number }>();
  const unitOf = new Map<string, string>();
  const levels = new Map<string, number>();
  /** How many groups of what listens must be there before, one after the other. */
  const levelOf = (id: string): number => levels.get(id) ?? 0;
  for (const service of services) {
    const below = service.lifecycle.requires.map((other) => {
      const entry = registry.get(other);
      // Beside one another within a group is soon enough.
      const grouped = entry !== undefined && isService(entry) && !isAlone(entry);
      return levelOf(other) + (grouped && isAlone(service) ? 1 : 0);
    });
    const level = Math.max(0, ...below);
    levels.set(service.id, level);
    const key = isAlone(service) ? service.id : `listening ${level}`;
    const unit = units.get(key);
    if (unit === undefined) units.set(key, { services: [service], level });
    else unit.services.push(service);
    unitOf.set(service.id, key);
  }
  const made = [...units].map(([key, unit]): PlannedUnit => {
    const requires = new Set(
      unit.services.flatMap(({ lifecycle }) => lifecycle.requires.flatMap((id) => unitOf.get(id) ?? [])),
    );
    requires.delete(key);
    return {
      id: key,
      services: unit.services as PlannedUnit["services"],
      requires: [...requires],
      required: unit.services.some(({ lifecycle }) => lifecycle.startup === "required"),
    };
  });
  return sorted(made);
}

/** Each after those that it requires. */
function sorted(units: readonly PlannedUnit[]): PlannedUnit[] {
  const byId = new Map(units.map((unit) => [unit.id, unit]));
  const done = new Set<PlannedUnit>();
  const take = (unit: PlannedUnit) => {
    if (done.has(unit)) return;
    for (const id of unit.requires) take(byId.get(id)!);
    done.add(unit);
  };
  for (const unit of units) take(unit);
  return [...done];
}
