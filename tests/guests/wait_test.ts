/** Waiting for several things at once. */
import assert from "node:assert/strict";
import { assertOutcome, shell } from "../support/airlock.ts";
import { exec, pathOf } from "./run.ts";

const program = `airlock exec ${pathOf("wait")} --`;

Deno.test("poll returns all timers that are ready, and only those", async () => {
  const { stdout, ...rest } = await exec("wait", ["timers"]);
  // How long each took is printed too; on a busy machine that may be anything.
  assertOutcome({ ...rest, stdout: stdout.replaceAll(/ \(.*\)$/gm, "") }, {
    // The two were made one after the other, so the first may come alone.
    stdout: new RegExp(`^\
one is ready: 3
one or both come later: 1( 3)?
both are ready by now: 1 3
the same one twice: 0 1
ready: 1
not ready: 0
ready after block: 1
$`),
  });
});

Deno.test("one of 2,000 timers is found, and the others keep nobody waiting", async () => {
  assertOutcome(await exec("wait", ["flood"]), { stdout: /^the one of 2000: 1234 \(.*\)\n$/ });
});

Deno.test("an empty list traps", async () => {
  const { code, stdout, stderr } = await exec("wait", ["empty"]);
  assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
  assert.match(stderr, /^airlock: Trap: wasi:io\/poll\.poll: the list of pollables is empty\n/);
});

Deno.test("standard input against a timer: whichever comes first", async () => {
  const script = `(sleep 2; echo hi; sleep 0.1; echo there; sleep 0.1) | ${program} stdin`;
  const { stdout, stderr } = await shell(script);
  assert.equal(stderr, "");
  // How often the timer is first depends on how long the start takes.
  const lines = stdout.replaceAll(/ \(.*\)$/gm, "").trimEnd().split("\n");
  const events = lines.filter((line, i) => line !== lines[i - 1]);
  assert.deepEqual(events, [
    "input or timer: 1",
    "input or timer: 0",
    "read 3: hi",
    "input or timer: 0",
    "read 6: there",
    "input or timer: 0",
    "closed",
  ]);
});

Deno.test("the same through libc", async () => {
  assertOutcome(await shell(`(sleep 3; echo hi) | ${program} libc`), {
    stdout: `\
poll of stdin, 50 ms: 0
waited: 1
poll of both: 1
stdout can be written: 1
poll of stdin: 1
stdin can be read: 1
`,
  });
});
