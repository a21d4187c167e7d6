/** The guests are small, were built from the sources here, and have the imports and exports of the reference. */
import assert from "node:assert/strict";
import { Component } from "../../mod.ts";
import { inRepository } from "../support/airlock.ts";
import { component } from "../support/project.ts";
import { relative, walk } from "../support/tree.ts";

const HERE = inRepository("tests/acceptance");
const LARGEST = 100_000;

/** What the adapter of preview 1 brings along, in the version of jco 1.13.0. */
const STANDARD_LIBRARY = [
  "wasi:cli/environment@0.2.3",
  "wasi:cli/exit@0.2.3",
  "wasi:cli/stderr@0.2.3",
  "wasi:cli/stdin@0.2.3",
  "wasi:cli/stdout@0.2.3",
  "wasi:clocks/wall-clock@0.2.3",
  "wasi:filesystem/preopens@0.2.3",
  "wasi:filesystem/types@0.2.3",
  "wasi:io/error@0.2.3",
  "wasi:io/streams@0.2.3",
];

/** The imports and exports of the original's components. */
const WORLDS: Readonly<Record<string, readonly [imports: readonly string[], exports: readonly string[]]>> = {
  minimal_component: [["test:minimal/host@0.1.0"], ["compute", "compute-using-host"]],
  mapper_component: [
    ["test:mapper/types@0.1.0", ...STANDARD_LIBRARY],
    ["aggregate-tags", "filter-active", "transform-users"],
  ],
  complex_component: [["test:complex/types@0.1.0"], [
    "double-list",
    "echo-color",
    "echo-list-point",
    "echo-list-s32",
    "echo-list-string",
    "echo-permissions",
    "echo-person",
    "echo-point",
    "echo-rectangle",
    "echo-shape",
    "filter-adults",
    "maybe-point",
    "maybe-string",
    "sum-list",
    "swap-pair",
    "triple",
    "try-divide",
    "try-parse",
  ]],
  sleep_test_component: [
    ["wasi:clocks/monotonic-clock@0.2.8", "wasi:io/poll@0.2.8"],
    ["test-sleep"],
  ],
  http_greet_component: [[], ["greet"]],
};

for (const [name, [imports, exports]] of Object.entries(WORLDS)) {
  Deno.test(`The world of ${name} is that of the reference`, async () => {
    const found = await Component.compile(component(`tests/acceptance/app/src/test/wasm/${name}.wasm`));
    // The types that a world uses are imports of their own, by which nothing comes in.
    const imported = [...found.imports].filter(([, type]) => type.kind !== "type").map(([name]) => name);
    assert.deepEqual([imported.sort(), [...found.exports.keys()].sort()], [imports, exports]);
  });
}

Deno.test("The core module is one instruction", () => {
  assert.ok(component("tests/acceptance/app/src/test/wasm/answer_raw.wasm").length <= 60);
});

Deno.test("Every module is small", () => {
  const modules = [...walk(HERE)].filter((file) => file.endsWith(".wasm"));
  assert.ok(modules.length > 0);
  for (const file of modules) assert.ok(Deno.statSync(file).size < LARGEST, file);
});

Deno.test("Every module is built by a script of the guests, and every script builds one", () => {
  const named = [...walk(`${HERE}/guests`)].filter((file) => file.endsWith("/build.sh")).map((file) => {
    assert.ok((Deno.statSync(file).mode! & 0o100) !== 0, `${file} can be run`);
    return [...Deno.readTextFileSync(file).matchAll(/(\w+\.wasm)"?(?: p[12])?$/gm)].at(-1)?.[1];
  });
  const modules = [...walk(HERE)].filter((file) => file.endsWith(".wasm"))
    .map((file) => relative(HERE, file).split("/").at(-1));
  assert.deepEqual(named.sort(), modules.sort());
});
