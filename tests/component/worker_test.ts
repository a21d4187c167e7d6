import assert from "node:assert/strict";
import { Component } from "../../src/component/mod.ts";

const bytes = Deno.readFileSync(new URL("../../examples/calculator/calculator.wasm", import.meta.url));

Deno.test("a compiled component is sent to a worker and called there", async () => {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  try {
    const answer = new Promise<{ sum: number }>((resolve, reject) => {
      worker.onmessage = (event) => resolve(event.data);
      worker.onerror = (event) => reject(new Error(event.message));
    });
    worker.postMessage(Component.compileSync(bytes).data);
    assert.equal((await answer).sum, 42);
  } finally {
    worker.terminate();
  }
});

Deno.test("a component made from data uses the modules it was given, and compiles none", () => {
  const { modules } = Component.compileSync(bytes).data;
  assert.equal(modules.length, 2);
  const copy = Uint8Array.from(bytes);
  const made = Component.from({ bytes: copy, modules });
  assert.deepEqual(made.data.modules.map((m, i) => m === modules[i]), [true, true]);
  assert.equal(made.instantiateSync().exports.add(1, 2), 3);
});
