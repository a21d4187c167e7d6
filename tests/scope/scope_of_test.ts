import assert from "node:assert/strict";
import { denied, type Grant } from "../../src/grant/grant.ts";
import { flagsOf, type Needs, NOWHERE, type Scope, ScopeError, scopeOf, union } from "../../src/scope/mod.ts";
import { grant, mount, network, reaching, seeing } from "./support.ts";

/** The flags of a grant, without the one that every process has. */
function flags(given: Grant, needs?: Needs): string {
  const all = flagsOf(scopeOf(given, needs));
  assert.equal(all.at(-1), `--allow-import=${needs?.import?.toString() ?? NOWHERE}`);
  return all.slice(0, -1).join(" ");
}

const ports = (host: string, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => `${host}:${from + i}`).sort();

/** Without wasi:sockets: HTTP alone. */
const http = (...allow: string[]) => grant({ packages: ["wasi:http"], network: network(allow) });
const sockets = (...allow: string[]) => grant({ packages: ["wasi:sockets"], network: network(allow) });

const HTTP_ONLY = "Deno does not tell http and https from other protocols";
const HIDDEN = "Deno does not look whether the name leads to a private address";
const UDP_4 =
  "0.0.0.0:0: needed to send datagrams, it lets the process listen at a port that the system chooses";
const UDP_6 =
  "[::]:0: needed to send datagrams, it lets the process listen at a port that the system chooses";
const LINKS = "Deno follows a symbolic link that lies in it wherever the link leads";
const NO_LINKS = "Deno makes symbolic links only for a process that may read and write everything";
const datagrams = (rules: string) =>
  `${rules}: Deno sends datagrams to addresses only, not to what a name leads to`;

interface Row {
  readonly name: string;
  readonly grant: Grant;
  readonly needs?: Needs;
  readonly flags: string;
  readonly wider?: readonly string[];
  readonly narrower?: readonly string[];
}

