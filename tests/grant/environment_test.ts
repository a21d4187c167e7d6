import assert from "node:assert/strict";
import { environmentOf, type EnvSources, valueIn } from "../../src/grant/environment.ts";
import { EnvironmentError } from "../../src/grant/environment_error.ts";
import { ASSETS, index, loadText, wasm } from "../registry/support.ts";

const STORAGES = [
  "  - {name: os, kind: env.storage.os}",
  "  - {name: memory, kind: env.storage.memory}",
  "  - {name: fixed, kind: env.storage.static, values: {A: fixed, EMPTY: '', 'app:v': by id}}",
  "  - {name: file, kind: env.storage.file, file_path: .env}",
  "  - {name: router, kind: env.storage.router, storages: [memory, os, fixed]}",
  "  - {name: outer, kind: env.storage.router, storages: [router, file, router, fixed]}",
];

/** Sources that hold these, and keep a list of everything that was read. */
function sources(os: Record<string, string>, text?: string): EnvSources & { readonly reads: string[] } {
  const reads: string[] = [];
  return {
    reads,
    os(name) {
      reads.push(name);
      return os[name];
    },
    readText(path) {
      reads.push(path);
      return text;
    },
  };
}

/** What a guest sees whose only variable is declared by these fields. */
function seen(fields: string, from: EnvSources, item = "") {
  const variable = `  - {name: v, kind: env.variable, ${fields}}`;
  const entry = wasm("f", `, wasi: {env: [{name: V, id: v${item}}]}`);
  const registry = loadText(index(ASSETS, ...STORAGES, variable, entry));
  return environmentOf(registry.findWasm("f"), registry, from);
}

const FOUND: [
  what: string,
  fields: string,
  os: Record<string, string>,
  text: string | undefined,
  value?: string,
][] = [
  ["the process's", "variable: A, storage: os", { A: "os" }, "A=file", "os"],
  ["a static one", "variable: A, storage: fixed", { A: "os" }, "A=file", "fixed"],
  ["one of a file", "variable: A, storage: file", { A: "os" }, "A=file", "file"],
  ["none of memory", "variable: A, storage: memory", { A: "os" }, "A=file"],
  ["that of its id where it has no public name", "storage: fixed", {}, undefined, "by id"],
  ["its own before its default", "variable: A, storage: os, default: d", { A: "os" }, undefined, "os"],
  ["its default where the storage has none", "variable: A, storage: os, default: d", {}, undefined, "d"],
  ["its default where the file is missing", "variable: A, storage: file, default: d", {}, undefined, "d"],
  [
    "its default where it is set but empty",
    "variable: A, storage: os, default: d",
    { A: "" },
    undefined,
    "d",
  ],
  ["none where it is set but empty", "variable: A, storage: os", { A: "" }, undefined],
  ["none where its default is empty", "variable: A, storage: os, default: ''", {}, undefined],
  ["the first of a router", "variable: A, storage: router", { A: "os" }, undefined, "os"],
  ["the next of a router", "variable: A, storage: router", {}, undefined, "fixed"],
  ["nothing behind an empty one of a router", "variable: A, storage: router", { A: "" }, undefined],
  ["one of a router in a router", "variable: B, storage: outer", {}, "B=file", "file"],
  ["none of the object's own", "variable: constructor, storage: fixed", {}, undefined],
  ["a space", "variable: A, storage: os", { A: " " }, undefined, " "],
];

for (const [what, fields, os, text, value] of FOUND) {
  Deno.test(`a variable's value is ${what}: ${fields}`, () => {
    assert.deepEqual(seen(fields, sources(os, text)), value === undefined ? [] : [["V", value]]);
  });
}

Deno.test("every storage is asked once, in order, and only until one has the key", () => {
  const all = sources({ OTHER: "x" }, "");
  assert.deepEqual(seen("variable: NO, storage: outer", all), []);
  assert.deepEqual(all.reads, ["NO", "/box/.env"]);
  const first = sources({ NO: "x" }, "NO=y");
  seen("variable: NO, storage: outer", first);
  assert.deepEqual(first.reads, ["NO"]);
});

Deno.test("a guest sees the listed names sorted, and only what is listed is read", () => {
  const registry = loadText(index(
    ASSETS,
    ...STORAGES,
    "  - {name: a, kind: env.variable, variable: A, storage: os}",
    "  - {name: b, kind: env.variable, variable: B, storage: os}",
    "  - {name: c, kind: env.variable, variable: C, storage: os}",
    wasm("f", ", wasi: {env: [{name: Z, id: a}, {name: b, id: b}, {name: B, id: a}, {name: A, id: nobody}]}"),
    wasm("g"),
  ));
  const from = sources({ A: "1", B: "2", C: "secret", A_: "3" });
  const env = environmentOf(registry.findWasm("f"), registry, from);
  assert.deepEqual(env, [["B", "1"], ["Z", "1"], ["b", "2"]]);
  assert.deepEqual(from.reads, ["A", "B", "A"]);
  assert(Object.isFrozen(env) && env.every((pair) => Object.isFrozen(pair)));
  assert.deepEqual(environmentOf(registry.findWasm("g"), registry, from), []);
});

