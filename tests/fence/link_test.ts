/** The fence table: what the link holds with no other wall. */
import assert from "node:assert/strict";
import { inRepository } from "../support/airlock.ts";
import { acts } from "./acts.ts";
import { check } from "./check.ts";
import { runLink } from "./link.ts";
import { linkOf, strangers } from "./link_acts.ts";

const linux = Deno.build.os === "linux";

Deno.test({
  name: "behind the link alone, guests in a process that may do everything",
  ignore: !linux,
  async fn(t) {
    await check(t, await runLink("whatever"), await runLink("world"), "link", Deno.uid() === 0);
  },
});

Deno.test("every act has a row in the link's column, and no row is of nothing", () => {
  for (const { act } of acts) linkOf(act);
  assert.deepEqual(strangers, []);
});

Deno.test("what the table calls absent has no function in all of WASI", () => {
  const functions = Deno.readTextFileSync(inRepository("tests/wasi/functions.txt")).split("\n")
    .filter((line) => /^wasi:/.test(line));
  assert.ok(functions.length > 150, "the list is there");
  for (const { act } of acts) {
    const link = linkOf(act);
    if (!("absent" in link)) continue;
    assert.deepEqual(functions.filter((name) => link.absent.test(name)), [], act);
  }
});

/** What the interfaces of WASI reach, all of them: none of it is a process, native code, a module or the kernel's own. */
const REACH: Readonly<Record<string, string>> = {
  "wasi:cli": "arguments, variables, the standard streams, the guest's end",
  "wasi:clocks": "the time",
  "wasi:filesystem": "directories of the mounts",
  "wasi:http": "hosts, and whoever calls",
  "wasi:io": "streams of the others",
  "wasi:random": "random numbers",
  "wasi:sockets": "hosts",
};

Deno.test("WASI reaches nothing that the table has no acts for", () => {
  const text = Deno.readTextFileSync(inRepository("tests/wasi/functions.txt"));
  const packages = new Set([...text.matchAll(/^(wasi:[a-z]+)\//gm)].map(([, name]) => name!));
  assert.deepEqual([...packages].sort(), Object.keys(REACH).sort());
});
