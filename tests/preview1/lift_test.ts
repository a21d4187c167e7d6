/** Exports of core modules with types of WIT: numbers, strings both ways, and signatures that do not fit. */
import assert from "node:assert/strict";
import { CoreModule, WitError } from "../../src/preview1/mod.ts";
import { built, call, core, thrown } from "./support.ts";

const JOIN = "join: func(left: string, right: string) -> string;";

Deno.test("a C program takes and returns strings by an allocator of one parameter", async () => {
  const wit = `${JOIN} count-bytes: func(text: string) -> u64;`;
  const words = CoreModule.compile(built("c/words"), { wit });
  assert.equal(await call(words, "join", "grüß ", "dich 😀"), "grüß dich 😀");
  assert.equal(await call(words, "join", "", ""), "");
  assert.equal(
    await call(words, "count_bytes", "é\ud800"),
    5n,
    "half a pair becomes U+FFFD, which has three bytes",
  );
  const long = "x".repeat(3_000_000);
  assert.equal(await call(words, "join", long, long), long + long, "the memory grew meanwhile");
});

Deno.test("post-return is called once the result was read, with what the function returned", async () => {
  const words = CoreModule.compile(built("c/words"), { wit: `${JOIN} released-count: func() -> u32;` });
  const { exports } = await words.instantiate();
  assert.equal(exports["join"]("a", "b"), "ab");
  assert.equal(exports["released_count"](), 1);
  assert.equal(exports["join"]("c", ""), "c");
  assert.equal(exports["released_count"](), 2);
});

Deno.test("a Rust library takes and returns strings by cabi_realloc", async () => {
  const wit = "reverse: func(text: string) -> string; shout: func(text: string, times: u32) -> string;";
  const words = CoreModule.compile(built("rust/words"), { wit });
  assert.equal(await call(words, "reverse", "Ada 😀"), "😀 adA");
  assert.equal(await call(words, "reverse", ""), "");
  assert.equal(await call(words, "shout", "ab", 3), "ABABAB");
  assert.equal(await call(words, "reverse", "z".repeat(200_000) + "a"), "a" + "z".repeat(200_000));
});

Deno.test("numbers are converted and checked by their types in WIT", async () => {
  const wit = "scale: func(x: f64, by: f32, negative: bool, letter: char) -> f64; narrow: func(x: s8) -> u8;";
  const words = CoreModule.compile(built("c/words"), { wit });
  assert.equal(await call(words, "scale", 1.5, 2, true, "A"), 62);
  assert.equal(await call(words, "narrow", -1), 255);
  const { message } = await thrown(() => call(words, "narrow", 128));
  assert.equal(message, "parameter x is s8, got 128 (calling narrow: func(x: s8) -> u8)");
});

Deno.test("an argument that does not fit leaves the instance as it was", async () => {
  const words = CoreModule.compile(built("c/words"), { wit: JOIN });
  const { exports } = await words.instantiate();
  assert.throws(() => exports["join"]("a", 7), {
    name: "TypeError",
    message: /^parameter right is string, got 7/,
  });
  assert.equal(exports["join"]("a", "b"), "ab");
});

Deno.test("without signatures integers are signed, and only what takes and returns numbers can be called", async () => {
  const module = await core(
    `(module (func (export "less") (param i32 i64 f32 f64) (result i32) (i32.const -1))
      (func (export "long") (result i64) (i64.const -1)) (func (export "none"))
      (func (export "two") (result i32 i32) (i32.const 1) (i32.const 2)) (func (export "wide") (param v128))
      (global (export "number") i32 (i32.const 1)))`,
    { numbers: true },
  );
  assert.deepEqual([...module.exports.keys()], ["less", "long", "none"]);
  assert.equal(await call(module, "less", 1, 2n, 3, 4), -1);
  assert.equal(await call(module, "long"), -1n);
  assert.equal(await call(module, "none"), undefined);
  assert.equal(
    module.whyNot("two")?.message,
    "two is func() -> (i32, i32) in core WebAssembly, and no signature says what its values are; WIT has no such signature",
  );
  assert.match(module.whyNot("wide")!.message, /^wide is func\(v128\) in core WebAssembly/);
  assert.equal(module.whyNot("number")?.message, "number is a global, and no function");
  assert.equal(module.whyNot("less"), undefined);
  assert.equal(module.whyNot("nothing"), undefined);
});

