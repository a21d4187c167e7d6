// The same of what `jco transpile --instantiation sync` makes: its core modules are compiled once. It runs from a
// directory of its own, beside calculator/.
import { readFileSync } from "node:fs";
import { instantiate } from "./calculator/calculator.js";

const modules = new Map();
const core = (name) => {
  let module = modules.get(name);
  if (module === undefined) {
    module = new WebAssembly.Module(readFileSync(new URL(`calculator/${name}`, import.meta.url)));
    modules.set(name, module);
  }
  return module;
};
instantiate(core, {});

const from = performance.now();
let instances = 0, ms = 0;
for (; ms < 1_000; ms = performance.now() - from) {
  if (instantiate(core, {}).add(20, 22) !== 42) throw new Error("20 + 22 is 42");
  instances++;
}
console.log(instances / ms * 1e3);
