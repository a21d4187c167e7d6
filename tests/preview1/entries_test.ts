/** Core modules and text as entries: what they may do, what is refused, and what `check` says of them. */
import assert from "node:assert/strict";
import { Runtime } from "../../mod.ts";
import { airlock, assertOutcome, type Expected } from "../support/airlock.ts";
import { entry, hashOf, HEAD, type Project, project } from "../support/project.ts";
import { built } from "./support.ts";

const [program, c] = [built("program/program"), built("c/words")];
const HASH = await hashOf(program);
const JOIN = `"join: func(left: string, right: string) -> string;"`;

/** A project with the program, the library, a directory with a file, and these entries. */
function app(...entries: readonly Readonly<Record<string, string>>[]): Promise<Project> {
  return project({
    "program.wasm": program,
    "words.wasm": c,
    "data/a.txt": "hello\n",
    "answer.wat": `(module (func (export "answer") (result i32) (i32.const 42)))`,
    "app.yaml": `${HEAD}  - {name: data, kind: fs.directory, directory: ./data}\n${
      entries.map(entry).join("")
    }`,
  });
}

const runs = (fields: Readonly<Record<string, string>>) => ({
  kind: "process.wasm",
  path: "program.wasm",
  hash: HASH,
  method: "_start",
  ...fields,
});
const words = async (fields: Readonly<Record<string, string>>) => ({
  path: "words.wasm",
  hash: await hashOf(c),
  ...fields,
});

async function run(
  it: Readonly<Record<string, string>>,
  args: readonly string[],
  expected: Expected,
): Promise<void> {
  await using files = await app(it);
  assertOutcome(await airlock(["run", "app.yaml", "it", ...args], { cwd: files.directory }), expected);
}

const DATA = "{mounts: [{fs: data, guest: /data}]}";
const LINE = String.raw`app\.yaml:\d+:\d+`;

/** What an entry declares, what the program is asked to do, and what comes of it. */
const BOUNDS: readonly (readonly [
  name: string,
  fields: Readonly<Record<string, string>>,
  args: readonly string[],
  expected: Expected,
])[] = [
  ["nothing is declared, and it prints", {}, [], {
    stderr: new RegExp(
      `^airlock: CapabilityError: .*wasi_snapshot_preview1#fd_write.*add wasi:cli to the imports of app:it \\(${LINE}\\): imports: \\[wasi:cli\\]`,
    ),
    code: 1,
  }],
  ["wasi:cli: words and streams", { imports: "[wasi:cli]" }, ["words", "x"], { stdout: "it|words|x\n" }],
  ["wasi:cli: no files", { imports: "[wasi:cli]", wasi: DATA }, ["read", "/data/a.txt"], {
    stderr: /No such file|CapabilityError: .*wasi:filesystem/,
    code: 5,
  }],
  ["wasi:cli: no clock", { imports: "[wasi:cli]" }, ["sleep", "1"], {
    stderr: new RegExp(
      `CapabilityError: .*wasi_snapshot_preview1#clock_time_get.*add wasi:clocks to the imports of app:it \\(${LINE}\\): imports: \\[wasi:cli, wasi:clocks\\]`,
    ),
    code: 1,
  }],
  ["wasi:cli and wasi:clocks: a clock, and no waiting", { imports: "[wasi:cli, wasi:clocks]" }, [
    "sleep",
    "1",
  ], {
    stderr: /CapabilityError: .*#poll_oneoff.*add wasi:poll/,
    code: 1,
  }],
  ["wasi:cli, wasi:clocks and wasi:poll: waiting", { imports: "[wasi:cli, wasi:clocks, wasi:poll]" }, [
    "sleep",
    "1",
  ], { stdout: "true\n" }],
  ["wasi:io is waiting too", { imports: "[wasi:cli, wasi:clocks, wasi:io]" }, ["sleep", "1"], {
    stdout: "true\n",
  }],
  ["wasi:filesystem: the mounts", { imports: "[wasi:cli, wasi:filesystem]", wasi: DATA }, [
    "read",
    "/data/a.txt",
  ], { stdout: "hello\n" }],
  ["wasi:filesystem without mounts: no files", { imports: "[wasi:cli, wasi:filesystem]" }, [
    "read",
    "/data/a.txt",
  ], { stderr: /No such file/, code: 5 }],
  ["wasi1: words, clocks and waiting", { imports: "[wasi1]" }, ["sleep", "1"], { stdout: "true\n" }],
  ["an alias of wasi1", { imports: "[wasi_snapshot_preview1]" }, ["words"], { stdout: "it|words\n" }],
  ["wasi1: the mounts", { imports: "[wasi1]", wasi: DATA }, ["read", "/data/a.txt"], { stdout: "hello\n" }],
  ["wasi1 without mounts: no files", { imports: "[wasi1]" }, ["read", "/data/a.txt"], {
    stderr: /No such file/,
    code: 5,
  }],
  ["words that are declared", { imports: "[wasi1]", wasi: "{args: [p, words, fixed]}" }, ["ignored"], {
    stdout: "p|words|fixed\n",
  }],
];

