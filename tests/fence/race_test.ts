/** The window between a check and an open, which only the kernel can close. */
import assert from "node:assert/strict";
import { runtimeVariables, spawn } from "../../src/sandbox/mod.ts";
import { inRepository } from "../support/airlock.ts";
import { DENO, withSwaps } from "./swaps.ts";

const linux = Deno.build.os === "linux";
const child = inRepository("tests/fence/race_child.ts");

interface Counts {
  readonly secrets: number;
  readonly granted: number;
  readonly refused: number;
}

async function counts(process: Deno.ChildProcess): Promise<Counts> {
  const { success, stdout, stderr } = await process.output();
  const text = new TextDecoder();
  assert.ok(success, text.decode(stderr));
  return JSON.parse(text.decode(stdout));
}

Deno.test({
  name: "without the kernel's fence, a swapped link leads a child that checks it to the secret",
  ignore: !linux,
  fn: () =>
    withSwaps(async (mount, canary) => {
      const args = [...DENO, child, mount, canary, "0"];
      const { secrets } = await counts(
        new Deno.Command(Deno.execPath(), { args, stdout: "piped", stderr: "piped" }).spawn(),
      );
      assert.equal(secrets, 1);
    }),
});

Deno.test({
  name: "behind the kernel's fence, 100,000 tries lead to no secret",
  ignore: !linux,
  fn: () =>
    withSwaps(async (mount, canary) => {
      const { secrets, granted, refused } = await counts(spawn({
        confinement: {
          ...{ read: [mount], readWrite: [], execute: [], tcpConnect: [], tcpBind: [], udp: false },
          processes: false,
        },
        start: { sources: [child] },
        args: [...DENO, child, mount, canary, "100000"],
        env: runtimeVariables(),
        stdout: "piped",
        stderr: "piped",
      }));
      assert.equal(secrets, 0);
      assert.ok(granted > 0, "the way was open sometimes");
      assert.ok(refused > 0, "and the kernel was needed sometimes");
    }),
});
