import assert from "node:assert/strict";
import fc from "fast-check";
import { networkRule } from "../../src/config/network_rule.ts";
import { denied, type Grant } from "../../src/grant/grant.ts";
import { narrow, within } from "../../src/grant/narrow.ts";
import { mayRead, mayWrite } from "../../src/grant/narrow_mounts.ts";
import { mayListen, mayReachAddress, mayReachName } from "../../src/grant/network.ts";
import { ruleText } from "../../src/grant/rule_text.ts";
import { ADDRESSES, grant, NAMES, PATHS, PORTS, rule } from "./arbitrary.ts";
import { grant as granted, network, reaching, seeing } from "../scope/support.ts";

const SCHEMES = ["http", "https", "tcp", "udp"] as const;

/** Everything that a grant allows of a small world, asked of what enforces it. */
function allowed({ packages, env, mounts, network }: Grant): string[] {
  const found = [...packages].map((name) => `use ${name}`);
  found.push(...env.map(([name, value]) => `know ${name}=${value}`));
  for (const path of PATHS) {
    if (mayRead(mounts, path)) found.push(`read ${path}`);
    if (mayWrite(mounts, path)) found.push(`write ${path}`);
  }
  for (const port of PORTS) {
    for (const scheme of SCHEMES) {
      for (const name of NAMES) {
        if (mayReachName(network, [scheme], name, port)) found.push(`ask ${scheme} ${name} ${port}`);
      }
      for (const ip of ADDRESSES) {
        const text = `${scheme} ${ip.family} ${ip.bits} ${port}`;
        if (mayReachAddress(network, scheme, ip, port)) found.push(`reach ${text}`);
        if (mayReachAddress(network, scheme, ip, port, NAMES[0])) found.push(`follow ${text}`);
        if (scheme === "tcp" || scheme === "udp") {
          if (mayListen(network, scheme, ip, port)) found.push(`listen ${text}`);
        }
      }
    }
  }
  return found;
}

/** Whether nothing that one list has is missing in another. */
function isSubset(one: readonly string[], other: readonly string[]): boolean {
  const all = new Set(other);
  return one.every((item) => all.has(item));
}

const same = (one: Grant, other: Grant) => within(one, other) && within(other, one);

Deno.test("narrow() allows nothing that not both allow", () => {
  fc.assert(fc.property(grant, grant, (a, b) => {
    const both = allowed(narrow(a, b));
    assert.ok(isSubset(both, allowed(a)), "of the first");
    assert.ok(isSubset(both, allowed(b)), "of the second");
  }));
});

Deno.test("narrow() lies within both", () => {
  fc.assert(fc.property(grant, grant, (a, b) => within(narrow(a, b), a) && within(narrow(a, b), b)));
});

Deno.test("narrow() allows all packages, variables and files that both allow", () => {
  const notNetwork = (found: readonly string[]) =>
    found.filter((item) => /^(use|know|read|write)/.test(item));
  fc.assert(fc.property(grant, grant, (a, b) => {
    const theirs = new Set(notNetwork(allowed(b)));
    const both = notNetwork(allowed(a)).filter((item) => theirs.has(item));
    assert.deepEqual(notNetwork(allowed(narrow(a, b))).sort(), both.sort());
  }));
});

Deno.test("narrow() allows all names that both allow, and of addresses those that both have rules for", () => {
  fc.assert(fc.property(grant, grant, (a, b) => {
    const theirs = new Set(allowed(b));
    const both = allowed(a).filter((item) => theirs.has(item));
    const found = new Set(allowed(narrow(a, b)));
    const kind = a.network?.rules && b.network?.rules ? /^(ask|reach|listen)/ : /^ask/;
    for (const item of both) if (kind.test(item)) assert.ok(found.has(item), item);
  }));
});

Deno.test("narrow() by itself, and again by the same, changes nothing", () => {
  fc.assert(fc.property(grant, grant, (a, b) => {
    assert.ok(same(narrow(a, a), a));
    assert.deepEqual(allowed(narrow(a, a)), allowed(a));
    const once = narrow(a, b);
    assert.ok(same(narrow(once, b), once));
  }));
});

Deno.test("narrow() is the same from both sides, but for the names of things", () => {
  fc.assert(fc.property(grant, grant, (a, b) => {
    assert.ok(same(narrow(a, b), narrow(b, a)));
    assert.deepEqual(allowed(narrow(a, b)).sort(), allowed(narrow(b, a)).sort());
  }));
});

Deno.test("denied is within everything, and absorbs", () => {
  fc.assert(fc.property(grant, (a) => {
    assert.ok(within(denied, a));
    for (const none of [narrow(a, denied), narrow(denied, a)]) {
      assert.ok(within(none, denied));
      assert.deepEqual(allowed(none), []);
    }
  }));
});

