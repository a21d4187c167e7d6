// The same of what `jco transpile --instantiation sync` makes, with preview2-shim. One that sleeps holds up the thread
// that it is in, so the others sleep after it.
import { readFileSync } from "node:fs";
import process from "node:process";
import { WASIShim } from "@bytecodealliance/preview2-shim/instantiation";
import { instantiate } from "./peer-wasip2/peer-wasip2.js";

const [guests, ms] = process.argv.slice(2);
const modules = new Map();
const core = (name) => {
  let module = modules.get(name);
  if (module === undefined) {
    module = new WebAssembly.Module(readFileSync(new URL(`peer-wasip2/${name}`, import.meta.url)));
    modules.set(name, module);
  }
  return module;
};
const imports = new WASIShim({ sandbox: { args: ["peer", "sleep", ms] } }).getImportObject();
const instances = Array.from({ length: Number(guests) }, () => instantiate(core, imports));
const from = performance.now();
for (const { run } of instances) run.run();
console.log(performance.now() - from);
