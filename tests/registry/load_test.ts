import assert from "node:assert/strict";
import { realFiles } from "../../src/registry/files.ts";
import { load } from "../../src/registry/load.ts";
import { ASSETS, index, memoryFiles, said, wasm } from "./support.ts";

const ids = (paths: string | string[], texts: Record<string, string>) =>
  load(paths, { files: memoryFiles(texts) }).entries().map((entry) => `${entry.id} ${entry.at.file}`);

Deno.test("of a directory, every YAML and JSON file with a namespace is loaded", () => {
  const empty = (namespace: string) => index(ASSETS).replace("namespace: app", `namespace: ${namespace}`);
  const texts = {
    "/box/src/_index.yaml": empty("a"),
    "/box/src/deep/x.yml": empty("b"),
    "/box/src/.hidden/x.yaml": empty("c"),
    "/box/src/x.json": '{"namespace": "d", "name": "assets", "kind": "fs.directory", "directory": "."}',
    "/box/src/package.json": '{"name": "x"}',
    "/box/src/tsconfig.json": '{ // comment\n "compilerOptions": {} }',
    "/box/src/broken.yaml": "a: [",
    "/box/src/node_modules/x/_index.yaml": empty("e"),
    "/box/src/readme.md": "namespace: f",
    "/box/other.yaml": empty("g"),
  };
  assert.deepEqual(ids("src", texts), [
    "c:assets src/.hidden/x.yaml",
    "a:assets src/_index.yaml",
    "b:assets src/deep/x.yml",
    "d:assets src/x.json",
  ]);
  assert.deepEqual(ids(["src/_index.yaml", "./src", "/box/src", "other.yaml"], texts).length, 5);
});

Deno.test("of a project, the index files lie where its lock file says", () => {
  const texts = {
    "/box/wippy.lock": "directories:\n  src: ./src\n  modules: .wippy\n",
    "/box/src/_index.yaml": index(ASSETS),
    "/box/.wippy/x/_index.yaml": index(ASSETS),
  };
  assert.deepEqual(ids(".", texts), ["app:assets src/_index.yaml"]);
  const files = memoryFiles({ ...texts, "/box/wippy.lock": "directories: {src: 5}" });
  assert.deepEqual(said(() => load("src", { files })), []);
  assert.deepEqual(
    said(() => load(".", { files }))[0],
    "wippy.lock:1:20: directories.src must be a string, found the number 5",
  );
});

Deno.test("the issues of all files come together", () => {
  const files = memoryFiles({
    "/box/a.yaml": index(wasm("f", ", strict: 1")),
    "/box/b.yaml": "namespace: [",
    "/box/c.yaml": index(ASSETS, ASSETS),
    "/box/d.yaml": "no: namespace",
  });
  const lines = said(() => load(["a.yaml", "b.yaml", "missing.yaml", "c.yaml", "d.yaml"], { files }));
  assert.deepEqual(lines, [
    "a.yaml:3:164: app:f: strict must be true or false, found the number 1",
    "b.yaml:1:13: unreadable YAML: unexpected end of the stream within a flow collection",
    "missing.yaml:1:1: cannot be read: no such file",
    "c.yaml:4:5: app:assets is already declared at c.yaml:3:5; rename one of the two",
    "d.yaml:1:1: namespace is missing: the first part of every id in this file",
  ]);
});

Deno.test("warnings do not stop a load and are kept", () => {
  const files = memoryFiles({ "/box/a.yaml": index(ASSETS, wasm("f", ", frobnicate: x")) });
  const registry = load("a.yaml", { files });
  assert.equal(registry.entries().length, 2);
  assert.deepEqual(registry.warnings.map((issue) => [issue.code, issue.severity]), [[
    "unknown-field",
    "warning",
  ]]);
});

Deno.test("the project root is the option, else where the lock file is, else where the file is", () => {
  const texts = { "/box/p/src/app/a.yaml": index(ASSETS), "/box/p/x/b.yaml": index(ASSETS) };
  const locked = { ...texts, "/box/p/wippy.lock": "" };
  const root = (path: string, texts: Record<string, string>, option?: string) =>
    load(path, { files: memoryFiles(texts), root: option }).projectRoot;
  assert.equal(root("p/src/app/a.yaml", texts), "/box/p/src/app");
  assert.equal(root("p/src/app", texts), "/box/p/src/app");
  assert.equal(root("p/src/app/a.yaml", locked), "/box/p");
  assert.equal(root("p/src/app", locked), "/box/p");
  assert.equal(root("p/src/app/a.yaml", locked, "p/src"), "/box/p/src");
  assert.equal(root("p/src/app/a.yaml", locked, "/elsewhere/"), "/elsewhere");
});

Deno.test("real files are read, and looked for without asking", () => {
  const here = import.meta.dirname ?? "";
  assert.equal(realFiles.type(here), "directory");
  assert.equal(realFiles.type(`${here}/load_test.ts`), "file");
  assert.equal(realFiles.type(`${here}/load_test.ts/x`), undefined);
  assert.equal(realFiles.exists(`${here}/nothing`), false);
  assert(realFiles.readText(`${here}/load_test.ts`).includes("real files"));
  const children = [...realFiles.readDirectory(here)];
  assert(children.some(({ name, type }) => name === "load_test.ts" && type === "file"));
});

Deno.test({
  name: "a file outside what the process may read does not exist for it, and it is not asked for",
  permissions: { read: false },
  fn() {
    assert.equal(realFiles.exists("/wippy.lock"), false);
    const [line = ""] = said(() => load("/somewhere/app.yaml"));
    assert.match(line, /^\/somewhere\/app\.yaml:1:1: cannot be read: Requires read access/);
  },
});
