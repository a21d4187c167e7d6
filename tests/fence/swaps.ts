/** A mount in which somebody swaps a directory and a link to a secret. */
import { inRepository } from "../support/airlock.ts";

/** Deno, with all permissions. */
export const DENO: readonly string[] = [
  "run",
  "--quiet",
  "--no-prompt",
  "--no-config",
  "--no-lock",
  "--allow-all",
];

/** Makes it, with another process that swaps `directory` and `link` under the name `swapped`; `use` is told the secret. */
export async function withSwaps(use: (mount: string, canary: string) => Promise<void>): Promise<void> {
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