const ROWS: readonly Row[] = [
  { name: "nothing", grant: denied, flags: "" },
  {
    name: "packages that stay inside the process",
    grant: grant({ packages: ["wasi:cli", "wasi:io", "wasi:poll", "wasi:clocks", "wasi:random", "funcs"] }),
    flags: "",
  },
  {
    name: "variables of the guest, which its runtime gives it",
    grant: grant({ packages: ["wasi:cli"], env: [["HOME", "/"]] }),
    flags: "",
  },
  {
    name: "a mount without a file system",
    grant: { ...seeing("/data"), packages: new Set(["wasi:cli"]) },
    flags: "",
  },
  { name: "a file system without mounts", grant: seeing(), flags: "" },
  {
    name: "a read-only mount",
    grant: seeing("/data:ro"),
    flags: "--allow-read=/data",
    wider: [`/data: ${LINKS}`],
  },
  {
    name: "a writable mount",
    grant: seeing("/data"),
    flags: "--allow-read=/data --allow-write=/data",
    wider: [`/data: ${LINKS}`],
    narrower: [NO_LINKS],
  },
  {
    name: "a mount of a core module",
    grant: { ...seeing("/data:ro"), packages: new Set(["wasi1"]) },
    flags: "--allow-read=/data",
    wider: [`/data: ${LINKS}`],
  },
  {
    name: "a slash at the end",
    grant: seeing("/data/:ro"),
    flags: "--allow-read=/data",
    wider: [`/data: ${LINKS}`],
  },
  {
    name: "siblings with one beginning",
    grant: seeing("/data:ro", "/database:ro"),
    flags: "--allow-read=/data,/database",
    wider: [`/data: ${LINKS}`, `/database: ${LINKS}`],
  },
  {
    name: "a read-only mount in a read-only one",
    grant: seeing("/data:ro", "/data/a:ro"),
    flags: "--allow-read=/data",
    wider: [`/data/a: ${LINKS}`, `/data: ${LINKS}`],
  },
  {
    name: "a writable mount in a read-only one",
    grant: seeing("/data:ro", "/data/a"),
    flags: "--allow-read=/data --allow-write=/data/a",
    wider: [`/data/a: ${LINKS}`, `/data: ${LINKS}`],
    narrower: [NO_LINKS],
  },
  {
    name: "a read-only mount in a writable one",
    grant: seeing("/data", "/data/a:ro"),
    flags: "--allow-read=/data --allow-write=/data",
    wider: [
      `/data/a: ${LINKS}`,
      "/data/a: the guest may only read it, but it lies in a directory that the process may write to",
      `/data: ${LINKS}`,
    ],
    narrower: [NO_LINKS],
  },
  {
    name: "a mount that is a link: what opens it, and what it is",
    grant: seeing("/link=/real:ro"),
    flags: "--allow-read=/link,/real",
    wider: [`/link: ${LINKS}`],
  },
  {
    name: "a mount that is where it says",
    grant: seeing("/data=/data:ro"),
    flags: "--allow-read=/data",
    wider: [`/data: ${LINKS}`],
  },
  {
    name: "the root",
    grant: seeing("/:ro"),
    flags: "--allow-read=/",
    wider: [`/: ${LINKS}`],
    narrower: ["/: Deno opens what is in /proc, /sys, /dev only for a process that may do everything"],
  },
  {
    name: "a directory of the system",
    grant: seeing("/sys/class:ro"),
    flags: "--allow-read=/sys/class",
    wider: [`/sys/class: ${LINKS}`],
    narrower: ["/sys/class: Deno opens what is in /sys only for a process that may do everything"],
  },
  {
    name: "a directory that only begins like one",
    grant: seeing("/system:ro"),
    flags: "--allow-read=/system",
    wider: [`/system: ${LINKS}`],
  },
  {
    name: "what the runtime reads",
    grant: denied,
    needs: { read: ["/app/b.wasm", "/app/a.yaml"] },
    flags: "--allow-read=/app/a.yaml,/app/b.wasm",
  },
  {
    name: "what the runtime reads, in a mount",
    grant: seeing("/app:ro"),
    needs: { read: ["/app/a.yaml", "/apple"] },
    flags: "--allow-read=/app,/apple",
    wider: [`/app: ${LINKS}`],
  },
  {
    name: "every other need",
    grant: denied,
    needs: {
      write: ["/log"],
      net: ["h:1"],
      env: ["B", "A", "B"],
      sys: ["hostname"],
      run: ["/bin/x"],
      ffi: ["/lib.so"],
      import: ["jsr.io:443"],
    },
    flags: "--allow-read=/log --allow-write=/log --allow-net=h:1 --allow-env=A,B --allow-sys=hostname " +
      "--allow-run=/bin/x --allow-ffi=/lib.so",
  },
  {
    name: "the network without rules",
    grant: grant({ packages: ["wasi:sockets"], network: undefined }),
    flags: "--allow-net",
  },
  {
    name: "HTTP without rules",
    grant: grant({ packages: ["wasi:http"], network: undefined }),
    flags: "--allow-net",
    wider: ["everybody: Deno does not tell HTTP from other protocols"],
  },
  {
    name: "no network package, and no rules",
    grant: grant({ packages: ["wasi:cli"], network: undefined }),
    flags: "",
  },
  {
    name: "the public internet",
    grant: grant({ packages: ["wasi:sockets"], network: network(undefined) }),
    flags: "--allow-net",
    wider: ["everybody: Deno does not look whether an address is private"],
  },
  {
    name: "everything, private too",
    grant: grant({ packages: ["wasi:sockets"], network: network(undefined, true) }),
    flags: "--allow-net",
  },
  { name: "no rule at all", grant: reaching(), flags: "" },
  { name: "rules for nobody who could use them", grant: sockets("https://a.example"), flags: "" },
  {
    name: "HTTPS to a name",
    grant: http("https://api.example.com"),
    flags: "--allow-net=api.example.com:443",
    wider: [
      `https://api.example.com: Deno does not tell https from other protocols`,
      `https://api.example.com: ${HIDDEN}`,
    ],
  },
  {
    name: "HTTP at a port of its own",
    grant: http("http://api.example.com:8080"),
    flags: "--allow-net=api.example.com:8080",
    wider: [
      `http://api.example.com:8080: Deno does not tell http from other protocols`,
      `http://api.example.com:8080: ${HIDDEN}`,
    ],
  },
  {
    name: "a name and a port, for HTTP",
    grant: http("db.internal:5432"),
    flags: "--allow-net=db.internal:5432",
    wider: [`db.internal:5432: ${HIDDEN}`, `db.internal:5432: ${HTTP_ONLY}`],
  },
  {
    name: "a name and a port, for everything",
    grant: reaching("db.internal:5432"),
    flags: "--allow-net=db.internal:5432",
    wider: [`db.internal:5432: ${HIDDEN}`],
    narrower: [datagrams("db.internal:5432")],
  },
  {
    name: "a name that may be private, for TCP",
    grant: grant({ packages: ["wasi:sockets"], network: network(["tcp://db.internal:5432"], true) }),
    flags: "--allow-net=db.internal:5432",
    wider: ["tcp://db.internal:5432: Deno does not tell tcp from other protocols"],
  },
  {
    name: "a name at all ports",
    grant: sockets("example.com"),
    flags: "--allow-net=example.com",
    wider: [`example.com: ${HIDDEN}`],
    narrower: [datagrams("example.com")],
  },
  {
    name: "a name at all ports, and again at one",
    grant: sockets("example.com", "example.com:80"),
    flags: "--allow-net=example.com",
    wider: [`example.com: ${HIDDEN}`, `example.com:80: ${HIDDEN}`],
    narrower: [datagrams("example.com, example.com:80")],
  },
  {
    name: "names below one",
    grant: http("https://*.example.com"),
    flags: "--allow-net=*.example.com:443",
    wider: [
      "https://*.example.com: Deno does not tell https from other protocols",
      `https://*.example.com: ${HIDDEN}`,
      "https://*.example.com: Deno's *.example.com is example.com itself too",
    ],
  },
  {
    name: "every name",
    grant: http("https://*"),
    flags: "--allow-net",
    wider: ["https://*: Deno has no rule for every name, so that the process may reach everybody"],
  },
  {
    name: "an address",
    grant: sockets("tcp://10.0.0.1:80"),
    flags: "--allow-net=10.0.0.1:80",
    wider: ["tcp://10.0.0.1:80: Deno does not tell tcp from other protocols, nor connecting from listening"],
  },
  {
    name: "an address, for datagrams too",
    grant: sockets("10.0.0.1:53"),
    flags: "--allow-net=0.0.0.0:0,10.0.0.1:53",
    wider: [UDP_4],
  },
  {
    name: "a range of addresses",
    grant: sockets("10.0.0.0/8:80"),
    flags: "--allow-net=0.0.0.0:0,10.0.0.0/8:80",
    wider: [UDP_4],
  },
  {
    name: "all IPv4 addresses at all ports",
    grant: sockets("0.0.0.0/0"),
    flags: "--allow-net=0.0.0.0/0,0.0.0.0:0",
    wider: [UDP_4],
  },
  {
    name: "an IPv6 address",
    grant: sockets("fd00::1"),
    flags: "--allow-net=[::]:0,[fd00::1]",
    wider: [UDP_6],
  },
  {
    name: "an IPv6 address and a port",
    grant: sockets("tcp://[fd00::1]:80"),
    flags: "--allow-net=[fd00::1]:80",
    wider: [
      "tcp://[fd00::1]:80: Deno does not tell tcp from other protocols, nor connecting from listening",
    ],
  },
  {
    name: "a small range of IPv6 addresses",
    grant: sockets("tcp://[fd00::]/127:80"),
    flags: "--allow-net=[fd00::1]:80,[fd00::]:80",
    wider: [
      "tcp://[fd00::]/127:80: Deno does not tell tcp from other protocols, nor connecting from listening",
    ],
  },
  {
    name: "a large range of IPv6 addresses",
    grant: sockets("[fd00::]/8:80", "10.0.0.1:80"),
    flags: "--allow-net",
    wider: ["[fd00::]/8:80: Deno has no ranges of IPv6 addresses, so that the process may reach everybody"],
  },
  {
    name: "a range of mapped addresses, which Deno takes for what they are mapped to",
    grant: sockets("tcp://[::ffff:10.0.0.0]/104:80"),
    flags: "--allow-net=10.0.0.0/8:80",
    wider: [
      "tcp://[::ffff:10.0.0.0]/104:80: Deno does not tell tcp from other protocols, nor connecting from listening",
    ],
  },
  {
    name: "a mapped address",
    grant: sockets("tcp://[::ffff:10.0.0.1]:80"),
    flags: "--allow-net=10.0.0.1:80",
    wider: [
      "tcp://[::ffff:10.0.0.1]:80: Deno does not tell tcp from other protocols, nor connecting from listening",
    ],
  },
  {
    name: "a range of ports",
    grant: grant({ packages: ["wasi:sockets"], network: network(["tcp://h:8000-8003"], true) }),
    flags: "--allow-net=h:8000,h:8001,h:8002,h:8003",
    wider: ["tcp://h:8000-8003: Deno does not tell tcp from other protocols"],
  },
  {
    name: "as many ports as are listed",
    grant: grant({ packages: ["wasi:sockets"], network: network(["h:1000-1255"], true) }),
    flags: `--allow-net=${ports("h", 1000, 1255).join(",")}`,
    narrower: [datagrams("h:1000-1255")],
  },
  {
    name: "one more",
    grant: grant({ packages: ["wasi:sockets"], network: network(["h:1000-1256"], true) }),
    flags: "--allow-net=h",
    wider: ["h:1000-1256: Deno has no ranges of ports, so that all ports are allowed"],
    narrower: [datagrams("h:1000-1256")],
  },
  {
    name: "all ports but one",
    grant: grant({ packages: ["wasi:sockets"], network: network(["10.0.0.0/8:1-65535"], true) }),
    flags: "--allow-net=0.0.0.0:0,10.0.0.0/8",
    wider: [UDP_4, "10.0.0.0/8:1-65535: Deno has no ranges of ports, so that all ports are allowed"],
  },
  {
    name: "files, hosts and needs together",
    grant: {
      ...seeing("/data"),
      packages: new Set(["wasi:filesystem", "wasi:sockets"]),
      network: network(["tcp://10.0.0.1:80"]),
    },
    needs: { read: ["/app.yaml"], env: ["TOKEN"] },
    flags: "--allow-read=/app.yaml,/data --allow-write=/data --allow-net=10.0.0.1:80 --allow-env=TOKEN",
    wider: [
      `/data: ${LINKS}`,
      "tcp://10.0.0.1:80: Deno does not tell tcp from other protocols, nor connecting from listening",
    ],
    narrower: [NO_LINKS],
  },
];

