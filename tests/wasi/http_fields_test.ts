/** `fields`: names and values that can be sent, in their order, and no others. */
import assert from "node:assert/strict";
import { ComponentError } from "../../src/component/error.ts";
import { Fields } from "../../src/wasi/http/fields.ts";
import { FIELD_LIMITS } from "../../src/wasi/http/limits.ts";
import type { HeaderError } from "../../src/wasi/http/types.ts";
import { pairs } from "./http_support.ts";
import { bytes, isTrap, text } from "./support.ts";

const fields = (...entries: [string, string][]) =>
  Fields.fromList(entries.map(([name, value]) => [name, bytes(value)]));

function refusalOf(act: () => unknown): HeaderError["tag"] {
  try {
    act();
  } catch (error) {
    assert.ok(error instanceof ComponentError, `${error}`);
    return (error.payload as HeaderError).tag;
  }
  throw new assert.AssertionError({ message: "it was accepted" });
}

Deno.test("names keep their casing and their order, and are equal in any casing", () => {
  const some = fields(["X-One", "1"], ["b", "2"], ["x-one", "3"]);
  assert.deepEqual(pairs(some), [["X-One", "1"], ["b", "2"], ["x-one", "3"]]);
  assert.deepEqual(some.get("X-ONE").map(text), ["1", "3"]);
  assert.ok(some.has("B"));
  assert.deepEqual(some.get("c"), []);
  assert.equal(some.has("not a name"), false);
});

Deno.test("set replaces, append adds, delete removes all values of a name", () => {
  const some = fields(["a", "1"], ["b", "2"], ["A", "3"]);
  some.set("a", [bytes("4"), bytes("")]);
  assert.deepEqual(pairs(some), [["b", "2"], ["a", "4"], ["a", ""]]);
  some.append("A", bytes("5"));
  assert.deepEqual(some.get("a").map(text), ["4", "", "5"]);
  some.delete("A");
  some.delete("never-there");
  assert.deepEqual(pairs(some), [["b", "2"]]);
  some.set("b", []);
  assert.equal(some.has("b"), false);
});

Deno.test("values are bytes, and their own copies", () => {
  const value = Uint8Array.of(0x09, 0x20, 0x7e, 0x80, 0xff);
  const some = new Fields();
  some.append("x", value);
  value.fill(0x0a);
  const [got] = some.get("x");
  assert.deepEqual([...got!], [0x09, 0x20, 0x7e, 0x80, 0xff]);
  got!.fill(0x0d);
  assert.deepEqual([...some.entries()[0]![1]], [0x09, 0x20, 0x7e, 0x80, 0xff]);
});

const NO_NAMES = [
  "",
  " ",
  "a b",
  "a:",
  ":a",
  "a\r\nb",
  "a\0",
  "ä",
  "a\u0100",
  "(a)",
  "a,b",
  'a"',
  "a/b",
  "a\t",
  "{a}",
];
const NO_VALUES = ["a\r\nB: c", "a\nb", "a\rb", "\0", "\x7f", "\x1b"];
const FORBIDDEN = [
  "Connection",
  "Host",
  "hOST",
  "HTTP2-Settings",
  "Keep-Alive",
  "Proxy-Authenticate",
  "Proxy-Authorization",
  "Proxy-Connection",
  "Transfer-Encoding",
  "Upgrade",
];

for (const name of NO_NAMES) {
  Deno.test(`${JSON.stringify(name)} is no name`, () => {
    const some = new Fields();
    assert.equal(refusalOf(() => some.append(name, bytes("v"))), "invalid-syntax");
    assert.equal(refusalOf(() => some.set(name, [bytes("v")])), "invalid-syntax");
    assert.equal(refusalOf(() => some.set(name, [])), "invalid-syntax");
    assert.equal(refusalOf(() => some.delete(name)), "invalid-syntax");
    assert.equal(refusalOf(() => Fields.fromList([[name, bytes("v")]])), "invalid-syntax");
    assert.deepEqual(pairs(some), []);
  });
}