Deno.test("within() is certain: what it says is so", () => {
  fc.assert(fc.property(grant, grant, (a, b) => {
    if (within(a, b)) assert.ok(isSubset(allowed(a), allowed(b)));
    assert.ok(within(a, a));
  }));
});

Deno.test("within(): networks", () => {
  const of = (rules: readonly string[] | undefined, hidden = false) =>
    granted({ network: network(rules, hidden) });
  const everybody = granted({ network: undefined });
  const rows: readonly (readonly [Grant, Grant, boolean])[] = [
    [everybody, everybody, true],
    [everybody, of(undefined, true), true],
    [everybody, of(undefined), false],
    [everybody, of(["*"], true), false],
    [of(undefined, true), everybody, true],
    [of(undefined), of(undefined, true), true],
    [of(undefined), of(["*"], true), false],
    [of(["*"]), of(undefined), true],
    [of(["*"], true), of(undefined), false],
    [of(["8.8.8.8"]), of(undefined), false],
    [of(["a"]), of(["a"], true), true],
    [of(["a"], true), of(["a"]), false],
    [of(["10.0.0.1"], true), of(["10.0.0.1"]), true],
    [of([], true), of([]), true],
    [of(["tcp://a:80"]), of(["*:1-100"]), true],
    [of(["a:80"]), of(["tcp://a:80"]), false],
    [of(["a:80-81"]), of(["a:80"]), false],
    [of(["*.a.b"]), of(["*.b"]), true],
    [of(["b"]), of(["*.b"]), false],
    [of(["*"]), of(["*.b"]), false],
    [of(["10.1.0.0/16"]), of(["10.0.0.0/8"]), true],
    [of(["10.0.0.0/8"]), of(["10.1.0.0/16"]), false],
  ];
  for (const [inner, outer, expected] of rows) {
    const shown = (grant: Grant) =>
      JSON.stringify([grant.network?.rules?.map(({ text }) => text), grant.network?.private]);
    assert.equal(within(inner, outer), expected, `${shown(inner)} in ${shown(outer)}`);
  }
});

Deno.test("within() is transitive", () => {
  fc.assert(fc.property(grant, grant, grant, (a, b, c) => {
    const [x, y] = [narrow(a, b), narrow(narrow(a, b), c)];
    assert.ok(within(y, x) && within(y, a) && within(y, c));
  }));
});

Deno.test("a rule as text is the same rule when it is read again", () => {
  fc.assert(fc.property(rule, rule, (one, other) => {
    const rules = narrow(
      granted({ network: { rules: [one], private: false } }),
      granted({ network: { rules: [other], private: false } }),
    ).network!.rules!;
    for (const made of rules) {
      const read = networkRule(made.text);
      assert.deepEqual({ ...read, text: "" }, { ...made, text: "" });
      assert.deepEqual({ ...networkRule(ruleText(made)), text: "" }, { ...made, text: "" });
    }
  }));
});

Deno.test("rules: what both cover", () => {
  const rows: readonly (readonly [string, string, string])[] = [
    ["a.example", "a.example", "a.example"],
    ["a.example", "b.example", ""],
    ["a.example", "*.example", "a.example"],
    ["*.example", "a.example:80", "a.example:80"],
    ["*.a.example", "*.example", "*.a.example"],
    ["*.example", "example", ""],
    ["*.b.example", "*.a.example", ""],
    ["*", "https://a.example", "https://a.example"],
    ["*", "10.0.0.1", ""],
    ["http://a.example", "https://a.example", ""],
    ["tcp://a.example", "a.example:80-90", "tcp://a.example:80-90"],
    ["https://a.example:1-500", "a.example:400-600", "https://a.example:400-500"],
    ["a.example:80-90", "a.example:91", ""],
    ["a.example:80-90", "a.example:90-99", "a.example:90"],
    ["10.0.0.0/8", "10.1.0.0/16:80", "10.1.0.0/16:80"],
    ["10.0.0.0/8", "11.0.0.0/8", ""],
    ["0.0.0.0/0", "10.0.0.1", "10.0.0.1"],
    ["[fd00::]/8", "[fd00::1]:80", "[fd00::1]:80"],
    ["10.0.0.0/8", "[::ffff:10.1.0.0]/112", "10.1.0.0/16"],
    ["[::]/0", "10.0.0.1", ""],
    ["0.0.0.0/0", "[fd00::]/8", ""],
  ];
  for (const [one, other, expected] of rows) {
    const found = narrow(reaching(one), reaching(other)).network!.rules!.map(({ text }) => text);
    assert.deepEqual(
      found.map((text) => ruleText(network([text]).rules![0]!)),
      expected === "" ? [] : [ruleText(network([expected]).rules![0]!)],
      `${one} and ${other}`,
    );
  }
});

Deno.test("rules: none that another one makes needless", () => {
  const { network } = narrow(reaching("*.example", "a.example", "*"), reaching("*.example", "a.example:80"));
  assert.deepEqual(network!.rules!.map(({ text }) => text), ["*.example"]);
});

