/** What a scope allows, against what its grant does: asked of a model of Deno, and the model of Deno itself. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { covers, formatIp, type Ip, parseIp, unmapped } from "../../src/config/ip.ts";
import type { Grant } from "../../src/grant/grant.ts";
import { narrow } from "../../src/grant/narrow.ts";
import { mayRead, mayWrite } from "../../src/grant/narrow_mounts.ts";
import { mayListen, mayReachAddress, mayReachName, type Scheme } from "../../src/grant/network.ts";
import { flagsOf, type Scope, scopeOf, union } from "../../src/scope/mod.ts";
import { ADDRESSES, grant, NAMES, PATHS, PORTS } from "../grant/arbitrary.ts";
import { environment } from "../support/airlock.ts";

/** Whether a list of paths has one that a path is, or lies in. */
function holdsPath(list: readonly string[], path: string): boolean {
  return list.some((one) => path === one || path.startsWith(one === "/" ? one : `${one}/`));
}

/** Whether `--allow-net` with a list lets a process reach a host at a port. */
function holdsHost(net: Scope["net"], host: Ip | string, port: number): boolean {
  if (net === true) return true;
  return net.some((item) => {
    const [, text, at] = /^(.*?[^:])(?::(\d+))?$/.exec(item)!;
    if (at !== undefined && Number(at) !== port) return false;
    if (typeof host === "string") {
      return host === text || (text!.startsWith("*.") && `.${host}`.endsWith(text!.slice(1)));
    }
    const [address, length] = text!.replace(/^\[(.*)\]$/, "$1").split("/");
    const ip = parseIp(address!);
    return ip !== undefined &&
      covers({ ...ip, length: length === undefined ? (ip.family === 4 ? 32 : 128) : Number(length) }, host);
  });
}

function hostText(ip: Ip): string {
  const plain = unmapped(ip);
  return plain.family === 4 ? formatIp(plain) : `[${formatIp(plain)}]`;
}

const hasFiles = ({ packages }: Grant) => packages.has("wasi:filesystem") || packages.has("wasi1");

function schemes({ packages }: Grant): Scheme[] {
  return [
    ...packages.has("wasi:sockets") ? ["tcp", "udp"] as const : [],
    ...packages.has("wasi:http") ? ["http", "https"] as const : [],
  ];
}

Deno.test("a scope holds the files of its grant, and no others", () => {
  fc.assert(fc.property(grant, (grant) => {
    const { read, write, wider } = scopeOf(grant);
    const mounts = hasFiles(grant) ? grant.mounts : [];
    const inner = wider.some((why) => why.includes("the guest may only read it"));
    for (const path of [...PATHS, "/datum", "/d/c/ex", "/etc"]) {
      assert.equal(holdsPath(read, path), mayRead(mounts, path), `read ${path}`);
      if (mayWrite(mounts, path)) assert.ok(holdsPath(write, path), `write ${path}`);
      else if (!inner) assert.ok(!holdsPath(write, path), `do not write ${path}`);
    }
  }));
});

Deno.test("a scope holds every host of its grant, whatever it is reached for", () => {
  fc.assert(fc.property(grant, (grant) => {
    const { net } = scopeOf(grant);
    for (const scheme of schemes(grant)) {
      for (const port of PORTS) {
        for (const name of NAMES) {
          if (mayReachName(grant.network, [scheme], name, port)) {
            assert.ok(holdsHost(net, name, port), `${name}:${port}`);
          }
        }
        for (const ip of ADDRESSES) {
          const may = mayReachAddress(grant.network, scheme, ip, port) ||
            (scheme === "tcp" || scheme === "udp") && mayListen(grant.network, scheme, ip, port);
          if (may) assert.ok(holdsHost(net, ip, port), `${hostText(ip)}:${port}`);
        }
      }
    }
  }));
});

