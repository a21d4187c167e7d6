/** Applications with services, and what happens in them. */
import assert from "node:assert/strict";
import { type RuntimeEvent, type RuntimeOptions, type ServiceFailure } from "../../mod.ts";
import { Log } from "./serve_support.ts";
import { type App, Collector, type Guest, it, load } from "./support.ts";

/** Where processes run. */
export const HOST = "  - {name: host, kind: process.host, lifecycle: {auto_start: true}}\n";

/** A `process.wasm` of a guest. */
export function process(
  name: string,
  guest: Guest,
  method: string,
  more: Readonly<Record<string, string>> = {},
): Promise<string> {
  return it(guest, method, { name, kind: "process.wasm", isolation: "inline", ...more });
}

/** A `process.service` that restarts soon; `lifecycle` is more of it, in flow style. */
export function service(
  name: string,
  of: string,
  lifecycle = "",
  restart = "",
  more = "host: host",
): string {
  const soon = `restart: {initial_delay: 10ms, max_delay: 20ms${restart && `, ${restart}`}}`;
  return `  - {name: ${name}, kind: process.service, process: ${of}, ${more}, ` +
    `lifecycle: {auto_start: true, ${soon}${lifecycle && `, ${lifecycle}`}}}\n`;
}

/** An application, and all that has happened in it. */
export interface Watched extends App {
  /** What its events have told. */
  readonly events: Log<RuntimeEvent>;
  /** Its services' failures. */
  readonly failures: Log<ServiceFailure>;
  /** What it has warned of. */
  readonly warnings: Log<string>;
  /** What its guests have printed. */
  readonly output: Collector;
  /** Starts its services. */
  start(entry?: string): ReturnType<App["runtime"]["start"]>;
  /** Waits until something has happened so many times to an entry. */
  happened(type: RuntimeEvent["type"], entry: string, times?: number): Promise<void>;
}

/** Loads an application. */
export async function watched(entries: string, options: RuntimeOptions = {}): Promise<Watched> {
  const events = new Log<RuntimeEvent>(), failures = new Log<ServiceFailure>(), warnings = new Log<string>();
  const output = new Collector();
  const app = await load(entries, {
    stdio: { stdout: output, stderr: output },
    onWarning: (message) => warnings.add(message),
    ...options,
  });
  const stream = app.runtime.events({ refusals: false });
  const read = (async () => {
    for await (const event of stream) events.add(event);
  })();
  return {
    ...app,
    events,
    failures,
    warnings,
    output,
    start: (entry) => app.runtime.start({ entry, onFailure: (failure) => failures.add(failure) }),
    async happened(type, entry, times = 1) {
      const count = () =>
        events.all.filter((event) => event.type === type && "entry" in event && event.entry === entry).length;
      await events.find(() => count() >= times);
    },
    async [Symbol.asyncDispose]() {
      await app[Symbol.asyncDispose]();
      await read;
      assert.ok(!events.all.some(({ type }) => type === "lost"));
    },
  };
}