Deno.test("networks: without rules, and with them", () => {
  const of = (rules: readonly string[] | undefined, hidden: boolean) =>
    granted({ network: network(rules, hidden) });
  const everybody = granted({ network: undefined });
  assert.equal(narrow(everybody, everybody).network, undefined);
  const rows: readonly (readonly [Grant, Grant, readonly string[] | undefined, boolean])[] = [
    [everybody, of(["a"], true), ["a"], true],
    [of(undefined, true), of(["a", "10.0.0.1"], false), ["a", "10.0.0.1"], false],
    [of(undefined, false), of(["a", "10.0.0.1", "8.8.8.8"], true), ["a"], false],
    [of(undefined, false), of(undefined, false), undefined, false],
    [of(undefined, false), everybody, undefined, false],
    [of(["a"], true), of(["a"], false), ["a"], false],
    [of([], true), everybody, [], true],
  ];
  for (const [one, other, rules, hidden] of rows) {
    for (const found of [narrow(one, other).network!, narrow(other, one).network!]) {
      assert.deepEqual([found.rules?.map(({ text }) => text), found.private], [rules, hidden]);
    }
  }
});

Deno.test("mounts: directories of both, seen where the first has them", () => {
  const rows: readonly (readonly [string[], string[], string[]])[] = [
    [["/d"], ["/d"], ["/m0 /d"]],
    [["/d"], ["/d:ro"], ["/m0 /d ro"]],
    [["/d:ro"], ["/d"], ["/m0 /d ro"]],
    [["/d"], ["/data"], []],
    [["/d"], ["/d/c"], ["/m0/c /d/c"]],
    [["/d/c"], ["/d"], ["/m0 /d/c"]],
    [["/d/c"], ["/d:ro"], ["/m0 /d/c ro"]],
    [["/"], ["/d/c:ro", "/other"], ["/m0/d/c /d/c ro", "/m0/other /other"]],
    [["/d/c"], ["/"], ["/m0 /d/c"]],
    // What is read-only inside stays so, whoever declares it.
    [["/d", "/d/c:ro"], ["/d"], ["/m0 /d", "/m1 /d/c ro"]],
    [["/d"], ["/d", "/d/c:ro"], ["/m0 /d", "/m0/c /d/c ro"]],
    [["/d", "/d/c:ro"], ["/d/c/e"], ["/m0/c/e /d/c/e ro", "/m1/e /d/c/e ro"]],
    // A link is where it leads.
    [["/link=/d"], ["/d/c"], ["/m0/c /d/c"]],
    [["/d/c"], ["/link=/d"], ["/m0 /d/c"]],
    [["/link=/d"], ["/link=/other"], []],
  ];
  for (const [one, other, expected] of rows) {
    const found = narrow(seeing(...one), seeing(...other)).mounts
      .map(({ guest, host, real, readOnly }) => `${guest} ${real ?? host}${readOnly ? " ro" : ""}`);
    assert.deepEqual(found, expected, `${one.join(" ")} and ${other.join(" ")}`);
  }
});

Deno.test("mounts: two directories never share a path in the guest", () => {
  const mounts = (list: readonly (readonly [string, string, boolean?])[]) =>
    granted({ mounts: list.map(([guest, host, readOnly = false]) => ({ guest, host, readOnly })) });
  const one = mounts([["/x", "/a"], ["/x/y", "/b"]]);
  const other = mounts([["/1", "/a"], ["/2", "/a/y", true], ["/3", "/b"]]);
  assert.deepEqual(narrow(one, other).mounts, [
    { guest: "/x", host: "/a", readOnly: false },
    { guest: "/x/y", host: "/b", readOnly: false },
    { guest: "/x/y~", host: "/a/y", readOnly: true },
  ]);
  fc.assert(fc.property(grant, grant, (a, b) => {
    const guests = narrow(a, b).mounts.map(({ guest }) => guest);
    assert.deepEqual(guests, [...new Set(guests)].sort());
  }));
});

Deno.test("variables: the same name with the same value", () => {
  const one = granted({ env: [["A", "1"], ["B", "1"], ["C", "1"]] });
  const other = granted({ env: [["C", "1"], ["B", "2"]] });
  assert.deepEqual(narrow(one, other).env, [["C", "1"]]);
  assert.equal(within(one, other), false);
});

Deno.test("what names things stays that of the first; the result is frozen", () => {
  const one = { ...seeing("/d"), holder: "one", args: ["x"], cwd: "/m0" };
  const found = narrow(one, { ...seeing("/d/c:ro"), holder: "two", args: [], cwd: "/" });
  assert.deepEqual([found.holder, found.args, found.cwd], ["one", ["x"], "/m0"]);
  for (const part of [found, found.mounts, found.mounts[0], found.env, found.packages]) {
    assert.ok(Object.isFrozen(part));
  }
});
