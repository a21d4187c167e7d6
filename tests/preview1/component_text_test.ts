/** Text of components: what becomes of it, where it is wrong, and what entries, commands and compiled programs make of it. */
import assert from "node:assert/strict";
import config from "../../deno.json" with { type: "json" };
import { Component } from "../../src/component/mod.ts";
import { parseComponent, READER } from "../../src/compartment/component_text.ts";
import { isComponentText } from "../../src/config/component_text.ts";
import { WatError } from "../../src/preview1/error.ts";
import { Staged } from "../cli/compile_support.ts";
import { airlock, assertOutcome, environment, type Expected, inRepository } from "../support/airlock.ts";
import { project } from "../support/project.ts";
import { thrown } from "./support.ts";

const GREET = Deno.readTextFileSync(inRepository("examples/wat/greet.wat"));

const FIRST_WORDS: readonly (readonly [text: string, component: boolean])[] = [
  ["(component)", true],
  ["(component", true],
  ['(component"x")', true],
  ["(component $name (core module))", true],
  [" \t\r\n;; (module)\n(; (module (; ;) ;)\n( (; ;) component)", true],
  ["(component;; x", true],
  ["(components)", false],
  ["(component-type)", false],
  ["(module)", false],
  ["(module (func $component))", false],
  ["(; (component) ;) (module)", false],
  [";; (component)", false],
  ["component", false],
  ["(; (component)", false],
  ["(core module)", false],
  ["", false],
  ["(", false],
  ["\0asm", false],
];

for (const [text, component] of FIRST_WORDS) {
  Deno.test(`the text ${JSON.stringify(text)} says ${component ? "a" : "no"} component`, () => {
    assert.equal(isComponentText(text), component);
  });
}

Deno.test("text becomes a component that runs", async () => {
  const component = await Component.compile(await parseComponent(GREET));
  const { exports } = await component.instantiate();
  assert.equal(await (exports["greet"] as (name: string) => Promise<string>)("Ada"), "Hello, Ada");
});

Deno.test("texts that are read at the same time know nothing of one another", async () => {
  const texts = ["(component)", "(component", "(component (core module))", "(component (x))"];
  const settled = await Promise.allSettled(texts.map(parseComponent));
  const told = settled.map((one) =>
    one.status === "fulfilled" ? one.value.length : (one.reason as Error).message
  );
  assert.deepEqual(told, [8, "expected `)`", 18, "expected valid component field"]);
});

const WRONG: readonly (readonly [text: string, place: string, message: RegExp])[] = [
  ["(component (foo))", "1:13", /^expected valid component field$/],
  ["(component", "1:11", /^expected `\)`$/],
  ["(component\n  (core module\n", "3:1", /^expected `\)`$/],
  ["(component)\r\n  (module)", "2:3", /^extra tokens remaining/],
  ['(component (import "abc', "1:24", /^unexpected end-of-file$/],
  ["(component\n  (; not closed", "2:3", /^unterminated block comment$/],
  ['(component\n  (export "f" (func $none)))', "2:21", /^unknown func: failed to find name `\$none`$/],
  ['(component\n  (import "é漢𐐀" (fun)))', "2:19", /^unexpected token, expected one of/],
  ["(component\n  (core module (func (call $none))))", "2:28", /^unknown func/],
  [`(component (export "f" (func $${"a".repeat(10_000)})))`, "1:30", /^unknown func.*…$/],
];

for (const [text, place, message] of WRONG) {
  Deno.test(`the text ${JSON.stringify(text.slice(0, 60))} is wrong at ${place}`, async () => {
    const error = await thrown(() => parseComponent(text));
    assert.ok(error instanceof WatError, String(error));
    assert.match(error.message, message);
    assert.ok(error.message.length < 400 && !error.message.includes("\n"));
    assert.equal(`${error.line}:${error.column}`, place);
  });
}

const MANY = 200_000;

/** Texts that somebody wrote to do harm. All are wrong, and read to where they are. */
const HOSTILE: readonly (readonly [what: string, text: string])[] = [
  ["components in components", "(component ".repeat(MANY)],
  ["brackets", `(component ${"(".repeat(MANY)}`],
  ["blocks in blocks", `(component (core module (func ${"(block ".repeat(MANY)}`],
  ["types in types", `(component (type ${"(list ".repeat(MANY)}`],
  ["comments in comments", `(component ${"(;".repeat(MANY)}`],
  ["a string without an end", `(component (import "${"x".repeat(MANY)}`],
  ["names that stand for nothing", `(component ${"(core instance (instantiate $m))".repeat(MANY / 10)})`],
  ["blanks in a name", `(component (export "f" (func $"${" ".repeat(MANY)}")))`],
  ["a null character", "(component \0)"],
  ["half a character", '(component (import "\ud800" (func)) (x))'],
];

