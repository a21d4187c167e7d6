/** No guest without a test. */
import assert from "node:assert/strict";
import { inRepository } from "../support/airlock.ts";
import { walk } from "../support/tree.ts";

const tests = [...walk(inRepository("tests"))].filter((file) => file.endsWith(".ts"));
const text = tests.map((file) => Deno.readTextFileSync(file)).join("\n");

for (const { name, isDirectory } of Deno.readDirSync(inRepository("tests/guests"))) {
  if (!isDirectory) continue;
  Deno.test(`the guest ${name} has a test`, () => {
    const own = tests.some((file) => file.endsWith(`/tests/guests/${name}_test.ts`));
    assert.ok(own || text.includes(`${name}/`), `nothing in tests/ mentions ${name}/`);
  });
}
