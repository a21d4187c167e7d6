import assert from "node:assert/strict";
import { ComponentError, type Exports, Trap } from "../../src/component/mod.ts";
import { assertDead, camel, functionsOf, guest, thrown } from "./guests.ts";

const ECHO = "test:kinds/echo@0.1.0";
const person = { id: 1, name: "Ada", tags: ["a"], active: true, nickName: undefined };
const PERSON =
  "record { id: u32, name: string, tags: list<string>, active: bool, nick-name: option<string> }";
const padded = { a: 1, b: 2n, c: 3, d: 4, e: 5, f: true, g: "g", h: 8 };

type Bad = [func: string, value: unknown, path: string, type: string, found: string];

/** What does not fit, and what the error says: the path from the parameter, the WIT type there, what came. */
const table: Bad[] = [
  ["echo-bool", 1, "v", "bool", "1"],
  ["echo-bool", "true", "v", "bool", '"true"'],
  ["echo-bool", undefined, "v", "bool", "nothing"],
  ["echo-bool", null, "v", "bool", "null"],
  ["echo-u8", 256, "v", "u8", "256"],
  ["echo-u8", -1, "v", "u8", "-1"],
  ["echo-u8", 1.5, "v", "u8", "1.5"],
  ["echo-u8", NaN, "v", "u8", "NaN"],
  ["echo-u8", "1", "v", "u8", '"1"'],
  ["echo-u8", 1n, "v", "u8", "1n"],
  ["echo-u8", Symbol("s"), "v", "u8", "Symbol(s)"],
  ["echo-u8", {}, "v", "u8", "{}"],
  ["echo-u8", [5], "v", "u8", "[5]"],
  ["echo-u8", true, "v", "u8", "true"],
  ["echo-s8", 128, "v", "s8", "128"],
  ["echo-s8", -129, "v", "s8", "-129"],
  ["echo-u16", 0x10000, "v", "u16", "65536"],
  ["echo-s16", 0x8000, "v", "s16", "32768"],
  ["echo-u32", 2 ** 32, "v", "u32", "4294967296"],
  ["echo-u32", -1, "v", "u32", "-1"],
  ["echo-u32", 1n, "v", "u32", "1n"],
  ["echo-s32", 2 ** 31, "v", "s32", "2147483648"],
  ["echo-u64", -1n, "v", "u64", "-1n"],
  ["echo-u64", 2n ** 64n, "v", "u64", "18446744073709551616n"],
  ["echo-u64", -1, "v", "u64", "-1"],
  ["echo-u64", 0.5, "v", "u64", "0.5"],
  ["echo-u64", 2 ** 53, "v", "u64", "9007199254740992"],
  ["echo-u64", "1", "v", "u64", '"1"'],
  ["echo-s64", 2n ** 63n, "v", "s64", "9223372036854775808n"],
  ["echo-f32", "1.5", "v", "f32", '"1.5"'],
  ["echo-f32", 1n, "v", "f32", "1n"],
  ["echo-f64", undefined, "v", "f64", "nothing"],
  ["echo-char", "", "v", "char", '""'],
  ["echo-char", "ab", "v", "char", '"ab"'],
  ["echo-char", "\ud800", "v", "char", '"\\ud800"'],
  ["echo-char", 97, "v", "char", "97"],
  ["echo-string", 5, "v", "string", "5"],
  ["echo-string", undefined, "v", "string", "nothing"],
  ["echo-string", new String("x"), "v", "string", '"x"'],
  ["echo-color", "purple", "v", "enum { red, green, blue, dark-slate-gray }", '"purple"'],
  ["echo-color", "darkSlateGray", "v", "enum { red, green, blue, dark-slate-gray }", '"darkSlateGray"'],
  ["echo-color", 0, "v", "enum { red, green, blue, dark-slate-gray }", "0"],
  ["echo-color", undefined, "v", "enum { red, green, blue, dark-slate-gray }", "nothing"],
  ["echo-flags1", { b0: 1 }, "v.b0", "bool", "1"],
  ["echo-flags1", ["b7"], "v", "flags { b0 }", '["b7"]'],
  ["echo-flags1", 1, "v", "flags { b0 }", "1"],
  ["echo-flags1", "b0", "v", "flags { b0 }", '"b0"'],
  ["echo-padded", { ...padded, g: "gg" }, "v.g", "char", '"gg"'],
  ["echo-padded", { ...padded, b: undefined }, "v.b", "u64", "nothing"],
  ["echo-one", null, "v", "record { only: u8 }", "null"],
  ["echo-one", 5, "v", "record { only: u8 }", "5"],
  ["echo-one", {}, "v.only", "u8", "nothing"],
  ["echo-person", { ...person, nickName: 5 }, "v.nick-name", "string", "5"],
  ["echo-person", { ...person, "nick-name": "x", tags: "abc" }, "v.tags", "list<string>", '"abc"'],
  ["echo-person", { ...person, tags: ["a", "b", 3] }, "v.tags[2]", "string", "3"],
  ["echo-person", [], "v.id", "u32", "nothing"],
  ["echo-list-person", [person, { ...person, active: 1 }], "v[1].active", "bool", "1"],
  ["echo-list-person", [person, undefined], "v[1]", PERSON, "nothing"],
  ["echo-list-u8", [1, 256], "v[1]", "u8", "256"],
  ["echo-list-u8", Uint16Array.of(1, 256), "v[1]", "u8", "256"],
  ["echo-list-u8", new ArrayBuffer(8), "v", "list<u8>", "{}"],
  ["echo-list-u32", [1, -1], "v[1]", "u32", "-1"],
  ["echo-list-u32", new Set([1]), "v", "list<u32>", "{}"],
  ["echo-list-u32", { length: -1 }, "v", "list<u32>", '{"length":-1}'],
  ["echo-list-u32", { length: 1.5 }, "v", "list<u32>", '{"length":1.5}'],
  ["echo-list-u32", { length: "1" }, "v", "list<u32>", '{"length":"1"}'],
  ["echo-list-char", "abc", "v", "list<char>", '"abc"'],
  ["echo-list-list-string", [["a"], [null]], "v[1][0]", "string", "null"],
  ["echo-tuple2", ["a"], "v", "tuple<string, s64>", '["a"]'],
  ["echo-tuple2", ["a", 1n, 2], "v", "tuple<string, s64>", '["a","1n",2]'],
  ["echo-tuple2", ["a", 0.5], "v[1]", "s64", "0.5"],
  ["echo-tuple2", "ab", "v", "tuple<string, s64>", '"ab"'],
  ["echo-tuple-nested", [[1, 2n], [["x"]]], "v[1][0][0]", "f32", '"x"'],
  ["echo-mixed", { tag: "text", val: 5 }, "v.text", "string", "5"],
  ["echo-mixed", { tag: "both", val: [1, 2.5] }, "v.both[1]", "u64", "2.5"],
  ["echo-mixed", { tag: "nothing" }, "v", "", '{"tag":"nothing"}'],
  ["echo-mixed", {}, "v", "", "{}"],
  ["echo-mixed", "none", "v", "", '"none"'],
  ["echo-bare", null, "v", "variant { a, b, c }", "null"],
  ["echo-option-u8", 256, "v", "u8", "256"],
  ["echo-option-option", undefined, "v", "option<option<u32>>", "nothing"],
  ["echo-option-option", 5, "v", "option<option<u32>>", "5"],
  ["echo-option-option", { tag: "some", val: "x" }, "v", "u32", '"x"'],
  ["echo-result", 5, "v", "result<u32, string>", "5"],
  ["echo-result", { tag: "ok", val: "5" }, "v.ok", "u32", '"5"'],
  ["echo-result", { tag: "err" }, "v.err", "string", "nothing"],
  ["echo-result-ok", { tag: "other" }, "v", "result<string>", '{"tag":"other"}'],
  ["echo-result-err", undefined, "v", "result<_, f64>", "nothing"],
  ["echo-result-none", undefined, "v", "result", "nothing"],
];

