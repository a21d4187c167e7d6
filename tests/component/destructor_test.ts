import assert from "node:assert/strict";
import { Component } from "../../src/component/mod.ts";

const component = Component.compileSync(
  Deno.readFileSync(new URL("./wasm/blocking_destructor.wasm", import.meta.url)),
);

/** An instance whose destructors wait until they are let go. */
async function instance() {
  const waiting: (() => void)[] = [];
  const wait = () => new Promise<void>((resolve) => waiting.push(resolve));
  const { exports } = await component.instantiate({ "test:host/wait": { wait: async () => await wait() } });
  return { exports, waiting };
}

Deno.test("a guest that drops its own resource waits for the destructor", async () => {
  const { exports, waiting } = await instance();
  const call = exports.makeAndDrop(5);
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal(waiting.length, 1);
  waiting[0]!();
  await call;
  assert.equal(await exports.dropped(), 5);
});

Deno.test("asyncDispose waits for a destructor that blocks", async () => {
  const { exports, waiting } = await instance();
  const object = await exports.make(7);
  const dropped = object[Symbol.asyncDispose]();
  await new Promise((resolve) => setTimeout(resolve));
  waiting[0]!();
  await dropped;
  await object[Symbol.asyncDispose]();
  assert.equal(await exports.dropped(), 7);
});

Deno.test("dispose does not wait, and calls are refused until the destructor has ended", async () => {
  const { exports, waiting } = await instance();
  const object = await exports.make(3);
  object[Symbol.dispose]();
  await new Promise((resolve) => setTimeout(resolve));
  await assert.rejects(exports.dropped(), /cannot enter component instance: a call into it is under way/);
  waiting[0]!();
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal(await exports.dropped(), 3);
});
