/** Scopes, held by Deno itself: in processes that try what lies inside and just outside of each. */
import assert from "node:assert/strict";
import { denied as nothing, type Grant } from "../../src/grant/grant.ts";
import { denoJsonOf, flagsOf, type Needs, permissionsOf, type Scope, scopeOf } from "../../src/scope/mod.ts";
import { environment, inRepository } from "../support/airlock.ts";
import { type Project, project } from "../support/project.ts";
import type { Act, Outcome } from "./acts.ts";
import { grant, network, seeing } from "./support.ts";

/** Allowed: what Deno lets happen may still fail, since nobody is there. */
type Expected = Outcome | "allowed";

/** A process of a scope; what became of what it tried. */
async function tried(scope: Scope, acts: readonly Act[], form: "flags" | "deno.json"): Promise<Outcome[]> {
  await using folder = await project(
    form === "flags" ? {} : { "deno.json": JSON.stringify({ permissions: { "app:it": denoJsonOf(scope) } }) },
  );
  const flags = form === "flags"
    ? ["--no-config", ...flagsOf(scope)]
    : [`--config=${folder.directory}/deno.json`, "-P=app:it"];
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      ...flags,
      inRepository("tests/scope/acts.ts"),
      JSON.stringify(acts),
    ],
    clearEnv: true,
    env: environment({ LISTED: "1", LISTED_TOO: "2", OTHER: "3" }),
  }).output();
  const text = new TextDecoder();
  assert.equal(code, 0, text.decode(stderr));
  return JSON.parse(text.decode(stdout));
}

/** Tries all of a table, by flags and by a permission set, and compares all of it at once. */
async function table(
  scope: Scope,
  rows: readonly (readonly [Act, Expected])[],
  forms: readonly ("flags" | "deno.json")[] = ["flags", "deno.json"],
) {
  for (const form of forms) {
    const outcomes = await tried(scope, rows.map(([act]) => act), form);
    const shown = (act: Act, outcome: Expected) => `${act.join(" ")}: ${outcome}`;
    const found = rows.map(([act, expected], i) => {
      const outcome = outcomes[i]!;
      return shown(act, expected === "allowed" && outcome !== "denied" ? "allowed" : outcome);
    });
    assert.deepEqual(found, rows.map(([act, expected]) => shown(act, expected)), form);
  }
}

/** What no grant allows, tried by all. */
const NEVER: readonly (readonly [Act, Expected])[] = [
  [["env", "OTHER"], "denied"],
  [["env", "PATH"], "denied"],
  [["sys"], "denied"],
  [["run", Deno.execPath()], "denied"],
  [["run", "true"], "denied"],
  [["ffi", "libc.so.6"], "denied"],
  [["import", "https://deno.land/x/none.ts"], "denied"],
  [["import", "https://jsr.io/none.ts"], "denied"],
  [["import", "http://127.0.0.1:1/none.ts"], "denied"],
  [["read", "/etc/passwd"], "denied"],
  [["read", "/proc/self/environ"], "denied"],
  [["read", inRepository("README.md")], "denied"],
  [["import", inRepository("mod.ts")], "denied"],
];

const NO_HOST: readonly (readonly [Act, Expected])[] = [
  [["connect", "127.0.0.1", 1], "denied"],
  [["connect", "localhost", 1], "denied"],
  [["listen", "127.0.0.1", 0], "denied"],
  [["datagram", "0.0.0.0", "127.0.0.1", 1], "denied"],
  [["lookup", "localhost"], "denied"],
];

/** A tree of directories whose names are near each other. */
async function place(): Promise<Project> {
  const folder = await project({
    "data/file": "1",
    "data/sub/file": "2",
    "database/file": "3",
    "outside/file": "4",
    "odd $(x) 'q' \"d\" ü/file": "5",
    "a,b/file": "6",
  });
  await Deno.symlink("../outside/file", `${folder.directory}/data/link`);
  await Deno.symlink("data", `${folder.directory}/alias`);
  return folder;
}