Deno.test("a function without a signature is told by a line to paste", async () => {
  const module = await core(
    `(module (func (export "add") (param i32 i64) (result f64) (f64.const 1))
      (func (export "two words") (param i32)))`,
  );
  assert.equal(
    module.whyNot("add")?.message,
    "add is func(i32, i64) -> f64 in core WebAssembly, and no signature says what its values are; " +
      'declare wit: "add: func(a: s32, b: s64) -> f64;"',
  );
  assert.match(
    module.whyNot("two words")!.message,
    /; its name is none in WIT: export it under another one$/,
  );
  assert.deepEqual([...module.exports], []);
});

Deno.test("a signature is found by the export's name, or by that in WIT's spelling", async () => {
  const text = `(module (func (export "list_files") (result i32) (i32.const 1))
    (func (export "list-dirs") (result i32) (i32.const 2)) (func (export "list_dirs") (result i32) (i32.const 3)))`;
  const module = await core(text, {
    wit: "list-files: func() -> u8; list-dirs: func() -> u8; absent: func();",
  });
  assert.deepEqual([...module.exports.keys()], ["list_files", "list-dirs"]);
  assert.equal(await call(module, "list_files"), 1);
  assert.equal(await call(module, "list-dirs"), 2);
});

const STRING_FROM = "is func(i32, i32) -> i32 in core WebAssembly";
const NEEDS = "strings pass through an exported memory called memory, and the module";
const ROOM =
  "arguments of its types need room in the module's memory, and it exports nothing that makes any: " +
  "cabi_realloc: func(i32, i32, i32, i32) -> i32, or canonical_abi_realloc: func(i32, i32, i32, i32) -> i32, " +
  "or allocate: func(i32) -> i32, or alloc: func(i32) -> i32";
const TAKES = `(func (export "f") (param i32 i32))`;
const GIVES = `(func (export "f") (result i32) (i32.const 0))`;
const MEMORY = `(memory (export "memory") 1)`;

/** Modules and signatures of `f` that do not go together, and what is said behind the signature. */
const MISFITS: readonly (readonly [name: string, fields: string, wit: string, said: string])[] = [
  [
    "too few parameters",
    `(func (export "f") (param i32))`,
    "func(a: u8, b: u8)",
    "is func(i32, i32) in core WebAssembly, and the module's f is func(i32)",
  ],
  [
    "a wider parameter",
    `(func (export "f") (param i32))`,
    "func(a: u64)",
    "is func(i64) in core WebAssembly, and the module's f is func(i32)",
  ],
  [
    "no result",
    `(func (export "f"))`,
    "func() -> u8",
    "is func() -> i32 in core WebAssembly, and the module's f is func()",
  ],
  [
    "two results",
    `(func (export "f") (result i32 i32) (i32.const 0) (i32.const 0))`,
    "func() -> string",
    "is func() -> i32 in core WebAssembly, and the module's f is func() -> (i32, i32)",
  ],
  [
    "an i32 for a string",
    `(func (export "f") (param i32) (result i32) (i32.const 0))`,
    "func(a: string) -> string",
    `${STRING_FROM}, and the module's f is func(i32) -> i32`,
  ],
  [
    "an address of the result as C gives it",
    `(func (export "f") (param i32 i32 i32))`,
    "func(a: string) -> string",
    `${STRING_FROM}, and the module's f is func(i32, i32, i32); a string is returned by the address where its pointer and ` +
    "its length are, and the caller gives no address for them",
  ],
  ["no memory for an argument", TAKES, "func(a: string)", `${NEEDS} exports none`],
  ["no memory for a result", GIVES, "func() -> string", `${NEEDS} exports none`],
  [
    "a memory of another name",
    `${GIVES} (memory (export "mem") 1)`,
    "func() -> string",
    `${NEEDS} exports none`,
  ],
  [
    "a memory that is none",
    `${GIVES} (global (export "memory") i32 (i32.const 1))`,
    "func() -> string",
    `${NEEDS}'s memory is a global`,
  ],
  [
    "a 64-bit memory",
    `${GIVES} (memory (export "memory") i64 1)`,
    "func() -> string",
    `${NEEDS}'s is 64-bit, which neither the canonical ABI nor preview 1 has`,
  ],
  [
    "a shared memory",
    `${GIVES} (memory (export "memory") 1 1 shared)`,
    "func() -> string",
    `${NEEDS}'s is shared between threads, which are not supported`,
  ],
  ["nothing that allocates", `${TAKES} ${MEMORY}`, "func(a: string)", ROOM],
  [
    "allocators of other types",
    `${TAKES} ${MEMORY} (func (export "cabi_realloc") (param i32) (result i32) (i32.const 0))
    (func (export "alloc") (param i64) (result i32) (i32.const 0)) (global (export "allocate") i32 (i32.const 0))`,
    "func(a: string)",
    `${ROOM}; its cabi_realloc is func(i32) -> i32, its allocate is a global, its alloc is func(i64) -> i32`,
  ],
  [
    "a post-return of another type",
    `${GIVES} ${MEMORY} (func (export "cabi_post_f") (param i64))`,
    "func() -> string",
    "cabi_post_f must be func(i32), and is func(i64)",
  ],
  [
    "a post-return that is none",
    `${GIVES} ${MEMORY} (global (export "cabi_post_f") i32 (i32.const 0))`,
    "func() -> string",
    "cabi_post_f must be func(i32), and is a global",
  ],
  [
    "more parameters than are passed one by one, and no memory",
    `(func (export "f") (param i32))`,
    `func(${Array.from({ length: 17 }, (_, i) => `p${i}: u8`).join(", ")})`,
    `${NEEDS} exports none`,
  ],
];

