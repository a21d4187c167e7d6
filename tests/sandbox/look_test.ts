/** Files, seen through the kernel. */
import assert from "node:assert/strict";
import { loadKernel, SystemCallError } from "../../src/sandbox/libc.ts";
import { realPathOf, textOf } from "../../src/sandbox/look.ts";
import { runtimePaths } from "../../src/sandbox/mod.ts";
import { inRepository } from "../support/airlock.ts";
import { linux, temporary } from "./support.ts";

const ignore = !linux;

function kernel() {
  const loaded = loadKernel();
  if (!("kernel" in loaded)) throw new Error(loaded.reason);
  return loaded.kernel;
}

Deno.test({
  name: "a path leads where Deno says that it does, and one that leads nowhere is none",
  ignore,
  async fn() {
    await using directory = await temporary();
    const path = (name: string) => `${directory.path}/${name}`;
    await Deno.mkdir(path("ünï code"));
    await Deno.writeTextFile(path("ünï code/file"), "");
    await Deno.symlink("ünï code", path("link"));
    await Deno.symlink("gone", path("dangling"));
    await Deno.symlink("circle", path("circle"));
    for (const name of ["link", "link/file", "ünï code/../link", "."]) {
      assert.equal(realPathOf(kernel(), path(name)), Deno.realPathSync(path(name)), name);
    }
    for (const name of ["gone", "dangling", "link/file/x"]) {
      assert.equal(realPathOf(kernel(), path(name)), undefined);
    }
    assert.throws(() => realPathOf(kernel(), path("circle")), SystemCallError);
  },
});

Deno.test({
  name: "a text is read to its end, in pieces that cut characters",
  ignore,
  async fn() {
    await using directory = await temporary();
    const file = `${directory.path}/file`;
    const text = "€".repeat(100_000);
    await Deno.writeTextFile(file, text);
    assert.equal(textOf(kernel(), file), text);
    assert.match(textOf(kernel(), "/proc/self/maps"), /^[0-9a-f]+-[0-9a-f]+ /);
    assert.throws(() => textOf(kernel(), `${file}s`), SystemCallError);
  },
});

Deno.test({
  name: "what a process is made of is known to one that may load native code and read nothing",
  ignore,
  async fn() {
    const module = inRepository("src/sandbox/mod.ts");
    const code = `import { knowsItself, runtimePaths } from ${JSON.stringify(`file://${module}`)};
      const { read, execute } = runtimePaths({ sources: ["/etc/hostname", "/nowhere at all"], names: true });
      console.log(JSON.stringify([knowsItself(), read, execute]));`;
    await using directory = await temporary();
    const script = `${directory.path}/script.ts`;
    await Deno.writeTextFile(script, code);
    const run = async (flags: readonly string[]) => {
      const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "--no-prompt", "--no-config", "--quiet", ...flags, script],
        stdin: "null",
      }).output();
      const text = new TextDecoder().decode(stdout);
      assert.notEqual(text, "", new TextDecoder().decode(stderr));
      return text.replaceAll(/\/proc\/\d+\//g, "/proc/N/");
    };
    const narrow = await run(["--allow-ffi"]);
    assert.equal(narrow, await run(["--allow-all"]));
    assert.match(narrow, /^\[true,\[.*"\/etc\/hostname"/);
    assert.ok(runtimePaths({ sources: [] }).read.length > 0);
  },
});