for (const [what, text] of HOSTILE) {
  Deno.test(`${what} are an error, and the next text is read`, async () => {
    const error = await thrown(() => parseComponent(text));
    assert.ok(error instanceof WatError, String(error));
    assert.ok(error.message.length < 400 && !error.message.includes("\n"));
    assert.equal((await parseComponent("(component)")).length, 8);
  });
}

Deno.test("text that is too long is an error before it is read", async () => {
  const long = await thrown(() => parseComponent(`(component)${" ".repeat(2 ** 20)}`));
  assert.ok(long instanceof WatError);
  assert.match(long.message, /^the text is longer than 1048576 characters$/);
});

/** What a process without permissions says that reads a text. */
async function alone(flags: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", ...flags, inRepository("tests/preview1/component_text_alone.ts")],
    stdin: "null",
    clearEnv: true,
    env: { ...environment(), NO_COLOR: "1", ...env },
  }).output();
  return [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("");
}

Deno.test("text of components is read by a process that may do nothing", async () => {
  assert.equal(await alone([], {}), "8\n");
});

Deno.test("where its reader cannot be had, the error names it", async () => {
  await using empty = await project({});
  assert.match(
    await alone(["--cached-only", "--no-config", "--no-lock"], { DENO_DIR: empty.directory }),
    /^UnsupportedError: text of components is read by npm:@mdn\/watify@[\d.]+\/watify_bg\.wasm, which cannot be loaded: .+\n$/,
  );
});

Deno.test("the reader is the package that deno.json names", () => {
  assert.equal(READER, `${config.imports["@mdn/watify"]}/watify_bg.wasm`);
});

/** How many directories it sees, and a number of its host, if it is asked for one. */
const WORLD = `(component
  (import "wasi:random/random@0.2.0" (instance $random (export "get-random-u64" (func (result u64)))))
  (import "wasi:filesystem/types@0.2.0" (instance $types (export "descriptor" (type (sub resource)))))
  (alias export $types "descriptor" (type $descriptor))
  (import "wasi:filesystem/preopens@0.2.0" (instance $preopens
    (alias outer 1 $descriptor (type $outer))
    (export "descriptor" (type $d (eq $outer)))
    (export "get-directories" (func (result (list (tuple (own $d) string)))))))
  (core module $libc (memory (export "memory") 2)
    (global $free (mut i32) (i32.const 1024))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (global.get $free)
      (global.set $free (i32.and (i32.const -8)
        (i32.add (i32.const 7) (i32.add (global.get $free) (local.get 3)))))))
  (core instance $libc (instantiate $libc))
  (core func $random (canon lower (func $random "get-random-u64")))
  (core func $directories (canon lower (func $preopens "get-directories")
    (memory $libc "memory") (realloc (func $libc "realloc"))))
  (core module $code
    (import "host" "random" (func $random (result i64)))
    (import "host" "directories" (func $directories (param i32)))
    (import "host" "memory" (memory 1))
    (func (export "random") (result i64) (call $random))
    (func (export "directories") (result i32) (call $directories (i32.const 0)) (i32.load (i32.const 4)))
    (func (export "forever") (loop (br 0))))
  (core instance $code (instantiate $code (with "host" (instance
    (export "random" (func $random))
    (export "directories" (func $directories))
    (export "memory" (memory $libc "memory"))))))
  (func (export "random") (result u64) (canon lift (core func $code "random")))
  (func (export "directories") (result u32) (canon lift (core func $code "directories")))
  (func (export "forever") (canon lift (core func $code "forever"))))
`;

const ENTRIES: readonly (readonly [fields: readonly string[], expected: Expected])[] = [
  [["method: random", "imports: [wasi:random]"], { stdout: /^"?\d+"?\n$/ }],
  [["method: random"], { stderr: /^airlock: CapabilityError: .*wasi:random.*add wasi:random/, code: 1 }],
  [["method: random", "strict: true"], { stderr: /^airlock: LinkError: .*wasi:random/, code: 2 }],
  [["method: directories", "imports: [wasi:filesystem]"], { stdout: "0\n" }],
  [[
    "method: directories",
    "imports: [wasi:filesystem]",
    "wasi: {mounts: [{fs: data, guest: /a}, {fs: data, guest: /b, read_only: true}]}",
  ], { stdout: "2\n" }],
  [["method: randm"], { stderr: /^airlock: MethodError: .*\brandm\b.*did you mean random/, code: 2 }],
  [["method: random", "limits: {max_memory_bytes: 65536}"], {
    stderr: /^airlock: LimitError: .*65536/,
    code: 1,
  }],
];