for (const { name, grant, needs, flags: expected, wider = [], narrower = [] } of ROWS) {
  Deno.test(`scope of ${name}`, () => {
    assert.equal(flags(grant, needs), expected);
    const scope = scopeOf(grant, needs);
    assert.deepEqual({ wider: scope.wider, narrower: scope.narrower }, {
      wider: [...wider].sort(),
      narrower: [...narrower].sort(),
    });
  });
}

Deno.test("a scope has every kind, and is frozen", () => {
  const scope: Scope = scopeOf(seeing("/data"), { env: ["A"] });
  const { wider: _wider, narrower: _narrower, ...kinds } = scope;
  assert.deepEqual(kinds, {
    read: ["/data"],
    write: ["/data"],
    net: [],
    env: ["A"],
    sys: [],
    run: [],
    ffi: [],
    import: [],
  });
  for (const part of [scope, ...Object.values(scope)]) assert.ok(Object.isFrozen(part));
});

Deno.test("what no permission can name is an error that names it", () => {
  const cases: readonly (readonly [Needs, string, RegExp])[] = [
    [{ env: ["FOO*"] }, "FOO*", /every one that begins with FOO$/],
    [{ env: ["*"] }, "*", /every one/],
    [{ env: ["A=B"] }, "A=B", /no variable/],
    [{ env: [""] }, "", /nothing that a process could be allowed to env/],
    [{ read: ["/a\0b"] }, "/a\0b", /"\/a\\u0000b" is nothing/],
    [{ run: [""] }, "", /nothing that a process could be allowed to run/],
  ];
  for (const [needs, value, message] of cases) {
    assert.throws(() => scopeOf(denied, needs), (error) => {
      assert.ok(error instanceof ScopeError);
      assert.deepEqual([error.name, error.code, error.value], ["ScopeError", "scope", value]);
      assert.match(error.message, message);
      return true;
    });
  }
});

Deno.test("union() is what each of several may do, and no more", () => {
  const all = union([
    scopeOf(seeing("/data:ro"), { read: ["/a"], env: ["A"] }),
    scopeOf(seeing("/data/x"), { env: ["B", "A"] }),
    scopeOf(reaching("tcp://10.0.0.1:80")),
  ]);
  assert.deepEqual(flagsOf(all).slice(0, -1), [
    "--allow-read=/a,/data",
    "--allow-write=/data/x",
    "--allow-net=10.0.0.1:80",
    "--allow-env=A,B",
  ]);
  assert.deepEqual(flagsOf(union([])), [`--allow-import=${NOWHERE}`]);
  const open = scopeOf(grant({ packages: ["wasi:http"], network: undefined }));
  assert.equal(union([all, open]).net, true);
});

Deno.test("the notation of these tests", () => {
  assert.deepEqual(mount("/a=/b:ro", 0), { guest: "/m0", host: "/a", real: "/b", readOnly: true });
});
