import assert from "node:assert/strict";
import fc from "fast-check";
import { decode, layerOf } from "../../src/component/binary/decode.ts";
import { DecodeError } from "../../src/component/error.ts";
import { validate } from "../../src/component/validate/validate.ts";
import {
  bytes,
  component,
  externName,
  FUNC,
  list,
  name,
  type Part,
  PREAMBLE,
  section,
  types,
  vec,
} from "./bytes.ts";

interface Case {
  readonly title: string;
  readonly bytes: Uint8Array;
  readonly offset: number;
  readonly reading: string;
  readonly message: RegExp;
  readonly code?: "malformed" | "invalid";
}

// Everything in these components up to the byte at fault can be read; sections begin at byte 8.
const CASES: readonly Case[] = [
  {
    title: "an empty file ends before its magic number",
    bytes: bytes(),
    offset: 0,
    reading: "magic header (\\0asm)",
    message: /unexpected end/,
  },
  {
    title: "a file of another kind is told by its first wrong byte",
    bytes: bytes("\0elf", 0, 0, 0, 0),
    offset: 1,
    reading: "magic header (\\0asm)",
    message: /expected byte 0x61, found 0x65/,
  },
  {
    title: "a core module is called one",
    bytes: bytes("\0asm", 1, 0, 0, 0),
    offset: 4,
    reading: "version and layer",
    message: /found a core module, expected a component/,
  },
  {
    title: "a component of another version is told by its version",
    bytes: bytes("\0asm", 0x0e, 0, 1, 0),
    offset: 4,
    reading: "version",
    message: /unknown binary version 0x0e 0x00/,
  },
  {
    title: "an unknown layer is told",
    bytes: bytes("\0asm", 0x0d, 0, 2, 0),
    offset: 6,
    reading: "layer",
    message: /unknown layer 0x02/,
  },
  {
    title: "an unknown section is told by its id",
    bytes: component([13, 0]),
    offset: 10,
    reading: "section id",
    message: /malformed section id 13/,
  },
  {
    title: "a section longer than the file is refused before it is read",
    bytes: component([7, 0xff, 0xff, 0xff, 0xff, 0x0f]),
    offset: 14,
    reading: "section contents",
    message: /4294967295 bytes announced, 0 left/,
  },
  {
    title: "a section with bytes left over is refused",
    bytes: component([7, 2, 0, 0]),
    offset: 11,
    reading: "section contents",
    message: /bytes left over/,
  },
  {
    title: "a count larger than the section is refused before anything is allocated",
    bytes: component([7, 5, 0xff, 0xff, 0xff, 0xff, 0x0f]),
    offset: 10,
    reading: "type section",
    message: /4294967295 items announced/,
  },
  {
    title: "an integer of more than 32 bits is refused",
    bytes: component([7, 0x81, 0x80, 0x80, 0x80, 0x70]),
    offset: 9,
    reading: "section size",
    message: /integer too large/,
  },
  {
    title: "an integer of more than five bytes is refused",
    bytes: component([7, 0x81, 0x80, 0x80, 0x80, 0x80, 0x00]),
    offset: 9,
    reading: "section size",
    message: /representation too long/,
  },
  {
    title: "a name that is not UTF-8 is refused where its length stands",
    bytes: component(section(10, vec([0x00, 2, 0xff, 0xfe, 0x01, 0x00]))),
    offset: 12,
    reading: "extern name",
    message: /malformed UTF-8/,
  },
  {
    title: "an unknown type is told by its byte",
    bytes: component(types(0x62)),
    offset: 11,
    reading: "type",
    message: /unknown leading byte 0x62/,
  },
  {
    title: "an unknown value type inside another is told by its own byte",
    bytes: component(types(list(0x62))),
    offset: 12,
    reading: "value type",
    message: /unknown leading byte 0x62/,
  },
  {
    title: "an unknown canonical option is told",
    bytes: component(section(8, vec([0x01, 0x00, 0, vec(0x0a)]))),
    offset: 15,
    reading: "canonical option",
    message: /unknown leading byte 0x0a/,
  },
  {
    title: "an option given twice is invalid, not malformed",
    bytes: component(section(8, vec([0x01, 0x00, 0, vec([0x03, 0], [0x03, 0])]))),
    offset: 17,
    reading: "canonical options",
    message: /`memory` is specified more than once/,
    code: "invalid",
  },
  {
    title: "an unknown built-in is told",
    bytes: component(section(8, vec(0x07))),
    offset: 11,
    reading: "canonical function",
    message: /unknown leading byte 0x07/,
  },
  {
    title: "an outer alias of a sort that has none is refused",
    bytes: component(section(6, vec([0x01, 0x02, 0, 0]))),
    offset: 11,
    reading: "alias",
    message: /no outer alias may name a func/,
  },
  {
    title: "an import of an unknown kind is told",
    bytes: component(section(10, vec([externName("x"), 0x06, 0]))),
    offset: 14,
    reading: "extern type",
    message: /unknown leading byte 0x06/,
  },
  {
    title: "an import inside an instance type is refused",
    bytes: component(types([0x42, vec([0x03, externName("x"), 0x03, 0x01])])),
    offset: 13,
    reading: "instance type declaration",
    message: /unknown leading byte 0x03/,
  },
  {
    title: "an offset inside a nested component counts from the start of the file",
    bytes: component(section(4, PREAMBLE, types(0x62))),
    offset: 21,
    reading: "type",
    message: /unknown leading byte 0x62/,
  },
  {
    title: "a component where a core module should stand is refused",
    bytes: component(section(1, PREAMBLE)),
    offset: 10,
    reading: "core module",
    message: /expected a version header for a module/,
  },
  {
    title: "a core module with sections out of order is malformed",
    bytes: component(section(1, "\0asm", 1, 0, 0, 0, [2, 1, 0], [1, 1, 0])),
    offset: 21,
    reading: "core section id",
    message: /section 1 out of order/,
  },
  {
    title: "components nested too deep are refused",
    bytes: bytes(nested(200)),
    offset: 101 * 11,
    reading: "component",
    message: /nested more than 100 deep/,
  },
];

