/** `exec` and `inspect` of core modules and of text. */
import assert from "node:assert/strict";
import { airlock, assertOutcome, inRepository, table } from "../support/airlock.ts";
import { project } from "../support/project.ts";

const PROGRAM = "tests/preview1/guests/program/program.wasm";
const C = "tests/preview1/guests/c/words.wasm";
const RUST = "tests/preview1/guests/rust/words.wasm";

const program = (...words: string[]) => ["exec", PROGRAM, "--", ...words];

for (const isolation of ["inline", "process"]) {
  const run = (...words: string[]) => ["exec", PROGRAM, "--isolation", isolation, "--", ...words];
  table(`a program of preview 1, ${isolation}`, [
    [run("words", "a", "b c", "ä"), { stdout: "program.wasm|words|a|b c|ä\n" }],
    [run(), { stdout: "nothing to do\n" }],
    [run("copy"), { stdout: "EINS\nZWEI" }, { stdin: "eins\nzwei" }],
    [run("exit", "0"), {}],
    [run("exit", "7"), { code: 7 }],
    [run("sleep", "5"), { stdout: "true\n" }],
    [run("env"), { stdout: "\n" }, { env: { CANARY: "of the host" } }],
    [run("read", "/etc/passwd"), { stderr: "No such file or directory (os error 44)\n", code: 5 }],
    [run("panic"), { stderr: /as it was told[^]*airlock: Trap: wasm trap: unreachable\n {4}at /, code: 1 }],
  ]);
}

table("what a program of preview 1 is given", [
  [["exec", PROGRAM, "--env", "A=1", "--env", "B=x y", "--", "env"], { stdout: "A=1|B=x y\n" }],
  [["exec", PROGRAM, "--max-memory-bytes", "3000000", "--", "words"], { stdout: "program.wasm|words\n" }],
  [["exec", PROGRAM, "--max-memory-bytes", "30000000", "--", "fill"], {
    stderr: /memory allocation of 1048576 bytes failed[^]*Trap: wasm trap: unreachable/,
    code: 1,
  }],
  [["exec", PROGRAM, "--max-memory-bytes", "65536", "--", "words"], {
    stderr: /^airlock: LimitError: .*begin with \d+ bytes, more than the 65536 that they may have/,
    code: 1,
  }],
  [["exec", PROGRAM, "--max-execution-ms", "400", "--", "spin"], {
    stderr: /max_execution_ms: 400/,
    code: 124,
  }],
]);

Deno.test("a program of preview 1 reads and writes below what is given to it, and nowhere else", async () => {
  await using files = await project({ "in/a.txt": "hello\n", "out.txt": "kept\n" });
  const { directory } = files;
  const dir = ["--dir", `${directory}/in::/data`];
  assertOutcome(await airlock(["exec", PROGRAM, ...dir, "--", "read", "/data/a.txt"]), { stdout: "hello\n" });
  assertOutcome(await airlock(["exec", PROGRAM, ...dir, "--", "write", "/data/b.txt", "new"]), {});
  assert.equal(await Deno.readTextFile(`${directory}/in/b.txt`), "new");
  const out = await airlock(["exec", PROGRAM, ...dir, "--", "read", "/data/../out.txt"]);
  assert.equal(out.code, 5, out.stderr);
  const only = await airlock([
    "exec",
    PROGRAM,
    ...dir.slice(0, 1),
    `${dir[1]}:ro`,
    "--",
    "write",
    "/data/c.txt",
    "",
  ]);
  assert.equal(only.code, 1);
  await assert.rejects(Deno.stat(`${directory}/in/c.txt`), Deno.errors.NotFound);
});

const JOIN = ["--wit", "join: func(left: string, right: string) -> string"];

