/** What the unit tests of the original say of an entry: what loads, and where it is wrong. */
import assert from "node:assert/strict";
import { ConfigError, IntegrityError, Runtime } from "../../mod.ts";
import { packageOf } from "../../src/config/imports.ts";
import { isWasm, type WasmEntry } from "../../src/registry/entry.ts";
import { component, hashOf, type Project, project } from "../support/project.ts";

const MINIMAL = component("tests/acceptance/app/src/test/wasm/minimal_component.wasm");
const HASH = await hashOf(MINIMAL);

/** The fields that an entry must have. */
const REQUIRED = { fs: "app:files", path: "/minimal.wasm", hash: HASH, method: "compute" };

/** An application of a text and a module beside it. */
function application(text: string): Promise<Project> {
  return project({ "_index.yaml": text, "minimal.wasm": MINIMAL });
}

/** One entry named `it`, a field on each line from line 6 on. */
function index(kind: string, fields: Readonly<Record<string, string>>): string {
  const lines = Object.entries(fields).map(([key, value]) => `    ${key}: ${value}\n`);
  return `namespace: app\nentries:\n  - {name: files, kind: fs.directory, directory: .}\n  - name: it\n    kind: ${kind}\n${
    lines.join("")
  }`;
}

/** The entry, loaded. */
async function loaded(fields: Readonly<Record<string, string>>): Promise<WasmEntry> {
  await using app = await application(index("function.wasm", { ...REQUIRED, ...fields }));
  await using runtime = await Runtime.load(app.directory);
  const entry = runtime.entries().find(({ id }) => id === "app:it");
  assert.ok(entry && isWasm(entry));
  return entry;
}

/** The issues of an application, as `line:column: message`. */
async function issuesOf(text: string): Promise<string[]> {
  await using app = await application(text);
  let found: unknown;
  try {
    await (await Runtime.load(app.directory))[Symbol.asyncDispose]();
  } catch (error) {
    found = error;
  }
  assert.ok(found instanceof ConfigError, `it is refused: ${found}`);
  return found.issues.filter(({ severity }) => severity === "error")
    .map(({ line, column, message }) => `${line}:${column}: ${message}`);
}

const { fs: _fs, ...noFs } = REQUIRED;
const { path: _path, ...noPath } = REQUIRED;
const { hash: _hash, ...noHash } = REQUIRED;
const { method: _method, ...noMethod } = REQUIRED;

/** A rule of the reference (2.1), its kind and fields, where it is broken, and what is said. */
const RULES: readonly [
  rule: string,
  kind: string,
  fields: Readonly<Record<string, string>>,
  said: RegExp,
][] = [
  ["fs is required", "function.wasm", noFs, /^4:5: app:it: .*fs/],
  ["path is required", "process.wasm", noPath, /^4:5: app:it: .*path/],
  ["hash is required", "function.wasm", noHash, /^4:5: app:it: .*hash/],
  ["method is required", "function.wasm", noMethod, /^4:5: app:it: .*method/],
  ["source is required of text", "function.wat", { method: "answer" }, /^4:5: app:it: .*source/],
  ["method is required of text", "function.wat", { source: "(module)" }, /^4:5: app:it: .*method/],
  [
    "an import has a name",
    "function.wasm",
    { ...REQUIRED, imports: "['wasi:']" },
    /^10:15: app:it: imports\[0\]/,
  ],
  [
    "cli/run cannot be imported",
    "function.wasm",
    { ...REQUIRED, imports: "[wasi:cli/run]" },
    /^10:15: .*wasi:cli\/run/,
  ],
  ["incoming-handler cannot be imported", "function.wasm", {
    ...REQUIRED,
    imports: "[wasi:http/incoming-handler]",
  }, /^10:15: .*wasi:http\/incoming-handler/],
  [
    "unknown hosts cannot be imported",
    "function.wasm",
    { ...REQUIRED, imports: "[custom-host]" },
    /^10:15: .*custom-host/,
  ],
  [
    "transports are two",
    "function.wasm",
    { ...REQUIRED, transport: "Payload" },
    /^10:16: .*payload, wasi-http/,
  ],
  [
    "no field of a pool is negative",
    "process.wasm",
    { ...REQUIRED, pool: "{size: -1}" },
    /^10:18: .*pool\.size/,
  ],
  [
    "types of pools are four",
    "process.wasm",
    { ...REQUIRED, pool: "{type: burst}" },
    /^10:18: .*pool\.type.*burst/,
  ],
  [
    "workers need a size",
    "function.wasm",
    { ...REQUIRED, pool: "{type: static, workers: 8}" },
    /^10:26: .*pool\.size/,
  ],
  ["a limit of time is not negative", "function.wasm", {
    ...REQUIRED,
    limits: "{max_execution_ms: -1}",
  }, /^10:32: .*max_execution_ms/],
  [
    "a working directory is absolute",
    "function.wasm",
    { ...REQUIRED, wasi: "{cwd: data}" },
    /^10:17: .*wasi\.cwd/,
  ],
  [
    "a variable has an id",
    "function.wasm",
    { ...REQUIRED, wasi: "{env: [{id: 'app:', name: A}]}" },
    /^10:23: .*env\[0\]\.id/,
  ],
  [
    "a variable has a name",
    "function.wasm",
    { ...REQUIRED, wasi: "{env: [{id: a, name: ' '}]}" },
    /^10:32: .*env\[0\]\.name/,
  ],
  ["a variable is given once", "function.wasm", {
    ...REQUIRED,
    wasi: "{env: [{id: a, name: A}, {id: b, name: ' A'}]}",
  }, /^10:50: .*already given/],
  ["a mount has a file system", "function.wasm", {
    ...REQUIRED,
    wasi: "{mounts: [{fs: '', guest: /a}]}",
  }, /^10:26: .*mounts\[0\]\.fs/],
  ["a mount has a guest path", "function.wasm", {
    ...REQUIRED,
    wasi: "{mounts: [{fs: app:files, guest: ' '}]}",
  }, /^10:44: .*mounts\[0\]\.guest/],
  ["a guest path is absolute", "function.wasm", {
    ...REQUIRED,
    wasi: "{mounts: [{fs: app:files, guest: a}]}",
  }, /^10:44: .*mounts\[0\]\.guest/],
  ["a guest path is given once", "function.wasm", {
    ...REQUIRED,
    wasi: "{mounts: [{fs: app:files, guest: /a/}, {fs: app:files, guest: /a/../a}]}",
  }, /^10:73: .*already given/],
  ["a mounted file system is there", "function.wasm", {
    ...REQUIRED,
    wasi: "{mounts: [{fs: app:none, guest: /a}]}",
  }, /^10:26: .*app:none/],
  ["a file system is there", "function.wasm", { ...REQUIRED, fs: "app:none" }, /^6:9: .*app:none/],
  ["a hash is of sha256", "function.wasm", { ...REQUIRED, hash: "md5:0" }, /^8:11: .*hash/],
];

