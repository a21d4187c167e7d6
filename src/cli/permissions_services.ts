/**
 * What services may touch: where they listen, what they read, and what they run.
 *
 * @module
 */
import { servedBy } from "../compile/selection.ts";
import { toServe } from "../compile/needs.ts";
import { at } from "../config/position.ts";
import {
  type Entry,
  type HttpServiceEntry,
  isWasm,
  type ProcessServiceEntry,
  type WasmEntry,
} from "../registry/entry.ts";
import type { Registry } from "../registry/registry.ts";
import { configurationNeeds, type Loading } from "../runtime/needs.ts";
import { type EntryPermissions, type Permission, scopeToRun, serving } from "../runtime/permissions.ts";

/** What `serve` starts that no `run` calls. */
export type Service = HttpServiceEntry | ProcessServiceEntry;

/** Whether an entry is a service. */
export function isService(entry: Entry): entry is Service {
  return entry.kind === "http.service" || entry.kind === "process.service";
}

/** Where an entry listens that answers requests itself, if nobody says. */
const LISTEN = { hostname: "127.0.0.1", port: 8080 };

/**
 * What a service may do, and those that it requires.
 *
 * @param of What each entry may do that it runs.
 */
export function permissionsOfService(
  service: Service,
  registry: Registry,
  loading: Loading,
  of: (entry: WasmEntry) => EntryPermissions,
): EntryPermissions {
  const all = required(service, registry);
  const runs = new Map<string, EntryPermissions>();
  for (const one of all) for (const entry of runBy(one, registry)) runs.set(entry.id, of(entry));
  const web = all.filter((one) => one.kind === "http.service");
  const scope = toServe({ entries: [], services: web }, registry);
  const own = serving(scope, configurationNeeds(registry, loading));
  return {
    id: service.id,
    kind: service.kind,
    at: at(service.at),
    isolation: "inline",
    permissions: all.flatMap((one) => lines(one, registry)),
    guest: scope,
    run: scopeToRun([...runs.values(), { isolation: "inline", guest: scope, run: own }]),
  };
}

/** What an entry may do that answers requests itself, and that `serve` listens for. */
export function withListening(own: EntryPermissions, registry: Registry): EntryPermissions {
  const scope = toServe({ entries: [], services: [] }, registry, LISTEN);
  return {
    ...own,
    permissions: [...own.permissions, listening(LISTEN.hostname, LISTEN.port)],
    run: scopeToRun([own, { isolation: "inline", guest: scope, run: scope }]),
  };
}

/** A service, and those that it requires; hosts of processes may require some too. */
function required(entry: Entry, registry: Registry, found: Set<Entry> = new Set()): readonly Service[] {
  if (!found.has(entry) && "lifecycle" in entry) {
    found.add(entry);
    for (const id of entry.lifecycle.requires) {
      const other = registry.get(id);
      if (other !== undefined) required(other, registry, found);
    }
  }
  return [...found].filter(isService);
}

function runBy(service: Service, registry: Registry): readonly WasmEntry[] {
  if (service.kind === "http.service") return servedBy(registry, service).entries;
  const process = registry.get(service.process);
  return process !== undefined && isWasm(process) ? [process] : [];
}

function lines(service: Service, registry: Registry): Permission[] {
  const runs = runBy(service, registry).map(({ id }) => row("runs", id, { link: "exact" }));
  if (service.kind === "process.service") return runs;
  const { files } = servedBy(registry, service);
  return [
    listening(service.hostname, service.port),
    // A link that lies in it is not followed out of it here, and is by Deno.
    ...files.map(({ host, path }) =>
      row("shows files", `${path} (on the host ${host})`, { link: "exact", deno: "wider" })
    ),
    ...runs,
  ];
}

/** A process of services is nobody's guest: the kernel does not confine it. */
function listening(hostname: string, port: number): Permission {
  return row("listens", `${hostname}, ${port === 0 ? "any port" : `port ${port}`}`, { deno: "exact" });
}

function row(what: string, where: string, walls: Partial<Permission["walls"]>): Permission {
  return { what, where, walls: { link: "none", deno: "none", os: "none", ...walls } };
}
