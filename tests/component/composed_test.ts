import assert from "node:assert/strict";
import { ComponentError, Trap } from "../../src/component/mod.ts";
import { guest, hosts, rejection } from "./guests.ts";

const STORE = "test:composed/store@0.1.0";
const APP = "test:composed/app@0.1.0";

// deno-lint-ignore no-explicit-any -- exports are not typed
function fresh(): { store: any; app: any } {
  const { exports } = guest("composed/composed").instantiateSync(hosts());
  return { store: exports[STORE], app: exports[APP] };
}

Deno.test("a handle made by one component is handed out by another, as an object of the first one's class", async () => {
  const { store, app } = fresh();
  const item = await app.make("made");
  assert.ok(item instanceof store.Item);
  assert.equal(await item.name(), "made");
  assert.equal(await store.alive(), 1);
  const found = await app.find("found");
  assert.equal(await store.names([item, found]), "made, found");
  assert.equal(await store.take(found), "found");
  await item[Symbol.asyncDispose]();
  assert.equal(await store.alive(), 0);
});

Deno.test("an item made for one component is lent through the other, twice in one call", async () => {
  const { store, app } = fresh();
  const item = await new store.Item("twice");
  assert.equal(await app.describe(item), "twice, twice");
  assert.equal(await item.name(), "twice");
  assert.equal(await store.alive(), 1);
});

Deno.test("an item given to one component and by it to the other is gone", async () => {
  const { store, app } = fresh();
  const item = await new store.Item("gone");
  assert.equal(await app.discard(item), "gone");
  assert.equal(await store.alive(), 0);
  const error = await rejection(app.describe(item));
  assert.ok(error instanceof TypeError);
  assert.match(error.message, /dropped, given away or has expired/);
  item[Symbol.dispose]();
  assert.equal(await app.add(1, 2), 3);
});

Deno.test("an err crosses both components", async () => {
  const { store, app } = fresh();
  const error = await rejection(app.find(""));
  assert.ok(error instanceof ComponentError);
  assert.equal(error.payload, "no name");
  assert.equal(await store.alive(), 0);
});

Deno.test("handles that one component makes and drops at the other leave nothing behind", async () => {
  const { store, app } = fresh();
  assert.equal(await app.churn(5_000), 0);
  assert.equal(await store.alive(), 0);
});

Deno.test("an item of another instance of the same composition is refused", async () => {
  const one = fresh(), two = fresh();
  const item = await new one.store.Item("mine");
  assert.match((await rejection(two.app.describe(item)) as Error).message, /expected an object of item/i);
  assert.equal(await one.app.describe(item), "mine, mine");
});

Deno.test("a trap in one component is the end of both, and of no other instance", async () => {
  const { store, app } = fresh();
  const sibling = fresh();
  const trap = await rejection(app.trap());
  assert.ok(trap instanceof Trap);
  assert.match(trap.message, /unreachable/);
  for (
    const call of [() => app.add(1, 2), () => store.add(1, 2), () => store.alive(), () => new store.Item("x")]
  ) {
    const error = await rejection(call());
    assert.throws(() => {
      throw error;
    }, /instance is dead/);
    assert.equal((error as Trap).cause, trap);
  }
  assert.equal(await sibling.app.add(1, 2), 3);
});

Deno.test("a component that can suspend none of its calls stays synchronous inside a composition that can", () => {
  const through = guest("kinds/through").instantiateSync();
  assert.equal(through.suspends, false);
  assert.equal(through.exports["test:kinds/echo@0.1.0"].echoU8(1), 1);
});