for (const [rule, kind, fields, said] of RULES) {
  Deno.test(`A rule of entries: ${rule}`, async () => {
    const issues = await issuesOf(index(kind, fields));
    assert.ok(issues.some((issue) => said.test(issue)), `${said} is not among\n${issues.join("\n")}`);
  });
}

const PACKAGES: Readonly<Record<string, string | undefined>> = {
  "funcs@0.1.0": "funcs",
  "wippy:runtime/funcs": "funcs",
  "wasi:io/poll@0.2.9": "wasi:poll",
  "wasi:io/streams": "wasi:io",
  " WASI:CLI ": "wasi:cli",
  "preview1": "wasi1",
  "wasi:cli/run": undefined,
  "wasi:http/incoming-handler": undefined,
  "custom-host": undefined,
};

for (const [name, wanted] of Object.entries(PACKAGES)) {
  Deno.test(`The import ${JSON.stringify(name)} is ${wanted ?? "unknown"}`, () => {
    assert.equal(packageOf(name), wanted);
  });
}

const POOLS: Readonly<Record<string, [type: string, workers: number]>> = {
  "{}": ["lazy", 100],
  "{workers: 1, size: 1}": ["static", 1],
  "{size: 2}": ["inline", 1],
  "{type: lazy}": ["lazy", 16],
  "{type: adaptive, max_size: 2}": ["adaptive", 2],
};

for (const [pool, [type, workers]] of Object.entries(POOLS)) {
  Deno.test(`The pool ${pool} is ${type} with ${workers}`, async () => {
    const { pool: found } = await loaded({ pool });
    assert.deepEqual([found.type, found.workers], [type, workers]);
  });
}

Deno.test("An entry without a word of WASI has no arguments, no variables, no mounts, and works in /", async () => {
  const { wasi, pool, transport, limits } = await loaded({});
  assert.deepEqual({ args: wasi.args, env: wasi.env, mounts: wasi.mounts, cwd: wasi.cwd }, {
    args: [],
    env: [],
    mounts: [],
    cwd: "/",
  });
  assert.equal(pool.type, "lazy");
  assert.equal(transport, "payload");
  assert.equal(limits.maxExecutionMs, undefined);
});

Deno.test("A module whose bytes are not the declared ones is refused", async () => {
  const hash = `sha256:${"0".repeat(64)}`;
  await using app = await application(index("function.wasm", { ...REQUIRED, hash }));
  await using runtime = await Runtime.load(app.directory);
  await assert.rejects(runtime.call("it", 6, 7), IntegrityError);
});

Deno.test("A method that the module does not export is refused before it is called", async () => {
  await using app = await application(index("function.wasm", { ...REQUIRED, method: "compite" }));
  await using runtime = await Runtime.load(app.directory);
  await assert.rejects(runtime.call("it", 6, 7), { name: "MethodError", message: /compite/ });
});

/** What a core module may declare of imports: the profiles of components are not for it. */
for (const name of ["funcs", "wasi:cli", "wasi:filesystem"]) {
  Deno.test(`A module that is text cannot import ${name}`, async () => {
    const text = index("function.wat", {
      source: `'(module (func (export "answer") (result i32) (i32.const 42)))'`,
      wit: `'answer: func() -> s32;'`,
      method: "answer",
      imports: `[${name}]`,
    });
    await using app = await application(text);
    await assert.rejects(async () => {
      await using runtime = await Runtime.load(app.directory);
      await runtime.call("it");
    }, (error: Error) => {
      assert.match(error.message, /component/);
      assert.ok(error.message.includes(name), error.message);
      return true;
    });
  });
}

Deno.test("A module that is text may declare preview 1", async () => {
  const text = index("function.wat", {
    source: `'(module (func (export "answer") (result i32) (i32.const 42)))'`,
    wit: `'answer: func() -> s32;'`,
    method: "answer",
    imports: "[wasi1]",
  });
  await using app = await application(text);
  await using runtime = await Runtime.load(app.directory);
  assert.equal(await runtime.call("it"), 42);
});
