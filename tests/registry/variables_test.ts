import assert from "node:assert/strict";
import { ConfigError } from "../../src/config/issue.ts";
import type { Entry } from "../../src/registry/entry.ts";
import type { EnvSources } from "../../src/registry/env_sources.ts";
import { load } from "../../src/registry/load.ts";
import { ASSETS, index, loadText, memoryFiles, said, wasm } from "./support.ts";

/** A process with these variables, and one file of more of them. */
function sources(os: Record<string, string> = {}, files: Record<string, string> = {}): EnvSources {
  return {
    os: (name) => os[name],
    readText: (path) => files[path],
  };
}

const OS = "  - {name: os, kind: env.storage.os}";
const HOME = "  - {name: home, kind: env.variable, variable: HOME, storage: os}";

/** The arguments of a function with these, in a file that declares variables. */
function args(list: string, from: EnvSources, ...entries: string[]): readonly string[] {
  const text = index(ASSETS, wasm("f", `, wasi: {args: ${list}}`), OS, HOME, ...entries);
  const entry = loadText(text, { sources: from }).get("app:f");
  assert(entry?.kind === "function.wasm");
  return entry.wasi.args;
}

const os = sources({ HOME: "/home/ada", EMPTY: "", "app:secret": "s3cr3t" });

const VALUES: [what: string, list: string, found: string[]][] = [
  ["by its public name", "['${env:HOME}']", ["/home/ada"]],
  ["by its id", "['${env:app:home}']", ["/home/ada"]],
  ["in a text, and twice", "['a${env:HOME}b${env:HOME}']", ["a/home/adab/home/ada"]],
  ["with a default that does not count", "['${env:HOME|x}']", ["/home/ada"]],
  ["in its short form", "['${HOME|x}']", ["/home/ada"]],
  ["that is not declared, with a default", "['${env:NONE|a b}', '${NONE|}']", ["a b", ""]],
  ["that is escaped", "['$${env:HOME}', 'a$${b', '$$${env:HOME}']", ["${env:HOME}", "a${b", "$${env:HOME}"]],
  ["that is none", "['${HOME}', '$HOME', '${home|x}', '${env:HOME']", [
    "${HOME}",
    "$HOME",
    "${home|x}",
    "${env:HOME",
  ]],
];

for (const [what, list, found] of VALUES) {
  Deno.test(`a placeholder takes the value of a variable ${what}`, () =>
    assert.deepEqual(args(list, os), found));
}

Deno.test("a variable's own default counts before the placeholder's, and an empty value for none", () => {
  const more = [
    "  - {name: a, kind: env.variable, variable: EMPTY, storage: os, default: own}",
    "  - {name: b, kind: env.variable, variable: B, storage: os}",
  ];
  assert.deepEqual(args("['${env:EMPTY|x}', '${env:B|x}']", os, ...more), ["own", "x"]);
});

Deno.test("a variable is looked for as it is for guests: routers in order, files, the id as key", () => {
  const more = [
    "  - {name: file, kind: env.storage.file, file_path: .env}",
    "  - {name: fixed, kind: env.storage.static, values: {A: static, C: fixed}}",
    "  - {name: all, kind: env.storage.router, storages: [file, os, fixed]}",
    "  - {name: a, kind: env.variable, variable: A, storage: all}",
    "  - {name: b, kind: env.variable, variable: B, storage: all}",
    "  - {name: c, kind: env.variable, variable: C, storage: all}",
    "  - {name: secret, kind: env.variable, storage: all}",
  ];
  const from = sources({ B: "os", "app:secret": "hidden" }, { "/box/.env": "A = file # x\n" });
  assert.deepEqual(args("['${env:A}', '${env:B}', '${env:C}', '${env:app:secret}']", from, ...more), [
    "file",
    "os",
    "fixed",
    "hidden",
  ]);
});

Deno.test("a file of variables is read once a load, and a variable of the process asked for by its name only", () => {
  const asked: string[] = [];
  const from: EnvSources = {
    os(name) {
      asked.push(`os ${name}`);
      return "x";
    },
    readText(path) {
      asked.push(path);
      return "A=1\nB=2\n";
    },
  };
  args(
    "['${env:A}', '${env:B}', '${env:HOME}']",
    from,
    "  - {name: file, kind: env.storage.file, file_path: .env}",
    "  - {name: a, kind: env.variable, variable: A, storage: file}",
    "  - {name: b, kind: env.variable, variable: B, storage: file}",
  );
  assert.deepEqual(asked, ["/box/.env", "os HOME"]);
});