table("exec --invoke of a core module", [
  [["exec", C, "--invoke", "narrow", "--", "-1"], { stdout: "-1\n" }],
  [["exec", C, "--invoke", "narrow", "--wit", "narrow: func(x: s8) -> u8;", "--", "-1"], { stdout: "255\n" }],
  [["exec", C, "--invoke", "count_bytes", "--", "0", "7"], { stdout: "7\n" }],
  [["exec", C, "--invoke", "scale", "--", "1.5", "2", "1", "65"], { stdout: "62\n" }],
  [["exec", C, "--invoke", "join", ...JOIN, "--", "a ", "null"], { stdout: "a null\n" }],
  [["exec", C, "--invoke", "join", ...JOIN, "--isolation", "inline", "--", "a ", "ß"], { stdout: "a ß\n" }],
  [
    ["exec", RUST, "--invoke", "reverse", "--wit", "reverse: func(text: string) -> string;", "--", "Ada"],
    { stdout: "adA\n" },
  ],
  [[
    "exec",
    RUST,
    "--invoke",
    "shout",
    "--wit",
    "shout: func(text: string, times: u32) -> string;",
    "--",
    "a",
    "0",
  ], {
    stderr: /^airlock: Trap: wasm trap: unreachable/,
    code: 1,
  }],
  [["exec", C, "--invoke", "narrow", "--", "x"], { stderr: /^airlock: ArgumentError: .*\ba\b/, code: 2 }],
  [["exec", C, "--invoke", "narrow"], { stderr: /narrow takes 1 argument \(a\), got 0/, code: 2 }],
  [["exec", C, "--invoke", "joyn"], {
    stderr:
      "airlock: MethodError: --invoke tests/preview1/guests/c/words.wasm: the module exports no function joyn " +
      "(did you mean join?); it exports alloc, join, cabi_post_join, released_count, count_bytes, scale, narrow\n",
    code: 2,
  }],
  [["exec", C], {
    stderr: /^airlock: MethodError: .* is no program \(no _start\); name a function by --invoke/,
    code: 2,
  }],
  [["exec", C, "--invoke", "join", "--wit", "join: fun()"], {
    stderr:
      "airlock: WitError: tests/preview1/guests/c/words.wasm: wit, line 1, column 7: expected func, found `fun`\n",
    code: 2,
  }],
  [[
    "exec",
    "examples/calculator/calculator.wasm",
    "--invoke",
    "add",
    "--wit",
    "add: func(a: u32, b: u32) -> u32;",
    "--",
    "1",
    "2",
  ], {
    stderr:
      "airlock: WitError: examples/calculator/calculator.wasm: a component has types of its own; --wit is for core modules\n",
    code: 2,
  }],
  [["exec", C, "--invoke", "join", "--wit", "join: func() -> string"], {
    stderr:
      "airlock: WitError: --invoke tests/preview1/guests/c/words.wasm: wit: join: func() -> string is " +
      "func() -> i32 in core WebAssembly, and the module's join is func(i32, i32, i32, i32) -> i32\n",
    code: 2,
  }],
]);

Deno.test("text is run as what it says, in either process", async () => {
  await using files = await project({
    "sum.wat":
      `(module (func (export "sum") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))`,
    "LARGE.WAT": `(module (memory (export "memory") 8) (data (i32.const 0) "${"x".repeat(300_000)}")
      (func (export "last") (result i32) (i32.load8_u (i32.const 299999))))`,
    "wrong.wat": `(module\n  (func (export "f")\n    (i32.const)))`,
    "component.wat": "(component)",
    "bytes.wat": Uint8Array.of(0x28, 0xff),
  });
  const exec = (file: string, ...words: string[]) =>
    airlock(["exec", file, ...words], { cwd: files.directory });
  for (const isolation of ["inline", "process"]) {
    const where = ["--isolation", isolation];
    assertOutcome(await exec("sum.wat", ...where, "--invoke", "sum", "--", "20", "22"), { stdout: "42\n" });
    assertOutcome(await exec("LARGE.WAT", ...where, "--invoke", "last"), { stdout: "120\n" });
    assertOutcome(await exec("wrong.wat", ...where), {
      stderr: /^airlock: WatError: wrong\.wat:3:\d+: unexpected token/,
      code: 2,
    });
  }
  assertOutcome(await exec("component.wat"), {
    stderr: /^airlock: MethodError: .*name a function by --invoke/,
    code: 2,
  });
  assertOutcome(await exec("bytes.wat"), { stderr: /bytes\.wat is no text: it is not valid UTF-8/, code: 2 });
  assertOutcome(await exec("none.wat"), { stderr: /cannot read none\.wat/, code: 2 });
});

Deno.test("a module that asks for what no host has is refused before anything runs, with who would have it", async () => {
  await using files = await project({
    "js.wat": `(module (import "env" "emscripten_get_now" (func (result f64))) (func (export "_start")))`,
    "old.wat": `(module (import "wasi_unstable" "proc_exit" (func (param i32))) (func (export "_start")))`,
  });
  const exec = (file: string) => airlock(["exec", file], { cwd: files.directory });
  assertOutcome(await exec("js.wat"), {
    stderr:
      /^airlock: LinkError: js\.wat: the module imports env\.emscripten_get_now, which no host provides: it was built by Emscripten/,
    code: 2,
  });
  assertOutcome(await exec("old.wat"), { stderr: /wasi_unstable is an older snapshot/, code: 2 });
});

