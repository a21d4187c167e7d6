import assert from "node:assert/strict";
import { load } from "../../src/registry/load.ts";
import { ASSETS, index, loadText, memoryFiles, said, wasm } from "./support.ts";

const VALUES = '  - {name: v, kind: env.storage.static, values: {A: "1"}}';
const VARIABLE = "  - {name: p, kind: env.variable, variable: P, storage: v, default: x}";
const APP = index(ASSETS, wasm("f", ", comment: x"), VALUES, VARIABLE, "  - {name: l, kind: function.lua}");

function changed(...overrides: string[]) {
  const registry = loadText(APP, { overrides });
  const [f, d, v, p] = ["f", "assets", "v", "p"].map((name) => registry.get(`app:${name}`));
  assert(f?.kind === "function.wasm" || f?.kind === "process.wasm");
  assert(d?.kind === "fs.directory" && v?.kind === "env.storage.static" && p?.kind === "env.variable");
  return { f, d, v, p, l: registry.get("app:l") };
}

Deno.test("an override takes the place of a field, of one that was absent, and of one within others", () => {
  const { f, d } = changed(
    "app:f:method=other",
    "app:f:pool.max_size=3",
    "app:f:data.limits.max_execution_ms=5",
    "app:f:strict=true",
    "app:assets:directory=/elsewhere",
    "app:assets:mode=0500",
  );
  assert.deepEqual([f.method, f.pool.workers, f.limits.maxExecutionMs, f.strict], ["other", 3, 5, true]);
  assert.deepEqual([d.host, d.mode, f.file], ["/elsewhere", 0o500, "/elsewhere/f.wasm"]);
});

Deno.test("a field of texts takes what looks like a number or a boolean as a text", () => {
  const { f, v, p } = changed("app:f:wit=5", "app:v:values.A=true", "app:v:values.B=2", "app:p:default=8080");
  assert.deepEqual([f.wit, v.values, p.default], ["5", { A: "true", B: "2" }, "8080"]);
});

Deno.test("the last override for a field counts, and kind comes before all others", () => {
  const { f } = changed(
    "app:f:meta.command.name=a",
    "app:f:meta.command.main=true",
    "app:f:kind=process.wasm",
    "app:f:meta.command.name=b",
  );
  assert.deepEqual([f.kind, f.command?.name, f.command?.main], ["process.wasm", "b", true]);
  const { l } = changed("app:l:directory=x", "app:l:kind=fs.directory");
  assert.equal(l?.kind === "fs.directory" ? l.host : undefined, "/box/x");
});

Deno.test("a field that the entry has may be overridden, known or not", () => {
  assert.equal(changed("app:f:comment=y").f.method, "run");
});

Deno.test("an override may be a placeholder, but names no file", () => {
  const { f } = changed("app:f:method=${env:P}", "app:f:wit=file://f.wit");
  assert.deepEqual([f.method, f.wit], ["x", "file://f.wit"]);
});

Deno.test("an override of meta keeps what meta has beside it", () => {
  const text = index("  - {name: d, kind: fs.directory, directory: ., meta: {title: t, deep: {a: 1}}}");
  const meta = loadText(text, { overrides: ["app:d:meta.deep.b=2", "app:d:meta.note=true"] }).get("app:d")
    ?.meta;
  assert.deepEqual(meta, { title: "t", deep: { a: 1, b: 2 }, note: true });
});

const WRONG: [override: string, said: string][] = [
  ["app:g:method=x", "-o app:g:method:1:1: app:g:method: no entry declares app:g; did you mean app:f?"],
  ["other:x:y=1", "-o other:x:y:1:1: other:x:y: no entry declares other:x"],
  ["app:f:methd=x", '-o app:f:methd:1:1: app:f:methd: "methd" is no known field; did you mean method?'],
  ["app:f:frobnicate=x", '-o app:f:frobnicate:1:1: app:f:frobnicate: "frobnicate" is no known field'],
  [
    "app:f:pool.max=1",
    '-o app:f:pool.max:1:1: app:f:pool.max: "max" is no known field',
  ],
  [
    "app:f:method.name=x",
    '-o app:f:method.name:1:1: app:f:method.name: "method" is "run": there are no fields in it',
  ],
  ["app:f:wit.name=x", '-o app:f:wit.name:1:1: app:f:wit.name: "wit" is no map: there are no fields in it'],
  [
    "app:f:imports.0=x",
    '-o app:f:imports.0:1:1: app:f:imports.0: "imports" is no map: there are no fields in it',
  ],
  [
    "app:f:data=x",
    "-o app:f:data:1:1: app:f:data: names all of data; name a field in it, like app:f:data.name",
  ],
  [
    "app:f:meta=x",
    "-o app:f:meta:1:1: app:f:meta: names all of meta; name a field in it, like app:f:meta.name",
  ],
  [
    "app:f:kind= ",
    '-o app:f:kind:1:1: app:f:kind: must be the name of a kind, found " "',
  ],
  ["app:f:name=x", '-o app:f:name:1:1: app:f:name: "name" is no known field'],
  [
    "app:f:pool.size=-1",
    "-o app:f:pool.size:1:1: app:f: pool.size must be 0 or more, found the number -1",
  ],
  [
    "app:f:transport=swordfish",
    '-o app:f:transport:1:1: app:f: transport must be a known transport, found "swordfish"; ' +
    "allowed: payload, wasi-http",
  ],
];

