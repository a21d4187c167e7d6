/** What requests say becomes arguments, and results what responses say. */
import assert from "node:assert/strict";
import type { ValueType } from "../../src/component/wit/types.ts";
import { type Content, ContentError } from "../../src/transport/content.ts";
import { ArgumentError, parseJson } from "../../src/transport/json.ts";
import { mappedArguments, parseMapping, type Piece } from "../../src/transport/mapping.ts";
import { payloadArgument, payloadArguments, payloadContent } from "../../src/transport/payload.ts";
import { wasiHttpArgument, wasiHttpArguments, wasiHttpContent } from "../../src/transport/wasi_http.ts";
import { enumOf, list, option, record, result, string, tuple, u32, u64, u8 } from "./types.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const params = (...types: ValueType[]) => types.map((type, i) => ({ name: "abcdef"[i]!, type }));
const person = record({ name: string, "full-age": u32 });

/** How a value came to be refused: `400 message`, or the message of what does not fit. */
function refusal(error: unknown): string {
  if (error instanceof ContentError) return `${error.status} ${error.message}`;
  assert.ok(error instanceof ArgumentError, String(error));
  return error.message;
}

type Arguments = typeof payloadArguments;

function check(
  of: Arguments,
  rows: readonly (readonly [types: ValueType[], body: string | Uint8Array, expected: unknown[] | RegExp])[],
): void {
  for (const [types, body, expected] of rows) {
    const from = typeof body === "string" ? bytes(body) : body;
    const what = `${types.map(({ kind }) => kind)} ${body}`;
    if (!(expected instanceof RegExp)) assert.deepEqual(of(params(...types), from), expected, what);
    else assert.throws(() => of(params(...types), from), (error) => expected.test(refusal(error)), what);
  }
}

