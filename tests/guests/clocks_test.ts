/** Clocks, sleeps, time zones. */
import assert from "node:assert/strict";
import { exec } from "./run.ts";

Deno.test("clocks run forwards at the pace of the host's, and sleeps last as long as asked", async () => {
  const before = Date.now();
  const { code, stdout, stderr } = await exec("clocks", []);
  const after = Date.now();
  assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  const realtime = Number(BigInt(/^realtime: (\d+)$/m.exec(stdout)![1]!) / 1_000_000n);
  assert.ok(before <= realtime && realtime <= after, `${before} ≤ ${realtime} ≤ ${after}`);
  assert.equal(
    stdout.replace(/\d+$/m, "…").replaceAll(/^\d+ ns$/gm, "… ns"),
    `\
realtime: …
resolution of realtime: ok
… ns
resolution of monotonic: ok
… ns
backwards: 0
moved: 1
sleep of 0 ns: long enough
sleep of 1000 ns: long enough
sleep of 1000000 ns: long enough
sleep of 50000000 ns: long enough
zone: UTC, 0 s from UTC
an instant was waited for: 1
an instant gone by is ready: 1
the end of time is not: 0
`,
  );
});
