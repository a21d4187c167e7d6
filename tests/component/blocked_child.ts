/**
 * Puts guests to sleep all at once; prints what each costs and how long all were asleep.
 *
 * deno run -A --v8-flags=--expose-gc blocked_child.ts <guests> <milliseconds>
 */
import { guest, hosts } from "./guests.ts";

const [count, ms] = Deno.args.map(Number) as [number, number];
const { gc } = globalThis as unknown as { gc: () => void };

const instances = Array.from(
  { length: count },
  () => guest("sleeper/sleeper").instantiateSync(hosts()).exports,
);
// What the first calls compile is not of the guests.
for (const one of instances.slice(0, 100)) await one["test-sleep"].sleepMs(0);
gc();
const before = Deno.memoryUsage().rss;
const started = performance.now();
const sleeping = instances.map((one) => one["test-sleep"].sleepMs(ms) as Promise<bigint>);
const asleep = performance.now() - started;
const after = Deno.memoryUsage().rss;
const slept = await Promise.all(sleeping);
const took = performance.now() - started;
console.log(JSON.stringify({
  bytes: Math.round((after - before) / count),
  asleep: Math.round(asleep),
  took: Math.round(took),
  shortest: Number(slept.reduce((a, b) => a < b ? a : b)),
}));