for (const [name, fields, args, expected] of BOUNDS) {
  for (const isolation of ["inline", "process"]) {
    Deno.test(`a program of preview 1, ${isolation}, may do what its entry declares: ${name}`, () =>
      run(runs({ ...fields, isolation }), args, expected));
  }
}

Deno.test("a limit of memory and one of time hold for core modules", async () => {
  await run(runs({ imports: "[wasi1]", limits: "{max_memory_bytes: 30000000}" }), ["fill"], {
    stderr: /memory allocation/,
    code: 1,
  });
  await run(runs({ imports: "[wasi1]", limits: "{max_execution_ms: 400}" }), ["spin"], {
    stderr: /max_execution_ms: 400/,
    code: 124,
  });
});

Deno.test("a strict entry declares what allows each function that is imported", async () => {
  const strict = { strict: "true" };
  await run(runs({ ...strict, imports: "[wasi1]" }), ["words"], { stdout: "it|words\n" });
  await run(runs({ ...strict, imports: "[wasi:cli]" }), ["words"], {
    stderr: new RegExp(
      `^airlock: LinkError: ${LINE}: app:it is strict and does not declare what allows ` +
        "wasi_snapshot_preview1#clock_time_get, wasi_snapshot_preview1#path_open, wasi_snapshot_preview1#poll_oneoff; " +
        "add wasi:clocks, wasi:filesystem, wasi:poll to its imports\n$",
    ),
    code: 2,
  });
});

Deno.test("functions of other entries are for components", async () => {
  await run(runs({ imports: "[wasi1, funcs]" }), ["words"], {
    stderr: new RegExp(
      `^airlock: LinkError: ${LINE}: app:it declares funcs, which requires a component: its module is a core module\n$`,
    ),
    code: 2,
  });
});

