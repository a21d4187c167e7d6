import assert from "node:assert/strict";
import { isEmptyImport, type Package, packageOf } from "../../src/config/imports.ts";
import { kindStatus, meantKind, OTHER_KINDS, SUPPORTED_KINDS } from "../../src/config/kinds.ts";
import { distance, nearest } from "../../src/config/nearest.ts";
import { fullId } from "../../src/config/reference.ts";

const IMPORTS: [item: string, found: Package | undefined][] = [
  ["wasi:cli", "wasi:cli"],
  ["wasi:cli/terminal-stderr", "wasi:cli"],
  ["wasi:io/streams@0.2.8", "wasi:io"],
  ["wasi:io/error", "wasi:io"],
  ["wasi:io/poll@0.2.9", "wasi:poll"],
  ["wasi:clocks/monotonic-clock", "wasi:clocks"],
  ["wasi:filesystem/preopens", "wasi:filesystem"],
  ["wasi:random/insecure-seed", "wasi:random"],
  ["wasi:sockets/ip-name-lookup", "wasi:sockets"],
  ["wasi:http/outgoing-handler", "wasi:http"],
  ["funcs", "funcs"],
  ["funcs@0.1.0", "funcs"],
  ["x:funcs", "funcs"],
  ["x:wasi:cli", "wasi:cli"],
  ["wippy:runtime/funcs", "funcs"],
  ["preview1", "wasi1"],
  ["wasi_snapshot_preview1", "wasi1"],
  ["  WASI:Random  ", "wasi:random"],
  ["wasi:sockets/network", undefined],
  ["wasi:cli/run", undefined],
  ["wasi:cli/terminal-input", undefined],
  ["wasi:http/incoming-handler", undefined],
  ["wasi:clocks/timezone", undefined],
  ["wasi:config", undefined],
  ["wasi:keyvalue", undefined],
  ["custom-host", undefined],
  ["constructor", undefined],
];

for (const [item, found] of IMPORTS) {
  Deno.test(`the import ${JSON.stringify(item)} enables ${found ?? "nothing"}`, () => {
    assert.equal(packageOf(item), found);
  });
}

Deno.test("an import without a name is empty, not unknown", () => {
  for (const item of ["", "  ", "wasi:", ":", "@0.2.0", "wasi:@0.2.0"]) assert(isEmptyImport(item), item);
  for (const item of ["wasi", ":x", "wasi:x"]) assert(!isEmptyImport(item), item);
});

Deno.test("kinds work, are skipped, or are misspelt", () => {
  for (const kind of SUPPORTED_KINDS) assert.equal(kindStatus(kind), "supported");
  const others = [
    "db.sql.sqlite",
    "store.memory",
    "fs.dir",
    "env.storage.vault",
    "http.gateway",
    "db",
    "toString",
  ];
  for (const kind of [...OTHER_KINDS, ...others]) assert.equal(kindStatus(kind), "skipped", kind);
  for (
    const kind of ["function.wsam", "proces.wasm", "env.varible", "function.lau", "http.routr", "fs.embde"]
  ) {
    assert.equal(kindStatus(kind), "misspelt", kind);
  }
});

Deno.test("a misspelt kind leads to the nearest one", () => {
  const cases: [found: string, meant: string | undefined][] = [
    ["function.wsam", "function.wasm"],
    ["Function.Wasm", "function.wasm"],
    ["fs.directroy", "fs.directory"],
    ["proces.wasm", "process.wasm"],
    ["env.varible", "env.variable"],
    ["gadget", undefined],
    ["", undefined],
    ["x".repeat(10_000), undefined],
  ];
  for (const [found, meant] of cases) {
    assert.equal(nearest(found, [...SUPPORTED_KINDS, ...OTHER_KINDS]), meant);
    assert.equal(meantKind(found), meant);
  }
});

Deno.test("distance counts insertions, removals, replacements and swaps", () => {
  const cases: [a: string, b: string, far: number][] = [
    ["", "", 0],
    ["", "abc", 3],
    ["abc", "abc", 0],
    ["abc", "abd", 1],
    ["abc", "acb", 1],
    ["kitten", "sitting", 3],
    ["ca", "abc", 3],
  ];
  for (const [a, b, far] of cases) {
    assert.equal(distance(a, b), far);
    assert.equal(distance(b, a), far);
  }
});

Deno.test("an id without a namespace belongs to that of the entry", () => {
  const cases: [reference: string, id: string | undefined][] = [
    ["a:b", "a:b"],
    ["b", "app:b"],
    [":b", "app:b"],
    ["api.public", "app:api.public"],
    ["a:b:c", "a:b:c"],
    ["a:", undefined],
    ["", undefined],
  ];
  for (const [reference, id] of cases) assert.equal(fullId(reference, "app"), id);
});