for (const value of NO_VALUES) {
  Deno.test(`${JSON.stringify(value)} is no value`, () => {
    const some = fields(["a", "1"]);
    assert.equal(refusalOf(() => some.append("a", bytes(value))), "invalid-syntax");
    assert.equal(refusalOf(() => some.set("a", [bytes("fine"), bytes(value)])), "invalid-syntax");
    assert.deepEqual(pairs(some), [["a", "1"]], "nothing has changed");
  });
}

for (const name of FORBIDDEN) {
  Deno.test(`${name} is not a guest's to set, nor to see`, () => {
    const some = new Fields();
    assert.equal(refusalOf(() => some.append(name, bytes("v"))), "forbidden");
    assert.equal(refusalOf(() => some.set(name, [bytes("v")])), "forbidden");
    assert.equal(refusalOf(() => Fields.fromList([[name, bytes("v")]])), "forbidden");
    const received = Fields.from([[name, bytes("v")], ["a", bytes("1")]], { immutable: true });
    assert.deepEqual(pairs(received), [["a", "1"]]);
  });
}

for (
  const value of ["", "+1", "-1", "1.0", "0x10", "1,1", " 1", "18446744073709551616", "1".repeat(21), "१"]
) {
  Deno.test(`${JSON.stringify(value)} is no content-length`, () => {
    assert.equal(refusalOf(() => fields(["Content-Length", value])), "invalid-syntax");
  });
}

Deno.test("a content-length is a u64", () => {
  for (const value of ["0", "00", "18446744073709551615"]) {
    assert.deepEqual(pairs(fields(["content-length", value])), [["content-length", value]]);
  }
});

Deno.test("fields that were given away or received cannot be changed, and their clone can", () => {
  const own = fields(["a", "1"]);
  for (const fixed of [Fields.frozen(own), Fields.from([["a", bytes("1")]], { immutable: true })]) {
    assert.equal(refusalOf(() => fixed.set("a", [])), "immutable");
    assert.equal(refusalOf(() => fixed.append("b", bytes("2"))), "immutable");
    assert.equal(refusalOf(() => fixed.delete("a")), "immutable");
    const clone = fixed.clone();
    clone.append("b", bytes("2"));
    assert.deepEqual(pairs(clone), [["a", "1"], ["b", "2"]]);
    assert.deepEqual(pairs(fixed), [["a", "1"]]);
  }
});

Deno.test("what was frozen does not follow what it was frozen from", () => {
  const own = fields(["a", "1"]);
  const frozen = Fields.frozen(own);
  own.append("b", bytes("2"));
  assert.deepEqual(pairs(frozen), [["a", "1"]]);
});

const { headerBytes, headerCount } = FIELD_LIMITS;
const tooMany = isTrap(/more than 1024 fields or 131072 bytes/);

/** `header-error` has no case for it: it traps, as in wasmtime. */
const FLOODS: readonly [what: string, flood: (some: Fields, i: number) => void, most: number][] = [
  ["different names", (some, i) => some.append(`a${i}`, bytes("a")), headerCount],
  ["empty values", (some, i) => some.append(`a${i}`, bytes("")), headerCount],
  ["one name", (some) => some.append("a", bytes("b")), headerCount],
  ["one name without values", (some) => some.append("a", bytes("")), headerCount],
  ["long values", (some) => some.append("a", new Uint8Array(10_000).fill(0x61)), headerBytes / 10_000],
  ["long names", (some) => some.append("a".repeat(10_000), bytes("")), headerBytes / 10_000],
  ["set with ever more values", (some, i) => some.set("a", Array(i * 100).fill(bytes("b"))), 11],
];

for (const [what, flood, most] of FLOODS) {
  Deno.test(`a guest cannot fill the host's memory with fields: ${what}`, () => {
    const some = new Fields();
    let count = 0;
    assert.throws(() => {
      for (;; count++) flood(some, count);
    }, tooMany);
    assert.ok(count <= most && count >= most - 2, `${count} of ${most}`);
  });
}

Deno.test("what is removed makes room again", () => {
  const some = new Fields();
  const long = new Uint8Array(headerBytes - 10).fill(0x61);
  for (let i = 0; i < 3; i++) {
    some.append("a", long);
    some.delete("a");
    some.set("a", [long]);
    some.set("a", []);
  }
  assert.deepEqual(pairs(some), []);
});