for (const isolation of ["inline", "process"]) {
  for (const [fields, expected] of ENTRIES) {
    Deno.test(`a component's text, ${isolation}, has what its entry declares: ${fields.join(", ")}`, async () => {
      const lines = [...fields, `isolation: ${isolation}`].map((field) => `    ${field}\n`).join("");
      await using files = await project({
        "world.wat": WORLD,
        "app.yaml": `namespace: app\nentries:\n  - {name: data, kind: fs.directory, directory: .}\n` +
          `  - name: it\n    kind: function.wat\n    source: file://world.wat\n${lines}`,
      });
      assertOutcome(await airlock(["run", "app.yaml", "it"], { cwd: files.directory }), expected);
    });
  }
}

/** An application in which everything is wrong, and what `check` says of it. */
const PLACES: readonly (readonly [source: string, said: RegExp])[] = [
  ["|\n      (component\n        (foo))", /^app\.yaml:7:10: app:it: expected valid component field\n/],
  [
    "|4\n\n        (component\n\n          (foo))",
    /^app\.yaml:9:12: app:it: expected valid component field\n/,
  ],
  ['|-\n      (component\n        (import "é漢𐐀" (foo)))', /^app\.yaml:7:25: app:it: unexpected token/],
  ["|\n      (module\n        (func (result i32)))", /^app\.yaml:7:15: app:it: type mismatch/],
  ['|\n      (module\n        (import "é漢𐐀" "f" (foo)))', /^app\.yaml:7:29: app:it: unexpected token "foo"/],
  ["(component (foo))", /^app\.yaml:5:25: app:it: expected valid component field\n/],
  ['"(component (foo))"', /^app\.yaml:5:26: app:it: expected valid component field\n/],
  ["'(component (foo))'", /^app\.yaml:5:26: app:it: expected valid component field\n/],
  [
    ">\n      (component\n        (foo))",
    /^app\.yaml:6:1: app:it: source:2:4: expected valid component field\n/,
  ],
  ['"(component \\t(foo))"', /^app\.yaml:5:13: app:it: source:1:14: expected valid component field\n/],
  ["file://wrong.wat", /^wrong\.wat:2:4: app:it: expected valid component field\n/],
  ["file:///sub/wrong.wat", /^\/.*\/sub\/wrong\.wat:1:10: app:it: unexpected token "foo"/],
  [
    "'(component ${env:WHICH|(foo)})'",
    /^app\.yaml:5:13: app:it: source:1:13: cannot be read; what is wrong is not told, since a variable's value is in it\n/,
  ],
];

for (const [source, said] of PLACES) {
  Deno.test(`what is wrong in source: ${source.replace(/^(.{40}).+/s, "$1…")} is told with its place`, async () => {
    await using files = await project({
      "wrong.wat": "(component\n  (foo))",
      "sub/wrong.wat": "(module (foo))",
      "app.yaml":
        `namespace: app\nentries:\n  - name: it\n    kind: function.wat\n    source: ${source}\n    method: greet\n`,
    });
    const start = { cwd: files.directory };
    const checked = await airlock(["check", "app.yaml"], start);
    assert.match(checked.stdout + checked.stderr, said);
    assert.equal(checked.code, 2);
    const run = await airlock(["run", "app.yaml", "it"], start);
    assert.match(run.stderr, said);
    assert.equal(run.code, 2);
  });
}

Deno.test("a component's text that is no valid component is told as bytes that are none", async () => {
  await using files = await project({
    "wrong.wat":
      `(component (core module $m (func (export "f") (result i32))) (core instance $i (instantiate $m))
      (func (export "f") (canon lift (core func $i "f"))))`,
  });
  assertOutcome(await airlock(["exec", "wrong.wat", "--invoke", "f"], { cwd: files.directory }), {
    stderr: /^airlock: DecodeError: .*wrong\.wat is not a valid component: .*at byte \d+/,
    code: 2,
  });
});

