/** `list`, and what a configuration of several files amounts to. */
import assert from "node:assert/strict";
import { airlock, assertOutcome } from "../support/airlock.ts";
import { component, entry, hashOf, HEAD, project } from "../support/project.ts";

const calculator = component("examples/calculator/calculator.wasm");
const hash = await hashOf(calculator);
const add = { path: "c.wasm", hash, method: "add" };

Deno.test("list prints entries and named commands in columns", async () => {
  await using folder = await project({
    "app.yaml": HEAD + entry({ ...add, imports: '[wasi:cli, "wasi:io@0.2.3"]' }) +
      entry({ name: "tool", kind: "process.wasm", ...add, meta: "{command: {name: t, short: Adds things}}" }),
  });
  const { directory } = folder;
  const wide = Math.max(directory.length, "METHOD OR DIRECTORY".length);
  const row = (id: string, kind: string, what: string, imports: string) =>
    `${id.padEnd(9)}  ${kind.padEnd(13)}  ${what.padEnd(wide)}  ${imports}\n`;
  assertOutcome(await airlock(["list", "app.yaml"], { cwd: directory }), {
    stdout: row("ENTRY", "KIND", "METHOD OR DIRECTORY", "IMPORTS") +
      row("app:files", "fs.directory", directory, "-") +
      row("app:it", "function.wasm", "add", "wasi:cli wasi:io@0.2.3") +
      row("app:tool", "process.wasm", "add", "-") +
      "\nCOMMAND               ENTRY\nt        Adds things  app:tool\n",
  });
});

Deno.test("a directory of index files is one application, whose root holds wippy.lock", async () => {
  await using folder = await project({
    "wippy.lock": "directories: {src: ./src}\n",
    "wasm/c.wasm": calculator,
    "src/_index.yaml":
      "namespace: app\nentries:\n  - {name: assets, kind: fs.directory, directory: ./wasm}\n",
    "src/lib/_index.yaml": `namespace: app.lib\nentries:\n${
      entry({ name: "add", ...add, fs: "app:assets" })
    }`,
    "src/notes.yaml": "just: notes\n",
  });
  const cwd = folder.directory;
  const words = ["app.lib:add", "20", "22"];
  assertOutcome(await airlock(["run", ".", ...words], { cwd }), { stdout: "42\n" });
  assertOutcome(await airlock(["run", "src", ...words], { cwd }), { stdout: "42\n" });
  assertOutcome(await airlock(["run", cwd, ...words], { cwd: "/" }), { stdout: "42\n" });
  assertOutcome(await airlock(["run", "--root", cwd, `${cwd}/src`, ...words], { cwd: "/" }), {
    stdout: "42\n",
  });
  assertOutcome(await airlock(["run", "--root", "src", ".", ...words], { cwd }), {
    stderr:
      /^src\/lib\/_index\.yaml:6:11: app\.lib:add names .*\/src\/wasm\/c\.wasm, which cannot be read: No such file/,
    code: 2,
  });
});

Deno.test("an id that is declared twice is an error at the second, whatever the files", async () => {
  const one = `namespace: app\nentries:\n  - {name: files, kind: fs.directory, directory: .}\n`;
  await using folder = await project({ "a.yaml": one, "b.yaml": one });
  assertOutcome(await airlock(["list", "."], { cwd: folder.directory }), {
    stderr: "b.yaml:3:5: app:files is already declared at a.yaml:3:5; rename one of the two\n",
    code: 2,
  });
});

Deno.test("warnings do not stop a run, and stay off stdout", async () => {
  await using folder = await project({
    "c.wasm": calculator,
    "app.yaml": HEAD + "  - {name: r, kind: function.lua}\n" + entry(add),
  });
  const outcome = await airlock(["run", "app.yaml", "it", "1", "2"], { cwd: folder.directory });
  assertOutcome(outcome, {
    stdout: "3\n",
    stderr: 'app.yaml:4:21: warning: app:r: kind "function.lua" is not supported; app:r is ignored\n',
  });
});

Deno.test("a name that two entries have must be written as an id", async () => {
  await using folder = await project({
    "c.wasm": calculator,
    "a.yaml": HEAD + entry(add),
    "b.yaml": `namespace: other\nentries:\n${entry({ ...add, fs: "app:files" })}`,
  });
  const start = { cwd: folder.directory };
  assertOutcome(await airlock(["run", ".", "it", "1", "2"], start), {
    stderr: 'airlock: EntryError: "it" is the name of 2 entries; write the id: app:it or other:it\n',
    code: 2,
  });
  assertOutcome(await airlock(["run", ".", "other:it", "1", "2"], start), { stdout: "3\n" });
});

Deno.test("the columns of an empty application are only their titles", async () => {
  await using folder = await project({ "app.yaml": "namespace: app\nentries: []\n" });
  const outcome = await airlock(["list", "app.yaml"], { cwd: folder.directory });
  assertOutcome(outcome, { stdout: "ENTRY  KIND  METHOD OR DIRECTORY  IMPORTS\n" });
  assert.equal(outcome.stdout.split("\n").length, 2);
});
