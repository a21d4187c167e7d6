/** What is left of instances that are gone, and what those cost that wait. In processes of their own. */
import assert from "node:assert/strict";

const MIB = 1 << 20;

async function printed(program: string, ...args: unknown[]): Promise<string> {
  const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-check",
      // V8 counts the memory that a guest declares, touched or not, against its own heap.
      "--v8-flags=--max-old-space-size=16384,--expose-gc",
      new URL(program, import.meta.url).pathname,
      ...args.map(String),
    ],
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

Deno.test("instances that are gone leave nothing behind: what stays in memory is flat", async () => {
  // The full form is AIRLOCK_INSTANCES=100000.
  const total = Number(Deno.env.get("AIRLOCK_INSTANCES") ?? 8_000);
  const samples = 20;
  const curve: { heap: number; resident: number }[] = JSON.parse(
    await printed("leak_child.ts", total, samples),
  );
  assert.equal(curve.length, samples);
  const mib = (bytes: number) => (bytes / MIB).toFixed(1);
  console.log(`${total} instances: heap ${curve.map(({ heap }) => mib(heap)).join(" ")} MiB`);
  const mean = (of: "heap" | "resident", part: typeof curve) =>
    part.reduce((sum, sample) => sum + sample[of], 0) / part.length;
  const grown = (of: "heap" | "resident") =>
    mean(of, curve.slice(-samples / 4)) - mean(of, curve.slice(samples / 4, samples / 2));
  // Between the two means lie half of the instances: 4,000, which hold a memory of 64 KiB or more each.
  assert.ok(grown("heap") < MIB, `the heap has grown by ${mib(grown("heap"))} MiB`);
  assert.ok(grown("resident") < 64 * MIB, `resident memory has grown by ${mib(grown("resident"))} MiB`);
});

Deno.test("a guest that waits costs at most 20 KiB, thousands of them at once", async () => {
  // The full form is AIRLOCK_SLEEPERS=10000.
  const guests = Number(Deno.env.get("AIRLOCK_SLEEPERS") ?? 3_000);
  const { kibEach } = JSON.parse(await printed("../bench/sleepers.ts", guests, 1_500));
  console.log(`${guests} guests asleep: ${kibEach.toFixed(1)} KiB each`);
  assert.ok(kibEach <= 20, `${kibEach} KiB`);
});
