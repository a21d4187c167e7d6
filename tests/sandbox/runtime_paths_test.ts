/** What Deno itself must touch. */
import assert from "node:assert/strict";
import { runtimePaths, runtimeVariables } from "../../src/sandbox/mod.ts";
import { linux, temporary } from "./support.ts";

const ignore = !linux;

Deno.test({
  name: "all paths are real, and those that are not there are left out",
  ignore,
  async fn() {
    await using directory = await temporary();
    await Deno.mkdir(`${directory.path}/sources`);
    await Deno.symlink("sources", `${directory.path}/link`);
    const { read, execute } = runtimePaths({
      sources: [`${directory.path}/link`, `${directory.path}/missing`],
      names: true,
    });
    assert.ok(read.includes(`${directory.path}/sources`));
    for (const path of [...read, ...execute]) assert.equal(await Deno.realPath(path), path);
  },
});

Deno.test({
  name: "only this program and the dynamic loader are executed, and no directory is read but the given ones",
  ignore,
  async fn() {
    const { read, execute } = runtimePaths({ sources: [] });
    assert.equal(execute[0], await Deno.realPath(Deno.execPath()));
    assert.equal(execute.length, 2);
    assert.match(execute[1]!, /\/ld[-.]/);
    for (const path of [...read, ...execute]) assert.ok(!(await Deno.stat(path)).isDirectory, path);
  },
});

Deno.test({
  name: "name servers are read about only where names are looked up",
  ignore,
  fn() {
    const etc = (names: boolean) =>
      runtimePaths({ sources: [], names }).read.filter((path) => /hosts$/.test(path));
    assert.equal(etc(false).length, 0);
    assert.equal(etc(true).length, 1);
  },
});

Deno.test("without a cache Deno is given none that could be made", () => {
  const { DENO_DIR } = runtimeVariables();
  assert.throws(() => Deno.mkdirSync(DENO_DIR!, { recursive: true }));
  assert.equal(runtimeVariables("/cache")["DENO_DIR"], "/cache");
});