Deno.test("commands show a component's text as they show a component", async () => {
  await using files = await project({
    "greet.wat": GREET,
    "wrong.wat": "(component\n  (foo))",
    "app.yaml": `namespace: app
entries:
  - {name: greet, kind: function.wat, source: "file://greet.wat", method: greet}
  - {name: told, kind: function.wat, source: "file://greet.wat", method: greet, wit: "greet: func();"}
`,
    "good.yaml": `namespace: app
entries:
  - {name: greet, kind: function.wat, source: "file://greet.wat", method: greet, imports: [wasi:cli]}
`,
  });
  const run = (...args: string[]) => airlock(args, { cwd: files.directory });
  assertOutcome(await run("check", "app.yaml"), {
    stderr:
      /^app\.yaml:4:86: app:told: wit is for core modules; source is a component, which has types of its own\n/,
    code: 2,
  });
  assertOutcome(await run("check", "good.yaml"), {
    stderr: /^good\.yaml:3:92: warning: app:greet declares wasi:cli, which the component does not import\n/,
  });
  assertOutcome(await run("list", "good.yaml"), { stdout: /app:greet +function\.wat +greet/ });
  assertOutcome(await run("permissions", "good.yaml"), { stdout: /app:greet/ });
  assertOutcome(await run("inspect", "greet.wat"), {
    stdout:
      /greet: func\(name: string\) -> string;[^]*\n\/\/ greet\.wat\n\n# Entries to paste; the text stands beside the configuration\.\n- name: greet\n {2}kind: function\.wat\n {2}source: "file:\/\/greet\.wat"\n {2}method: greet\n {2}pool: \{type: inline\}\n$/,
  });
  assertOutcome(await run("types", "greet.wat"), { stdout: /\n {2}greet\(name: string\): string;?\n/ });
  for (const command of ["inspect", "types", "exec"]) {
    assertOutcome(await run(command, "wrong.wat"), {
      stderr: "airlock: WatError: wrong.wat:2:4: expected valid component field\n",
      code: 2,
    });
  }
  for (const isolation of ["inline", "process"]) {
    const exec = (...args: string[]) => run("exec", "greet.wat", "--isolation", isolation, ...args);
    assertOutcome(await exec("--invoke", "greet", "--", "Zoë"), { stdout: "Hello, Zoë\n" });
    assertOutcome(await exec("--invoke", "greet", "--wit", "greet: func();"), {
      stderr: "airlock: WitError: greet.wat: a component has types of its own; --wit is for core modules\n",
      code: 2,
    });
    assertOutcome(await exec(), { stderr: /^airlock: MethodError: .*name a function by --invoke/, code: 2 });
  }
});

Deno.test("a component's text ends when its time is up", async () => {
  await using files = await project({ "world.wat": WORLD });
  const limit = ["--max-execution-ms", "400"];
  assertOutcome(
    await airlock(["exec", "world.wat", "--invoke", "forever", ...limit], { cwd: files.directory }),
    { stderr: /max_execution_ms: 400/, code: 124 },
  );
});

Deno.test("a compiled program holds the bytes of a component's text", async () => {
  await using files = await project({
    "greet.wat": GREET,
    "app.yaml":
      `namespace: app\nentries:\n  - {name: greet, kind: function.wat, source: "file://greet.wat", method: greet}\n`,
  });
  await using staged = await Staged.of(["app.yaml"], { cwd: files.directory });
  const modules = `${staged.directory}/modules`;
  const [name] = [...Deno.readDirSync(modules)].map((file) => file.name);
  assert.deepEqual(Deno.readFileSync(`${modules}/${name}`), await parseComponent(GREET));
  assertOutcome(await staged.run(["greet", "Ada"]), { stdout: "Hello, Ada\n" });
});

Deno.test("bytes in a text that are no component are refused, whatever stands around them", async () => {
  for (const bytes of ["\\00asm\\01\\00\\00\\00", ""]) {
    const error = await thrown(() => parseComponent(`(component binary "${bytes}")`));
    assert.ok(error instanceof WatError, String(error));
    assert.match(error.message, /^the bytes in the text are no component$/);
  }
});

Deno.test("a text as long as may be, of what takes its reader longest, is read in seconds", async () => {
  const line = '(import "a" (func))';
  const text = `(component ${line.repeat(Math.floor((2 ** 20 - 20) / line.length))})`;
  const from = performance.now();
  assert.ok((await parseComponent(text)).length > 100_000);
  assert.ok(performance.now() - from < 30_000);
});