Deno.test("the acts of this file succeed where nothing forbids them", async () => {
  await using folder = await place();
  const scope = scopeOf(nothing, {
    ...{ read: ["/"], write: ["/"], net: true, env: ["OTHER", "PATH"], sys: ["hostname"] },
    ...{ run: ["true", Deno.execPath()], ffi: ["/lib", "/lib64", "/usr/lib"], import: ["127.0.0.1:1"] },
  });
  const acts = [...NEVER, ...NO_HOST].filter(([act]) => act[0] !== "import" && act[0] !== "ffi");
  const elsewhere: Act[] = [["write", `${folder.directory}/new`], ["list", folder.directory]];
  const rows = [...acts.map(([act]) => act), ...elsewhere].map((act) =>
    [act, act[1] === "/proc/self/environ" ? "denied" : "allowed"] as const
  );
  await table(scope, [...rows, [["import", inRepository("mod.ts")], "ok"], [[
    "import",
    "http://127.0.0.1:1/x.ts",
  ], "failed"]]);
});

Deno.test("nothing granted is nothing that a process may do", async () => {
  await table(scopeOf(nothing), [...NEVER, ...NO_HOST]);
});

Deno.test("a read-only mount: what is in it may be read; nothing beside, above, or by another name", async () => {
  await using folder = await place();
  const at = (path: string) => `${folder.directory}/${path}`;
  await table(scopeOf(seeing(`${at("data")}:ro`)), [
    [["read", at("data/file")], "ok"],
    [["read", at("data/sub/file")], "ok"],
    [["read", at("data/../data/file")], "ok"],
    [["list", at("data")], "ok"],
    [["read", at("database/file")], "denied"],
    [["read", at("outside/file")], "denied"],
    [["read", at("data/../outside/file")], "denied"],
    [["read", at("alias/file")], "denied"],
    [["list", folder.directory], "denied"],
    [["write", at("data/file")], "denied"],
    [["write", at("data/new")], "denied"],
    [["write", at("database/new")], "denied"],
    // The link wall and the kernel hold this: `wider` says that Deno does not.
    [["read", at("data/link")], "ok"],
    ...NEVER,
    ...NO_HOST,
  ]);
});

Deno.test("a writable mount: what is in it may be changed, but links cannot be made", async () => {
  await using folder = await place();
  const at = (path: string) => `${folder.directory}/${path}`;
  await table(scopeOf(seeing(at("data"))), [
    [["read", at("data/file")], "ok"],
    [["write", at("data/file")], "ok"],
    [["write", at("data/new")], "ok"],
    [["write", at("data/sub/new")], "ok"],
    [["symlink", at("data/made")], "denied"],
    [["read", at("database/file")], "denied"],
    [["write", at("database/file")], "denied"],
    [["write", at("new")], "denied"],
    [["list", folder.directory], "denied"],
    ...NEVER,
    ...NO_HOST,
  ]);
});

Deno.test("a read-only mount inside a writable one: Deno lets the process write there, as `wider` says", async () => {
  await using folder = await place();
  const at = (path: string) => `${folder.directory}/${path}`;
  const scope = scopeOf(seeing(at("data"), `${at("data/sub")}:ro`));
  await table(scope, [[["write", at("data/sub/file")], "ok"], [["write", at("outside/file")], "denied"]]);
  assert.ok(scope.wider.some((why) => why.startsWith(`${at("data/sub")}: the guest may only read it`)));
});

Deno.test("a mount that is a link is opened by its name, and known by where it is", async () => {
  await using folder = await place();
  const at = (path: string) => `${folder.directory}/${path}`;
  await table(scopeOf(seeing(`${at("alias")}=${at("data")}:ro`)), [
    [["read", at("alias/file")], "ok"],
    [["read", at("data/file")], "ok"],
    [["read", at("database/file")], "denied"],
    [["read", at("outside/file")], "denied"],
  ]);
});

