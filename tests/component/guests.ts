/** What the tests of the engine share: the guests, and what is expected of errors. */
import assert from "node:assert/strict";
import { Component, type Exports, type FuncType, Trap } from "../../src/component/mod.ts";
import { denied, type Grant, type Package } from "../../src/grant/grant.ts";
import { wasi, type WasiImports, type WasiOptions } from "../../src/wasi/mod.ts";

const components = new Map<string, Component>();

/** A component of `tests/guests`, compiled once: `guest("kinds/kinds")`. */
export function guest(name: string): Component {
  return compiled(new URL(`../guests/${name}.wasm`, import.meta.url));
}

/** A hand-written component of `tests/component/wasm`. */
export function written(name: string): Component {
  return compiled(new URL(`wasm/${name}.wasm`, import.meta.url));
}

function compiled(url: URL): Component {
  let component = components.get(url.href);
  if (!component) components.set(url.href, component = Component.compileSync(Deno.readFileSync(url)));
  return component;
}

/** The functions of an exported interface, by the names that the binary has for them. */
export function functionsOf(component: Component, interfaceName: string): [name: string, type: FuncType][] {
  const type = component.exports.get(interfaceName);
  assert.equal(type?.kind, "instance", `there is no interface ${interfaceName}`);
  return [...type.exports].flatMap(([name, t]) => t.kind === "func" ? [[name, t] as [string, FuncType]] : []);
}

/** `foo-bar` → `fooBar`. */
export function camel(name: string): string {
  return name.replace(/-(\w)/g, (_, c: string) => c.toUpperCase());
}

const ALL: readonly Package[] = ["wasi:io", "wasi:cli", "wasi:clocks", "wasi:random", "wasi:filesystem"];

/** The hosts of a guest that may use all of WASI, with nothing mounted. */
export function hosts(more: Partial<Grant> = {}, options: WasiOptions = {}): WasiImports {
  return wasi({ ...denied, packages: new Set(ALL), ...more }, options);
}

/** A fresh instance of a guest on WASI hosts. */
export function onWasi(name: string): Exports {
  return guest(name).instantiateSync(hosts()).exports;
}

/** Any call of a dead instance fails with the first trap as its cause. */
export function assertDead(call: () => unknown, first?: unknown): void {
  assert.throws(call, (error: unknown) => {
    assert.ok(error instanceof Trap, `not a Trap: ${error}`);
    assert.match(error.message, /instance is dead/);
    if (first !== undefined) assert.equal(error.cause, first);
    return true;
  });
}

/** The error that a call throws; fails if it does not throw. */
export function thrown(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  assert.fail("it did not throw");
}

/** The error that a promise is rejected with. */
export async function rejection(promise: unknown): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  assert.fail("it was not rejected");
}
