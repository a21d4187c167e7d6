import assert from "node:assert/strict";
import { decode } from "../../src/component/binary/decode.ts";
import { DecodeError } from "../../src/component/error.ts";
import { validate } from "../../src/component/validate/validate.ts";
import type { Plan } from "../../src/component/validate/plan.ts";
import {
  component,
  exportDecl,
  externName,
  FUNC,
  instanceType,
  list,
  name,
  outerType,
  type Part,
  record,
  RESOURCE,
  section,
  STRING,
  typeIndex,
  types,
  typesOf,
  U32,
  U8,
  vec,
  vecOf,
} from "./bytes.ts";

// The rules themselves are covered by the specification's own scripts (tests/conformance). Here: what an
// error says and where, what the plan tells, and input that is made to be hard on its reader.

const imports = (...items: readonly Part[]) => section(10, vec(...items));
const exports = (...items: readonly Part[]) => section(11, vec(...items));
const func = (...params: readonly (readonly [string, Part])[]): Part => [
  0x40,
  vec(...params.map(([label, type]) => [name(label), type])),
  [0x01, 0x00],
];
const SUB_RESOURCE = [0x03, 0x01];
const eq = (index: number) => [0x03, 0x00, index];
const nested = (...sections: readonly Part[]) => section(4, component(...sections));
const plan = (...sections: readonly Part[]): Plan => validate(decode(component(...sections)));

interface Case {
  readonly title: string;
  readonly sections: readonly Part[];
  readonly offset: number;
  readonly message: RegExp;
}

const CASES: readonly Case[] = [
  {
    title: "an index out of bounds says of what, and how many there are",
    sections: [types(list(typeIndex(5)))],
    offset: 11,
    message: /unknown type 5: index out of bounds \(there are 0\)/,
  },
  {
    title: "a second definition is told by its own offset",
    sections: [types(U8, [0x6e, vec()])],
    offset: 12,
    message: /flags must have at least one entry/,
  },
  {
    title: "labels must be in kebab case",
    sections: [types(record(["noKebab", U8]))],
    offset: 11,
    message: /record field name `noKebab` is not in kebab case/,
  },
  {
    title: "labels that differ only in case conflict, and both are named",
    sections: [types([0x6d, vec(name("tcp-ip"), name("TCP-ip"))])],
    offset: 11,
    message: /enum tag name `TCP-ip` conflicts with previous name `tcp-ip`/,
  },
  {
    title: "an import with a name of no known form is told what was expected",
    sections: [types(FUNC), imports([externName("a:b"), 0x01, 0])],
    offset: 18,
    message: /import name `a:b` is not a valid extern name: expected `\/` after package name/,
  },
  {
    title: "a version must be a semantic one",
    sections: [types(FUNC), imports([externName("a:b/c@1.02.3"), 0x01, 0])],
    offset: 18,
    message: /`1\.02\.3` is not a semantic version/,
  },
  {
    title: "a method must take its own resource",
    sections: [
      imports([externName("a"), SUB_RESOURCE], [externName("b"), SUB_RESOURCE]),
      types([0x68, 0], func(["self", 2])),
      imports([externName("[method]b.run"), 0x01, 3]),
    ],
    offset: 39,
    message: /function `\[method\]b\.run` does not match expected resource name `a`/,
  },
  {
    title: "an import must not mention a type that has no name outside",
    sections: [types(record(["x", U8]), func(["p", 0])), imports([externName("f"), 0x01, 1])],
    offset: 26,
    message: /func not valid to be used as import: `f` mentions a type that has no name outside/,
  },
  {
    title: "an instantiation names the import that it was not given",
    sections: [
      nested(types(FUNC), imports([externName("f"), 0x01, 0])),
      section(5, vec([0x00, 0, vec()])),
    ],
    offset: 36,
    message: /missing import named `f` in instantiation/,
  },
  {
    title: "an outer alias must not take a resource into another component",
    sections: [types(RESOURCE), nested(section(6, vec([0x03, 0x02, 1, 0])))],
    offset: 27,
    message: /transitively refers to resources/,
  },
  {
    title: "values are refused by name",
    sections: [section(12, vec([U8, 1, 7]))],
    offset: 11,
    message: /value definitions are not supported/,
  },
];

for (const { title, sections, offset, message } of CASES) {
  Deno.test(`validate() fails: ${title}`, () => {
    assert.throws(() => plan(...sections), (error) => {
      assert.ok(error instanceof DecodeError, error instanceof Error ? error.stack : String(error));
      assert.match(error.message, message);
      assert.deepEqual({ offset: error.offset, code: error.code }, { offset, code: "invalid" });
      return true;
    });
  });
}

