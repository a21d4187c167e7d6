/**
 * Puts another version of an application in force, or none of it.
 *
 * @module
 */
import { printIssue } from "../config/issue.ts";
import { isWasm, type ProcessServiceEntry } from "../registry/entry.ts";
import type { Registry } from "../registry/registry.ts";
import type { Stdio } from "../wasi/mod.ts";
import { Draft } from "./callables_draft.ts";
import type { Live } from "./live.ts";
import { type Changes, changesOf, isNothing } from "./reload_changes.ts";
import { checkReload } from "./reload_check.ts";
import type { LiveServer } from "./reload_server.ts";
import { planUnits } from "./supervise_plan.ts";
import type { Supervised } from "./supervise_process.ts";
import type { Started } from "./supervise_start.ts";

/** What there is of an application that is in use. */
export interface ReloadContext {
  /** The application. */
  readonly live: Pick<Live, "registry" | "callables" | "events">;
  /** What listens for it. */
  readonly servers: Iterable<LiveServer>;
  /** Its services. */
  readonly started: Iterable<Started>;
  /** Where the guests' standard streams lead. */
  readonly stdio: Partial<Stdio>;
  /** Told what the operator should know. */
  readonly warn: (message: string) => void;
}

/**
 * Loads an application anew. What has not changed keeps its processes and what it has compiled. What has is made ready while
 * the version before is in use; then the next call, and the next request, is of the new one, and those that came before end in
 * the old one.
 *
 * @param load Loads it.
 * @param touched Files that something has happened to: modules among them are looked at.
 * @throws What is wrong with it, before anything of it is in force.
 */
export async function reload(
  load: () => Registry,
  touched: ReadonlySet<string>,
  context: ReloadContext,
): Promise<Changes> {
  const { live: { callables, events, registry: before }, stdio, warn } = context;
  const registry = load();
  const changes = changesOf(before, registry);
  const moved = new Set([...changes.changed, ...changes.added, ...changes.removed]);
  const servers = [...context.servers], started = [...context.started];
  const running = started.flatMap(({ supervisor }) => [...supervisor.processes.values()]);
  const looked = registry.entries().filter((entry) => isWasm(entry) && touched.has(entry.file)).map((
    { id },
  ) => id);
  await checkReload(registry, changes, [
    ...callables.opened,
    ...running.map(({ entry }) => entry.process),
    ...looked,
  ]);
  const kept = new Set(registry.entries().map(({ id }) => id).filter((id) => !moved.has(id)));
  const draft = new Draft(callables, registry, kept);
  const replaced: {
    readonly of: Started;
    readonly ended: string[];
    readonly begun: Map<string, Supervised>;
  }[] = [];
  try {
    await Promise.all(changes.changed.map(async (id) => {
      const entry = registry.get(id);
      if (callables.opened.includes(id) && entry !== undefined && isWasm(entry)) await draft.get(entry);
    }));
    const prepared = await Promise.all(
      servers.map((server) => server.prepare({ registry, callables: draft, stdio }, changes)),
    );
    for (const of of started) {
      const begun = new Map<string, Supervised>();
      const ended: string[] = [];
      replaced.push({ of, ended, begun });
      await prepareServices(of, registry, new Set(changes.changed), ended, begun);
    }
    tellWarnings(before, registry, warn);
    for (const remark of prepared.flatMap(({ remarks }) => remarks)) warn(remark);
    // From here on nothing fails, and nothing comes between.
    const retire = callables.adopt(draft);
    retire(Promise.all(prepared.map(({ commit }) => commit())));
    if (!isNothing(changes)) events.emit({ type: "reloaded", time: Date.now(), ...changes });
  } catch (error) {
    const begun = replaced.flatMap(({ begun }) => [...begun.values()]);
    await Promise.all([draft.discard(), ...begun.map((process) => process.stop())]);
    throw error;
  }
  for (const { of, ended, begun } of replaced) {
    tellListening(of, registry, warn);
    const { units } = planUnits(registry, of.name);
    await of.supervisor.replace(ended, begun, units);
  }
  return changes;
}

/** Which processes end, and what takes their places: ready, unless the application can do without. */
async function prepareServices(
  { supervisor, name }: Started,
  registry: Registry,
  changed: ReadonlySet<string>,
  ended: string[],
  begun: Map<string, Supervised>,
): Promise<void> {
  const { units } = planUnits(registry, name);
  const wanted = new Map(
    units.flatMap(({ services: [first], required }) =>
      first?.kind === "process.service" ? [[first.id, { entry: first, required }] as const] : []
    ),
  );
  const current = supervisor.processes;
  for (const id of current.keys()) if (!wanted.has(id) || changed.has(id)) ended.push(id);
  for (const [id, { entry, required }] of wanted) {
    if (current.has(id) && !changed.has(id)) continue;
    begun.set(id, await preparedService(supervisor, entry, required, registry));
  }
}

async function preparedService(
  supervisor: Started["supervisor"],
  entry: ProcessServiceEntry,
  required: boolean,
  registry: Registry,
): Promise<Supervised> {
  const process = supervisor.supervised(entry, registry);
  try {
    await process.open();
  } catch (error) {
    // One that the application can do without says so itself, when it is started.
    if (required) throw error;
  }
  return process;
}

/** Remarks that were not there before. */
function tellWarnings(before: Registry, after: Registry, warn: (message: string) => void): void {
  const old = new Set(before.warnings.map(({ message }) => message));
  for (const warning of after.warnings) if (!old.has(warning.message)) warn(printIssue(warning));
}

/** Nothing begins to listen that did not. */
function tellListening(
  { supervisor, name }: Started,
  registry: Registry,
  warn: (message: string) => void,
): void {
  const known = new Set(supervisor.statuses.map(({ id }) => id));
  const { units } = planUnits(registry, name);
  for (const { services } of units) {
    for (const { id, kind } of services) {
      if (kind === "http.service" && !known.has(id)) warn(`${id} listens after a restart, and not before`);
    }
  }
}
