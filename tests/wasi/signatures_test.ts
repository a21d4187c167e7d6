/** Guests get the functions of WASI under their types, and nothing else that a host class has. */
import assert from "node:assert/strict";
import { Component, LinkError } from "../../src/component/mod.ts";
import { SIGNATURES } from "../../src/wasi/signatures.ts";
import { wasi } from "../../src/wasi/mod.ts";
import { denied } from "../../src/grant/grant.ts";

const packages = new Set(["wasi:io", "wasi:poll", "wasi:clocks", "wasi:random"] as const);
const load = (name: string) =>
  Component.compileSync(Deno.readFileSync(new URL(`../component/wasm/${name}.wasm`, import.meta.url)));

Deno.test("a method of a host class that is no function of WASI is missing", async () => {
  const component = load("watch");
  await assert.rejects(component.instantiate(wasi({ ...denied, packages })), (error: Error) => {
    assert.ok(error instanceof LinkError);
    assert.deepEqual(error.imports, ["wasi:io/poll@0.2.0#[method]pollable.watch"]);
    return true;
  });
  const asked: string[] = [];
  const missing = (name: string, func: string) => {
    asked.push(`${name}#${func}`);
    return new Error("refused");
  };
  const { exports } = await component.instantiate(wasi({ ...denied, packages }), { missing });
  assert.throws(() => exports.go(), /refused/);
  assert.deepEqual(asked, ["wasi:io/poll@0.2.0#[method]pollable.watch"]);
});

Deno.test("a function of WASI under another type is refused, and both types are said", () => {
  const component = load("retyped");
  assert.throws(() => component.instantiateSync(wasi({ ...denied, packages })), {
    name: "LinkError",
    message: "import wasi:random/random@0.2.0#get-random-u64 is func(extra: f64) -> u64, " +
      "the host's is func() -> u64",
  });
});

Deno.test("the signatures are of exactly the functions of the list", () => {
  const listed = Deno.readTextFileSync(new URL("functions.txt", import.meta.url)).split("\n")
    .filter((line) => line !== "" && !line.startsWith("#") && !line.includes("[resource-drop]"));
  const signed = Object.entries(SIGNATURES).flatMap(([name, functions]) =>
    Object.keys(functions).map((f) => `${name} ${f}`)
  );
  assert.deepEqual(signed.toSorted(), listed.toSorted());
});