Deno.test("validate() says where inside a type an argument does not fit", () => {
  const wants = (type: Part) => nested(types(func(["p", type])), imports([externName("f"), 0x01, 0]));
  const gives = [types(list(STRING), func(["p", 0])), imports([externName("f"), 0x01, 1])];
  const instantiate = section(5, vec([0x00, 0, vec([name("f"), 0x01, 0])]));
  assert.throws(
    () => plan(...gives, wants(U32), instantiate),
    /type mismatch for import `f`: type mismatch in function parameter `p`: expected u32, found list/,
  );
  assert.throws(
    () =>
      plan(
        ...gives,
        nested(types(list(U32), func(["p", 0])), imports([externName("f"), 0x01, 1])),
        instantiate,
      ),
    /in function parameter `p`: type mismatch in list element: expected u32, found string/,
  );
  assert.ok(
    plan(
      ...gives,
      nested(types(list(STRING), func(["p", 0])), imports([externName("f"), 0x01, 1])),
      instantiate,
    ),
  );
});

Deno.test("validate() makes an export of a type another type, which alone is visible outside", () => {
  const before = [types(record(["x", U8])), exports([externName("r"), 0x03, 0, 0x00])];
  const with_ = (index: number) => [types(func(["p", index])), imports([externName("f"), 0x01, 2])];
  assert.throws(() => plan(...before, ...with_(0)), /func not valid to be used as import/);
  // An export is no name for imports.
  assert.throws(() => plan(...before, ...with_(1)), /func not valid to be used as import/);
  const imported = [types(record(["x", U8])), imports([externName("r"), eq(0)])];
  assert.throws(() => plan(...imported, ...with_(0)), /func not valid to be used as import/);
  assert.ok(plan(...imported, ...with_(1)));
});

Deno.test("validate() gives each instance of a component resources of its own", () => {
  const child = nested(types(RESOURCE), exports([externName("r"), 0x03, 0, 0x00]));
  const twice = section(5, vec([0x00, 0, vec()], [0x00, 0, vec()]));
  const { steps, slots } = plan(child, twice);
  const made = steps.filter((step) => step.op === "instantiate").map((step) => step.bind);
  assert.deepEqual(made, [[{ path: ["r"], slot: 0 }], [{ path: ["r"], slot: 1 }]]);
  assert.equal(slots, 2);
});

Deno.test("validate() gives no slot to a resource that a component keeps to itself", () => {
  const child = nested(types(RESOURCE));
  const { steps, slots } = plan(child, section(5, vec([0x00, 0, vec()])));
  assert.deepEqual(steps.map((step) => step.op), ["component", "instantiate"]);
  assert.equal(slots, 0);
});

Deno.test("validate() knows which core function a lowering is", () => {
  // A module that imports the lowered function as (func (param i32 i64)), which `(u8, u64) -> ()` is.
  const module = (type: Part) =>
    section(1, "\0asm", 1, 0, 0, 0, section(1, vec(type)), section(2, vec([name(""), name("f"), 0x00, 0])));
  const sections = (type: Part) => [
    types(func(["a", U8], ["b", 0x77])),
    imports([externName("f"), 0x01, 0]),
    section(8, vec([0x01, 0x00, 0, vec()])),
    module(type),
    section(2, vec([0x01, vec([name("f"), 0x00, 0])], [0x00, 0, vec([name(""), 0x12, 0])])),
  ];
  assert.ok(plan(...sections([0x60, vec(0x7f, 0x7e), vec()])));
  assert.throws(
    () => plan(...sections([0x60, vec(0x7f), vec()])),
    /type mismatch for export `f` of argument ``: expected: \(func \(param i32\)\), found: \(func \(param i32 i64\)\)/,
  );
});

Deno.test("validate() gives types the names under which they are imported and exported", () => {
  const { typeNames, type } = plan(
    types(record(["x", U8]), list(U8)),
    imports([externName("rec"), eq(0)], [externName("bytes"), eq(1)], [externName("octet"), [0x03, 0x00, 0]]),
  );
  assert.deepEqual([...typeNames.values()], ["rec", "bytes", "octet"]);
  assert.deepEqual([...type.imports.keys()], ["rec", "bytes", "octet"]);
});

const times = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i));

/** Instance types, each of which exports the one before twice. */
const doubling = (depth: number, first: Part) =>
  typesOf([
    first,
    ...times(
      depth,
      (i) => instanceType(outerType(i), exportDecl("a", [0x05, 0]), exportDecl("b", [0x05, 0])),
    ),
  ]);
const WITH_RESOURCE = instanceType(exportDecl("r", SUB_RESOURCE));
const importOf = (count: number, type: Part) =>
  section(10, vecOf(times(count, (i) => [externName(`i${i}`), type])));
