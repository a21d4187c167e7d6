/** How long until guests that sleep in one process are all awake: `deno run asleep.ts <component> <guests> <ms>`. */
import { Component } from "../../../src/component/mod.ts";
import { denied, type Grant } from "../../../src/grant/grant.ts";
import { wasi } from "../../../src/wasi/mod.ts";

const [file, guests, ms] = Deno.args;
const component = Component.compileSync(Deno.readFileSync(file!));
const grant: Grant = {
  ...denied,
  packages: new Set(["wasi:io", "wasi:poll", "wasi:clocks", "wasi:cli", "wasi:filesystem"]),
  args: ["peer", "sleep", ms!],
};
const [run] = [...component.exports.keys()].filter((name) => name.startsWith("wasi:cli/run@"));
const instances = await Promise.all(
  Array.from({ length: Number(guests) }, () => component.instantiate(wasi(grant))),
);
const from = performance.now();
await Promise.all(instances.map(({ exports }) => exports[run!].run()));
console.log(performance.now() - from);
