import assert from "node:assert/strict";
import { decode } from "../../src/component/binary/decode.ts";
import type { Definition } from "../../src/component/binary/definition.ts";
import { DecodeError } from "../../src/component/error.ts";
import { coreModuleText } from "../../src/component/wit/core_text.ts";
import { printWit } from "../../src/component/wit/print.ts";
import { component, file, withGolden } from "./wit_support.ts";

/** What wasm-tools prints, where it is installed and agrees to. */
function wasmTools(path: string): string | undefined {
  try {
    const args = ["component", "wit", file(path).pathname];
    const { success, stdout } = new Deno.Command("wasm-tools", { args, stderr: "null" }).outputSync();
    return success ? new TextDecoder().decode(stdout) : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

const golden = withGolden();

Deno.test("there are components of many toolchains to compare with", () => {
  assert.ok(golden.length >= 10, `${golden.length} golden texts`);
});

for (const path of golden) {
  Deno.test(`the WIT of ${path} is what wasm-tools prints`, () => {
    const text = printWit(component(`${path}.wasm`));
    assert.equal(text, Deno.readTextFileSync(file(`${path}.wit.golden`)));
    assert.equal(text, wasmTools(`${path}.wasm`) ?? text);
  });
}

Deno.test("what WIT cannot express stands as a comment, and everything else around it", () => {
  assert.equal(
    printWit(component("component/wit/beyond.wasm")),
    `package root:component;

world root {
  // import m: a core module, which WIT cannot express
  // import c: a component, which WIT cannot express
  // import test:beyond/called: a function, which WIT cannot express
  import first: interface {
    resource thing;
  }
  import second: interface {
    // the same type as \`thing\` of an interface without a name
    resource thing {
      size: func() -> u32;
    }

    // inner: an instance, which WIT cannot express
  }
  import plain: func();

  // exported: a world has no way to say so
  record point {
    x: f32,
  }

  // export core: a core module, which WIT cannot express
  export f: func();
  export origin: func() -> point;
}
`,
  );
});

Deno.test("a component that imports and exports nothing has an empty world", () => {
  const empty = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00);
  assert.equal(printWit(decode(empty)), "package root:component;\n\nworld root {\n}\n");
});

Deno.test("documentation cannot command the terminal", () => {
  const definition = component("component/wit/documented.wasm");
  const bytes = new TextEncoder().encode('\u0001{"docs":"a\\u001b[31mb\\rc\\td\\r\\ne"}');
  const custom = [{ name: "package-docs", bytes, offset: 0 }];
  const text = printWit({ ...definition, custom });
  assert.ok(text.startsWith("/// a\ufffd[31mb\ufffdc\td\n/// e\npackage test:documented@0.2.1;\n"), text);
});

Deno.test("documentation that cannot be read is left out", () => {
  const definition = component("component/wit/documented.wasm");
  for (
    const json of ["\u0001{", "\u0002{}", "", "\u0001[1]", '\u0001{"interfaces":{"things":{"types":3}}}']
  ) {
    const custom = [{ name: "package-docs", bytes: new TextEncoder().encode(json), offset: 0 }];
    assert.ok(printWit({ ...definition, custom }).startsWith("package test:documented@0.2.1;\n"), json);
  }
});

Deno.test("a type that shares its parts more often than any text could say is an error", () => {
  const definitions: Definition[] = [];
  definitions.push({ offset: 8, kind: "type", type: { kind: "option", type: { kind: "u8" } } });
  for (let index = 0; index < 100; index++) {
    const half = { kind: "index", index } as const;
    definitions.push({ offset: 9, kind: "type", type: { kind: "tuple", types: [half, half] } });
  }
  assert.throws(() => printWit({ offset: 0, custom: [], definitions }), DecodeError);
});

Deno.test("a core module's imports and exports are one line each", () => {
  const { definitions } = component("component/wit/beyond.wasm");
  const modules = definitions.flatMap((d) => d.kind === "core module" ? [coreModuleText(d.bytes)] : []);
  assert.deepEqual(modules, [
    '(module\n  (export "f" (func))\n)\n',
    '(module\n  (export "origin" (func (result f32)))\n)\n',
  ]);
});

Deno.test("every kind of core import and export has its text, strange names escaped", () => {
  const name = (text: string) => [text.length, ...new TextEncoder().encode(text)];
  const section = (id: number, ...body: number[]) => [id, body.length, ...body];
  const bytes = Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, 1, 0x60, 2, 0x7f, 0x7e, 1, 0x7d),
    ...section(
      2,
      5,
      ...[...name("a"), ...name('q"\u001b'), 0x00, 0],
      ...[...name("a"), ...name("t"), 0x01, 0x70, 0x00, 1],
      ...[...name("a"), ...name("m"), 0x02, 0x03, 1, 2],
      ...[...name("a"), ...name("g"), 0x03, 0x7e, 1],
      ...[...name("a"), ...name("e"), 0x04, 0x00, 0],
    ),
    ...section(7, 1, ...name("again"), 0x03, 0),
  ]);
  assert.equal(
    coreModuleText(bytes),
    `(module
  (import "a" "q\\"\\u{1b}" (func (param i32 i64) (result f32)))
  (import "a" "t" (table 1 funcref))
  (import "a" "m" (memory 1 2 shared))
  (import "a" "g" (global (mut i64)))
  (import "a" "e" (tag (param i32 i64) (result f32)))
  (export "again" (global (mut i64)))
)
`,
  );
  assert.throws(() => coreModuleText(new Uint8Array(8)), DecodeError);
});
