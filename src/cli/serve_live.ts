/**
 * `serve` of a configuration: its services, until they are stopped; and anew whenever its files change, where that is asked for.
 *
 * @module
 */
import { printIssue } from "../config/issue.ts";
import { load } from "../registry/load.ts";
import type { Registry } from "../registry/registry.ts";
import { Live } from "../runtime/live.ts";
import type { Changes } from "../runtime/reload_changes.ts";
import { logStdio } from "../runtime/stdio.ts";
import type { Services } from "../runtime/supervise.ts";
import type { StartOptions } from "../runtime/supervise_start.ts";
import { report } from "./exit_code.ts";
import { loadingOf } from "./loading.ts";
import type { Parsed } from "./options.ts";
import { note } from "./output.ts";
import { start, untilStopped } from "./serve.ts";

/**
 * Starts what there is to start of an application, and keeps it until it is stopped, or has come to its end.
 *
 * @param config An index file, or a directory of them.
 * @param options What to start, and how to serve.
 * @returns The exit code: 1 where a service was given up that is required.
 */
export async function serveLive(
  config: string,
  values: Parsed["values"],
  options: StartOptions,
): Promise<number> {
  const began = Date.now();
  const loading = loadingOf(values);
  const registry = load(config, loading);
  const hidden = hidesLogs(registry) && Deno.stderr.isTerminal();
  const say = hidden ? () => {} : note;
  for (const warning of registry.warnings) say(printIssue(warning));
  const stdout = { writeSync: (bytes: Uint8Array) => bytes.length };
  const live = new Live(registry, {
    start,
    stdio: hidden ? { ...logStdio, stdout, stderr: stdout } : logStdio,
    terminal: {},
    warn: say,
    source: { load: () => load(config, loading), paths: [config] },
  });
  let services: Services | undefined;
  try {
    await live.trace();
    if (values["watch"] === true) {
      await live.watch(began, {
        onReload: (changes) => say(reloadText(changes)),
        onError(error) {
          report(error);
          say("airlock: nothing has changed: what was in force before still is");
        },
      });
    }
    await untilStopped(async () => {
      const started = services = await live.start({ ...options, onWarning: say });
      return { finished: started.finished, shutdown: (now) => started.stop(now) };
    });
  } finally {
    await live.close();
  }
  return services?.statuses.some(({ state, required }) => state === "given-up" && required) ? 1 : 0;
}

function reloadText(changes: Changes): string {
  const parts = Object.entries(changes).filter(([, ids]) => ids.length > 0);
  return `reloaded: ${parts.map(([what, ids]) => `${what} ${ids.join(", ")}`).join("; ")}`;
}

/** Whether the terminal is one service's alone. */
function hidesLogs(registry: Registry): boolean {
  return registry.entries().some((entry) => {
    if (entry.kind !== "process.service" || !entry.lifecycle.autoStart) return false;
    const host = registry.get(entry.host);
    return host?.kind === "terminal.host" && host.hideLogs;
  });
}