for (const [override, line] of WRONG) {
  Deno.test(`the override ${override} is an error`, () => {
    const lines = said(() => loadText(APP, { overrides: [override] }));
    assert.deepEqual(lines.filter((one) => one.startsWith("-o")), [line]);
  });
}

const SETTINGS = `version: "1.0"
logger: {encoding: json}
override:
  app:f:method: set
  app:f:pool:
    max_size: 2
  app:f:imports: [wasi:cli]
  app:assets:directory: "\${env:DIR|./d}"
`;
const PROJECT = {
  "/box/wippy.lock": "directories: {src: ./src}\n",
  "/box/.wippy.yaml": SETTINGS,
  "/box/src/_index.yaml": index(ASSETS, wasm("f")),
};

function project(texts: Record<string, string>, given = ".", overrides: string[] = []) {
  const os = { DIR: "/from/os" } as Record<string, string>;
  return load(given, {
    files: memoryFiles({ ...PROJECT, ...texts }),
    overrides,
    sources: { os: (name) => os[name], readText: () => undefined },
  });
}

Deno.test("a project's settings override its entries, and the command line both", () => {
  const registry = project({}, ".", ["app:f:method=line"]);
  const f = registry.get("app:f");
  assert(f?.kind === "function.wasm");
  assert.deepEqual([f.method, f.pool.workers, f.imports.map(({ name }) => name)], ["line", 2, ["wasi:cli"]]);
  assert.equal(f.file, "/from/os/f.wasm");
  assert.deepEqual(registry.reads.env, ["DIR"]);
  assert(registry.reads.files.includes("/box/.wippy.yaml"));
});

Deno.test("of a project's settings, what is about entries that are not loaded does not count", () => {
  const one = index("  - {name: other, kind: fs.directory, directory: .}");
  assert.deepEqual(project({ "/box/src/one.yaml": one }, "src/one.yaml").entries().length, 1);
  assert.deepEqual(said(() => project({ "/box/src/_index.yaml": one })).length, 4);
});

Deno.test("settings without a lock file beside them are not looked at", () => {
  const files = memoryFiles({ "/box/app.yaml": index(ASSETS, wasm("f")), "/box/.wippy.yaml": SETTINGS });
  const f = load("app.yaml", { files }).get("app:f");
  assert.equal(f?.kind === "function.wasm" ? f.method : undefined, "run");
});

const WRONG_SETTINGS: [what: string, text: string, said: string[]][] = [
  ["an entry that is not there", "override: {app:g:method: x}", [
    "/box/.wippy.yaml:1:12: app:g:method: no entry declares app:g; did you mean app:f?",
  ]],
  ["a field that is not there", "override: {app:f:methd: x}", [
    '/box/.wippy.yaml:1:12: app:f:methd: "methd" is no known field; did you mean method?',
  ]],
  ["a key that is none", "override: {app.f: x}", [
    '/box/.wippy.yaml:1:12: an override is of namespace:entry:field, found "app.f"',
  ]],
  ["a value of the wrong type", "override:\n  app:f:method: 5\n", [
    '/box/.wippy.yaml:2:17: app:f: method must be a string, found the number 5; write "5" in quotes',
  ]],
  ["overrides that are a list", "override: [a]", [
    "/box/.wippy.yaml:1:11: override must be a map, found a list",
  ]],
  ["a variable of the process that is not set", "override: {app:f:method: '${env:NONE}'}", [
    "/box/.wippy.yaml:1:26: override: ${env:NONE} is not set in the environment of this process; " +
    "to do without, write ${env:NONE|default}",
  ]],
  ["variables of the settings", "vars: {a: b}\noverride: {app:f:method: 'x${a}'}", [
    '/box/.wippy.yaml:2:26: override.app:f:method: variables of the settings are not supported, found "x${a}"',
  ]],
  ["unreadable settings", "override: [", [
    "/box/.wippy.yaml:1:12: unreadable YAML: unexpected end of the stream within a flow collection",
  ]],
];

for (const [what, text, lines] of WRONG_SETTINGS) {
  Deno.test(`a load tells of settings with ${what}`, () => {
    assert.deepEqual(said(() => project({ "/box/.wippy.yaml": text })), lines);
  });
}

Deno.test("settings without overrides say nothing", () => {
  for (const text of ["", "version: '1.0'", "override:", "- a"]) {
    assert.equal(project({ "/box/.wippy.yaml": text }).entries().length, 2);
  }
});
