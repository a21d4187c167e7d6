import assert from "node:assert/strict";
import { Component, LinkError, Trap } from "../../src/component/mod.ts";

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

const greedy = Component.compileSync(
  Deno.readFileSync(new URL("./wasm/greedy.wasm", import.meta.url)),
);

const TOO_MUCH = /the values of one call would take the host more than 1073741824 bytes/;

/** What a guest of 16 MiB asks the host to hold. */
const bombs: readonly [what: string, call: string, args: readonly number[]][] = [
  ["a million strings that are all the same 4 MiB", "strings", [1_000_000, 1 << 22]],
  ["300 strings of 4 MiB", "strings", [300, 1 << 22]],
  ["a list of 16.7 million booleans", "booleans", [16_777_200]],
];

for (const [what, call, args] of bombs) {
  Deno.test(`a guest that returns ${what} traps`, () => {
    const { exports } = greedy.instantiateSync();
    const from = performance.now();
    assert.throws(() => exports[call](...args), (error: Error) => {
      assert.ok(error instanceof Trap, String(error));
      assert.match(error.message, TOO_MUCH);
      return true;
    });
    assert.ok(performance.now() - from < 10_000);
  });
}

Deno.test("what one call may hold, every call may: nothing adds up", () => {
  const { exports } = greedy.instantiateSync();
  for (let i = 0; i < 5; i++) {
    assert.equal(exports.strings(100, 1 << 22).length, 100);
    assert.equal(exports.booleans(1_000_000).length, 1_000_000);
  }
});

Deno.test("an object with a method `then` is no promise: a call that returns one ends", async () => {
  const { exports } = Component.compileSync(
    Deno.readFileSync(new URL("./wasm/then.wasm", import.meta.url)),
  ).instantiateSync();
  const thing = await Promise.resolve(exports.make());
  assert.equal(thing.then, undefined);
  assert.equal(thing.then_(), 7);
});
