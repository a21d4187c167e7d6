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
      "--v8-flags=--max-old-space-size=16384",
      new URL(program, import.meta.url).pathname,
      ...args.map(String),
    ],
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

Deno.test("instances that are gone leave nothing behind: resident memory stays flat", async () => {
  // The full form is AIRLOCK_INSTANCES=100000.
  const total = Number(Deno.env.get("AIRLOCK_INSTANCES") ?? 8_000);
  const samples = 20;
  const curve: number[] = JSON.parse(await printed("leak_child.ts", total, samples));
  assert.equal(curve.length, samples);
  const [early, late] = [curve.slice(samples / 4, samples / 2), curve.slice(-samples / 4)].map((part) =>
    part.reduce((a, b) => a + b) / part.length
  ) as [number, number];
  console.log(`${total} instances: ${curve.map((rss) => Math.round(rss / MIB)).join(" ")} MiB`);
  assert.ok(late < early * 1.2 + 8 * MIB, `from ${early / MIB} MiB to ${late / MIB} MiB`);
});

Deno.test("a guest that waits costs at most 20 KiB, thousands of them at once", async () => {
  // The full form is AIRLOCK_SLEEPERS=10000.
  const guests = Number(Deno.env.get("AIRLOCK_SLEEPERS") ?? 3_000);
  const { kibEach } = JSON.parse(await printed("../bench/sleepers.ts", guests, 1_500));
  console.log(`${guests} guests asleep: ${kibEach.toFixed(1)} KiB each`);
  assert.ok(kibEach <= 20, `${kibEach} KiB`);
});