const instance: Exports = guest("kinds/kinds").instantiateSync().exports;
const echo: Exports = instance[ECHO];
const types = new Map(functionsOf(guest("kinds/kinds"), ECHO));

function badArgument(call: () => unknown): TypeError {
  const error = thrown(call);
  assert.ok(error instanceof TypeError, `not a TypeError: ${error}`);
  assert.match(error.message, /^parameter |^arguments /);
  return error;
}

Deno.test("a value that does not fit is a TypeError with path, WIT type and what came", () => {
  for (const [func, value, path, type, found] of table) {
    const { message } = badArgument(() => echo[camel(func)](value));
    const [, saidPath, said] = /^parameter (\S+) is ([^]*)$/.exec(message) ?? assert.fail(message);
    assert.equal(saidPath, path, message);
    if (type !== "") assert.ok(said!.startsWith(`${type}, got `), message);
    assert.ok(said!.includes(`, got ${found}`), message);
    assert.ok(message.includes(`${ECHO}#${func}: func(v: `), message);
  }
});

Deno.test("every kind of value is tried with a bad one", () => {
  const kinds = (list: readonly string[]) => new Set(list.map((f) => types.get(f)!.params[0]!.type.kind));
  const all = kinds([...types.keys()].filter((f) => f.startsWith("echo-")));
  assert.deepEqual([...all].filter((k) => !kinds(table.map(([f]) => f)).has(k)), []);
});

