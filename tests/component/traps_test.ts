import assert from "node:assert/strict";
import { ComponentError, type Exports, Trap } from "../../src/component/mod.ts";
import { assertDead, guest, thrown, written } from "./guests.ts";

const WORK = "test:kinds/work@0.1.0";
const ECHO = "test:kinds/echo@0.1.0";

function trapOf(call: () => unknown): Trap {
  const error = thrown(call);
  assert.ok(error instanceof Trap, `not a Trap: ${error}`);
  assert.equal(error.name, "Trap");
  assert.equal(error.code, "trap");
  return error;
}

Deno.test("a trap tells what happened and which guest functions were on the stack", () => {
  const { exports } = guest("kinds/kinds").instantiateSync();
  const trap = trapOf(() => exports[WORK].trap());
  assert.match(trap.message, /wasm trap: unreachable/);
  assert.ok(trap.cause instanceof WebAssembly.RuntimeError);
  assert.ok(trap.frames.length > 0, "there are frames");
  for (const frame of trap.frames) assert.match(frame, /^\S.* at 0x[0-9a-f]+$/);
});

Deno.test("after a trap every call of every interface fails with the first trap as its cause", () => {
  const { exports } = guest("kinds/kinds").instantiateSync();
  assert.equal(exports[WORK].calls(), 0);
  const trap = trapOf(() => exports[WORK].trap());
  for (let i = 0; i < 3; i++) {
    assertDead(() => exports[WORK].calls(), trap);
    assertDead(() => exports[WORK].trap(), trap);
    assertDead(() => exports[ECHO].echoString("x"), trap);
    assertDead(() => exports[ECHO].echoU8("not even looked at"), trap);
  }
});

Deno.test("siblings of a dead instance live on, and new ones can be made", () => {
  const component = guest("kinds/kinds");
  const before = component.instantiateSync().exports;
  const dead = component.instantiateSync().exports;
  trapOf(() => dead[WORK].trap());
  const after = component.instantiateSync().exports;
  for (const live of [before, after]) {
    assert.equal(live[WORK].calls(), 0);
    assert.equal(live[WORK].calls(), 1);
  }
  assertDead(() => dead[WORK].calls());
});

Deno.test("an exhausted stack is a trap of the guest, not an error of the host", () => {
  const { exports } = written("recurse").instantiateSync();
  const trap = trapOf(() => exports["recurse"]());
  assert.match(trap.message, /call stack exhausted/);
  assert.ok(trap.cause instanceof RangeError);
  assert.ok(trap.frames.length > 0);
  assertDead(() => exports["recurse"](), trap);
});

Deno.test("a call made near the end of the host's own stack fails without harm to other instances", () => {
  const { exports } = guest("kinds/kinds").instantiateSync();
  const sibling = guest("kinds/kinds").instantiateSync().exports;
  const text = "x".repeat(100);
  const deeper = (): unknown => {
    try {
      exports[ECHO].echoString(text);
    } catch (error) {
      return error;
    }
    return deeper();
  };
  assert.throws(() => {
    throw deeper();
  });
  assert.equal(sibling[ECHO].echoString(text), text);
});

Deno.test("guest traps of each kind are told in the engine's words", () => {
  const kinds: [func: string, message: RegExp][] = [
    ["unreachable", /unreachable/],
    ["divide", /divide by zero/],
    ["outOfBounds", /out of bounds/],
    ["badIndirect", /table|null function|indirect/],
    ["overflow", /divide result unrepresentable|float unrepresentable/],
  ];
  for (const [func, message] of kinds) {
    const { exports } = written("wasm_traps").instantiateSync();
    const trap = trapOf(() => exports[func]());
    assert.match(trap.message, message, func);
    assert.ok(
      trap.frames.some((frame) => frame.includes(func.toLowerCase().slice(0, 3))),
      `${func}: ${trap.frames}`,
    );
    assertDead(() => exports["unreachable"](), trap);
  }
});

/** What a host function throws, and whether the guest's caller gets exactly that. */
const thrownByHost: [what: string, value: unknown][] = [
  ["an Error", new Error("mine")],
  ["a subclass with facts", Object.assign(new RangeError("mine"), { code: "E_MINE" })],
  ["a ComponentError, where the function has no result type", new ComponentError("payload")],
  ["a Trap", new Trap("mine")],
];

Deno.test("what a host function throws reaches the caller unchanged, and is the end of the guest", () => {
  for (const [what, value] of thrownByHost) {
    const add = () => {
      throw value;
    };
    const { exports } = guest("minimal/minimal").instantiateSync({ "test:minimal/host@0.1.0": { add } });
    assert.equal(exports["compute"](6, 7), 42);
    assert.equal(thrown(() => exports["computeUsingHost"](1, 2)), value, what);
    assertDead(() => exports["compute"](6, 7), value);
  }
});

