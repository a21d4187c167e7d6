/** The exports of an instance as an object: of the first instance of a component, whose functions are made late, and of others. */
import assert from "node:assert/strict";
import { Component } from "../../src/component/mod.ts";
import { inRepository } from "../support/airlock.ts";

const bytes = Deno.readFileSync(inRepository("examples/calculator/calculator.wasm"));
const WHICH = ["first", "second"] as const;

function instance(which: (typeof WHICH)[number]) {
  const component = Component.compileSync(bytes);
  if (which === "second") component.instantiateSync();
  return component.instantiateSync().exports;
}

for (const which of WHICH) {
  Deno.test(`the exports of a ${which} instance: the same names, the same functions each time`, () => {
    const exports = instance(which);
    const names = ["add", "divide", "factorial", "summarize", "round", "format", "join"];
    assert.deepEqual(Object.keys(exports), [...names, "demo:calculator/shapes@0.1.0"]);
    assert.equal(exports.add(20, 22), 42);
    assert.equal(exports.add, exports.add);
    const { add, ...rest } = exports;
    assert.deepEqual([add(1, 2), Object.keys(rest).length], [3, 7]);
    assert.ok(Object.isFrozen(exports), "all of it has been asked for");
  });

  Deno.test(`the exports of a ${which} instance cannot be assigned to, and may be frozen`, () => {
    for (const settle of [Object.freeze, Object.seal, Object.preventExtensions]) {
      const exports = instance(which);
      const writable = exports as Record<string, unknown>;
      assert.throws(() => writable.add = 0, TypeError);
      assert.throws(() => writable.another = 0, TypeError);
      settle(exports);
      assert.equal(exports.add(20, 22), 42);
      assert.equal(exports.add, exports.add);
      const shapes = exports["demo:calculator/shapes@0.1.0"];
      assert.equal(typeof settle(shapes).area, "function");
    }
  });
}
