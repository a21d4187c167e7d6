import assert from "node:assert/strict";
import { canSuspend } from "../../src/component/link/suspending.ts";
import { wasi, WASI_VERSION } from "../../src/wasi/mod.ts";
import { ALL, grantOf } from "./support.ts";

const list = (await Deno.readTextFile(new URL("functions.txt", import.meta.url)))
  .split("\n").filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => line.split(" ") as [string, string]);

const BLOCKING = new Set([
  "poll",
  "[method]pollable.block",
  "[method]input-stream.blocking-read",
  "[method]input-stream.blocking-skip",
  "[method]output-stream.blocking-flush",
  "[method]output-stream.blocking-splice",
  "[method]output-stream.blocking-write-and-flush",
  "[method]output-stream.blocking-write-zeroes-and-flush",
]);

const camel = (name: string) => name.replace(/-(\w)/g, (_, c: string) => c.toUpperCase());
const pascal = (name: string) => camel(`-${name}`);

Deno.test("every function of the WIT is there, and only the blocking ones may suspend", () => {
  const imports = wasi(grantOf(ALL));
  assert.ok(list.length > 75, "the list of functions is there");
  for (const [face, name] of list) {
    const found = find(imports[`${face}@${WASI_VERSION}`], name);
    assert.equal(typeof found, "function", `${face} ${name}`);
    assert.equal(canSuspend(found), BLOCKING.has(name), `${face} ${name} suspends`);
  }
});

Deno.test("there is no interface and no function beside those of the WIT", () => {
  const known = new Set(list.map(([face, name]) => `${face} ${name}`));
  for (const [full, functions] of Object.entries(wasi(grantOf(ALL)))) {
    const face = full.replace(`@${WASI_VERSION}`, "");
    for (const [name, value] of Object.entries(functions)) {
      const kebab = name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`).replace(/^-/, "");
      const resource = /^[A-Z]/.test(name) ? `[resource-drop]${kebab}` : kebab;
      assert.ok(known.has(`${face} ${resource}`), `${face} ${resource}`);
      assert.equal(typeof value, "function");
    }
  }
});

// deno-lint-ignore no-explicit-any -- walks an import object
function find(face: any, name: string): unknown {
  const [, kind, resource = "", member = ""] = /^\[(.+)\]([^.]+)\.?(.*)$/.exec(name) ?? [];
  const found = face?.[pascal(resource)];
  switch (kind) {
    case undefined:
      return face?.[camel(name)];
    case "method":
      return found?.prototype[camel(member)];
    case "static":
      return found?.[camel(member)];
    default:
      return found;
  }
}