Deno.test("no function takes what is of no type at all, and the instance lives on", () => {
  const wrong = [
    Symbol("x"),
    () => {},
    -1n << 70n,
    new Date(0),
    Object.create(null),
    new Proxy({}, {}),
    "\ud800\ud800",
  ];
  for (const [func, type] of types) {
    if (!func.startsWith("echo-") || type.params[0]!.type.kind === "string") continue;
    for (const value of wrong) {
      // Flags may leave all out; an object without them is a value.
      if (type.params[0]!.type.kind === "flags" && typeof value === "object") continue;
      if (func === "echo-list-u8" && typeof value === "string") continue;
      if (func === "echo-option-string" && typeof value === "string") continue;
      badArgument(() => echo[camel(func)](value));
    }
  }
  assert.equal(echo["echoU8"](5), 5);
});

Deno.test("an argument too many is ignored, and one too few is nothing", () => {
  assert.equal(echo["echoU8"](5, "more"), 5);
  assert.equal(echo["echoOptionU8"](), undefined);
  assert.match(badArgument(() => echo["echoU8"]()).message, /parameter v is u8, got nothing/);
});

Deno.test("the parameter at fault is named, not only the first one", () => {
  const args = [1, 2, 3, 4n, -5, -6, -7, -8n, 0.5, 1.5, true, "x", 9, 10n, 2.5, 3.5];
  assert.match(badArgument(() => echo["sixteen"](...args.with(11, "xy"))).message, /parameter l is char/);
  assert.match(badArgument(() => echo["seventeen"](...args, 256)).message, /parameter q is u8, got 256/);
  assert.match(badArgument(() => echo["strings"]("", "", "", 4)).message, /parameter d is string, got 4/);
});

Deno.test("an argument whose own code throws: the error comes back, and the instance lives on", () => {
  const mine = new Error("mine");
  const throwing = {
    get id(): number {
      throw mine;
    },
  };
  assert.equal(thrown(() => echo["echoPerson"](throwing)), mine);
  assert.equal(thrown(() => echo["echoListPerson"]([person, throwing])), mine);
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  assert.throws(() => echo["echoPerson"](proxy), TypeError);
  assert.equal(echo["echoU8"](5), 5);
});

Deno.test("an argument whose own code calls into the instance is refused there, and the call goes on", () => {
  let refused: unknown;
  const calling = {
    get only(): number {
      refused = thrown(() => echo["echoU8"](1));
      return 7;
    },
  };
  assert.deepEqual(echo["echoOne"](calling), { only: 7 });
  assert.ok(refused instanceof Trap);
  assert.match(refused.message, /cannot enter/);
});

Deno.test("a long value is cut in the message, and one that holds itself can be told", () => {
  const { message } = badArgument(() => echo["echoU8"]("x".repeat(1000)));
  assert.ok(message.length < 200, message);
  const loop: unknown[] = [];
  loop.push(loop);
  badArgument(() => echo["echoU8"](loop));
  badArgument(() => echo["echoListString"](loop));
});

Deno.test("a list longer than the specification allows is refused before the guest is asked for room", () => {
  for (const length of [2 ** 28, 2 ** 32, 2 ** 53 - 1]) {
    assert.throws(
      () => guest("kinds/kinds").instantiateSync().exports[ECHO].echoListBool({ length }),
      /longer/,
    );
  }
});

