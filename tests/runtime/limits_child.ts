/** Runs a guest that takes all the memory it can get, and prints what the process had before and after. */
import { Component } from "../../src/component/mod.ts";
import { component } from "../support/project.ts";
import { hosts } from "../component/guests.ts";

if (import.meta.main) {
  const maxMemoryBytes = Number(Deno.args[0]);
  const hungry = Component.compileSync(component("tests/guests/hungry/hungry.wasm"), { maxMemoryBytes });
  const run = async (piece: number) => {
    const imports = hosts({ args: ["hungry", String(piece)] }, {
      stdio: { stdout: { writeSync: (b) => b.length } },
    });
    const instance = await hungry.instantiate(imports);
    await instance.exports["wasi:cli/run@0.2.3"].run();
    return { instance, rss: Deno.memoryUsage().rss };
  };
  await run(maxMemoryBytes);
  const before = Deno.memoryUsage().rss;
  const { rss: after } = await run(10_000);
  console.log(JSON.stringify({ before, after }));
}