Deno.test("a scope that is not said to be wider holds no other host", () => {
  let exact = 0;
  const narrowRules = grant.map((grant) => ({
    ...grant,
    packages: new Set([...grant.packages, "wasi:sockets"] as const),
    network: { rules: grant.network?.rules ?? [], private: true },
  }));
  fc.assert(
    fc.property(narrowRules, (grant) => {
      const { net, wider } = scopeOf(grant);
      if (
        wider.some((why) =>
          !why.startsWith("/") && !why.startsWith("0.0.0.0:0: ") && !why.startsWith("[::]:0: ")
        )
      ) return;
      exact++;
      for (const port of PORTS.filter((port) => port > 0)) {
        for (const name of NAMES) {
          if (holdsHost(net, name, port)) assert.ok(mayReachName(grant.network, ["tcp", "udp"], name, port));
        }
        for (const ip of ADDRESSES) {
          if (holdsHost(net, ip, port)) {
            assert.ok(mayReachAddress(grant.network, "tcp", ip, port), hostText(ip));
          }
        }
      }
    }),
    { numRuns: 500 },
  );
  assert.ok(exact > 20, `${exact} of 500 were exact`);
});

Deno.test("without a package that uses the network a scope reaches nobody", () => {
  fc.assert(fc.property(grant, (grant) => {
    if (schemes(grant).length === 0) assert.deepEqual(scopeOf(grant).net, []);
  }));
});

Deno.test("a narrower grant has no wider scope, and union() holds each", () => {
  fc.assert(fc.property(grant, grant, (a, b) => {
    const scopes = [scopeOf(a), scopeOf(b)];
    const both = scopeOf(narrow(a, b));
    const all = union(scopes);
    for (const path of PATHS) {
      for (const kind of ["read", "write"] as const) {
        if (holdsPath(both[kind], path)) {
          assert.ok(scopes.every((scope) => holdsPath(scope[kind], path)), path);
        }
        assert.equal(holdsPath(all[kind], path), scopes.some((scope) => holdsPath(scope[kind], path)), path);
      }
    }
    for (const port of PORTS) {
      for (const host of [...NAMES, ...ADDRESSES]) {
        if (port > 0 && holdsHost(both.net, host, port)) {
          assert.ok(scopes.every((scope) => holdsHost(scope.net, host, port)), `${String(host)}:${port}`);
        }
        assert.equal(
          holdsHost(all.net, host, port),
          scopes.some((scope) => holdsHost(scope.net, host, port)),
        );
      }
    }
  }));
});

Deno.test("needs are in a scope, and change nothing else of it", () => {
  fc.assert(fc.property(grant, (grant) => {
    const [alone, needing] = [scopeOf(grant), scopeOf(grant, { read: ["/zz/app.yaml"], env: ["Z"] })];
    assert.deepEqual(
      { ...needing, read: needing.read.filter((path) => path !== "/zz/app.yaml"), env: [] },
      { ...alone, env: [] },
    );
    assert.ok(holdsPath(needing.read, "/zz/app.yaml"));
    assert.deepEqual(needing.env, ["Z"]);
  }));
});

Deno.test("the model of these tests is what Deno does", async () => {
  const script = `const asked = JSON.parse(Deno.args[0]);
    console.log(JSON.stringify(asked.map((one) => Deno.permissions.querySync(one).state === "granted")));`;
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(file, script);
    for (const scope of fc.sample(grant, 16).map((grant) => scopeOf(grant))) {
      const rows = [
        ...PATHS.flatMap((path) => [
          [{ name: "read", path }, holdsPath(scope.read, path)] as const,
          [{ name: "write", path }, holdsPath(scope.write, path)] as const,
        ]),
        ...PORTS.flatMap((port) =>
          [...NAMES, ...ADDRESSES].map((host) => {
            const text = `${typeof host === "string" ? host : hostText(host)}:${port}`;
            return [{ name: "net", host: text }, holdsHost(scope.net, host, port)] as const;
          })
        ),
      ];
      const args = [
        "run",
        "--no-config",
        "--no-prompt",
        ...flagsOf(scope),
        file,
        JSON.stringify(rows.map(([q]) => q)),
      ];
      const { stdout } = await new Deno.Command(Deno.execPath(), { args, clearEnv: true, env: environment() })
        .output();
      const states = JSON.parse(new TextDecoder().decode(stdout)) as boolean[];
      const shown = (states: readonly boolean[]) =>
        rows.map(([asked], i) => `${JSON.stringify(asked)} ${states[i]}`);
      assert.deepEqual(shown(states), shown(rows.map(([, expected]) => expected)), flagsOf(scope).join(" "));
    }
  } finally {
    await Deno.remove(file);
  }
});
