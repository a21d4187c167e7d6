/** Core modules that lie about their memory: each is a trap, and the instance is dead. */
import assert from "node:assert/strict";
import { LimitError, suspending, Trap } from "../../src/component/mod.ts";
import { CoreModule } from "../../src/preview1/mod.ts";
import { built, call, core, thrown } from "./support.ts";

/** A function that returns a string by this address, of a module of one page. */
const returns = (address: string, fields = "") =>
  `(memory (export "memory") 1) ${fields} (func (export "f") (result i32) (i32.const ${address}))`;
/** A string of this pointer and length, at address 8. */
const pair = (pointer: string, length: string) =>
  `(data (i32.const 8) "${[pointer, length].map((n) => n.replace(/../g, "\\$&")).join("")}")`;
/** A function that takes a string, and what makes room for it. */
const takes = (allocator: string, work = "") =>
  `(memory (export "memory") 1) ${allocator} (func (export "f") (param i32 i32) ${work})`;
const realloc = (work: string) =>
  `(func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) ${work})`;

const GIVES = "f: func() -> string;", TAKES = "f: func(text: string);";
const MANY = `f: func(${Array.from({ length: 17 }, (_, i) => `p${i}: u64`).join(", ")});`;

const LIES: readonly (readonly [name: string, fields: string, wit: string, message: RegExp])[] = [
  [
    "a result beyond the memory",
    returns("65536"),
    GIVES,
    /^result: 65536\+8 is out of bounds of a memory of 65536 bytes$/,
  ],
  ["a result over the end of the memory", returns("65532"), GIVES, /^result: 65532\+8 is out of bounds/],
  ["a result at the end of all addresses", returns("-8"), GIVES, /^result: 4294967288\+8 is out of bounds/],
  ["a result that is not aligned", returns("10"), GIVES, /^result: pointer 10 is not aligned to 4$/],
  [
    "a string beyond the memory",
    returns("8", pair("00000100", "01000000")),
    GIVES,
    /^string: 65536\+1 is out of bounds/,
  ],
  [
    "a string over the end",
    returns("8", pair("ff7f0000", "ffff0000")),
    GIVES,
    /^string: 32767\+65535 is out of bounds/,
  ],
  [
    "a string whose end wraps around",
    returns("8", pair("ffffffff", "02000000")),
    GIVES,
    /^string: 4294967295\+2 is out of bounds/,
  ],
  [
    "a string longer than any",
    returns("8", pair("00000000", "ffffffff")),
    GIVES,
    /^string of 4294967295 bytes is longer than 268435455$/,
  ],
  [
    "a string that is not UTF-8",
    returns("8", pair("10000000", "02000000") + '(data (i32.const 16) "\\c3\\28")'),
    GIVES,
    /^string is not valid UTF-8$/,
  ],
  [
    "a surrogate in UTF-8",
    returns("8", pair("10000000", "03000000") + '(data (i32.const 16) "\\ed\\a0\\80")'),
    GIVES,
    /^string is not valid UTF-8$/,
  ],
  [
    "a string cut within a character",
    returns("8", pair("10000000", "03000000") + '(data (i32.const 16) "\\f0\\9f\\98\\80")'),
    GIVES,
    /^string is not valid UTF-8$/,
  ],
  [
    "room beyond the memory",
    takes(realloc("(i32.const 65536)")),
    TAKES,
    /^realloc: 65536\+5 is out of bounds/,
  ],
  ["room over the end", takes(realloc("(i32.const 65532)")), TAKES, /^realloc: 65532\+5 is out of bounds/],
  ["room at -1", takes(realloc("(i32.const -1)")), TAKES, /^realloc: 4294967295\+5 is out of bounds/],
  [
    "room of alloc beyond the memory",
    takes(`(func (export "alloc") (param i32) (result i32) (i32.const -4))`),
    TAKES,
    /^realloc: 4294967292\+5/,
  ],
  [
    "room that is not aligned",
    `(memory (export "memory") 1) ${realloc("(i32.const 12)")} (func (export "f") (param i32))`,
    MANY,
    /^realloc: pointer 12 is not aligned to 8$/,
  ],
  ["an allocator that traps", takes(realloc("(unreachable)")), TAKES, /^wasm trap: unreachable$/],
  [
    "an allocator that never ends its stack",
    takes(
      `(func $r ${realloc("(call $r (local.get 0) (local.get 1) (local.get 2) (local.get 3))").slice(6)}`,
    ),
    TAKES,
    /^wasm trap: call stack exhausted$/,
  ],
  [
    "a function that traps",
    takes(realloc("(i32.const 8)"), "(unreachable)"),
    TAKES,
    /^wasm trap: unreachable$/,
  ],
  [
    "a post-return that traps",
    returns("8", `${pair("10000000", "01000000")} (func (export "cabi_post_f") (param i32) (unreachable))`),
    GIVES,
    /^wasm trap: unreachable$/,
  ],
  [
    "a division by zero",
    `(func (export "f") (drop (i32.div_u (i32.const 1) (i32.const 0))))`,
    "f: func();",
    /^wasm trap: divide by zero$/,
  ],
  [
    "a char beyond Unicode",
    `(func (export "f") (result i32) (i32.const 0x110000))`,
    "f: func() -> char;",
    /^converting to a char: 0x110000 is not a Unicode scalar value$/,
  ],
  [
    "half a pair as a char",
    `(func (export "f") (result i32) (i32.const 0xd800))`,
    "f: func() -> char;",
    /^converting to a char: 0xd800/,
  ],
  [
    "an exception that nobody catches",
    `(tag $t) (func (export "f") (throw $t))`,
    "f: func();",
    /^the guest threw an exception$/,
  ],
];