/** What is wrong with an entry of the library, and what is said of it behind its name. */
const WRONG: readonly (readonly [fields: Readonly<Record<string, string>>, name: string, said: RegExp])[] = [
  [
    { method: "join" },
    "WitError",
    /join is func\(i32, i32, i32, i32\) -> i32 in core WebAssembly, .*; declare wit: "join: func\(a: s32, b: s32, c: s32, d: s32\) -> s32;" \(a string is two i32/,
  ],
  [{ method: "join", wit: `"narrow: func(x: s8) -> u8;"` }, "WitError", /; declare wit: "join: func/],
  [
    { method: "joyn", wit: JOIN },
    "MethodError",
    /the module exports no function joyn \(did you mean join\?\); it exports alloc, join,/,
  ],
  [
    { method: "join", wit: `"join: func(left: string) -> string;"` },
    "WitError",
    /join: func\(left: string\) -> string is func\(i32, i32\) -> i32 in core WebAssembly, and the module's join is func\(i32, i32, i32, i32\) -> i32$/,
  ],
  [
    { method: "join", wit: `"join: func(left: list<u8>) -> string;"` },
    "WitError",
    /wit, line 1, column 18: expected a type: /,
  ],
  [{ method: "_start" }, "MethodError", /exports no function _start/],
  [{ method: "memory" }, "WitError", /memory is a memory, and no function$/],
];

for (const [fields, name, said] of WRONG) {
  Deno.test(`an entry with ${JSON.stringify(fields)} is refused when it is loaded, inline, in a process, and by check`, async () => {
    await using files = await app(
      await words({ ...fields, isolation: "inline" }),
      await words({ ...fields, name: "apart", isolation: "process" }),
    );
    const start = { cwd: files.directory };
    const { stderr, code } = await airlock(["run", "app.yaml", "it", "a", "b"], start);
    assert.equal(code, 2, stderr);
    const found = new RegExp(`^airlock: ${name}: ${LINE}: app:it: (.*)\n$`).exec(stderr);
    assert.ok(found, stderr);
    assert.match(found[1]!, said);
    const check = await airlock(["check", "app.yaml"], start);
    assert.equal(check.code, 2);
    assert.match(check.stderr, new RegExp(`^${LINE}: app:it: .*\n${LINE}: app:apart: .*\n`));
    await using runtime = await Runtime.load(`${files.directory}/app.yaml`);
    await assert.rejects(runtime.call("app:apart", "a", "b"), (error: Error) => {
      assert.equal(error.name, name);
      assert.match(error.message, said);
      return true;
    });
  });
}

Deno.test("an error of a signature names the line of wit, one of the method that of the method", async () => {
  const fields = await words({ method: "join", wit: `"join: func();"` });
  await using files = await app(fields);
  const lines = (await Deno.readTextFile(`${files.directory}/app.yaml`)).split("\n");
  const line = (key: string) => 1 + lines.findIndex((text) => text.startsWith(`    ${key}: `));
  const { stderr } = await airlock(["check", "app.yaml"], { cwd: files.directory });
  assert.match(stderr, new RegExp(`^app\\.yaml:${line("wit")}:10: app:it: wit: join: func\\(\\) is`));
  await using without = await app(await words({ method: "join" }));
  const { stderr: method } = await airlock(["check", "app.yaml"], { cwd: without.directory });
  assert.match(method, new RegExp(`^app\\.yaml:${line("method")}:13: app:it: join is func`));
});

Deno.test("the library calls core modules and text, inline and in processes, at once and again", async () => {
  for (const isolation of ["inline", "process"]) {
    await using files = await app(
      await words({ name: "join", method: "join", wit: JOIN, isolation }),
      await words({
        name: "count",
        method: "released_count",
        wit: `"released_count: func() -> u32;"`,
        isolation,
      }),
      {
        name: "answer",
        kind: "function.wat",
        fs: "unused",
        source: "file://answer.wat",
        method: "answer",
        wit: `"answer: func() -> s32;"`,
        isolation,
      },
    );
    const yaml = `${files.directory}/app.yaml`;
    await Deno.writeTextFile(yaml, (await Deno.readTextFile(yaml)).replace("    fs: unused\n", ""));
    await using runtime = await Runtime.load(yaml);
    assert.equal(await runtime.call("app:join", "a", "ß"), "aß");
    const many = Array.from({ length: 20 }, (_, i) => runtime.call("app:join", `${i}`, "x"));
    assert.deepEqual(await Promise.all(many), Array.from({ length: 20 }, (_, i) => `${i}x`));
    assert.equal(await runtime.call("app:count"), 0, "each call is on a fresh instance");
    assert.equal(await runtime.call("app:answer"), 42);
    await assert.rejects(runtime.call("app:join", "a"), {
      name: "TypeError",
      message: /takes 2 arguments \(left, right\), got 1/,
    });
    await assert.rejects(runtime.call("app:join", "a", 1), {
      name: "TypeError",
      message: /parameter right is string/,
    });
  }
});

Deno.test("wrong text is an error at its own line and column in the file", async () => {
  const it = {
    kind: "function.wat",
    fs: "unused",
    method: "f",
    wit: `"f: func();"`,
    source: `"(module (fun))"`,
  };
  await using files = await app(it);
  const yaml = `${files.directory}/app.yaml`;
  await Deno.writeTextFile(yaml, (await Deno.readTextFile(yaml)).replace("    fs: unused\n", ""));
  const expected = { stderr: /^app\.yaml:9:23: app:it: unexpected token "fun"/, code: 2 };
  const start = { cwd: files.directory };
  assertOutcome(await airlock(["run", "app.yaml", "it"], start), expected);
  assertOutcome(await airlock(["check", "app.yaml"], start), expected);
});

Deno.test("check compares what a program of preview 1 imports with what is declared", async () => {
  await using files = await app(
    runs({
      name: "more",
      imports: "[wasi:cli, wasi:clocks, wasi:filesystem, wasi:io, wasi:random, wasi:sockets, wasi:http]",
      wasi: `{network: {allow: []}}`,
    }),
    runs({ name: "less", imports: "[wasi:cli]" }),
    runs({ name: "all", imports: "[wasi1]" }),
    await words({ name: "none", method: "join", wit: JOIN, imports: "[wasi1]" }),
  );
  const { stderr, code } = await airlock(["check", "app.yaml"], { cwd: files.directory });
  assert.equal(code, 0, stderr);
  assert.deepEqual(stderr.trimEnd().split("\n").map((line) => line.replace(/^app\.yaml:\d+:\d+: /, "")), [
    "warning: app:more declares wasi:random, which no function belongs to that the module imports",
    "warning: app:more declares wasi:sockets, which no function belongs to that the module imports",
    "warning: app:more declares wasi:http, which no function belongs to that the module imports",
    "warning: app:less imports clock_time_get of wasi_snapshot_preview1, which nothing that is declared allows: calls of them " +
    "trap, or find nothing; to allow them, declare imports: [wasi:clocks]",
    "warning: app:less imports path_open of wasi_snapshot_preview1, which nothing that is declared allows: calls of them " +
    "trap, or find nothing; to allow them, declare imports: [wasi:filesystem]",
    "warning: app:less imports poll_oneoff of wasi_snapshot_preview1, which nothing that is declared allows: calls of them " +
    "trap, or find nothing; to allow them, declare imports: [wasi:poll]",
    "warning: app:none declares wasi1, which no function belongs to that the module imports",
    "6 entries checked: ok",
  ]);
});

Deno.test("check says of a component that it has no use for wit", async () => {
  const calculator = Deno.readFileSync(new URL("../../examples/calculator/calculator.wasm", import.meta.url));
  const fields = { path: "c.wasm", hash: await hashOf(calculator), method: "add", wit: `"add: func();"` };
  await using files = await project({ "c.wasm": calculator, "app.yaml": HEAD + entry(fields) });
  const { stderr } = await airlock(["check", "app.yaml"], { cwd: files.directory });
  assert.match(
    stderr,
    /^app\.yaml:10:10: warning: app:it declares wit, and its component has types of its own/,
  );
});

Deno.test("an audit of a program of preview 1 tells what it used, and the smallest grant", async () => {
  await using files = await app(runs({ imports: "[wasi1]", wasi: DATA }));
  const start = { cwd: files.directory };
  const read = await airlock(["run", "--audit", "a.jsonl", "app.yaml", "it", "read", "/data/a.txt"], start);
  assertOutcome(read, { stdout: "hello\n" });
  const { stdout, code } = await airlock(["audit", "a.jsonl"], start);
  assert.equal(code, 0);
  assert.match(
    stdout,
    /\nimports:\n {2}- wasi:cli\n {2}- wasi:filesystem\n {2}# - wasi1 # declared, and wider than what was used\n/,
  );
  assert.match(stdout, /\{fs: app:data, guest: \/data, read_only: true\}/);
});

Deno.test("an audit tells what was refused to a program of preview 1", async () => {
  await using files = await app(runs({ imports: "[wasi:cli]" }));
  const start = { cwd: files.directory };
  const { code } = await airlock(["run", "--audit", "a.jsonl", "app.yaml", "it", "sleep", "1"], start);
  assert.equal(code, 1);
  assert.match(
    await Deno.readTextFile(`${files.directory}/a.jsonl`),
    /"function":"clock_time_get"[^\n]*"outcome":"refused"/,
  );
});

Deno.test("what is wrong with a text that a variable holds is told without the text", async () => {
  const wrong = [
    "(module (func (export canarytoken)))",
    "(module (func (call $canarytoken)))",
    "(component (import canarytoken (func)))",
    "(module (func canarytoken.foo))",
    '(component (import "canarytoken!" (func)))',
    '(component (core module $m (import "canarytoken" "x" (func))) (core instance (instantiate $m)))',
  ];
  for (const source of wrong) {
    const entries = `  - {name: s, kind: env.storage.os}
  - {name: v, kind: env.variable, variable: SOURCE, storage: s}
  - name: it
    kind: function.wat
    source: "\${env:SOURCE}"
    method: f
    wit: "f: func();"
`;
    const text = source.startsWith("(component") ? entries.replace(/ {4}wit.*\n/, "") : entries;
    await using files = await project({ "app.yaml": HEAD + text });
    const { code, stderr } = await airlock(["run", "app.yaml", "it"], {
      cwd: files.directory,
      env: { SOURCE: source },
    });
    assert.equal(code, 2, stderr);
    assert.match(stderr, /app:it/);
    assert.ok(!stderr.includes("canarytoken"), stderr);
  }
});
