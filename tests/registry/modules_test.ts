import assert from "node:assert/strict";
import { load } from "../../src/registry/load.ts";
import { memoryFiles, said } from "./support.ts";

/** An index file with one directory. */
const directory = (namespace: string, more = "") =>
  `namespace: ${namespace}\nentries:\n  - {name: d, kind: fs.directory, directory: ./data${more}}\n`;

const LOCK = `directories:
  modules: .wippy
  src: .
modules:
  - name: acme/http
    version: v1.2.0
  - {name: acme/old, version: v1.0.0}
replacements:
  - {from: acme/dev, to: ../dev}
`;

const TEXTS = {
  "/box/wippy.lock": LOCK,
  "/box/_index.yaml": directory("app"),
  "/box/.wippy/vendor/acme/http/src/_index.yaml": directory(
    "acme.http",
    ", meta: {module: forged, title: t}",
  ),
  "/box/.wippy/vendor/acme/old-v1.0.0/_index.yaml": directory("acme.old"),
  "/box/.wippy/vendor/acme/unlisted/_index.yaml": directory("acme.unlisted"),
  "/dev/src/_index.yaml": directory("acme.dev", ", base: project"),
  "/dev/test/_index.yaml": directory("acme.dev.test"),
};

function hosts(texts: Record<string, string>, given = "."): Record<string, string> {
  const registry = load(given, { files: memoryFiles(texts) });
  return Object.fromEntries(
    registry.entries().map((entry) => [entry.id, entry.kind === "fs.directory" ? entry.host : entry.kind]),
  );
}

Deno.test("the modules of a lock file are loaded with the project, each once, and their directories are theirs", () => {
  assert.deepEqual(hosts(TEXTS), {
    "app:d": "/box/data",
    "acme.dev:d": "/box/data",
    "acme.http:d": "/box/.wippy/vendor/acme/http/data",
    "acme.old:d": "/box/.wippy/vendor/acme/old-v1.0.0/data",
  });
});

Deno.test("an entry of a module says whose it is, whatever it says itself", () => {
  const registry = load(".", { files: memoryFiles(TEXTS) });
  assert.deepEqual(registry.get("acme.http:d")?.meta, {
    module: "acme/http",
    module_version: "v1.2.0",
    title: "t",
  });
  assert.deepEqual(registry.get("acme.dev:d")?.meta, { module: "acme/dev" });
  assert.deepEqual(registry.get("app:d")?.meta, {});
});

Deno.test("without a lock file in what is given, there are no modules", () => {
  assert.deepEqual(hosts(TEXTS, "_index.yaml"), { "app:d": "/box/data" });
});

Deno.test("an entry of the application may say that its directory is the project's, and not a module's", () => {
  assert.equal(
    hosts({ ...TEXTS, "/box/_index.yaml": directory("app", ", base: project") })["app:d"],
    "/box/data",
  );
  assert.deepEqual(
    said(() =>
      load(".", { files: memoryFiles({ ...TEXTS, "/box/_index.yaml": directory("app", ", base: module") }) })
    ),
    [
      '_index.yaml:3:60: app:d: base "module" is for entries of a module, and this one is of none; allowed: project',
    ],
  );
});

Deno.test("a module's texts are its own: its sources end where it does", () => {
  const text = (reference: string) => ({
    ...TEXTS,
    "/box/secret": "s",
    "/box/.wippy/vendor/acme/http/note": "n",
    "/box/.wippy/vendor/acme/http/src/_index.yaml": directory("acme.http", `, meta: {note: "${reference}"}`),
  });
  const files = memoryFiles(text("file:///note"));
  assert.equal(load(".", { files }).get("acme.http:d")?.meta["note"], "n");
  assert.deepEqual(said(() => load(".", { files: memoryFiles(text("file://../../../../../secret")) })), [
    '.wippy/vendor/acme/http/src/_index.yaml:3:67: entries[0].meta.note: "file://../../../../../secret" cannot be ' +
    "read: it is outside /box/.wippy/vendor/acme/http",
  ]);
});

Deno.test("modules that are not there, or in a pack, are warnings", () => {
  const lock = `directories: {src: src, modules: mods/vendor}
modules:
  - {name: acme/none, version: v1}
  - {name: acme/packed, version: v2}
`;
  const texts = {
    "/box/wippy.lock": lock,
    "/box/src/_index.yaml": directory("app"),
    "/box/mods/vendor/acme/packed-v2.wapp": "pack",
  };
  assert.deepEqual(said(() => load(".", { files: memoryFiles(texts) })), [
    "wippy.lock:3:12: warning: the module acme/none is not installed: there is no directory " +
    "mods/vendor/acme/none and no mods/vendor/acme/none-v1; its entries are missing",
    "wippy.lock:4:12: warning: the module acme/packed is in the pack mods/vendor/acme/packed-v2.wapp, which cannot " +
    "be read; unpack it: options.unpack_modules; its entries are missing",
  ]);
});

const WRONG: [what: string, lock: string, said: string[]][] = [
  ["a module without a name", "modules: [{version: v1}]", [
    "wippy.lock:1:11: a module needs a name, organization/module, found a map",
  ]],
  ["a module that leads elsewhere", "modules: [{name: ../../etc}, {name: a/../../b}, {name: a/.b}]", [
    'wippy.lock:1:18: a module needs a name, organization/module, found "../../etc"',
    'wippy.lock:1:37: a module needs a name, organization/module, found "a/../../b"',
    'wippy.lock:1:56: a module needs a name, organization/module, found "a/.b"',
  ]],
  ["directories that are none", "directories: {src: [], modules: 5}", [
    "wippy.lock:1:20: directories.src must be a string, found an empty list",
    "wippy.lock:1:33: directories.modules must be a string, found the number 5",
  ]],
  ["nothing that can be read", "directories: {", [
    "wippy.lock:1:15: unreadable YAML: unexpected end of the stream within a flow collection",
  ]],
];

for (const [what, lock, lines] of WRONG) {
  Deno.test(`a load tells of a lock file with ${what}`, () => {
    const files = memoryFiles({ "/box/wippy.lock": lock, "/box/_index.yaml": directory("app") });
    assert.deepEqual(said(() => load(".", { files })), lines);
  });
}

Deno.test("an id that a module and the project both declare is an error at the module's", () => {
  const texts = { ...TEXTS, "/box/.wippy/vendor/acme/http/src/_index.yaml": directory("app") };
  assert.deepEqual(said(() => load(".", { files: memoryFiles(texts) })), [
    ".wippy/vendor/acme/http/src/_index.yaml:3:5: app:d is already declared at _index.yaml:3:5; rename one of the two",
  ]);
});
