/** `wit:` texts: what they mean, and what is said of those that mean nothing. */
import assert from "node:assert/strict";
import { witFunc } from "../../src/component/abi/check.ts";
import { WitError } from "../../src/preview1/error.ts";
import { parseWit } from "../../src/preview1/wit.ts";

const said = (text: string) => [...parseWit(text)].map(([name, type]) => `${name}: ${witFunc(type)}`);

const READ: readonly (readonly [text: string, functions: readonly string[]])[] = [
  ["answer: func() -> s32;", ["answer: func() -> s32"]],
  ["answer: func() -> s32", ["answer: func() -> s32"]],
  ["go:func();", ["go: func()"]],
  [
    "a: func(x: bool, y: char, z: string) -> string;\nb: func(w: f32, v: f64) -> u64;",
    ["a: func(x: bool, y: char, z: string) -> string", "b: func(w: f32, v: f64) -> u64"],
  ],
  [
    "n: func(a: s8, b: s16, c: s32, d: s64, e: u8, f: u16, g: u32, h: u64);",
    ["n: func(a: s8, b: s16, c: s32, d: s64, e: u8, f: u16, g: u32, h: u64)"],
  ],
  ["  export greet: func(name: string,) -> string ;  ", ["greet: func(name: string) -> string"]],
  ["export: func();", ["export: func()"]],
  ["export export: func();", ["export: func()"]],
  ["func: func(func: u8);", ["func: func(func: u8)"]],
  ["%list: func(%record: u8);", ["list: func(record: u8)"]],
  ["list: func();", ["list: func()"]],
  ["list-files: func(); list_files: func();", ["list-files: func()", "list_files: func()"]],
  ["_x: func();", ["_x: func()"]],
  ["HTTP-get2: func();", ["HTTP-get2: func()"]],
  ["// of the module\nf: func() /* none */ -> /* a /* nested */ one */ u8; // end", ["f: func() -> u8"]],
  ["/// documented\r\nf\r\n:\r\nfunc\t(\ta:u8\t)->u8;", ["f: func(a: u8) -> u8"]],
];

for (const [text, functions] of READ) {
  Deno.test(`wit ${JSON.stringify(text)} is read`, () => assert.deepEqual(said(text), functions));
}

const TYPES = "bool, s8, s16, s32, s64, u8, u16, u32, u64, f32, f64, char, string";

const WRONG: readonly (readonly [text: string, line: number, column: number, message: string])[] = [
  ["", 1, 1, "no function is declared; expected such as: add: func(a: s32) -> s32;"],
  ["  // nothing", 1, 13, "no function is declared; expected such as: add: func(a: s32) -> s32;"],
  ["f", 1, 2, "expected `:`, found the end"],
  ["f func()", 1, 3, "expected `:`, found `func`"],
  ["f: fun()", 1, 4, "expected func, found `fun`"],
  ["f: async func();", 1, 4, "async functions belong to components; allowed: func"],
  ["f: func -> u8;", 1, 9, "expected `(`, found `->`"],
  ["f: func(a);", 1, 10, "expected `:`, found `)`"],
  ["f: func(a: u8 b: u8);", 1, 15, "expected `,` or `)`, found `b`"],
  ["f: func(, a: u8);", 1, 9, "expected the name of a parameter, or `)`, found `,`"],
  ["f: func(a: u8", 1, 14, "expected `,` or `)`, found the end"],
  ["f: func(a: i32);", 1, 12, `expected a type: ${TYPES}, found \`i32\``],
  ["f: func(a: );", 1, 12, `expected a type: ${TYPES}, found \`)\``],
  [
    "f: func() -> list<u8>;",
    1,
    14,
    `expected a type: ${TYPES} (values of type list take a component), found \`list\``,
  ],
  ["f: func() -> (a: u8);", 1, 14, `expected a type: ${TYPES}, found \`(\``],
  ["f: func() g: func();", 1, 11, "expected `->` or `;`, found `g`"],
  ["f: func() -> u8 g: func();", 1, 17, "expected `;`, found `g`"],
  ["f: func();\nf: func();", 2, 1, "the function f is declared twice"],
  ["f: func(a: u8,\n  a: u8);", 2, 3, "the parameter a is declared twice"],
  ["world w { export f: func(); }", 1, 1, "world belongs to components; expected the name of a function"],
  ["package a:b;", 1, 1, "package belongs to components; expected the name of a function"],
  ["f: func();\n  }", 2, 3, "expected the name of a function, found `}`"],
  ["f: func();\n\n  /* no end", 3, 3, "the comment has no end"],
  ["f: func() /* /* */", 1, 11, "the comment has no end"],
  ["f: func() → u8;", 1, 11, 'found "→", which has no meaning here'],
  ["f-: func();", 1, 2, 'found "-", which has no meaning here'],
  ["1f: func();", 1, 1, 'found "1", which has no meaning here'],
  ["😀: func();", 1, 1, 'found "😀", which has no meaning here'],
];

for (const [text, line, column, message] of WRONG) {
  Deno.test(`wit ${JSON.stringify(text)} is wrong at ${line}:${column}`, () => {
    assert.throws(() => parseWit(text), (error) => {
      assert.ok(error instanceof WitError && error instanceof SyntaxError);
      assert.deepEqual([error.name, error.code], ["WitError", "wit"]);
      assert.equal(error.message, `wit, line ${line}, column ${column}: ${message}`);
      assert.deepEqual([error.line, error.column], [line, column]);
      return true;
    });
  });
}

Deno.test("a text of comments within comments is read in time that grows with its length alone", () => {
  const deep = 100_000;
  assert.throws(() => parseWit("/*".repeat(deep)), { message: /the comment has no end/ });
  assert.deepEqual(said(`${"/*".repeat(deep)}${"*/".repeat(deep)}f: func();`), ["f: func()"]);
});
