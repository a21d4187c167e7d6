/** Processes with many permissions, and not all: which way there is to a process for the guest. */
import assert from "node:assert/strict";
import { airlock, assertOutcome, inRepository } from "../support/airlock.ts";

const linux = Deno.build.os === "linux";
const race = inRepository("tests/guests/race/race.wasm");

Deno.test({
  name:
    "with native code a process becomes the guest's, whatever else it may do; without, a child runs, or what to add is said",
  ignore: !linux,
  async fn() {
    const exec = ["exec", race, "--env", "A=b", "--", "told"];
    const plain = await airlock(exec);
    assert.match(plain.stdout, /^A=b\n/m, plain.stderr);
    for (const more of ["--allow-ffi", "--allow-run", `--allow-run=${Deno.execPath()}`]) {
      const flags = ["--allow-read", more];
      assertOutcome(await airlock(exec, { flags }), { stdout: plain.stdout, stderr: plain.stderr });
    }
    assertOutcome(await airlock(exec, { flags: ["--allow-read"] }), {
      stderr: /^airlock: CompartmentError: .* may not start any: add --allow-run=/,
      code: 1,
    });
  },
});
