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

for (const [fields, type, workers, buffer] of CASES) {
  Deno.test(`the pool ${JSON.stringify(fields ?? "absent")} is ${type} with ${workers} at once`, () => {
    assert.deepEqual(poolOf(fields), { type, workers, buffer, warmStart: false, workerClass: undefined });
  });
}
