/** Directories that are made when they are first used, and what `check` says of those that are not there. */
import assert from "node:assert/strict";
import { CapabilityError } from "../../src/grant/error.ts";
import type { DirectoryEntry } from "../../src/registry/entry.ts";
import { load } from "../../src/registry/load.ts";
import type { Registry } from "../../src/registry/registry.ts";
import { initDirectory } from "../../src/runtime/auto_init.ts";
import { checkDirectories } from "../../src/runtime/check_directories.ts";
import { printFinding } from "../../src/runtime/check.ts";
import { specOfEntry } from "../../src/runtime/spec.ts";
import { type Project, project } from "../support/project.ts";

const HASH = `sha256:${"0".repeat(64)}`;

/** An application with one function, which mounts `data`, declared by these fields. */
const app = (fields: string, more = "") =>
  `namespace: app
entries:
  - {name: files, kind: fs.directory, directory: .}
  - {name: data, kind: fs.directory, ${fields}}
  - {name: it, kind: function.wasm, fs: files, path: c.wasm, hash: "${HASH}", method: m, imports: [wasi:filesystem],
     wasi: {mounts: [{fs: data, guest: /data}${more}]}}
`;

function loaded(folder: Project): Registry {
  return load(`${folder.directory}/app.yaml`);
}

function specOf(folder: Project, options?: { readonly init: boolean }) {
  const registry = loaded(folder);
  return specOfEntry(registry.findWasm("it"), registry, options);
}

function modeOf(path: string): number {
  return Deno.statSync(path).mode! & 0o777;
}

Deno.test("a directory is made with those above it, and with its mode, when an entry that mounts it is used", async () => {
  await using folder = await project({
    "app.yaml": app('directory: a/b/data, auto_init: true, mode: "0700"'),
  });
  const path = `${folder.directory}/a/b/data`;
  const { grant } = specOf(folder);
  assert.deepEqual(grant.mounts.map(({ real, readOnly }) => [real, readOnly]), [[path, false]]);
  assert.equal(modeOf(path), 0o700);
});

Deno.test("a directory that is there stays as it is", async () => {
  await using folder = await project({
    "app.yaml": app('directory: data, auto_init: true, mode: "0700"'),
    "data/x": "y",
  });
  const before = modeOf(`${folder.directory}/data`);
  specOf(folder);
  assert.equal(modeOf(`${folder.directory}/data`), before);
  assert.equal(Deno.readTextFileSync(`${folder.directory}/data/x`), "y");
});

Deno.test("a read-only mode is one for guests: the directory is made all the same", async () => {
  await using folder = await project({ "app.yaml": app('directory: data, auto_init: true, mode: "0444"') });
  assert.deepEqual(specOf(folder).grant.mounts.map(({ readOnly }) => readOnly), [true]);
  assert.equal(modeOf(`${folder.directory}/data`), 0o555);
});

Deno.test("a check makes nothing, and does not mind what a run would make", async () => {
  await using folder = await project({ "app.yaml": app("directory: data, auto_init: true") });
  assert.deepEqual(specOf(folder, { init: false }).grant.mounts, []);
  assert.deepEqual(checkDirectories(loaded(folder)), []);
  assert.throws(() => Deno.statSync(`${folder.directory}/data`), Deno.errors.NotFound);
});

Deno.test("without auto_init, a missing directory is an error of a check and of a run", async () => {
  await using folder = await project({ "app.yaml": app("directory: data") });
  const file = `${folder.directory}/app.yaml`;
  assert.deepEqual(checkDirectories(loaded(folder)).map(printFinding), [
    `${file}:4:49: app:data: there is no directory ${folder.directory}/data; make it, or declare auto_init: true`,
  ]);
  assert.throws(() => specOf(folder), {
    name: "NotFound",
    message: /\/data at \/data: there is no such directory$/,
  });
});

Deno.test("what is there and no directory is an error, with auto_init too", async () => {
  for (const init of ["", ", auto_init: true"]) {
    await using folder = await project({ "app.yaml": app(`directory: data${init}`), "data": "a file" });
    assert.deepEqual(checkDirectories(loaded(folder)).map(({ message }) => message), [
      `app:data: ${folder.directory}/data is no directory`,
    ]);
  }
});

Deno.test("nothing is made through a link that a guest may have made", async () => {
  await using outside = await project({ "x": "" });
  await using folder = await project({
    "app.yaml": app("directory: shared/sub/new, auto_init: true", ", {fs: shared, guest: /shared}") +
      "  - {name: shared, kind: fs.directory, directory: shared}\n",
    "shared/x": "",
  });
  Deno.symlinkSync(outside.directory, `${folder.directory}/shared/sub`);
  assert.throws(() => specOf(folder), (error) => {
    assert(error instanceof CapabilityError);
    assert.match(
      error.message,
      /making .*shared\/sub\/new for app:data, which leads through the link .*shared\/sub/,
    );
    return true;
  });
  assert.deepEqual([...Deno.readDirSync(outside.directory)].map(({ name }) => name), ["x"]);
});

Deno.test({
  name: "a process that may not make it says which flag would let it",
  permissions: { read: true, write: false },
  fn() {
    const host = "/tmp/airlock-not-there/data";
    const at = { file: "app.yaml", line: 1, column: 1 };
    const directory: DirectoryEntry = {
      kind: "fs.directory",
      id: "app:d",
      namespace: "app",
      name: "d",
      meta: {},
      at,
      directory: host,
      host,
      autoInit: true,
      mode: 0o755,
      base: "project",
      where: { directory: at, mode: at, base: at },
    };
    assert.throws(() => initDirectory(directory, []), {
      name: "NotCapable",
      message: /--allow-write=\/tmp\/airlock-not-there\/data$/,
    });
  },
});
