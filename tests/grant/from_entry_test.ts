import assert from "node:assert/strict";
import { grantOf } from "../../src/grant/from_entry.ts";
import type { Grant } from "../../src/grant/grant.ts";
import { ASSETS, index, loadText, wasm } from "../registry/support.ts";

function grant(more: string, ...entries: string[]): Grant {
  const registry = loadText(index(ASSETS, wasm("f", more), ...entries));
  return grantOf(registry.findWasm("app:f"), registry);
}

Deno.test("an entry that declares nothing is granted nothing", () => {
  assert.deepEqual(grant(""), {
    holder: "app:f",
    packages: new Set(),
    args: [],
    env: [],
    cwd: "/",
    mounts: [],
    network: undefined,
  });
});

Deno.test("io is error, streams and poll; poll alone is poll", () => {
  assert.deepEqual(
    grant(", imports: [wasi:io/streams, wasi:cli/exit]").packages,
    new Set(["wasi:io", "wasi:cli", "wasi:poll"]),
  );
  assert.deepEqual(grant(", imports: ['wasi:io/poll@0.2.0']").packages, new Set(["wasi:poll"]));
});

Deno.test("mounts are sorted by guest path and never exceed the directory's mode", () => {
  const mounts = "{guest: /w, fs: assets}, {guest: /a/, fs: assets, read_only: true}, {guest: /m, fs: read}";
  const granted = grant(
    `, wasi: {args: [x], cwd: /w, mounts: [${mounts}]}`,
    '  - {name: read, kind: fs.directory, directory: /srv/data, mode: "0444"}',
  );
  assert.deepEqual(granted.mounts, [
    { guest: "/a/", host: "/box/wasm", readOnly: true },
    { guest: "/m", host: "/srv/data", readOnly: true },
    { guest: "/w", host: "/box/wasm", readOnly: false },
  ]);
  assert.deepEqual([granted.args, granted.cwd], [["x"], "/w"]);
});

Deno.test("a grant is frozen", () => {
  const granted = grant(", wasi: {args: [x], mounts: [{guest: /w, fs: assets}]}");
  for (const part of [granted, granted.args, granted.env, granted.mounts, granted.mounts[0]]) {
    assert(Object.isFrozen(part));
  }
});

Deno.test("an entry of another registry is refused", () => {
  const registry = loadText(index(ASSETS, wasm("f", ", wasi: {mounts: [{guest: /w, fs: assets}]}")));
  assert.throws(() => grantOf(registry.findWasm("f"), loadText(index())), {
    name: "TypeError",
    message: "app:f mounts app:assets, which is no fs.directory of this registry",
  });
});