Deno.test("what is no Error and thrown by a host function is a trap with it as the cause", () => {
  for (const value of ["text", 5, undefined, null, { tag: "x" }]) {
    const add = () => {
      throw value;
    };
    const { exports } = guest("minimal/minimal").instantiateSync({ "test:minimal/host@0.1.0": { add } });
    const trap = trapOf(() => exports["computeUsingHost"](1, 2));
    assert.equal(trap.cause, value);
    assertDead(() => exports["compute"](6, 7), trap);
  }
});

/** A host of the echoes of results that throws. */
function failing(value: unknown): Exports {
  const host: Record<string, unknown> = {};
  for (const name of Object.keys(guest("kinds/kinds").instantiateSync().exports[ECHO])) {
    host[name] = () => {
      throw value;
    };
  }
  return guest("kinds/forward").instantiateSync({ [ECHO]: host }).exports[ECHO];
}

Deno.test("ComponentError is the err side of a host function's result, and the guest lives on", () => {
  const echo = failing(new ComponentError("no such thing"));
  for (let i = 0; i < 3; i++) {
    const error = thrown(() => echo["echoResult"]({ tag: "ok", val: 1 }));
    assert.ok(error instanceof ComponentError);
    assert.equal(error.payload, "no such thing");
  }
});

Deno.test("so is an error with a payload, and what is no Error: hosts of other runtimes throw those", () => {
  const values: [given: unknown, payload: unknown][] = [
    [Object.assign(new Error("with payload"), { payload: "told" }), "told"],
    ["bare", "bare"],
  ];
  for (const [given, payload] of values) {
    const error = thrown(() => failing(given)["echoResult"]({ tag: "ok", val: 1 }));
    assert.ok(error instanceof ComponentError);
    assert.equal(error.payload, payload);
  }
});

Deno.test("another error in a function with a result is no err: it reaches the caller and ends the guest", () => {
  const mine = new TypeError("a bug");
  const echo = failing(mine);
  assert.equal(thrown(() => echo["echoResult"]({ tag: "ok", val: 1 })), mine);
  assertDead(() => echo["echoResult"]({ tag: "ok", val: 1 }), mine);
});

Deno.test("a host function cannot call back into the instance that called it", () => {
  let refused: unknown;
  const add = (a: number, b: number) => {
    refused = thrown(() => exports["compute"](a, b));
    return a + b;
  };
  const { exports } = guest("minimal/minimal").instantiateSync({ "test:minimal/host@0.1.0": { add } });
  // A host that takes the refusal goes on.
  assert.equal(exports["computeUsingHost"](1, 2), 3);
  assert.ok(refused instanceof Trap);
  assert.match(refused.message, /cannot enter component instance/);
  assert.equal(exports["compute"](6, 7), 42);
});

Deno.test("a host that lets the refusal pass ends the guest", () => {
  const add = (a: number, b: number): number => exports["compute"](a, b);
  const { exports } = guest("minimal/minimal").instantiateSync({ "test:minimal/host@0.1.0": { add } });
  const trap = trapOf(() => exports["computeUsingHost"](1, 2));
  assert.match(trap.message, /cannot enter component instance/);
  assertDead(() => exports["compute"](6, 7), trap);
});

Deno.test("a host function may call another instance of the same component, to any depth", () => {
  const component = guest("minimal/minimal");
  const chain = (depth: number): Exports => {
    const next = depth > 0 ? chain(depth - 1) : undefined;
    const add = (a: number, b: number) => next ? next["computeUsingHost"](a + 1, b) : a + b;
    return component.instantiateSync({ "test:minimal/host@0.1.0": { add } }).exports;
  };
  assert.equal(chain(20)["computeUsingHost"](0, 0), 20);
});

Deno.test("a trap in an instance deep in a chain of hosts ends those that were waiting for it", () => {
  const component = guest("minimal/minimal");
  const inner = written("wasm_traps").instantiateSync().exports;
  const add = (): number => inner["unreachable"]();
  const outer = component.instantiateSync({ "test:minimal/host@0.1.0": { add } }).exports;
  const trap = trapOf(() => outer["computeUsingHost"](1, 2));
  assertDead(() => inner["divide"](), trap);
  assertDead(() => outer["compute"](1, 2), trap);
});

Deno.test("a trap in a start function fails the instantiation", async () => {
  const trap = trapOf(() => written("start_trap").instantiateSync());
  assert.match(trap.message, /unreachable/);
  await assert.rejects(written("start_trap").instantiate(), Trap);
});