Deno.test("the field decides whether a value is text, a number or a boolean", () => {
  const text = index(
    ASSETS,
    wasm(
      "f",
      ", pool: {max_size: '${env:N}', warm_start: '${B|true}'}, strict: '${env:B|x}', wasi: {args: ['${env:N|1}']}",
    ),
    "  - {name: h, kind: terminal.host, lifecycle: {restart: {jitter: '${J|0.5}', max_attempts: '${env:N}'}}}",
    "  - {name: s, kind: process.service, process: p, host: h, input: ['${env:N}', '${env:N|1}', '${env:N|x}', '${Z|1}']}",
    wasm("p", "", "process.wasm"),
    OS,
    "  - {name: n, kind: env.variable, variable: N, storage: os}",
    "  - {name: b, kind: env.variable, variable: B, storage: os}",
  );
  const registry = loadText(text, { sources: sources({ N: "7", B: "true" }) });
  const [f, h, s] = ["f", "h", "s"].map((name) => registry.get(`app:${name}`)) as [Entry, Entry, Entry];
  assert(f.kind === "function.wasm" && h.kind === "terminal.host" && s.kind === "process.service");
  assert.deepEqual([f.pool.workers, f.pool.warmStart, f.strict, f.wasi.args], [7, true, true, ["7"]]);
  assert.deepEqual([h.lifecycle.restart.jitter, h.lifecycle.restart.maxAttempts], [0.5, 7]);
  // Where any value may stand, it is of the type of the default.
  assert.deepEqual(s.input, ["7", 7, "7", 1]);
});

Deno.test("entries of variables may hold placeholders themselves, in any order", () => {
  const more = [
    "  - {name: file, kind: env.storage.file, file_path: '${env:HOME}/.env'}",
    "  - {name: a, kind: env.variable, variable: A, storage: file, default: '${env:HOME}/a'}",
  ];
  assert.deepEqual(args("['${env:A}']", sources({ HOME: "/h" }, { "/h/.env": "A=in" }), ...more), ["in"]);
  assert.deepEqual(args("['${env:A}']", sources({ HOME: "/h" }), ...more), ["/h/a"]);
});

Deno.test("placeholders in meta, and in entries of other kinds, are left alone", () => {
  const text = index(
    "  - {name: d, kind: fs.directory, directory: ., meta: {title: '${env:NONE}'}}",
    "  - {name: l, kind: function.lua, source: '${env:NONE} file://x'}",
  );
  assert.deepEqual(loadText(text).get("app:d")?.meta, { title: "${env:NONE}" });
});

/** What is wrong: the arguments, more entries, and what is said. */
const WRONG: [what: string, list: string, entries: string[], said: string[]][] = [
  ["names no variable", "['${env:HOM}']", [], [
    "app.yaml:4:170: app:f: ${env:HOM} names no env.variable entry, neither by its public name nor by its id; " +
    "known: HOME; did you mean HOME?; to do without, write ${env:HOM|default}",
  ]],
  ["has no name", "['a${env:}', '${env:|x}']", [], [
    "app.yaml:4:170: app:f: ${env:} names no variable",
    "app.yaml:4:182: app:f: ${env:|x} names no variable",
  ]],
  ["has no value", "['${env:A}']", [
    "  - {name: file, kind: env.storage.file, file_path: .env}",
    "  - {name: memory, kind: env.storage.memory}",
    "  - {name: all, kind: env.storage.router, storages: [memory, file, os]}",
    "  - {name: a, kind: env.variable, variable: A, storage: all}",
  ], [
    "app.yaml:4:170: app:f: ${env:A} has no value: app:a was looked for in app:memory (env.storage.memory): " +
    "nothing has been written to it, in app:file (env.storage.file): there is no file /box/.env, " +
    "in app:os (env.storage.os): not set; to do without, write ${env:A|default}",
  ]],
  ["is of another kind", "['${env:app:os}']", [], [
    "app.yaml:4:170: app:f: ${env:app:os} must name an env.variable entry, found app:os, which is env.storage.os",
  ]],
  ["needs itself", "['${env:A}']", [
    "  - {name: a, kind: env.variable, variable: A, storage: os, default: '${env:B}'}",
    "  - {name: b, kind: env.variable, variable: B, storage: os, default: '${env:A}'}",
  ], [
    "app.yaml:4:170: app:f: ${env:A} depends on app:a, which has errors of its own",
    "app.yaml:7:70: app:a: ${env:B} depends on app:b, which has errors of its own",
    "app.yaml:8:70: app:b: ${env:A} leads in a circle: app:a → app:b → app:a",
  ]],
  ["is broken itself", "['${env:A|x}']", ["  - {name: a, kind: env.variable, variable: A, storage: 5}"], [
    "app.yaml:4:170: app:f: ${env:A|x} depends on app:a, which has errors of its own",
    "app.yaml:7:57: app:a: storage must be an id: namespace:name, or {ns, name}, found the number 5",
  ]],
];

