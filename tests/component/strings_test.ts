import assert from "node:assert/strict";
import fc from "fast-check";
import type { Exports } from "../../src/component/mod.ts";
import { cases } from "./arbitrary.ts";
import { guest } from "./guests.ts";

const TEXT = "test:strings/text@0.1.0";
const ENCODINGS = ["utf8", "utf16", "latin1"] as const;
type Encoding = typeof ENCODINGS[number];

/** The host is given each text too, and hands it back as it is. */
function instance(name: string, seen: unknown[] = []): Exports {
  const echo = (text: unknown) => {
    seen.push(text);
    return text;
  };
  return guest(`strings/${name}`).instantiateSync({ [TEXT]: { echo, echoAll: echo } }).exports;
}

/** One string of each kind that an encoder treats apart, and the edges between its short and its long way. */
const texts: Record<string, string> = {
  "empty": "",
  "ASCII": "hello",
  "a NUL": "a\0b",
  "just short": "x".repeat(24),
  "just long": "x".repeat(25),
  "Latin-1": "naïve façade ÿ",
  "what windows-1252 has and Latin-1 has not": "\x80\x81\x9f",
  "BMP": "Ωμέγα 漢字",
  "astral": "😀𝄞\u{10ffff}",
  "Latin-1 first, then not": "é".repeat(100) + "漢",
  "short and not ASCII at the end": "x".repeat(23) + "é",
  "a byte order mark": "\ufeffx\ufffe",
  "the edges of surrogates": "\ud7ff\ue000\uffff",
  "1 MB of ASCII": "a".repeat(1 << 20),
  "1 MB of Latin-1": "é".repeat(1 << 20),
  "1 MB of BMP": "漢".repeat(1 << 20),
  "1 MB of astral": "😀".repeat(1 << 19),
};

const names = [
  ...ENCODINGS,
  ...ENCODINGS.flatMap((from) => ENCODINGS.map((to) => `${from}-${to}`)),
];

Deno.test("a string comes back as it was, through every encoding and every pair of them", () => {
  assert.equal(names.length, 12);
  for (const name of names) {
    const seen: unknown[] = [];
    const { [TEXT]: { echo, echoAll } } = instance(name, seen);
    for (const [kind, text] of Object.entries(texts)) {
      assert.ok(echo(text) === text, `${name}: ${kind}`);
      assert.ok(seen.pop() === text, `${name}: ${kind}, as the host saw it`);
    }
    const short = Object.values(texts).filter((t) => t.length < 1000);
    assert.deepEqual(echoAll(short), short, name);
    assert.deepEqual(echoAll([]), [], name);
  }
});

const surrogates: [given: string, becomes: string][] = [
  ["\ud800", "\ufffd"],
  ["\udfff", "\ufffd"],
  ["a\ud83d", "a\ufffd"],
  ["\ude00\ud83d", "\ufffd\ufffd"],
  ["\ud83d\ud83d\ude00", "\ufffd😀"],
  ["x".repeat(30) + "\udc00", "x".repeat(30) + "\ufffd"],
];

Deno.test("a lone surrogate becomes U+FFFD, in every encoding, from the caller and from the host", () => {
  for (const name of names) {
    for (const [given, becomes] of surrogates) {
      assert.equal(instance(name)[TEXT].echo(given), becomes, name);
      const host = { echo: () => given, echoAll: () => [given, given] };
      const { exports } = guest(`strings/${name}`).instantiateSync({ [TEXT]: host });
      assert.equal(exports[TEXT].echo(""), becomes, name);
      assert.deepEqual(exports[TEXT].echoAll([]), [becomes, becomes], name);
    }
  }
});

/** Set in a length where a `latin1+utf16` string is UTF-16. */
const UTF16 = 0x80000000;

const lengths: [text: string, units: Record<Encoding, number>][] = [
  ["", { utf8: 0, utf16: 0, latin1: 0 }],
  ["abc", { utf8: 3, utf16: 3, latin1: 3 }],
  ["é", { utf8: 2, utf16: 1, latin1: 1 }],
  ["\x80", { utf8: 2, utf16: 1, latin1: 1 }],
  ["ÿ", { utf8: 2, utf16: 1, latin1: 1 }],
  ["Ā", { utf8: 2, utf16: 1, latin1: UTF16 + 1 }],
  ["漢", { utf8: 3, utf16: 1, latin1: UTF16 + 1 }],
  ["😀", { utf8: 4, utf16: 2, latin1: UTF16 + 2 }],
  ["a😀", { utf8: 5, utf16: 3, latin1: UTF16 + 3 }],
  ["\ud800", { utf8: 3, utf16: 1, latin1: UTF16 + 1 }],
  ["é".repeat(1000), { utf8: 2000, utf16: 1000, latin1: 1000 }],
  ["a".repeat(1 << 20), { utf8: 1 << 20, utf16: 1 << 20, latin1: 1 << 20 }],
];

Deno.test("the guest sees the length in units of its encoding, tagged where it can be either", () => {
  for (const encoding of ENCODINGS) {
    const { units } = instance(encoding);
    for (const [text, expected] of lengths) {
      assert.equal(units(text), expected[encoding], `${encoding} ${text.slice(0, 5)}`);
    }
  }
});

Deno.test("random strings, well formed or not, come back well formed", () => {
  const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));
  const any = fc.oneof(
    fc.string({ unit: "binary", maxLength: 60 }),
    fc.string({ unit, maxLength: 60 }),
    fc.string({ unit: fc.integer({ min: 0, max: 0xff }).map((c) => String.fromCharCode(c)), maxLength: 60 }),
  );
  for (const name of names) {
    const { [TEXT]: { echo, echoAll } } = instance(name);
    fc.assert(
      fc.property(fc.array(any, { maxLength: 4 }), (list) => {
        const well = list.map((s) => s.toWellFormed());
        assert.deepEqual(echoAll(list), well);
        for (const [i, s] of list.entries()) assert.equal(echo(s), well[i]);
      }),
      { numRuns: cases(100) },
    );
  }
});

Deno.test("an AssemblyScript guest, UTF-16 in memory, tells the host and the caller the same texts", () => {
  const notes: string[] = [];
  const note = (text: string) => notes.push(text);
  const { exports } = guest("assemblyscript/words").instantiateSync({ "test:words/notes@0.1.0": { note } });
  assert.equal(exports["greet"]("Ada 😀"), "Hello, Ada 😀!");
  assert.deepEqual(exports["reverse"]("one zwei drei"), ["drei", "zwei", "one"]);
  assert.equal(exports["tell"]("漢字"), 1 + 2);
  assert.deepEqual(notes, ["漢字"]);
  assert.equal(exports["fibonacci"](90), 2880067194370816120n);
});
