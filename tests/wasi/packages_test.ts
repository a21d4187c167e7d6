import assert from "node:assert/strict";
import { type Package } from "../../src/grant/grant.ts";
import { wasi } from "../../src/wasi/mod.ts";
import { grantOf } from "./support.ts";

const cases: [packages: Package[], interfaces: string[]][] = [
  [[], []],
  [["wasi:poll"], ["wasi:io/poll"]],
  [["wasi:io"], ["wasi:io/error", "wasi:io/poll", "wasi:io/streams"]],
  [["wasi:io", "wasi:poll"], ["wasi:io/error", "wasi:io/poll", "wasi:io/streams"]],
  [["wasi:clocks"], ["wasi:clocks/monotonic-clock", "wasi:clocks/timezone", "wasi:clocks/wall-clock"]],
  [["wasi:random"], ["wasi:random/insecure", "wasi:random/insecure-seed", "wasi:random/random"]],
  [["wasi:filesystem"], ["wasi:filesystem/preopens", "wasi:filesystem/types"]],
  [["wasi:cli"], [
    "wasi:cli/environment",
    "wasi:cli/exit",
    "wasi:cli/stderr",
    "wasi:cli/stdin",
    "wasi:cli/stdout",
    "wasi:cli/terminal-input",
    "wasi:cli/terminal-output",
    "wasi:cli/terminal-stderr",
    "wasi:cli/terminal-stdin",
    "wasi:cli/terminal-stdout",
  ]],
  [["wasi:sockets"], [
    "wasi:sockets/instance-network",
    "wasi:sockets/ip-name-lookup",
    "wasi:sockets/network",
    "wasi:sockets/tcp",
    "wasi:sockets/tcp-create-socket",
    "wasi:sockets/udp",
    "wasi:sockets/udp-create-socket",
  ]],
  [["wasi:http"], ["wasi:http/outgoing-handler", "wasi:http/types"]],
  [["funcs", "wasi1"], []],
];

for (const [packages, interfaces] of cases) {
  Deno.test(`a grant of ${packages.join(", ") || "nothing"} gives exactly its interfaces`, () => {
    const names = Object.keys(wasi(grantOf(packages)));
    assert.deepEqual(names.map((name) => name.replace(/@.*/, "")).sort(), interfaces);
    for (const name of names) assert.match(name, /@0\.2\.\d+$/);
  });
}

Deno.test("two guests share no object that anything could change", () => {
  const grant = grantOf([
    "wasi:io",
    "wasi:cli",
    "wasi:clocks",
    "wasi:random",
    "wasi:filesystem",
    "wasi:sockets",
    "wasi:http",
  ]);
  const [one, other] = [wasi(grant), wasi(grant)];
  for (const name of Object.keys(one)) {
    assert.ok(one[name] !== other[name] || Object.isFrozen(one[name]), name);
  }
});

Deno.test("streams of a guest without wasi:io work for the host", () => {
  const imports = wasi(grantOf(["wasi:cli"]), {
    stdio: { stdin: { read: () => Promise.resolve(null) } },
  });
  const key = Object.keys(imports).find((name) => name.startsWith("wasi:cli/stdin"))!;
  const { getStdin } = imports[key] as { getStdin(): { read(len: bigint): Uint8Array } };
  assert.equal(getStdin().read(1n).length, 0);
});
