import assert from "node:assert/strict";
import fc from "fast-check";
import { denied, type Grant } from "../../src/grant/grant.ts";
import { explain } from "../../src/grant/explain.ts";
import { within } from "../../src/grant/narrow.ts";
import { grant as granted, network, reaching, seeing } from "../scope/support.ts";
import { grant } from "./arbitrary.ts";

/** Lines as text. */
const lines = (grant: Grant) =>
  explain(grant).map(({ what, where, walls }) => `${what} | ${where} | ${walls.join(" ")}`);

const sockets = (rules: readonly string[] | undefined, hidden = false) =>
  granted({ packages: ["wasi:sockets"], network: network(rules, hidden) });

Deno.test("explain() has a line for each thing that is granted", () => {
  const rows: readonly (readonly [Grant, readonly string[]])[] = [
    [denied, []],
    [granted({ packages: ["wasi:cli"] }), ["has arguments, standard streams, an exit code |  | link"]],
    [granted({ packages: ["wasi:io", "wasi:poll"] }), ["handles streams |  | link", "waits |  | link"]],
    [granted({ packages: ["wasi:clocks", "wasi:random", "funcs"] }), [
      "reads the time, sets timers |  | link",
      "draws random bytes |  | link",
      "calls other entries | every function of the application, each under its own grant | link",
    ]],
    [granted({ packages: ["wasi:cli"], env: [["A", "secret"], ["B", "secret"]] }), [
      "has arguments, standard streams, an exit code |  | link",
      "reads variables | A, B | link deno",
    ]],
    [granted({ packages: ["wasi:io"], env: [["A", "secret"]] }), ["handles streams |  | link"]],
    [seeing(), ["sees no files | no directory is mounted | link deno os"]],
    [seeing("/srv/data", "/link=/real:ro"), [
      "reads and changes files | /m0 (on the host /srv/data) | link deno os",
      "reads files | /m1 (on the host /real) | link deno os",
    ]],
    [{ ...seeing("/srv/data"), packages: new Set() }, []],
    [granted({ packages: ["wasi:http"], network: undefined }), [
      "reaches by http, https | everybody | link deno os",
    ]],
    [granted({ packages: ["wasi:sockets"], network: undefined }), [
      "reaches by tcp, udp | everybody, and listens everywhere | link deno os",
    ]],
    [sockets(undefined), [
      "reaches by tcp, udp | everybody but private, loopback and link-local addresses | link deno os",
    ]],
    [sockets(undefined, true), ["reaches by tcp, udp | everybody, and listens everywhere | link deno os"]],
    [sockets([]), ["reaches nobody | no rule allows it | link deno os"]],
    [sockets(["https://a.example"]), ["reaches nobody | no rule allows it | link deno os"]],
    [reaching("https://api.example.com", "udp://10.0.0.1:53", "*:80-90"), [
      "reaches by https | api.example.com, port 443, at public addresses | link deno os",
      "reaches by udp | 10.0.0.1, port 53, and listens there | link deno os",
      "reaches by tcp, udp, http, https | every name, ports 80 to 90, at public addresses | link deno os",
    ]],
    [granted({ packages: ["wasi:http"], network: network(["10.0.0.0/8:1-9", "*.a.example"], true) }), [
      "reaches by http, https | 10.0.0.0/8, ports 1 to 9 | link deno os",
      "reaches by http, https | *.a.example, all ports, at whatever address | link deno os",
    ]],
  ];
  for (const [grant, expected] of rows) assert.deepEqual(lines(grant), expected);
});

Deno.test("explain() tells no value of a variable", () => {
  const told = JSON.stringify(
    explain(granted({ packages: ["wasi:cli"], env: [["A", "secret"]] })).map((
      { what, where },
    ) => [what, where]),
  );
  assert.ok(!told.includes("secret"));
});

Deno.test("each line's own grant lies within the whole", () => {
  fc.assert(fc.property(grant, (grant) => {
    for (const line of explain(grant)) {
      assert.ok(within(line.only, grant), line.what);
      assert.ok(Object.isFrozen(line) && Object.isFrozen(line.only));
      assert.equal(line.walls[0], "link");
    }
  }));
});

Deno.test("nothing that is granted is without a line", () => {
  fc.assert(fc.property(grant, (grant) => {
    const only = explain(grant).map((line) => line.only);
    const files = grant.packages.has("wasi:filesystem") || grant.packages.has("wasi1");
    for (const mount of files ? grant.mounts : []) {
      assert.ok(only.some(({ mounts }) => mounts.includes(mount)));
    }
    for (
      const name of [
        "wasi:cli",
        "wasi:io",
        "wasi:poll",
        "wasi:clocks",
        "wasi:random",
        "funcs",
        "wasi1",
      ] as const
    ) {
      if (grant.packages.has(name)) {
        assert.ok(only.some(({ packages }) => packages.size === 1 && packages.has(name)));
      }
    }
    const uses = { tcp: "wasi:sockets", udp: "wasi:sockets", http: "wasi:http", https: "wasi:http" } as const;
    const packages = [...grant.packages].filter((name) => name === "wasi:sockets" || name === "wasi:http");
    for (const rule of packages.length > 0 ? grant.network?.rules ?? [] : []) {
      const used = rule.scheme === undefined || grant.packages.has(uses[rule.scheme]);
      assert.equal(only.some(({ network }) => network?.rules?.includes(rule)), used, rule.text);
    }
  }));
});