Deno.test("inspect shows a core module's types, its hash, and entries to paste", async () => {
  const { stdout, stderr, code } = await airlock(["inspect", C]);
  assert.deepEqual([stderr, code], ["", 0]);
  const [types, , rest] = stdout.split(/\n(;; sha256:[0-9a-f]{64} {2}.*\n)/);
  assert.match(types!, /^\(module\n {2}\(export "memory" \(memory 2\)\)\n/);
  assert.ok(!rest!.includes("cabi_post_join:"), "what is called by others has no entry");
  assert.ok(rest!.includes(`- name: join
  kind: function.wasm
  fs: files
  path: /words.wasm
  hash: sha256:`));
  assert.ok(rest!.includes(`
  method: join
  wit: "join: func(a: s32, b: s32, c: s32, d: s32) -> s32;" # if these are numbers: a string is two of them
  pool: {type: inline}
`));
  assert.ok(rest!.includes('\n  wit: "narrow: func(a: s32) -> s32;"\n'));
  assertOutcome(await airlock(["inspect", "--wit", RUST]), { stdout: /^\(module\n[^#]*\)\n$/ });
});

Deno.test("inspect names the packages that a program of preview 1 needs, and what cannot run", async () => {
  const { stdout } = await airlock(["inspect", PROGRAM]);
  assert.match(
    stdout,
    /\n- name: _start\n {2}kind: process\.wasm\n[^]*\n {2}method: _start\n {2}imports: \[wasi:cli, wasi:clocks, wasi:filesystem, wasi:poll\]\n/,
  );
  await using files = await project({
    "a.wat": `(module (func (export "f") (result i32) (i32.const 1)))`,
    "js.wat": `(module (import "wbg" "x" (func)))`,
  });
  const cwd = files.directory;
  assertOutcome(await airlock(["inspect", "a.wat"], { cwd }), {
    stdout: `(module
  (export "f" (func (result i32)))
)

;; a.wat

# Entries to paste; the text stands beside the configuration.
- name: f
  kind: function.wat
  source: "file://a.wat"
  method: f
  wit: "f: func() -> s32;"
  pool: {type: inline}
`,
  });
  assertOutcome(await airlock(["inspect", "js.wat"], { cwd }), {
    stdout: /\n# It cannot run here: .*wasm-bindgen/,
  });
  assertOutcome(await airlock(["types", PROGRAM]), {
    stderr: /is a core module: it has no types but numbers/,
    code: 2,
  });
});

Deno.test("what inspect says to paste runs as it stands", async () => {
  const text = await Deno.readFile(inRepository(C));
  await using files = await project({ "words.wasm": text });
  const cwd = files.directory;
  const { stdout } = await airlock(["inspect", "words.wasm"], { cwd });
  const entries = stdout.slice(stdout.indexOf("\n- name:")).replaceAll(/^/gm, "  ");
  const yaml = `namespace: app\nentries:\n  - {name: files, kind: fs.directory, directory: .}\n${entries}`;
  await Deno.writeTextFile(`${cwd}/app.yaml`, yaml);
  assertOutcome(await airlock(["run", "app.yaml", "app:narrow", "7"], { cwd }), { stdout: "7\n" });
  assertOutcome(await airlock(["check", "app.yaml"], { cwd }), { stderr: /entries checked: ok\n$/ });
});

Deno.test("a module with nothing in it is inspected, and is no program", async () => {
  await using files = await project({ "empty.wasm": Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0) });
  const cwd = files.directory;
  assertOutcome(await airlock(["exec", "empty.wasm"], { cwd }), {
    stderr:
      "airlock: MethodError: empty.wasm is no program (no _start); name a function by --invoke; it exports no functions\n",
    code: 2,
  });
  assertOutcome(await airlock(["inspect", "empty.wasm"], { cwd }), {
    stdout:
      /^\(module\n\)\n\n;; sha256:93a44bbb96c751218e4c00d479e4c14358122a389acca16205b1e4d0dc5f9476 {2}empty\.wasm\n$/,
  });
});

Deno.test("serve refuses a core module by name", async () => {
  assertOutcome(await airlock(["serve", C]), {
    stderr: /cannot be served: it has no wasi:http\/incoming-handler/,
    code: 2,
  });
});

Deno.test("exec tells whoever asks how numbers and signatures go together", async () => {
  assertOutcome(await airlock(["exec", "--help"]), {
    stdout: /--wit <signatures>[^]*i32 and i64 are s32 and s64/,
  });
  assertOutcome(await airlock(program("exit", "3")), { code: 3 });
});
