/**
 * A guest's part, played without a guest, by a process with an exact scope: run by `network_scope_test.ts`.
 *
 * Its argument is `{rules, private, steps}` as JSON; it prints what came of each step as one line of JSON.
 */
import { formatIp, type Scheme } from "../../src/grant/network.ts";
import { NetworkError } from "../../src/wasi/network/error.ts";
import { Reach } from "../../src/wasi/network/reach.ts";
import { ipOf, network } from "./network_support.ts";

/** What a child is told to do. */
export interface Task {
  readonly rules: readonly string[] | undefined;
  readonly private: boolean;
  readonly steps: readonly (
    | { readonly resolve: string }
    | {
      readonly dial: string;
      readonly by: "name" | "address";
      readonly scheme: Scheme;
      readonly port: number;
    }
  )[];
}

if (import.meta.main) {
  const task = JSON.parse(Deno.args[0]!) as Task;
  const reach = new Reach(task.rules && network(task.rules, task.private));
  for (const step of task.steps) console.log(JSON.stringify(await take(reach, step)));
  // Nothing else: what is still open must not keep the process.
  reach.close();
}

async function take(reach: Reach, step: Task["steps"][number]): Promise<unknown> {
  try {
    if ("resolve" in step) return (await reach.resolve(step.resolve)).map(formatIp);
    const { scheme, port } = step;
    const host = step.by === "name" ? step.dial : ipOf(step.dial);
    const socket = await reach.dial({ scheme, host, port });
    return socket.remoteAddress;
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    return `${error.reason}: ${error.message}`;
  }
}
