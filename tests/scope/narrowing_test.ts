import assert from "node:assert/strict";
import { denied } from "../../src/grant/grant.ts";
import { flagsOf, narrowing, type Scope, scopeOf } from "../../src/scope/mod.ts";

const NOTHING = scopeOf(denied);
const scope = (lists: Partial<Scope>): Scope => ({ ...NOTHING, ...lists });

interface Row {
  readonly name: string;
  readonly from: Partial<Scope>;
  readonly to: Partial<Scope>;
  /** What Deno is asked to revoke; kinds that go as a whole are left out. */
  readonly revoke: readonly string[];
  readonly wider?: readonly string[];
}

const ROWS: readonly Row[] = [
  { name: "what is wanted stays", from: { read: ["/a", "/b"] }, to: { read: ["/a", "/b"] }, revoke: [] },
  { name: "what is not goes", from: { read: ["/a", "/b"] }, to: { read: ["/b"] }, revoke: ["read /a"] },
  { name: "below what is wanted, too", from: { read: ["/a", "/a/b"] }, to: { read: ["/a"] }, revoke: [] },
  {
    name: "an outer directory goes and an inner one stays, where both are listed",
    from: { read: ["/", "/a", "/a/b"] },
    to: { read: ["/a/b"] },
    revoke: ["read /", "read /a"],
  },
  {
    name: "an outer directory stays where it is all that is listed",
    from: { read: ["/a"], write: ["/a"] },
    to: { read: ["/a/b", "/a/c"] },
    revoke: [],
    wider: ["/a: all of it, and not only /a/b, /a/c"],
  },
  {
    name: "a directory is not below one whose name it begins with",
    from: { read: ["/a", "/ab"] },
    to: { read: ["/a"] },
    revoke: ["read /ab"],
  },
  {
    name: "everybody cannot become somebody",
    from: { net: true },
    to: { net: ["h:1"] },
    revoke: [],
    wider: ["net: all of it, and not only h:1"],
  },
  { name: "everybody stays everybody", from: { net: true }, to: { net: true }, revoke: [] },
  {
    name: "a host at another port",
    from: { net: ["h:1", "h:2"] },
    to: { net: ["h:2"] },
    revoke: ["net h:1"],
  },
  { name: "a host at all ports", from: { net: ["h", "h:2"] }, to: { net: ["h:2"] }, revoke: ["net h"] },
  {
    name: "a port of a host that is wanted at all",
    from: { net: ["h", "h:2"] },
    to: { net: ["h"] },
    revoke: [],
  },
  {
    name: "names below a name",
    from: { net: ["*.example.org:443", "a.example.org:443"] },
    to: { net: ["a.example.org:443"] },
    revoke: ["net airlock-asks.example.org:443"],
  },
  {
    name: "a name that a wanted one holds",
    from: { net: ["*.x.org", "x.org", "a.x.org"] },
    to: { net: ["*.x.org"] },
    revoke: [],
  },
  {
    name: "a range of addresses, by an address that is not wanted",
    from: { net: ["10.0.0.0/8:80", "10.0.0.0:80"] },
    to: { net: ["10.0.0.0:80"] },
    revoke: ["net 10.255.255.255:80"],
  },
  {
    name: "a range within one",
    from: { net: ["10.0.0.0/8", "10.1.0.0/16"] },
    to: { net: ["10.0.0.0/8"] },
    revoke: [],
  },
  {
    name: "an IPv6 address",
    from: { net: ["[::1]:1", "[::1]:2"] },
    to: { net: ["[::1]:1"] },
    revoke: ["net [::1]:2"],
  },
  { name: "variables", from: { env: ["A", "B*"] }, to: { env: ["A"] }, revoke: ["env B*"] },
  { name: "programs", from: { run: ["/bin/a", "/bin/b"] }, to: { run: ["/bin/a"] }, revoke: ["run /bin/b"] },
];

/** The revocation in words; `undefined` for one of a whole kind. */
function words({ name, ...what }: { readonly name: string }): string | undefined {
  const [value] = Object.values(what);
  return value === undefined ? undefined : `${name} ${value}`;
}

for (const { name, from, to, revoke, wider = [] } of ROWS) {
  Deno.test(`narrowing: ${name}`, () => {
    const plan = narrowing(scope(from), scope(to));
    assert.deepEqual(plan.revoke.map(words).filter((word) => word !== undefined), revoke);
    assert.deepEqual(plan.wider, wider);
  });
}

Deno.test("narrowing: kinds of which nothing is wanted go as a whole", () => {
  const { revoke } = narrowing(scope({ read: ["/a"], net: true, run: ["/bin/sh"] }), scope({ read: ["/a"] }));
  assert.deepEqual(revoke.map(({ name }) => name), ["write", "net", "env", "sys", "run", "ffi", "import"]);
});

/** Revokes, and then says of each thing whether it is allowed: told in JSON. */
const SCRIPT = `
const [revoke, ask] = JSON.parse(Deno.args[0]);
for (const one of revoke) Deno.permissions.revokeSync(one);
console.log(JSON.stringify(ask.map((one) => Deno.permissions.querySync(one).state)));
`;

const KEYS: Readonly<Record<string, string>> = { net: "host", env: "variable" };

/** A question that Deno can be asked: of a range, about an address in it; of names below one, about one of them. */
function question(kind: string, value: string) {
  return {
    name: kind,
    [KEYS[kind] ?? "path"]: value.replace(/^\*\./, "some.").replace(/\/\d+(?=$|:\d+$)/, ""),
  };
}

Deno.test("Deno revokes as it is planned: what goes is gone, and what is wanted stays", async () => {
  const script = await Deno.makeTempFile({ suffix: ".js" });
  try {
    await Deno.writeTextFile(script, SCRIPT);
    // Programs have to be there when Deno starts.
    for (const { name, from, to } of ROWS.filter(({ from }) => from.run === undefined)) {
      const { revoke } = narrowing(scope(from), scope(to));
      const kept = Object.entries(to).flatMap(([kind, values]) =>
        values === true
          ? [{ name: kind }]
          : (values as readonly string[]).map((value) => question(kind, value))
      );
      const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [
          ...["run", "--no-prompt", "--no-config", "--quiet", ...flagsOf(scope(from)), script],
          JSON.stringify([revoke, [...revoke, ...kept]]),
        ],
        stdin: "null",
      }).output();
      const text = new TextDecoder();
      assert.deepEqual(
        [name, ...JSON.parse(text.decode(stdout) || `["${text.decode(stderr)}"]`)],
        [name, ...revoke.map(() => "prompt"), ...kept.map(() => "granted")],
      );
    }
  } finally {
    await Deno.remove(script);
  }
});