const twoInstances = (previous: number) =>
  nested(
    section(6, vec([0x04, 0x02, 1, previous])),
    section(5, vec([0x00, 0, vec()], [0x00, 0, vec()])),
    exports([externName("a"), 0x05, 0, 0], [externName("b"), 0x05, 1, 0]),
  );

/** Small files that describe something huge; `message` is unset where the file is valid after all. */
const HOSTILE: readonly {
  readonly title: string;
  readonly sections: readonly Part[];
  readonly message?: RegExp;
}[] = [
  {
    title: "records of two of the record before, 40 deep",
    sections: [typesOf([
      record(["a", U8]),
      ...times(40, (i) => record(["a", typeIndex(i)], ["b", typeIndex(i)])),
    ])],
    message: /type size exceeds|maximum byte size/,
  },
  {
    title: "records of two lists of the record before, 40 deep",
    sections: [typesOf([
      record(["a", U8]),
      ...times(
        80,
        (i) => i % 2 === 0 ? list(typeIndex(i)) : record(["a", typeIndex(i)], ["b", typeIndex(i)]),
      ),
    ])],
    message: /type size exceeds/,
  },
  {
    title: "lists nested 100,000 deep",
    sections: [typesOf([list(U8), ...times(100_000, (i) => list(typeIndex(i)))])],
    message: /nested more than 100 deep/,
  },
  {
    title: "instance types that double, 40 deep",
    sections: [doubling(40, instanceType())],
    message: /type size exceeds/,
  },
  {
    title: "instance types with resources that double, 40 deep",
    sections: [doubling(40, WITH_RESOURCE)],
    message: /more than 10000 resource types/,
  },
  {
    title: "thousands of instance types that each renew thousands of resources",
    sections: [
      doubling(12, WITH_RESOURCE),
      typesOf(times(5_000, () => instanceType(outerType(12), exportDecl("a", [0x05, 0])))),
    ],
    message: /too large, or used too often/,
  },
  {
    title: "a large instance type imported very often",
    sections: [
      types([0x42, vecOf([[0x01, FUNC], ...times(50_000, (i) => exportDecl(`e${i}`, [0x01, 0]))])]),
      importOf(1_000, [0x05, 0]),
    ],
    message: /too large, or used too often/,
  },
  {
    title: "components that instantiate the one before twice, 60 deep",
    sections: [
      nested(types(RESOURCE), exports([externName("r"), 0x03, 0, 0])),
      ...times(60, (i) => twoInstances(i)),
    ],
    message: /more than 10000 resource types|type size exceeds/,
  },
  {
    title: "instances put together of two of the instance before, 60 deep",
    sections: [section(
      5,
      vecOf([
        [0x01, vec()],
        ...times(60, (i) => [0x01, vec([externName("a"), 0x05, i], [externName("b"), 0x05, i])]),
      ]),
    )],
    message: /type size exceeds/,
  },
  {
    title: "a name of a million words, of which the message quotes the beginning",
    sections: [imports([externName(`a${"-1".repeat(1_000_000)}!`), SUB_RESOURCE])],
    message: /^import name `a-1-1.{900,990}… \(at byte/,
  },
  {
    title: "a version of a million identifiers",
    sections: [imports([externName(`a:b/c@1.0.0-${"1.".repeat(1_000_000)}!`), SUB_RESOURCE])],
    message: /^import name `a:b\/c@1/,
  },
  {
    title: "a function of a thousand long parameters, lowered 100,000 times",
    sections: [
      types([0x67, U8, [0xff, 0xff, 0xff, 0x7f]], func(...times(1_000, (i) => [`p${i}`, 0] as const))),
      imports([externName("f"), 0x01, 1]),
      section(8, vecOf(times(100_000, () => [0x01, 0x00, 0x00, 0x00]))),
    ],
    message: /`memory` is required/,
  },
  {
    title: "an enum of ten thousand names in ten thousand functions",
    sections: [typesOf([
      [0x6d, vecOf(times(10_000, (i) => name(`e${i}`)))],
      ...times(10_000, () => func(["p", 0])),
    ])],
  },
];

for (const { title, sections, message } of HOSTILE) {
  Deno.test(`validate() is done with it in seconds: ${title}`, () => {
    const file = component(...sections);
    const started = performance.now();
    const check = () => validate(decode(file));
    if (message) {
      assert.throws(
        check,
        (e) => e instanceof DecodeError && message.test(e.message) || assert.fail(String(e)),
      );
    } else check();
    assert.ok(performance.now() - started < 10_000, "it took longer than that");
  });
}
