/** Grant → confinement. */
import assert from "node:assert/strict";
import { networkRule } from "../../src/config/network_rule.ts";
import { denied, type Grant, type Package } from "../../src/grant/grant.ts";
import { type Confinement, confinementOf, looksUpNames } from "../../src/sandbox/mod.ts";

const NEEDS = { read: ["/lib/libc.so"], execute: ["/bin/deno"] };

function grant(packages: readonly Package[], network?: Grant["network"] | readonly string[]): Grant {
  return { ...denied, packages: new Set(packages), network: isRules(network) ? rules(network) : network };
}

function isRules(network: Grant["network"] | readonly string[]): network is readonly string[] {
  return Array.isArray(network);
}

function rules(texts: readonly string[]): NonNullable<Grant["network"]> {
  return {
    rules: texts.map((text) => {
      const rule = networkRule(text);
      return "wrong" in rule ? assert.fail(rule.wrong) : rule;
    }),
    private: false,
  };
}

Deno.test("the empty grant leaves what the runtime needs, and nothing else", () => {
  assert.deepEqual(confinementOf(denied, NEEDS), {
    read: ["/lib/libc.so"],
    readWrite: [],
    execute: ["/bin/deno"],
    tcpConnect: [],
    tcpBind: [],
    udp: false,
    processes: false,
  });
});

Deno.test("mounts are read, or read and written, where they really are", () => {
  const mounts = [
    { guest: "/a", host: "/srv/a", readOnly: true },
    { guest: "/b", host: "/srv/b", readOnly: false },
    { guest: "/c", host: "/link", real: "/srv/c", readOnly: true },
    { guest: "/d", host: "/link-too", real: "/srv/d", readOnly: false },
  ];
  const { read, readWrite } = confinementOf({ ...denied, mounts }, NEEDS);
  assert.deepEqual(read, ["/lib/libc.so", "/srv/a", "/srv/c"]);
  assert.deepEqual(readWrite, ["/srv/b", "/srv/d"]);
});

type Row = readonly [
  what: string,
  grant: Grant,
  expected: Pick<Confinement, "tcpConnect" | "tcpBind" | "udp">,
];

const range = (from: number, to = from) => ({ from, to });
const ALL = range(0, 65535);
const NOTHING = { tcpConnect: [], tcpBind: [], udp: false };

const ROWS: readonly Row[] = [
  ["no package of the network", grant(["wasi:cli", "wasi:io"], undefined), NOTHING],
  ["rules without a package", grant(["wasi:cli"], ["*"]), NOTHING],
  ["sockets, unrestricted", grant(["wasi:sockets"]), { tcpConnect: "any", tcpBind: "any", udp: true }],
  ["http, unrestricted", grant(["wasi:http"]), { tcpConnect: "any", tcpBind: [], udp: true }],
  ["no rule", grant(["wasi:sockets", "wasi:http"], []), NOTHING],
  [
    "every name and public address",
    grant(["wasi:sockets"], { rules: undefined, private: false }),
    { tcpConnect: "any", tcpBind: [], udp: true },
  ],
  [
    "every name and address",
    grant(["wasi:sockets"], { rules: undefined, private: true }),
    { tcpConnect: "any", tcpBind: "any", udp: true },
  ],
  [
    "a name: it must be looked up",
    grant(["wasi:http"], ["https://api.example.com"]),
    { tcpConnect: [range(443), range(53)], tcpBind: [], udp: true },
  ],
  [
    "an address: nothing is looked up",
    grant(["wasi:http"], ["http://10.0.0.1:8000-8100"]),
    { tcpConnect: [range(8000, 8100)], tcpBind: [], udp: false },
  ],
  ["a scheme of sockets, for http", grant(["wasi:http"], ["tcp://10.0.0.1:5432"]), NOTHING],
  ["a scheme of http, for sockets", grant(["wasi:sockets"], ["https://10.0.0.1"]), NOTHING],
  [
    "TCP to an address: it may be listened on as well",
    grant(["wasi:sockets"], ["tcp://127.0.0.1:5432"]),
    { tcpConnect: [range(5432)], tcpBind: [range(5432)], udp: false },
  ],
  [
    "TCP to a name: no listening",
    grant(["wasi:sockets"], ["tcp://db.internal:5432"]),
    { tcpConnect: [range(5432), range(53)], tcpBind: [], udp: true },
  ],
  [
    "UDP to an address",
    grant(["wasi:sockets"], ["udp://10.0.0.1:53"]),
    { tcpConnect: [], tcpBind: [], udp: true },
  ],
  [
    "UDP to an address, for http",
    grant(["wasi:http"], ["udp://10.0.0.1:53"]),
    { tcpConnect: [], tcpBind: [], udp: false },
  ],
  [
    "a rule without scheme or port",
    grant(["wasi:sockets"], ["10.0.0.0/8"]),
    { tcpConnect: [ALL], tcpBind: [ALL], udp: true },
  ],
  [
    "both packages",
    grant(["wasi:sockets", "wasi:http"], ["tcp://10.0.0.1:1", "http://10.0.0.2"]),
    { tcpConnect: [range(1), range(80)], tcpBind: [range(1)], udp: false },
  ],
];

for (const [what, given, expected] of ROWS) {
  Deno.test(`the network of a confinement: ${what}`, () => {
    const { tcpConnect, tcpBind, udp } = confinementOf(given, NEEDS);
    assert.deepEqual({ tcpConnect, tcpBind, udp }, expected);
  });
}

Deno.test("names are looked up for those who may reach one", () => {
  assert.ok(!looksUpNames(grant(["wasi:cli"])));
  assert.ok(looksUpNames(grant(["wasi:http"])));
  assert.ok(looksUpNames(grant(["wasi:sockets"], ["*.example.com"])));
  assert.ok(!looksUpNames(grant(["wasi:sockets"], ["10.0.0.0/8"])));
});