for (const [what, list, entries, lines] of WRONG) {
  Deno.test(`a load tells of a placeholder that ${what}`, () => {
    const text = index(ASSETS, wasm("f", `, wasi: {args: ${list}}`), OS, HOME, ...entries);
    assert.deepEqual(said(() => loadText(text, { sources: sources() })), lines);
  });
}

Deno.test("a value that may not be read is an error, even where there is a default", () => {
  const denied: EnvSources = {
    os() {
      throw new Deno.errors.NotCapable("this process may not read it; add --allow-env=HOME");
    },
    readText: () => undefined,
  };
  const text = index(ASSETS, wasm("f", ", wasi: {args: ['${env:HOME|x}']}"), OS, HOME);
  assert.deepEqual(said(() => loadText(text, { sources: denied })), [
    "app.yaml:4:170: app:f: ${env:HOME|x} cannot be read: app:os (env.storage.os): " +
    "this process may not read it; add --allow-env=HOME",
  ]);
});

Deno.test("the load says what it has read, so that a narrow process can be told", () => {
  const files = memoryFiles({
    "/box/app.yaml": index(
      ASSETS,
      wasm("f", ", wit: file://f.wit, wasi: {args: ['${env:HOME}', '${env:A}']}"),
      OS,
      HOME,
      "  - {name: file, kind: env.storage.file, file_path: .env}",
      "  - {name: a, kind: env.variable, variable: A, storage: file}",
    ),
    "/box/f.wit": "x",
  });
  const from = sources({ HOME: "h" }, { "/box/.env": "A=1" });
  assert.deepEqual(load("app.yaml", { files, sources: from }).reads, {
    files: ["/box/app.yaml", "/box/f.wit", "/box/.env"],
    env: ["HOME"],
    trees: [],
  });
});

/** Every field that a message might quote, each with a secret in it. */
const LEAKS = [
  ...["path", "hash", "method", "transport", "wit"].map((key) => `${key}: '\${env:S}'`),
  "path: '../\${env:S}'",
  "fs: 'x:${env:S}'",
  "fs: '${env:S}'",
  "imports: ['${env:S}', 'wasi:${env:S}']",
  "isolation: '${env:S}'",
  "pool: {type: '${env:S}', size: '${env:S}'}",
  "limits: {max_execution_ms: '${env:S}'}",
  "wasi: {cwd: '${env:S}', args: [{a: '${env:S}'}], env: [{id: '${env:S}', name: '${env:S}='}]}",
  "wasi: {mounts: [{fs: a, guest: '${env:S}'}, {fs: assets, guest: '/${env:S}'}, {fs: a, guest: '/${env:S}/'}]}",
  "wasi: {network: {allow: ['${env:S}', 'tcp://${env:S}:99999']}}",
  "require: ['${env:S}']",
];

for (
  const secret of ["swordfish-1234", "a b", "x", "7", "../../etc/shadow", "true", 'quo"te', "line\nline"]
) {
  Deno.test(`no message of a load tells the value ${JSON.stringify(secret)} of a variable`, () => {
    for (const field of LEAKS) {
      const key = /^\w+/.exec(field)![0];
      const entry = wasm("f").replace(new RegExp(`, ${key}: [^,}]+`), "").replace("}", `, ${field}}`);
      const text = index(ASSETS, entry, OS, "  - {name: s, kind: env.variable, variable: S, storage: os}");
      const lines = said(() => loadText(text, { sources: sources({ S: secret }) }));
      for (const line of lines) {
        const message = line.replaceAll("${env:S}", "");
        // A letter is in any word; but not by itself.
        const forms = [secret, JSON.stringify(secret).slice(1, -1)].map((form) =>
          form.length > 3 ? form : `"${form}"`
        );
        for (const form of forms) assert(!message.includes(form) || form === "true", `${field}: ${line}`);
      }
    }
  });
}

Deno.test("the messages of the last test are of errors, most of them about the secret", () => {
  const text = index(
    ASSETS,
    wasm("f", ", transport: '${env:S}'"),
    OS,
    "  - {name: s, kind: env.variable, variable: S, storage: os}",
  );
  assert.throws(
    () => loadText(text, { sources: sources({ S: "swordfish" }) }),
    (error) =>
      error instanceof ConfigError && error.issues.length === 1 &&
      error.message ===
        'app.yaml:4:167: app:f: transport must be a known transport, found "${env:S}"; allowed: payload, wasi-http',
  );
});
