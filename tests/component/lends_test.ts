/** What a component lends to another stays until the call has ended, whatever is called back meanwhile. */
import assert from "node:assert/strict";
import { Trap } from "../../src/component/mod.ts";
import { assertDead, thrown, written } from "./guests.ts";

Deno.test("a handle that is lent to a component inside cannot be dropped by what that calls back", () => {
  const { exports } = written("lends").instantiateSync();
  exports["run"](false, 3);
  const error = thrown(() => exports["run"](true, 1));
  assert.ok(error instanceof Trap, String(error));
  assert.match(error.message, /handle 1 cannot be removed while it is lent/);
  assertDead(() => exports["run"](false, 1), error);
});

Deno.test("what was lent and has come back is the lender's again, any number of times", () => {
  const { exports } = written("lends").instantiateSync({}, { maxHandles: 2 });
  for (let i = 0; i < 100; i++) exports["run"](false, 100);
});
