/** The fence table: what the kernel holds with no other wall. */
import assert from "node:assert/strict";
import { inRepository } from "../support/airlock.ts";
import { relative, walk } from "../support/tree.ts";
import { check } from "./check.ts";
import type { Result } from "./child.ts";
import { runTable, type Wall } from "./table.ts";

const linux = Deno.build.os === "linux";
const superuser = linux && Deno.uid() === 0;

Deno.test({
  name: "behind the kernel's fence alone, JavaScript with all of Deno's permissions",
  ignore: !linux,
  async fn(t) {
    await check(t, await runTable("none"), await runTable("os"), "os", superuser);
  },
});

Deno.test({
  name:
    "behind the kernel's fence alone, JavaScript with all of Deno's permissions, started by an unprivileged user",
  // Only the superuser may become another; otherwise the test above is this one.
  ignore: !superuser,
  async fn(t) {
    const [free, held] = await runAsNobody(["none", "os"]);
    await check(t, free!, held!, "os", false);
  },
});

/** The table in a process of a user who owns nothing but what it makes. */
async function runAsNobody(walls: readonly Wall[]): Promise<Result[][]> {
  const NOBODY = 65534;
  const directory = await Deno.makeTempDir({ prefix: "airlock-nobody-" });
  try {
    await Deno.chown(directory, NOBODY, NOBODY);
    const deno = `${directory}/deno`;
    // This program may be where that user does not get.
    await Deno.link(Deno.execPath(), deno).catch(() => Deno.copyFile(Deno.execPath(), deno));
    // And so may its sources.
    for (const room of ["src/sandbox", "tests/fence", "tests/support"]) {
      for (const file of walk(inRepository(room))) {
        const copy = `${directory}/${relative(inRepository(""), file)}`;
        await Deno.mkdir(copy.slice(0, copy.lastIndexOf("/")), { recursive: true });
        await Deno.copyFile(file, copy);
      }
    }
    const script = `${directory}/tests/fence/table.ts`;
    const { code, stdout, stderr } = await new Deno.Command(deno, {
      args: ["run", "--quiet", "--no-config", "--no-lock", "--allow-all", script, ...walls],
      uid: NOBODY,
      gid: NOBODY,
      clearEnv: true,
      env: { DENO_DIR: `${directory}/cache`, TMPDIR: directory, PATH: "/usr/bin:/bin" },
      stdin: "null",
    }).output();
    const text = new TextDecoder();
    assert.equal(code, 0, text.decode(stderr));
    return text.decode(stdout).trim().split("\n").map((line) => JSON.parse(line));
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}
