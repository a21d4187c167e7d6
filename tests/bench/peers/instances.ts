/**
 * How many instances a second, compiled once, each called once: `deno run instances.ts <calculator.wasm>`. With a second
 * word, of the core module alone, which is the floor.
 */
import { Component } from "../../../src/component/mod.ts";

const [file, alone] = Deno.args;
const component = Component.compileSync(Deno.readFileSync(file!));
const [core] = component.data.modules;

type Add = (a: number, b: number) => number;
interface Core {
  readonly _initialize: () => void;
  readonly add: Add;
}

const add = (): Add => {
  if (alone === undefined) return component.instantiateSync().exports["add"];
  const exports = new WebAssembly.Instance(core!).exports as unknown as Core;
  exports._initialize();
  return exports.add;
};

const from = performance.now();
let instances = 0, ms = 0;
for (; ms < 1_000; ms = performance.now() - from) {
  if (add()(20, 22) !== 42) throw new Error("20 + 22 is 42");
  instances++;
}
console.log(instances / ms * 1e3);