Deno.test("the root: everything but what Deno keeps for processes that may do everything", async () => {
  await using folder = await place();
  await table(scopeOf(seeing("/:ro")), [
    [["read", `${folder.directory}/outside/file`], "ok"],
    [["read", "/etc/passwd"], "ok"],
    [["read", "/dev/null"], "ok"],
    [["read", "/proc/self/status"], "denied"],
    [["list", "/proc"], "denied"],
    [["list", "/dev"], "denied"],
    [["list", "/sys"], "denied"],
    [["write", `${folder.directory}/outside/new`], "denied"],
  ]);
});

Deno.test("names with spaces and quotes are named; a comma only in a permission set", async () => {
  await using folder = await place();
  const odd = `${folder.directory}/odd $(x) 'q' "d" ü`;
  await table(scopeOf(seeing(`${odd}:ro`)), [
    [["read", `${odd}/file`], "ok"],
    [["read", `${folder.directory}/data/file`], "denied"],
  ]);
  const comma = `${folder.directory}/a,b`;
  const scope = scopeOf(seeing(`${comma}:ro`));
  assert.throws(() => flagsOf(scope), { name: "ScopeError" });
  await table(scope, [
    [["read", `${comma}/file`], "ok"],
    [["read", `${folder.directory}/a/file`], "denied"],
    [["read", `${folder.directory}/data/file`], "denied"],
  ], ["deno.json"]);
});

Deno.test("what a runtime needs: these files, variables and programs, and none that resemble them", async () => {
  await using folder = await place();
  const at = (path: string) => `${folder.directory}/${path}`;
  const needs: Needs = {
    read: [at("data/file")],
    env: ["LISTED"],
    sys: ["hostname"],
    run: [Deno.execPath()],
  };
  await table(scopeOf(nothing, needs), [
    [["read", at("data/file")], "ok"],
    [["read", at("data/sub/file")], "denied"],
    [["list", at("data")], "denied"],
    [["env", "LISTED"], "ok"],
    [["env", "LISTED_TOO"], "denied"],
    [["env", "LISTE"], "denied"],
    [["env", "OTHER"], "denied"],
    [["sys"], "ok"],
    [["run", Deno.execPath()], "ok"],
    [["run", "true"], "denied"],
    [["ffi", "libc.so.6"], "denied"],
  ]);
});

/** A server on every loopback address of IPv4. */
function server() {
  const running = Deno.serve({ hostname: "0.0.0.0", port: 0, onListen() {} }, () => new Response("here"));
  return { port: running.addr.port, [Symbol.asyncDispose]: () => running.shutdown() };
}

const sockets = (rules: readonly string[] | undefined, hidden = false): Grant =>
  grant({ packages: ["wasi:sockets", "wasi:http"], network: network(rules, hidden) });

Deno.test("a name and a port: that name, at that port; no other, not what it leads to, nothing to listen at", async () => {
  await using here = server();
  await table(scopeOf(sockets([`localhost:${here.port}`])), [
    [["connect", "localhost", here.port], "ok"],
    [["connect", "LOCALHOST", here.port], "ok"],
    [["connect", "localhost.", here.port], "allowed"],
    [["fetch", "localhost", here.port], "ok"],
    [["connect", "localhost", here.port - 1], "denied"],
    [["connect", "127.0.0.1", here.port], "denied"],
    [["connect", "sub.localhost", here.port], "denied"],
    [["connect", "localhost.example", here.port], "denied"],
    [["connect", "xlocalhost", here.port], "denied"],
    [["fetch", "127.0.0.1", here.port], "denied"],
    [["listen", "127.0.0.1", 0], "denied"],
    [["listen", "127.0.0.1", here.port + 1], "denied"],
    // Looking a name up, without connecting, is for whoever may reach it at every port.
    [["lookup", "localhost"], "denied"],
    [["datagram", "0.0.0.0", "127.0.0.1", here.port], "denied"],
    ...NEVER,
  ]);
});

