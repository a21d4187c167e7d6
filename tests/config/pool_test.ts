import assert from "node:assert/strict";
import { poolOf } from "../../src/config/pool.ts";

type Fields = Parameters<typeof poolOf>[0];

const CASES: [fields: Fields, type: string, workers: number, buffer: number][] = [
  [undefined, "lazy", 100, 0],
  [{}, "lazy", 100, 0],
  [{ type: "" }, "lazy", 100, 0],
  [{ max_size: 3 }, "lazy", 3, 0],
  [{ size: 2, max_size: 3 }, "lazy", 3, 0],
  [{ size: 2 }, "inline", 1, 0],
  [{ type: "inline", workers: 4, size: 4, buffer: 4 }, "inline", 1, 0],
  [{ type: "lazy" }, "lazy", 16, 0],
  [{ type: "lazy", max_size: 2 }, "lazy", 2, 0],
  [{ workers: 1, size: 1 }, "static", 1, 64],
  [{ type: "static" }, "static", 8, 512],
  [{ type: "static", size: 3 }, "static", 3, 192],
  [{ type: "static", size: 1, workers: 2, buffer: 8 }, "static", 2, 8],
  [{ type: "adaptive" }, "adaptive", 16, 1024],
  [{ type: "adaptive", max_size: 2 }, "adaptive", 2, 128],
];

const DEDICATED: [fields: NonNullable<Fields>, workers: number, buffer: number][] = [
  [{ worker_class: "wasm", type: "lazy", max_size: 50, size: 8, workers: 2 }, 2, 128],
  [{ worker_class: "wasm", type: "inline", workers: 3, buffer: 5 }, 3, 5],
];

for (const [fields, workers, buffer] of DEDICATED) {
  Deno.test(`the pool ${JSON.stringify(fields)} is static with ${workers} processes, whatever type it names`, () => {
    const workerClass = fields.worker_class;
    assert.deepEqual(poolOf(fields), { type: "static", workers, buffer, warmStart: false, workerClass });
  });
}

Deno.test("a class of workers without a number has one for each processor, and no more than four", () => {
  const { workers, buffer } = poolOf({ worker_class: "wasm" });
  assert.equal(workers, Math.min(navigator.hardwareConcurrency, 4));
  assert.equal(buffer, workers * 64);
});

for (const [fields, type, workers, buffer] of CASES) {
  Deno.test(`the pool ${JSON.stringify(fields ?? "absent")} is ${type} with ${workers} at once`, () => {
    assert.deepEqual(poolOf(fields), { type, workers, buffer, warmStart: false, workerClass: undefined });
  });
}