for (const [name, fields, wit, message] of LIES) {
  Deno.test(`a module lies: ${name}`, async () => {
    const module = await core(`(module ${fields})`, { wit });
    assert.equal(module.whyNot("f"), undefined);
    const { exports } = await module.instantiate();
    const args = wit === TAKES ? ["12345"] : wit === MANY ? Array(17).fill(1n) : [];
    const error = await thrown(() => exports["f"](...args));
    assert.ok(error instanceof Trap, String(error));
    assert.match(error.message, message);
    const after = await thrown(() => exports["f"](...args));
    assert.equal(after.message, "the instance is dead: it trapped before");
    assert.equal(after.cause, error);
  });
}

Deno.test("bits that a type does not have are left out of a result", async () => {
  const module = await core(
    `(module (func (export "u") (result i32) (i32.const 0x12f)) (func (export "b") (result i32) (i32.const 2)))`,
    { wit: "u: func() -> u8; b: func() -> bool;" },
  );
  assert.equal(await call(module, "u"), 0x2f);
  assert.equal(await call(module, "b"), true);
});

Deno.test("an allocator that grows the memory finds the string written into the new one", async () => {
  const module = await core(
    `(module (memory (export "memory") 1)
      (func (export "alloc") (param i32) (result i32) (drop (memory.grow (i32.const 1))) (i32.const 65536))
      (func (export "f") (param i32 i32) (result i32) (i32.load8_u (local.get 0))))`,
    { wit: "f: func(text: string) -> u32;" },
  );
  assert.equal(await call(module, "f", "A"), 65);
});

Deno.test("a module cannot call its host while it makes room, nor in post-return", async () => {
  const fields = (where: string) => `
    (import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))
    (memory (export "memory") 1) (data (i32.const 8) "\\10\\00\\00\\00\\01\\00\\00\\00")
    ${realloc(`${where === "realloc" ? "(drop (call $yield))" : ""} (i32.const 16)`)}
    (func (export "f") (param i32 i32) (result i32) (i32.const 8))
    (func (export "cabi_post_f") (param i32) ${where === "post" ? "(drop (call $yield))" : ""})`;
  const host = { imports: { sched_yield: () => 0 }, bind() {} };
  for (
    const [where, message] of [["realloc", /realloc or post-return/], ["post", /realloc or post-return/], [
      "",
      null,
    ]] as const
  ) {
    const module = await core(`(module ${fields(where)})`, { wit: "f: func(text: string) -> string;" });
    const { exports } = await module.instantiate({ wasi_snapshot_preview1: host });
    if (message === null) assert.equal(exports["f"]("x"), "x");
    else assert.match((await thrown(() => exports["f"]("x"))).message, message);
  }
});

