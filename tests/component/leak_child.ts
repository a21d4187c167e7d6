/**
 * Instantiates components again and again and calls each instance; prints what stays in memory as it goes.
 *
 * deno run -A --v8-flags=--expose-gc leak_child.ts <instantiations> [<samples>]
 */
import { ComponentError, type Exports } from "../../src/component/mod.ts";
import { guest, hosts, thrown } from "./guests.ts";

class Logger {
  static root = () => new Logger();
  readonly held: string[] = [];
  log(line: string) {
    return this.held.push(line);
  }
  lines() {
    return this.held;
  }
}
const logging = { Logger, compare: () => 0, close: () => [], open: () => new Logger() };

/** Each takes one instance through everything it can do, a trap at its end where that is easily had. */
const lives: (() => unknown)[] = [
  () => {
    const { exports } = guest("kinds/kinds").instantiateSync();
    exports["test:kinds/echo@0.1.0"].echoListString(["a", "bc"]);
    thrown(() => exports["test:kinds/work@0.1.0"].trap());
  },
  () => {
    const { exports } = guest("resources/resources").instantiateSync({
      "test:resources/logging@0.1.0": logging,
    });
    const { Counter } = exports["test:resources/counters@0.1.0"];
    // One is dropped, one is left to the collector.
    new Counter(1)[Symbol.dispose]();
    new Counter(2).increment(3);
    exports["test:resources/driver@0.1.0"].logAll("p", ["x"]);
  },
  async () => {
    const { exports }: { exports: Exports } = guest("sleeper/sleeper").instantiateSync(hosts());
    await exports["greetAfter"]("Ada", 0);
    await exports["failAfter"](0, "no").catch((error: unknown) => error instanceof ComponentError);
  },
  async () => {
    const { exports } = guest("composed/composed").instantiateSync(hosts());
    await exports["test:composed/app@0.1.0"].run("x", 0);
  },
];

/** After a collection the heap is what is still reachable: without one, resident memory tells of the collector's mood. */
async function collected(): Promise<{ heap: number; resident: number }> {
  for (let round = 0; round < 3; round++) {
    (globalThis as unknown as { gc(): void }).gc();
    // Finalizers run as tasks of their own.
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const { heapUsed, external, rss } = Deno.memoryUsage();
  return { heap: heapUsed + external, resident: rss };
}

if (import.meta.main) {
  const total = Number(Deno.args[0]), samples = Number(Deno.args[1] ?? 10);
  const curve: { heap: number; resident: number }[] = [];
  for (let i = 1; i <= total; i++) {
    await lives[i % lives.length]!();
    if (i % Math.floor(total / samples) === 0) curve.push(await collected());
  }
  console.log(JSON.stringify(curve));
}