Deno.test("a name at all ports: may be looked up; datagrams do not follow it, as `narrower` says", async () => {
  await using here = server();
  const scope = scopeOf(sockets(["localhost"]), { net: ["0.0.0.0:0"] });
  await table(scope, [
    [["connect", "localhost", here.port], "ok"],
    [["connect", "localhost", 1], "allowed"],
    [["lookup", "localhost"], "ok"],
    [["lookup", "localhost.example"], "denied"],
    [["connect", "127.0.0.1", here.port], "denied"],
    [["datagram", "0.0.0.0", "127.0.0.1", here.port], "denied"],
  ]);
  assert.deepEqual(scope.narrower, [
    "localhost: Deno sends datagrams to addresses only, not to what a name leads to",
  ]);
});

Deno.test("names below one: at any depth, and the name itself, as `wider` says", async () => {
  const scope = scopeOf(sockets(["https://*.localhost"]));
  await table(scope, [
    [["connect", "a.localhost", 443], "allowed"],
    [["connect", "a.b.localhost", 443], "allowed"],
    [["connect", "localhost", 443], "allowed"],
    [["connect", "a.localhost", 80], "denied"],
    [["connect", "alocalhost", 443], "denied"],
    [["connect", "a.localhost.example", 443], "denied"],
    [["connect", "127.0.0.1", 443], "denied"],
  ]);
  assert.ok(scope.wider.includes("https://*.localhost: Deno's *.localhost is localhost itself too"));
});

Deno.test("an address and a port: that one, to connect to and to listen at; datagrams from anywhere", async () => {
  await using here = server();
  await table(scopeOf(sockets([`127.0.0.1:${here.port}`])), [
    [["connect", "127.0.0.1", here.port], "ok"],
    [["connect", "::ffff:127.0.0.1", here.port], "allowed"],
    [["fetch", "127.0.0.1", here.port], "ok"],
    [["datagram", "0.0.0.0", "127.0.0.1", here.port], "ok"],
    [["datagram", "0.0.0.0", "127.0.0.2", here.port], "denied"],
    [["datagram", "0.0.0.0", "127.0.0.1", here.port - 1], "denied"],
    [["datagram", "127.0.0.1", "127.0.0.1", here.port], "denied"],
    // The server has it: Deno would have let it.
    [["listen", "127.0.0.1", here.port], "failed"],
    // What binding for datagrams needs, and `wider` says.
    [["listen", "0.0.0.0", 0], "ok"],
    [["listen", "0.0.0.0", here.port - 1], "denied"],
    [["connect", "127.0.0.1", here.port - 1], "denied"],
    [["connect", "127.0.0.2", here.port], "denied"],
    [["connect", "localhost", here.port], "denied"],
    ...NEVER,
  ]);
});

Deno.test("a range of addresses and of ports: all of it and nothing around it", async () => {
  await using here = server();
  const { port } = here;
  await table(scopeOf(sockets([`tcp://127.0.0.0/31:${port - 1}-${port + 1}`])), [
    [["connect", "127.0.0.1", port], "ok"],
    [["connect", "127.0.0.1", port - 1], "allowed"],
    [["connect", "127.0.0.1", port + 1], "allowed"],
    [["connect", "127.0.0.0", port], "allowed"],
    [["connect", "127.0.0.1", port - 2], "denied"],
    [["connect", "127.0.0.1", port + 2], "denied"],
    [["connect", "127.0.0.2", port], "denied"],
    [["datagram", "0.0.0.0", "127.0.0.1", port], "denied"],
  ]);
});

Deno.test("more ports than are listed: all ports of the host, as `wider` says, and of no other", async () => {
  await using here = server();
  await table(scopeOf(sockets(["tcp://127.0.0.1:1-1000"])), [
    [["connect", "127.0.0.1", 999], "allowed"],
    [["connect", "127.0.0.1", here.port], "ok"],
    [["connect", "127.0.0.2", here.port], "denied"],
  ]);
});