const PAGE = 65536;

Deno.test("a limit holds for the memory of a module: what it begins with, and what it grows to", async () => {
  const text = `(module (memory (export "memory") 1)
    (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))`;
  const module = await core(text, { numbers: true, maxMemoryBytes: 3 * PAGE });
  const { exports } = await module.instantiate();
  assert.deepEqual([exports["grow"](2), exports["grow"](1), exports["grow"](0)], [1, -1, 3]);
  const less = await core(text, { numbers: true, maxMemoryBytes: PAGE - 1 });
  const error = await thrown(() => less.instantiate());
  assert.ok(error instanceof LimitError);
  assert.deepEqual([error.limit, error.value, error.asked], ["maxMemoryBytes", PAGE - 1, PAGE]);
});

Deno.test("a string goes through a memory that is bounded, and one that does not fit finds no room", async () => {
  const wit = "reverse: func(text: string) -> string;";
  const module = CoreModule.compile(built("rust/words"), { wit, maxMemoryBytes: 24 * PAGE });
  assert.equal(await call(module, "reverse", "abc"), "cba");
  const error = await thrown(() => call(module, "reverse", "x".repeat(8 * PAGE)));
  assert.ok(error instanceof Trap, String(error));
});

Deno.test("of a huge memory that is declared nothing is made under a limit", async () => {
  const huge = await core(`(module (memory (export "memory") 65536) (func (export "f")))`, {
    numbers: true,
    maxMemoryBytes: 2 ** 30,
  });
  assert.ok(await thrown(() => huge.instantiate()) instanceof LimitError);
});

const UNBOUNDED: readonly (readonly [name: string, text: string, message: RegExp])[] = [
  ["a 64-bit memory", `(module (memory i64 1))`, /has a 64-bit memory, which cannot be bounded/],
  ["a shared memory", `(module (memory 1 1 shared))`, /has a shared memory, which cannot be bounded/],
];

for (const [name, text, message] of UNBOUNDED) {
  Deno.test(`under a limit there is none of what no limit holds for: ${name}`, async () => {
    const error = await thrown(() => core(text, { maxMemoryBytes: PAGE }));
    assert.ok(error instanceof LimitError);
    assert.match(error.message, message);
    await core(text);
  });
}

Deno.test("two memories are bounded together", async () => {
  const module = CoreModule.compile(built("wat/two_memories"), { numbers: true, maxMemoryBytes: 4 * PAGE });
  const { exports } = await module.instantiate();
  assert.deepEqual([exports["shown"](1), exports["hidden"](1), exports["shown"](1), exports["hidden"](1)], [
    1,
    1,
    -1,
    -1,
  ]);
});

Deno.test("functions of the host that a module exports as its own do not make it do more", async () => {
  const poll =
    `(import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))`;
  const fields =
    `${poll} (memory (export "memory") 1) (export "cabi_realloc" (func $poll)) (export "again" (func $poll))
    (func (export "f") (param i32 i32))`;
  const wit = "f: func(text: string); again: func(a: u32, b: u32, c: u32, d: u32) -> u32;";
  for (const waits of [false, true]) {
    let calls = 0;
    const poll_oneoff = waits ? suspending(() => (calls++, Promise.resolve(8))) : () => (calls++, 8);
    const imports = { wasi_snapshot_preview1: { imports: { poll_oneoff }, bind() {} } };
    const module = await core(`(module ${fields})`, { wit });
    const first = await module.instantiate(imports);
    const error = await thrown(() => first.exports["f"]("x"));
    assert.ok(error instanceof Trap, String(error));
    assert.equal(calls, 0, "a module cannot call its host while it makes room");
    const second = await module.instantiate(imports);
    assert.equal(await second.exports["again"](1, 2, 3, 4), 8);
    assert.equal(calls, 1);
  }
});
