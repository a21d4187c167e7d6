/** Tries every act of one world, and says what came of each: a line of JSON for each row, in the order of the table. */
import { Absent, type World } from "./act.ts";
import { acts } from "./acts.ts";

/** What came of an attempt. */
export interface Result {
  readonly act: string;
  /** `absent`: the kernel does not have what was asked for. */
  readonly outcome: "done" | "refused" | "absent";
  /** What it returned, or why not. */
  readonly detail: string;
}

if (import.meta.main) {
  const [kind, text] = Deno.args;
  const world: World = JSON.parse(text!);
  // Some of Deno's refusals come out of nowhere, a turn later: they are of the attempt that is under way.
  let stray = Promise.withResolvers<never>();
  const catchStray = (event: Event, error: unknown) => {
    event.preventDefault();
    stray.reject(error);
  };
  globalThis.addEventListener("error", (event) => catchStray(event, event.error));
  globalThis.addEventListener("unhandledrejection", (event) => catchStray(event, event.reason));
  for (const { act, attempt } of acts.filter((it) => (it.world ?? "files") === kind)) {
    let result: Result;
    stray = Promise.withResolvers();
    stray.promise.catch(() => {});
    try {
      const value = await Promise.race([attempt(world), stray.promise]);
      result = { act, outcome: "done", detail: `${value}`.slice(0, 200) };
    } catch (error) {
      result = {
        act,
        outcome: error instanceof Absent ? "absent" : "refused",
        detail: `${error}`.slice(0, 200),
      };
    }
    console.log(JSON.stringify(result));
  }
  // Whatever an attempt left behind does not keep this process.
  Deno.exit(0);
}
