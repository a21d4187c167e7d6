/**
 * Whether the third wall can be raised here: tried by a process that does nothing else, and only by who may start one.
 *
 * @module
 */
import type { Measure } from "../sandbox/confinement.ts";

/** What is known of the third wall. */
export interface OsWall {
  /** The measures that hold for a confined process on this machine. */
  readonly raised: readonly Measure[];
  /** Why there are no more of them; `undefined` where the whole wall stands. */
  readonly why: string | undefined;
}

/** Tries the third wall. Never fails: what cannot be tried is not there, and says why. */
export async function osWall(): Promise<OsWall> {
  const none = (why: string): OsWall => ({ raised: [], why });
  if (Deno.build.os !== "linux") {
    return none(`not available: Landlock is Linux's own, and this is ${Deno.build.os}`);
  }
  const command = Deno.execPath();
  if (Deno.permissions.querySync({ name: "run", command }).state !== "granted") {
    return none("not asked: this process may not start another one, which could try (--allow-run)");
  }
  try {
    const { probe } = await import("../sandbox/mod.ts");
    const { raised, unavailable } = await probe();
    const missing = unavailable.map(({ measure, reason }) => `${measure} (${reason})`).join(", ");
    return { raised, why: missing === "" ? undefined : `not available: ${missing}` };
  } catch (error) {
    return none(`not available: ${error instanceof Error ? error.message : String(error)}`);
  }
}