Deno.test("a bad argument deep inside, after much was stored, harms no later call", () => {
  const many = Array.from({ length: 1000 }, () => person);
  for (let i = 0; i < 20; i++) {
    assert.match(
      badArgument(() => echo["echoListPerson"]([...many, 5])).message,
      /parameter v\[1000\] is record/,
    );
  }
  assert.deepEqual(echo["echoListPerson"](many), many);
});

/** What a host function returns, and what the guest's caller then sees. */
const returns: [func: string, value: unknown, message: RegExp][] = [
  ["echo-u8", 256, /returned 256 for result, expected u8/],
  ["echo-u8", 1n, /returned 1n for result, expected u8/],
  ["echo-string", 5, /returned 5 for result, expected string/],
  ["echo-person", { ...person, tags: [1] }, /returned 1 for result.tags\[0\], expected string/],
  ["echo-list-u8", undefined, /returned nothing for result, expected list<u8>/],
  ["echo-result", "x", /returned "x" for result, expected u32/],
  ["echo-option-option", 5, /returned 5 for result, expected option<option<u32>>/],
];

Deno.test("a host function that returns what does not fit is named with the type, and is the end of the guest", () => {
  for (const [func, value, message] of returns) {
    const given: Record<string, unknown> = {};
    for (const [name] of types) given[camel(name)] = () => value;
    const { exports } = guest("kinds/forward").instantiateSync({ [ECHO]: given });
    const arg = { "echo-u8": 1, "echo-string": "", "echo-person": person, "echo-list-u8": [] }[func] ??
      { tag: "ok", val: 1 };
    const argument = func === "echo-option-option" ? { tag: "none" } : arg;
    const error = thrown(() => exports[ECHO][camel(func)](argument));
    assert.ok(error instanceof TypeError, `${error}`);
    assert.match(error.message, message);
    assert.ok(error.message.includes(`${ECHO}#${func}`), error.message);
    assertDead(() => exports[ECHO].echoU8(1), error);
  }
});

Deno.test("a host function's err that does not fit is told as such", () => {
  const given: Record<string, unknown> = {};
  for (const [name] of types) given[camel(name)] = () => {};
  given["echoResult"] = () => {
    throw new ComponentError(5);
  };
  const { exports } = guest("kinds/forward").instantiateSync({ [ECHO]: given });
  const error = thrown(() => exports[ECHO].echoResult({ tag: "ok", val: 1 }));
  assert.ok(error instanceof TypeError);
  assert.match(error.message, /returned err 5 for err, expected string|err.*expected string/);
  assertDead(() => exports[ECHO].echoU8(1));
});

Deno.test("an unmarked host function that returns a promise is told so, whatever the type of its result", () => {
  for (const [name] of types) {
    if (!name.startsWith("echo-")) continue;
    const given: Record<string, unknown> = {};
    for (const [each] of types) given[camel(each)] = () => new Promise(() => {});
    const { exports } = guest("kinds/forward").instantiateSync({ [ECHO]: given });
    assert.throws(
      () => exports[ECHO][camel(name)](example(name)),
      /returned a promise but is not marked/,
      name,
    );
  }
});

/** Some value of each function's type, taken from what a guest of that type gives back for the plainest one. */
function example(name: string): unknown {
  const plain = (type: import("../../src/component/mod.ts").ValueType): unknown => {
    switch (type.kind) {
      case "bool":
        return false;
      case "u64":
      case "s64":
        return 0n;
      case "char":
        return "a";
      case "string":
        return "";
      case "list":
        return [];
      case "record":
        return Object.fromEntries(type.fields.map((f) => [camel(f.name), plain(f.type)]));
      case "tuple":
        return type.types.map(plain);
      case "variant":
        return { tag: type.cases[0]!.name, val: type.cases[0]!.type && plain(type.cases[0]!.type) };
      case "enum":
        return type.names[0];
      case "flags":
        return {};
      case "option":
        return type.type.kind === "option" ? { tag: "none" } : undefined;
      case "result":
        return { tag: "ok", val: type.ok && plain(type.ok) };
      default:
        return 0;
    }
  };
  return plain(types.get(name)!.params[0]!.type);
}
