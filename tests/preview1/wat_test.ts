/** Text of core modules: what becomes of it, and where it is wrong. */
import assert from "node:assert/strict";
import { WatError } from "../../src/preview1/error.ts";
import { CoreModule } from "../../src/preview1/mod.ts";
import { parseWat } from "../../src/preview1/wat.ts";
import { call, core, thrown } from "./support.ts";

Deno.test("text becomes a module that runs, with the names of its functions", async () => {
  const module = await core(
    `(module (func $down (export "down") (unreachable)) (func (export "sum") (param i64 i64) (result i64)
      (i64.add (local.get 0) (local.get 1))))`,
    { numbers: true },
  );
  assert.equal(await call(module, "sum", 2n, -3n), -1n);
  const error = await thrown(() => call(module, "down")) as Error & { frames: readonly string[] };
  assert.match(error.frames[0]!, /^down at 0x/);
});

Deno.test("names are the characters that the text has", async () => {
  const module = new WebAssembly.Module(await parseWat('(module (func (export "é漢𐐀")))'));
  assert.deepEqual(WebAssembly.Module.exports(module).map(({ name }) => name), ["é漢𐐀"]);
});

Deno.test("what V8 has may be written, also where it once was a proposal", async () => {
  const texts = [
    "(module (func (return_call 0)))",
    "(module (memory 1 2 shared))",
    "(module (tag $t (param i32)) (func (try_table (throw $t (i32.const 1)))))",
    "(module (func (result i32 i32) (i32.const 1) (i32.const 2)))",
    "(module (func (param v128) (result v128) (local.get 0)))",
    '(module (table 1 externref) (memory 1) (data "x") (func (memory.init 0 (i32.const 0) (i32.const 0) (i32.const 1))))',
    "(module (global i32 (i32.add (i32.const 1) (i32.const 2))))",
  ];
  for (const text of texts) assert.ok(CoreModule.compile(await parseWat(text)), text);
});

const WRONG: readonly (readonly [text: string, place: string, message: RegExp])[] = [
  ['(module\n  (func (export "f") (resul i32)))', "2:23", /unexpected token "resul", expected an instr/],
  ["(module (func (result i32)))", "1:15", /type mismatch in implicit return/],
  ["(module (func (call $none)))", "1:21", /undefined function variable "\$none"/],
  ['(module\n  (import "é漢𐐀" "f" (fun)))', "2:23", /unexpected token "fun"/],
  [`(module (func (call $${"a".repeat(10_000)})))`, "1:21", /^undefined function variable "\$a+…$/],
  ["\0asm", "1:1", /unexpected char/],
  ["(module", "1:8", /unexpected token "EOF"/],
];

for (const [text, place, message] of WRONG) {
  Deno.test(`the text ${JSON.stringify(text)} is wrong at ${place}`, async () => {
    const error = await thrown(() => parseWat(text));
    assert.ok(error instanceof WatError && error instanceof SyntaxError, String(error));
    assert.deepEqual([error.name, error.code], ["WatError", "wat"]);
    assert.match(error.message, message);
    assert.ok(!error.message.includes("\n"));
    assert.equal(`${error.line}:${error.column}`, place);
  });
}

Deno.test("text that no reader has room for is an error, and the next text is read", async () => {
  const nested = await thrown(() => parseWat(`(module (func ${"(block ".repeat(100_000)}`));
  assert.ok(nested instanceof WatError, String(nested));
  const long = await thrown(() => parseWat(" ".repeat(16 * 2 ** 20 + 1)));
  assert.match(long.message, /^the text is longer than 16777216 characters$/);
  assert.ok((await parseWat("(module)")).length >= 8);
});

Deno.test("text is read by a process that may do nothing", async () => {
  const file = new URL("wat_alone.ts", import.meta.url).pathname;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", file],
    stdin: "null",
    env: { NO_COLOR: "1" },
  }).output();
  assert.deepEqual([stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)), ["true\n", ""]);
});