Deno.test("payload: a JSON array is the arguments, any other value the only one, nothing is none", () => {
  check(payloadArguments, [
    [[], "", []],
    [[], "[]", []],
    [[u32, u32], "[1, 2]", [1, 2]],
    [[u32], "7", [7]],
    [[string], '"x"', ["x"]],
    [[person], '{"name": "A", "full-age": 3}', [{ name: "A", fullAge: 3 }]],
    [[list(u32)], "[[1, 2]]", [[1, 2]]],
    [[list(u32)], "[1, 2]", /^the function takes 1 argument \(a\), the request gives 2$/],
    [[option(u32)], "null", [undefined]],
    [[u64], "18446744073709551615", [18446744073709551615n]],
    [[], "1", /^the function takes 0 arguments, the request gives 1$/],
    [[u32, u32], "", /^the function takes 2 arguments \(a, b\), the request gives 0$/],
    [[u32], '"x"', /^a is u32, got "x"$/],
    [[u32], "{", /^400 the request's contents are no JSON: /],
    [[u32], new Uint8Array([0xff]), /^400 the request's contents are no text: they are not UTF-8$/],
    [[u32], "[".repeat(400_000), /^400 the request's contents are no JSON: /],
    ...[u32, string, list(u32), person].flatMap((type) =>
      [["[", "]"], ['{"a":', "}"], ['{"toString":', "}"], ['["]",', "]"]].map(([open, close]) =>
        [
          [type],
          `${open!.repeat(400_000)}1${close!.repeat(400_000)}`,
          /^400 the request's contents are no JSON: it is nested deeper than 1000$/,
        ] as [ValueType[], string, RegExp]
      )
    ),
    [[u32], `${"[".repeat(1001)}${"]".repeat(1001)}`, /^400 .*: it is nested deeper than 1000$/],
    [[u32], `${"[".repeat(1000)}${"]".repeat(1000)}`, /^a is u32, got \[{77}\.\.\.$/],
    [[string], JSON.stringify("[".repeat(5000)), ["[".repeat(5000)]],
    [[string], JSON.stringify('\\"['.repeat(5000)), ['\\"['.repeat(5000)]],
    [[list(list(u32))], `[[${"[],".repeat(5000)}[]]]`, [new Array(5001).fill([])]],
    [
      [list(u64)],
      `[[${"1234567890123456,".repeat(70_000)}1]]`,
      /^413 JSON with integers of 16 digits may have/,
    ],
  ]);
});

Deno.test("wasi-http: the contents are the argument, as it is where it is text or bytes", () => {
  check(wasiHttpArguments, [
    [[], "", []],
    [[string], "Wippy", ["Wippy"]],
    [[string], "\ufeffB", ["\ufeffB"]],
    [[string], '{"a":1}', ['{"a":1}']],
    [[list(u8)], "\x00\x01", [bytes("\x00\x01")]],
    [[list(u8)], new Uint8Array([0xff, 0]), [new Uint8Array([0xff, 0])]],
    [[option(string)], "x", ["x"]],
    [[option(list(u8))], "x", [bytes("x")]],
    [[u32], "7", [7]],
    [[person], '{"name":"A","full-age":3}', [{ name: "A", fullAge: 3 }]],
    [[string], "", /^the function takes 1 argument \(a\), the request gives 0$/],
    [[], "x", /^the function takes 0 arguments, the request gives 1$/],
    [[string, string], "x", /^the function takes 2 arguments \(a, b\), the request gives 1$/],
    [[string], new Uint8Array([0xc3]), /^400 the request's contents are no text/],
    [[u32], "x", /^400 the request's contents are no JSON/],
    [[u32], "-1", /^a is u32, got -1$/],
  ]);
});

type Said = readonly [status: number, type: string | undefined, text: string];

function said({ status, type, bytes }: Content): Said {
  return [status, type, new TextDecoder("latin1").decode(bytes)];
}

const JSON_TYPE = "application/json";

Deno.test("wasi-http: text is text, bytes are bytes, nothing is 204, anything else JSON", () => {
  const rows: readonly (readonly [type: ValueType | undefined, value: unknown, expected: Said])[] = [
    [undefined, undefined, [204, undefined, ""]],
    [string, "Hello", [200, "text/plain; charset=utf-8", "Hello"]],
    [string, "", [200, "text/plain; charset=utf-8", ""]],
    [list(u8), new Uint8Array([0xff, 1]), [200, "application/octet-stream", "\xff\x01"]],
    [option(string), undefined, [204, undefined, ""]],
    [option(string), "x", [200, "text/plain; charset=utf-8", "x"]],
    [option(option(string)), { tag: "none" }, [200, JSON_TYPE, "null"]],
    [u32, 7, [200, JSON_TYPE, "7"]],
    [u64, 2n ** 64n - 1n, [200, JSON_TYPE, '"18446744073709551615"']],
    [enumOf("red"), "red", [200, JSON_TYPE, '"red"']],
    [person, { name: "A", fullAge: 3 }, [200, JSON_TYPE, '{"name":"A","full-age":3}']],
    [list(u32), [1], [200, JSON_TYPE, "[1]"]],
    [result(string, u32), { tag: "ok", val: "x" }, [200, JSON_TYPE, '{"ok":"x"}']],
    [result(string, u32), { tag: "err", val: 3 }, [200, JSON_TYPE, '{"err":3}']],
    [result(undefined, undefined), { tag: "ok" }, [200, JSON_TYPE, '{"ok":null}']],
    [tuple(u32, list(u8)), [1, new Uint8Array([2])], [200, JSON_TYPE, "[1,[2]]"]],
  ];
  for (const [type, value, expected] of rows) assert.deepEqual(said(wasiHttpContent(type, value)), expected);
});

Deno.test("payload: everything is JSON, and bytes are JSON that the guest wrote", () => {
  const rows: readonly (readonly [type: ValueType | undefined, value: unknown, expected: Said])[] = [
    [undefined, undefined, [204, undefined, ""]],
    [string, "Hello", [200, JSON_TYPE, '"Hello"']],
    [list(u8), bytes('{"a":1}'), [200, JSON_TYPE, '{"a":1}']],
    [option(string), undefined, [200, JSON_TYPE, "null"]],
    [u32, 42, [200, JSON_TYPE, "42"]],
  ];
  for (const [type, value, expected] of rows) assert.deepEqual(said(payloadContent(type, value)), expected);
});

Deno.test("a mapping says where each argument comes from", () => {
  assert.deepEqual(parseMapping("path.id, query.page ,header.X-User,body", ["id"]), [
    { from: "path", name: "id" },
    { from: "query", name: "page" },
    { from: "header", name: "X-User" },
    { from: "body" },
  ]);
  assert.deepEqual(parseMapping("", []), []);
  const wrong: readonly (readonly [text: string, why: RegExp])[] = [
    ["id", /^has "id"; allowed: path\.NAME, query\.NAME, header\.NAME, body$/],
    ["query.", /^has "query\."/],
    ["body.x", /^has "body\.x"/],
    ["path.id", /^takes path\.id, which the path does not capture: it captures other$/],
    ["header.a b", /^takes header\.a b, which is no name of a field$/],
    ["body, body", /^takes body twice$/],
    ["path.other,,body", /^has ""/],
  ];
  for (const [text, why] of wrong) {
    const parsed = parseMapping(text, ["other"]);
    assert.ok("wrong" in parsed, text);
    assert.match(parsed.wrong, why);
  }
});

Deno.test("mapped arguments are read as on the command line; one that is missing is none, or 400", () => {
  const mapping = parseMapping("path.id, query.q, header.h, body", ["id"]) as readonly Piece[];
  const take = (types: ValueType[], given: Readonly<Record<string, string>>, one = wasiHttpArgument) =>
    mappedArguments(params(...types), mapping, {
      path: (name) => given[name],
      query: (name) => given[name],
      header: (name) => given[name],
      body: (type, name) => one(type, bytes(given["body"] ?? ""), name),
    });
  const all = { id: "7", q: "a b", h: "2", body: "text" };
  assert.deepEqual(take([u32, string, option(u32), string], all), [7, "a b", 2, "text"]);
  assert.deepEqual(take([string, option(string), option(u32), string], { id: "7", body: "" }), [
    "7",
    undefined,
    undefined,
    "",
  ]);
  assert.deepEqual(take([u32, enumOf("a b"), option(option(u32)), list(u8)], { ...all, h: '{"some":3}' }), [
    7,
    "a b",
    { tag: "some", val: 3 },
    bytes("text"),
  ]);
  assert.deepEqual(
    take([u32, string, string, person], { ...all, body: '{"name":"A","full-age":1}' }, payloadArgument).at(
      -1,
    ),
    { name: "A", fullAge: 1 },
  );
  assert.throws(
    () => take([u32, string, string, string], { id: "7", h: "" }),
    (error) => refusal(error) === "400 b is missing: the query's parameter q",
  );
  assert.throws(
    () => take([u32, string, string, string], { ...all, id: "x" }),
    (error) => /^a is u32/.test(refusal(error)),
  );
});

Deno.test("only JSON with long numbers is read number by number, and the values are the same", () => {
  assert.deepEqual(parseJson('{"a":[1,2.5,-3],"b":"1234567890123456789"}'), {
    a: [1, 2.5, -3],
    b: "1234567890123456789",
  });
  assert.deepEqual(parseJson("[9007199254740993, 9007199254740991]"), [9007199254740993n, 9007199254740991]);
  assert.deepEqual(parseJson("-9223372036854775808"), -9223372036854775808n);
  assert.deepEqual(parseJson("12345678901234567890.5"), 12345678901234567890.5);
});
