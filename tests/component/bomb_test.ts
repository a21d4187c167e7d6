import assert from "node:assert/strict";
import { Component, LinkError } from "../../src/component/mod.ts";

Deno.test("a component that asks for a billion instances is refused at once", () => {
  const bytes = Deno.readFileSync(new URL("./wasm/instance_bomb.wasm", import.meta.url));
  const component = Component.compileSync(bytes);
  const from = performance.now();
  assert.throws(() => component.instantiateSync(), (error: Error) => {
    assert.ok(error instanceof LinkError);
    assert.match(error.message, /more than 10000 instances of components inside it/);
    return true;
  });
  assert.ok(performance.now() - from < 5_000);
});