for (const [name, fields, wit, said] of MISFITS) {
  Deno.test(`a signature does not fit: ${name}`, async () => {
    const module = await core(`(module ${fields})`, { wit: `f: ${wit};` });
    assert.equal(module.exports.has("f"), false);
    const why = module.whyNot("f");
    assert.ok(why instanceof WitError);
    const [begin, rest] = [
      why.message.slice(0, `wit: f: ${wit}`.length),
      why.message.slice(`wit: f: ${wit}`.length),
    ];
    assert.equal(begin, `wit: f: ${wit}`);
    assert.equal(rest.replace(/^(: | )/, ""), said);
  });
}

Deno.test("what is called must be a function", async () => {
  const module = await core(`(module (global (export "f") i32 (i32.const 1)))`, { wit: "f: func() -> s32;" });
  assert.equal(module.whyNot("f")?.message, "f is a global, and no function");
});

Deno.test("more parameters than sixteen are passed in memory that the module makes room for", async () => {
  const names = Array.from({ length: 17 }, (_, i) => `p${i}`);
  const module = await core(
    `(module (memory (export "memory") 1)
      (func (export "alloc") (param i32) (result i32) (if (i32.ne (local.get 0) (i32.const 72)) (then (unreachable)))
        (i32.const 1024))
      (func (export "last") (param i32) (result i64) (i64.load offset=64 (local.get 0))))`,
    {
      wit: `last: func(${names.map((name, i) => `${name}: ${i === 16 ? "u64" : "u32"}`).join(", ")}) -> u64;`,
    },
  );
  assert.equal(await call(module, "last", ...names.map((_, i) => i === 16 ? 99n : i)), 99n);
});

Deno.test("of two memories the exported one is meant, wherever it stands", async () => {
  const module = CoreModule.compile(built("wat/two_memories"), { wit: "f: func() -> string;" });
  assert.equal(await call(module, "f"), "hi");
});

Deno.test("the best allocator is taken: realloc before alloc", async () => {
  const allocators = ["cabi_realloc", "canonical_abi_realloc", "allocate", "alloc"];
  const field = (name: string, i: number) =>
    `(func (export "${name}") (param i32 ${i < 2 ? "i32 i32 i32" : ""}) (result i32) (i32.const ${
      100 * (i + 1)
    }))`;
  for (let from = 0; from < allocators.length; from++) {
    const fields = allocators.map(field).slice(from).reverse().join("\n");
    const module = await core(
      `(module (memory (export "memory") 1) ${fields}
        (func (export "f") (param i32 i32) (result i32) (local.get 0)))`,
      { wit: "f: func(a: string) -> u32;" },
    );
    assert.equal(await call(module, "f", "x"), 100 * (from + 1), allocators[from]);
  }
});
