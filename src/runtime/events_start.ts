/**
 * Processes of guests, as events tell of them: one that had crashed is there again.
 *
 * @module
 */
import type { ChildProcess, Ended, Start } from "../compartment/process.ts";
import type { Events } from "./events.ts";

/**
 * The same way to start processes of one entry, told of. A process that was ended on purpose, as one is that has nothing to
 * do or runs for too long, has not crashed.
 *
 * @param entry The id of the entry.
 */
export function tellingRestarts(start: Start, entry: string, events: Events): Start {
  /** How processes have ended in whose place none has come yet, and when. */
  const crashed: { readonly reason: string; readonly at: number }[] = [];
  return async (spec, onBytes) => {
    const child = await start(spec, onBytes);
    const before = crashed.shift();
    if (before !== undefined && events.watched) {
      const after = Math.round(performance.now() - before.at);
      events.emit({ type: "restarted", time: Date.now(), entry, reason: before.reason, after });
    }
    let asked = false;
    void child.ended.then((ended) => {
      if (!asked) crashed.push({ reason: reasonOf(ended), at: performance.now() });
    });
    const told: ChildProcess = {
      pid: child.pid,
      ended: child.ended,
      send: (bytes) => child.send(bytes),
      hold: (wait) => child.hold?.(wait),
      kill() {
        asked = true;
        child.kill();
      },
    };
    return told;
  };
}

function reasonOf({ code, signal }: Ended): string {
  return signal === undefined ? `its process ended with code ${code}` : `its process was ended by ${signal}`;
}