Deno.test("IPv6 addresses: one by one in brackets", async () => {
  await table(scopeOf(sockets(["tcp://[fd00::]/127:80", "::1"])), [
    [["connect", "fd00::1", 80], "allowed"],
    [["connect", "fd00::2", 80], "denied"],
    [["connect", "fd00::1", 81], "denied"],
    [["connect", "::1", 1], "allowed"],
    [["datagram", "::", "::1", 9], "allowed"],
    [["datagram", "::", "::2", 9], "denied"],
    [["connect", "127.0.0.1", 1], "denied"],
    [["connect", "::ffff:127.0.0.1", 1], "denied"],
  ]);
});

Deno.test("an unrestricted network: everybody, and nothing else", async () => {
  await using here = server();
  await table(scopeOf(sockets(undefined, true)), [
    [["connect", "127.0.0.1", here.port], "ok"],
    [["connect", "localhost", here.port], "ok"],
    [["listen", "127.0.0.1", 0], "ok"],
    [["datagram", "0.0.0.0", "127.0.0.1", here.port], "ok"],
    [["lookup", "localhost"], "ok"],
    ...NEVER,
  ]);
});

Deno.test("Deno has no ranges of IPv6 addresses or of ports, and no rule for every name, which `wider` says", async () => {
  for (const form of ["[fd00::/8]", "fd00::/8", "[fd00::]/8", "[fd00::]/8:80"]) {
    const args = ["run", "--no-config", `--allow-net=${form}`, inRepository("tests/scope/acts.ts"), "[]"];
    const { success } = await new Deno.Command(Deno.execPath(), { args, stderr: "null", stdout: "null" })
      .output();
    assert.equal(success, false, form);
  }
});

Deno.test("without an allow-list for imports Deno has one of its own, and --deny-import does not end it", async () => {
  const script = `console.log(Deno.permissions.querySync({ name: "import", host: "deno.land:443" }).state)`;
  const state = async (...flags: string[]) => {
    const args = ["run", "--no-config", "--no-prompt", ...flags, "-"];
    const child = new Deno.Command(Deno.execPath(), { args, stdin: "piped", stdout: "piped" }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(script));
    await writer.close();
    return new TextDecoder().decode((await child.output()).stdout).trim();
  };
  assert.deepEqual(
    [await state(), await state("--deny-import"), await state(...flagsOf(scopeOf(nothing)))],
    ["granted", "granted", "prompt"],
  );
});

{
  const scope = scopeOf(
    {
      ...seeing("/data:ro"),
      packages: new Set(["wasi:filesystem", "wasi:sockets"]),
      network: network(["a:1"]),
    },
    { env: ["LISTED"], write: ["/log"] },
  );
  Deno.test({ name: "the object form is the same scope", permissions: permissionsOf(scope) }, () => {
    const state = (asked: Deno.PermissionDescriptor) => Deno.permissions.querySync(asked).state;
    const rows: readonly (readonly [Deno.PermissionDescriptor, boolean])[] = [
      [{ name: "read", path: "/data/x" }, true],
      [{ name: "read", path: "/log" }, true],
      [{ name: "read", path: "/database" }, false],
      [{ name: "write", path: "/log/x" }, true],
      [{ name: "write", path: "/data/x" }, false],
      [{ name: "net", host: "a:1" }, true],
      [{ name: "net", host: "a:2" }, false],
      [{ name: "env", variable: "LISTED" }, true],
      [{ name: "env", variable: "OTHER" }, false],
      [{ name: "sys" }, false],
      [{ name: "run" }, false],
      [{ name: "ffi" }, false],
      [{ name: "import" as "net", host: "deno.land:443" }, false],
    ];
    for (const [asked, allowed] of rows) {
      assert.equal(state(asked) === "granted", allowed, JSON.stringify(asked));
    }
  });
}
