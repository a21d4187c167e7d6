/** 10,000 guests asleep at once in one process: what each costs, and when all are awake. Run as a program. */
import { Component } from "../../src/component/mod.ts";
import { denied } from "../../src/grant/grant.ts";
import { wasi } from "../../src/wasi/mod.ts";

/** What the program prints, as JSON. */
export interface Sleepers {
  readonly guests: number;
  readonly kibEach: number;
  readonly sleepMs: number;
  readonly awakeMs: number;
}

if (import.meta.main) {
  const guests = Number(Deno.args[0] ?? 10_000), sleepMs = Number(Deno.args[1] ?? 5_000);
  const component = Component.compileSync(
    Deno.readFileSync(new URL("../guests/sleeper/sleeper.wasm", import.meta.url)),
  );
  const grant = { ...denied, packages: new Set(["wasi:io", "wasi:poll", "wasi:clocks"] as const) };
  const make = async () => (await component.instantiate(wasi(grant))).exports;
  const first = await make();
  await first["test-sleep"].sleepMs(1);
  const instances = [];
  for (let i = 0; i < guests; i++) instances.push(await make());
  // What sleeping costs is what is there while all sleep, less what the instances themselves are.
  const rss = () => Deno.memoryUsage().rss;
  const before = rss(), from = performance.now();
  const calls = instances.map((e) => e["test-sleep"].sleepMs(sleepMs));
  await new Promise((resolve) => setTimeout(resolve, sleepMs / 2));
  const kibEach = (rss() - before) / guests / 1024;
  await Promise.all(calls);
  const result: Sleepers = { guests, kibEach, sleepMs, awakeMs: performance.now() - from };
  console.log(JSON.stringify(result));
}

/** Runs the program in a process of its own. */
export async function sleepers(): Promise<Sleepers> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    // V8 counts the memory that a guest declares (1.1 MB here) whether it is touched or not, and past about
    // 8 GB in all it collects garbage without end, unless its heap may be larger.
    args: ["run", "-A", "--v8-flags=--max-old-space-size=16384", new URL(import.meta.url).pathname],
    stderr: "inherit",
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout));
}