Deno.test("values are read again at every call; a file once a call", () => {
  const registry = loadText(index(
    ASSETS,
    ...STORAGES,
    "  - {name: a, kind: env.variable, variable: A, storage: file}",
    "  - {name: b, kind: env.variable, variable: B, storage: outer}",
    wasm("f", ", wasi: {env: [{name: A, id: a}, {name: B, id: b}]}"),
  ));
  const entry = registry.findWasm("f");
  const texts = ["A=1\nB=1", "A=2\nB=2", undefined, "B=3"];
  let reads = 0;
  const from: EnvSources = { os: () => undefined, readText: () => texts[reads++] };
  const calls = texts.map(() => environmentOf(entry, registry, from));
  assert.deepEqual(calls, [[["A", "1"], ["B", "1"]], [["A", "2"], ["B", "2"]], [], [["B", "3"]]]);
});

const MISSING: [fields: string, looked: string][] = [
  ["variable: NO, storage: os", '"NO" in app:os (env.storage.os): not set'],
  [
    "variable: EMPTY, storage: fixed",
    '"EMPTY" in app:fixed (env.storage.static): set but empty, ' +
    "which counts as not set",
  ],
  ["storage: os", '"app:v" in app:os (env.storage.os): not set'],
  [
    "variable: NO, storage: outer, default: ''",
    '"NO" in app:memory (env.storage.memory): nothing has been written to it; ' +
    "app:os (env.storage.os): not set; app:fixed (env.storage.static): not among its values; " +
    "app:file (env.storage.file): no line of /box/.env sets it",
  ],
];

for (const [fields, looked] of MISSING) {
  Deno.test(`a required variable without a value fails the call: ${fields}`, () => {
    assert.throws(() => seen(fields, sources({}, "YES=1"), ", required: true"), (error) => {
      assert(error instanceof EnvironmentError);
      assert.equal(
        error.message,
        "app.yaml:11:183: app:f requires V, but app:v has neither a value nor a default; looked for " +
          looked,
      );
      const { reason, holder, asked, variable } = error.problem;
      assert.deepEqual([error.name, error.code, reason, holder, asked, variable], [
        "EnvironmentError",
        "environment",
        "missing",
        "app:f",
        "V",
        "app:v",
      ]);
      return true;
    });
  });
}

Deno.test("a file that is not there is said to be where it was looked for", () => {
  assert.throws(() => seen("variable: A, storage: file", sources({}), ", required: true"), {
    message:
      'app.yaml:11:183: app:f requires V, but app:v has neither a value nor a default; looked for "A" in ' +
      "app:file (env.storage.file): there is no file /box/.env",
  });
});

Deno.test("what cannot be read fails the call, even where it is optional and has a default", () => {
  for (const [name, reason] of [["NotCapable", "denied"], ["Error", "unreadable"]]) {
    const cause = Object.assign(new Error("no way"), { name });
    const from: EnvSources = {
      os: () => {
        throw cause;
      },
      readText: () => "A=file",
    };
    assert.throws(() => seen("variable: A, storage: outer, default: d", from), (error) => {
      assert(error instanceof EnvironmentError && error.cause === cause);
      assert.equal(error.problem.reason, reason);
      assert.equal(
        error.message,
        'app.yaml:11:183: app:f asks for V, but the value of app:v cannot be read; looked for "A" in ' +
          "app:memory (env.storage.memory): nothing has been written to it; app:os (env.storage.os): no way",
      );
      return true;
    });
  }
});

Deno.test("a router of routers that all name the same two is asked in no time", () => {
  const routers = Array.from({ length: 60 }, (_, i) => {
    const below = i === 0 ? "os" : `r${i - 1}`;
    return `  - {name: r${i}, kind: env.storage.router, storages: [${below}, ${below}]}`;
  });
  const registry = loadText(index(
    ASSETS,
    ...STORAGES,
    ...routers,
    "  - {name: v, kind: env.variable, variable: NO, storage: r59}",
    wasm("f", ", wasi: {env: [{name: V, id: v}]}"),
  ));
  const from = sources({});
  assert.deepEqual(environmentOf(registry.findWasm("f"), registry, from), []);
  assert.deepEqual(from.reads, ["NO"]);
});

Deno.test("an entry of another registry is refused", () => {
  const v = "  - {name: v, kind: env.variable, storage: os}";
  const registry = loadText(index(ASSETS, ...STORAGES, v, wasm("f", ", wasi: {env: [{name: V, id: v}]}")));
  const variable = registry.find("v");
  const entry = registry.findWasm("f");
  const other = Object.create(registry, {
    get: { value: (id: string) => (id === "app:v" ? variable : undefined) },
  });
  assert.throws(() => environmentOf(entry, other, sources({})), {
    name: "TypeError",
    message: "app:v is in app:os, which is no env.storage.* of this registry",
  });
});

const LINES: [text: string, value: string | undefined][] = [
  ["A=b", "b"],
  ["  A  =  b c  \r\nB=x", "b c"],
  ["A=1\nA=2", "1"],
  ["#A=1\nA=2", "2"],
  ["A=b # comment", "b"],
  ["A=b#c", "b"],
  ["A#=b", undefined],
  ['A="b"', '"b"'],
  ["A='b\\n'", "'b\\n'"],
  ["A=b=c", "b=c"],
  ["A=", ""],
  ["A=#", ""],
  ["A", undefined],
  ["=b", undefined],
  ["AA=b", undefined],
  ["a=b", undefined],
  ["export A=b", undefined],
  ["X=1\n\n\nA=b", "b"],
  ["\uFEFFA=b", "b"],
  ["", undefined],
];

for (const [text, value] of LINES) {
  Deno.test(`of ${JSON.stringify(text)} A is ${JSON.stringify(value)}`, () => {
    assert.equal(valueIn(text, "A"), value);
  });
}
