/** What components import and entries do not declare, and the other way round. */
import assert from "node:assert/strict";
import { Component } from "../../mod.ts";
import { load } from "../../src/registry/load.ts";
import { printFinding } from "../../src/runtime/check.ts";
import { checkImports } from "../../src/runtime/check_imports.ts";
import { entry, HEAD, project } from "../support/project.ts";

const text = (value: string) => [value.length, ...new TextEncoder().encode(value)];
const section = (id: number, items: readonly number[][]) => {
  const body = [items.length, ...items.flat()];
  assert.ok(body.length < 0x4000);
  return [id, body.length & 0x7f | 0x80, body.length >> 7, ...body];
};

/** A component that imports a function `f` of each of these interfaces, and no more. */
function importing(names: readonly string[]): Uint8Array<ArrayBuffer> {
  // A type of instances: of a function without parameters and result, and of an export that has it.
  const type = [0x42, 2, 0x01, 0x40, 0, 0x01, 0, 0x04, 0, ...text("f"), 0x01, 0];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0],
    ...section(7, [type]),
    ...section(10, names.map((name) => [0, ...text(name), 0x05, 0])),
  ]);
}

async function found(imports: string, names: readonly string[]): Promise<string[]> {
  const hash = `sha256:${"0".repeat(64)}`;
  await using folder = await project({
    "app.yaml": HEAD + entry({ path: "c.wasm", hash, method: "run", imports }),
  });
  const registry = load(`${folder.directory}/app.yaml`);
  const component = await Component.compile(importing(names));
  return checkImports(registry.findWasm("it"), component)
    .map((finding) => printFinding(finding).replace(`${folder.directory}/`, ""));
}

const HERE = "app.yaml:10:5: warning: app:it";
const AT = "@0.2.6";

const ROWS: readonly (readonly [imports: string, names: readonly string[], findings: readonly string[]])[] = [
  ["[wasi:cli]", [`wasi:cli/exit${AT}`, `wasi:cli/stdin${AT}`], []],
  ["[]", [`wasi:cli/exit${AT}`], [
    `${HERE} imports wasi:cli/exit${AT}, which is not declared: calls of it trap; ` +
    "to allow it, declare imports: [wasi:cli]",
  ]],
  ["[]", [
    `wasi:clocks/wall-clock${AT}`,
    `wasi:cli/stdin${AT}`,
    `wasi:io/poll${AT}`,
    "acme:things/b",
    `wasi:clocks/monotonic-clock${AT}`,
    "acme:things/a",
    "acme:other/a@1.0.0",
    `wasi:io/streams${AT}`,
  ], [
    `${HERE} imports wasi:clocks/wall-clock${AT}, wasi:clocks/monotonic-clock${AT}, which are not declared: ` +
    "calls of them trap; to allow them, declare imports: [wasi:clocks]",
    `${HERE} imports wasi:cli/stdin${AT}, which is not declared: calls of it trap; ` +
    "to allow it, declare imports: [wasi:cli]",
    `${HERE} imports wasi:io/poll${AT}, wasi:io/streams${AT}, which are not declared: calls of them trap; ` +
    "to allow them, declare imports: [wasi:io]",
    `${HERE} imports acme:things/b, acme:things/a, which are not declared: calls of them trap; ` +
    "no host provides them",
    `${HERE} imports acme:other/a@1.0.0, which is not declared: calls of it trap; no host provides it`,
  ]],
  ["[wasi:poll]", [`wasi:io/poll${AT}`, `wasi:io/streams${AT}`, `wasi:io/error${AT}`], [
    `${HERE} imports wasi:io/streams${AT}, wasi:io/error${AT}, which are not declared: calls of them trap; ` +
    "to allow them, declare imports: [wasi:io]",
  ]],
  ["[wasi:random]", [`wasi:io/poll${AT}`], [
    `${HERE} imports wasi:io/poll${AT}, which is not declared: calls of it trap; ` +
    "to allow it, declare imports: [wasi:poll]",
    "app.yaml:10:15: warning: app:it declares wasi:random, which the component does not import",
  ]],
];

Deno.test("what is imported and not declared is one finding for each package, and names every interface", async () => {
  for (const [imports, names, expected] of ROWS) {
    assert.deepEqual(await found(imports, names), expected, `${imports} ${names}`);
  }
});
