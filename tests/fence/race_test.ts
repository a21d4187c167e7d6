/** The window between a check and an open, which only the kernel can close. */
import assert from "node:assert/strict";
import { runtimeVariables, spawn } from "../../src/sandbox/mod.ts";
import { inRepository } from "../support/airlock.ts";

const linux = Deno.build.os === "linux";
const DENO = ["run", "--quiet", "--no-prompt", "--no-config", "--no-lock", "--allow-all"];
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

/** A mount in which somebody swaps a directory and a link to a secret. */
async function withSwaps(use: (mount: string, canary: string) => Promise<void>): Promise<void> {
  const root = await Deno.realPath(await Deno.makeTempDir({ prefix: "airlock-race-" }));
  const mount = `${root}/mount`, canary = crypto.randomUUID();
  await Deno.mkdir(`${mount}/directory`, { recursive: true });
  await Deno.mkdir(`${root}/outside`);
  await Deno.writeTextFile(`${mount}/directory/file`, "granted");
  await Deno.writeTextFile(`${root}/outside/file`, canary);
  await Deno.symlink("../outside", `${mount}/link`);
  const swapper = new Deno.Command(Deno.execPath(), {
    args: [...DENO, inRepository("tests/fence/race_swap.ts"), mount],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  try {
    const reader = swapper.stdout.getReader();
    await reader.read();
    await use(mount, canary);
    await reader.cancel();
  } finally {
    await swapper.stdin.close();
    await swapper.status;
    await Deno.remove(root, { recursive: true });
  }
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