/** Components in components: each adds a preamble, a section id and a size, in 11 bytes where it is large. */
function nested(depth: number): Part {
  let inner: Uint8Array = bytes(PREAMBLE);
  for (let i = 1; i < depth; i++) inner = component(section(4, inner));
  return inner;
}

for (const { title, bytes, offset, reading, message, code = "malformed" } of CASES) {
  Deno.test(`decode() fails: ${title}`, () => {
    assert.throws(() => validate(decode(bytes)), (error) => {
      assert.ok(error instanceof DecodeError, String(error));
      assert.match(error.message, message);
      assert.deepEqual(
        { offset: error.offset, reading: error.reading, code: error.code },
        { offset, reading, code },
      );
      return true;
    });
  });
}

Deno.test("decode() keeps definitions in order, with the offset of each", () => {
  const { definitions, custom } = decode(
    component(section(0, name("note"), "hi"), types(FUNC), section(10, vec([externName("f"), 0x01, 0]))),
  );
  assert.deepEqual(definitions.map(({ kind, offset }) => [kind, offset]), [["type", 20], ["import", 27]]);
  assert.deepEqual(custom.map((c) => [c.name, c.offset, new TextDecoder().decode(c.bytes)]), [[
    "note",
    8,
    "hi",
  ]]);
});

Deno.test("decode() gives core modules as views of the same bytes", () => {
  const file = component(section(1, "\0asm", 1, 0, 0, 0));
  const [module] = decode(file).definitions;
  assert.ok(module?.kind === "core module");
  assert.equal(module.bytes.buffer, file.buffer);
  assert.equal(module.bytes.byteOffset, 10);
});

Deno.test("layerOf() tells components, modules and other files apart", () => {
  assert.equal(layerOf(bytes(PREAMBLE)), "component");
  assert.equal(layerOf(bytes("\0asm", 1, 0, 0, 0)), "module");
  assert.equal(layerOf(bytes("\0asm")), undefined);
  assert.equal(layerOf(bytes("#!/bin/sh")), undefined);
});

Deno.test("decode() and validate() refuse or accept any bytes after a preamble, and throw nothing else", () => {
  const anything = fc.array(
    fc.oneof(
      fc.tuple(fc.integer({ min: 0, max: 12 }), fc.uint8Array({ maxLength: 40 })).map(([id, rest]) =>
        section(id, rest)
      ),
      fc.tuple(fc.constantFrom(2, 3, 5, 6, 7, 8, 10, 11), fc.array(fc.uint8Array({ maxLength: 12 }))).map((
        [id, items],
      ) => section(id, vec(...items))),
    ),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(anything, (sections) => {
      try {
        validate(decode(component(...sections)));
      } catch (error) {
        assert.ok(error instanceof DecodeError, error instanceof Error ? error.stack : String(error));
      }
    }),
    { numRuns: 2_000 },
  );
});
