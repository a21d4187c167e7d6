/** Whom a guest may reach: rules against targets, and the line that would allow what is refused. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { networkRule } from "../../src/config/network_rule.ts";
import {
  formatIp,
  type Ip,
  ipOf,
  isPrivate,
  lineAllowing,
  mayListen,
  mayReachAddress,
  mayReachName,
  type Network,
  type NetworkRule,
  parseIp,
  parseName,
  type Scheme,
} from "../../src/grant/network.ts";

function ruleOf(text: string): NetworkRule {
  const rule = networkRule(text);
  assert.ok(!("wrong" in rule), `${text}: ${"wrong" in rule && rule.wrong}`);
  return rule;
}

/** Rules in one string, with spaces between them; `private` among them is `private: true`, `open` is no `allow`. */
function network(text: string): Network | undefined {
  if (text === "unrestricted") return undefined;
  const words = text.split(" ").filter((word) => word !== "");
  const rules = words.filter((word) => word !== "private" && word !== "open").map(ruleOf);
  return { rules: words.includes("open") ? undefined : rules, private: words.includes("private") };
}

function address(text: string): Ip {
  const ip = parseIp(text);
  assert.ok(ip, text);
  return ip;
}

/** `tcp://host:port`, and for a name the address to which it leads: `tcp://db:5432 10.0.0.1`. */
function target(text: string): { scheme: Scheme; port: number; name?: string; ip?: Ip } {
  const [, scheme, host, port, ip] = /^(\w+):\/\/(\S*):(\d+)(?: (.*))?$/.exec(text)!;
  const common = { scheme: scheme as Scheme, port: Number(port) };
  const literal = parseIp(host!.replace(/^\[(.*)\]$/, "$1"));
  if (literal !== undefined) return { ...common, ip: literal };
  const name = parseName(host!);
  assert.ok(name, host);
  return { ...common, name, ...ip && { ip: address(ip) } };
}

/** Both questions, as they are asked: the name before its lookup, the address before the connection. */
function reaches(
  network: Network | undefined,
  { scheme, port, name, ip }: ReturnType<typeof target>,
): boolean {
  if (name !== undefined && !mayReachName(network, [scheme], name, port)) return false;
  return ip === undefined || mayReachAddress(network, scheme, ip, port, name);
}

const PUBLIC = "93.184.215.14";
const yes = true, no = false;

// deno-fmt-ignore -- a table
const TABLE: readonly (readonly [rules: string, target: string, reaches: boolean])[] = [
  // No declaration of the network: everything.
  ["unrestricted", `tcp://a.example:1 ${PUBLIC}`, yes],
  ["unrestricted", "tcp://a.example:1 10.0.0.1", yes],
  ["unrestricted", "udp://127.0.0.1:53", yes],
  ["unrestricted", "https://[::1]:443", yes],
  // A declaration without rules: what is public.
  ["open", `https://a.example:443 ${PUBLIC}`, yes],
  ["open", `tcp://${PUBLIC}:1`, yes],
  ["open", "tcp://[2606:4700::1111]:53", yes],
  ["open", "tcp://a.example:1 10.0.0.1", no],
  ["open", "tcp://a.example:1 fd00::1", no],
  ["open", "udp://127.0.0.1:53", no],
  ["open", "http://[::ffff:169.254.169.254]:80", no],
  ["open", "http://169.254.169.254:80", no],
  ["open private", "tcp://a.example:1 10.0.0.1", yes],
  ["open private", "tcp://127.0.0.1:1", yes],
  // No rule, nothing.
  ["", `https://a.example:443 ${PUBLIC}`, no],
  ["", `tcp://${PUBLIC}:1`, no],
  ["private", `tcp://${PUBLIC}:1`, no],
  ["private", "tcp://127.0.0.1:1", no],
  // Names.
  ["a.example", `tcp://a.example:1 ${PUBLIC}`, yes],
  ["a.example", `udp://a.example:65535 ${PUBLIC}`, yes],
  ["a.example", `https://a.example:443 ${PUBLIC}`, yes],
  ["a.example", `tcp://A.EXAMPLE:1 ${PUBLIC}`, yes],
  ["a.example", `tcp://a.example.:1 ${PUBLIC}`, yes],
  ["A.Example.", `tcp://a.example:1 ${PUBLIC}`, yes],
  ["a.example", `tcp://b.a.example:1 ${PUBLIC}`, no],
  ["a.example", `tcp://xa.example:1 ${PUBLIC}`, no],
  ["a.example", `tcp://a.example.b:1 ${PUBLIC}`, no],
  ["a.example", `tcp://example:1 ${PUBLIC}`, no],
  ["a.example", `tcp://${PUBLIC}:1`, no],
  ["bücher.example", `tcp://xn--bcher-kva.example:1 ${PUBLIC}`, yes],
  ["xn--bcher-kva.example", `tcp://BÜCHER.example:1 ${PUBLIC}`, yes],
  ["bucher.example", `tcp://bücher.example:1 ${PUBLIC}`, no],
  // A Cyrillic letter that looks like a Latin one.
  ["a.example", `tcp://\u0430.example:1 ${PUBLIC}`, no],
  // All names below one.
  ["*.a.example", `tcp://b.a.example:1 ${PUBLIC}`, yes],
  ["*.a.example", `tcp://c.b.a.example:1 ${PUBLIC}`, yes],
  ["*.a.example", `tcp://B.A.example.:1 ${PUBLIC}`, yes],
  ["*.a.example", `tcp://a.example:1 ${PUBLIC}`, no],
  ["*.a.example", `tcp://xa.example:1 ${PUBLIC}`, no],
  ["*.a.example", `tcp://b.a.example.c:1 ${PUBLIC}`, no],
  ["*.bücher.example", `tcp://a.xn--bcher-kva.example:1 ${PUBLIC}`, yes],
  // Every name, and no address by itself.
  ["*", `tcp://a.example:1 ${PUBLIC}`, yes],
  ["*", "tcp://a.example:1 192.168.0.1", no],
  ["*", `tcp://${PUBLIC}:1`, no],
  ["*", "tcp://[2606:4700::1111]:1", no],
  ["* private", "tcp://a.example:1 192.168.0.1", yes],
  ["* private", "tcp://192.168.0.1:1", no],
  // Schemes and their ports.
  ["https://a.example", `https://a.example:443 ${PUBLIC}`, yes],
  ["https://a.example", `https://a.example:8443 ${PUBLIC}`, no],
  ["https://a.example", `http://a.example:443 ${PUBLIC}`, no],
  ["https://a.example", `http://a.example:80 ${PUBLIC}`, no],
  ["https://a.example", `tcp://a.example:443 ${PUBLIC}`, no],
  ["http://a.example", `http://a.example:80 ${PUBLIC}`, yes],
  ["http://a.example", `https://a.example:443 ${PUBLIC}`, no],
  ["tcp://a.example:443", `https://a.example:443 ${PUBLIC}`, no],
  ["tcp://a.example:53", `udp://a.example:53 ${PUBLIC}`, no],
  ["udp://a.example:53", `udp://a.example:53 ${PUBLIC}`, yes],
  ["a.example:443", `https://a.example:443 ${PUBLIC}`, yes],
  // Ports at both ends.
  ["a.example:8000-8100", `tcp://a.example:7999 ${PUBLIC}`, no],
  ["a.example:8000-8100", `tcp://a.example:8000 ${PUBLIC}`, yes],
  ["a.example:8000-8100", `tcp://a.example:8100 ${PUBLIC}`, yes],
  ["a.example:8000-8100", `tcp://a.example:8101 ${PUBLIC}`, no],
  ["a.example:65535", `tcp://a.example:65535 ${PUBLIC}`, yes],
  ["10.0.0.0/8:1-1", "tcp://10.0.0.1:1", yes],
  ["10.0.0.0/8:1-1", "tcp://10.0.0.1:2", no],
  // Addresses, private or not: who names one means it.
  ["10.0.0.0/8", "tcp://10.0.0.0:1", yes],
  ["10.0.0.0/8", "udp://10.255.255.255:1", yes],
  ["10.0.0.0/8", "tcp://9.255.255.255:1", no],
  ["10.0.0.0/8", "tcp://11.0.0.0:1", no],
  ["127.0.0.1", "tcp://127.0.0.1:1", yes],
  ["127.0.0.1", "tcp://127.0.0.2:1", no],
  ["127.0.0.1", "tcp://[::1]:1", no],
  [PUBLIC, `tcp://${PUBLIC}:1`, yes],
  [PUBLIC, `tcp://a.example:1 ${PUBLIC}`, no],
  ["[fd00::]/8:53", "udp://[fdff::1]:53", yes],
  ["[fd00::]/8:53", "udp://[fe00::1]:53", no],
  ["[fd00::]/8:53", "udp://[fd00::1]:54", no],
  ["0.0.0.0/0", "tcp://127.0.0.1:1", yes],
  ["0.0.0.0/0", "tcp://[::1]:1", no],
  ["::/0", "tcp://[::1]:1", yes],
  ["::/0", "tcp://127.0.0.1:1", no],
  // Mapped addresses are the IPv4 addresses, in rules and in targets.
  ["127.0.0.1", "tcp://[::ffff:127.0.0.1]:1", yes],
  ["[::ffff:127.0.0.1]:1", "tcp://127.0.0.1:1", yes],
  ["::ffff:10.0.0.0/104", "tcp://10.9.9.9:1", yes],
  ["::ffff:10.0.0.0/104", "tcp://[::ffff:10.9.9.9]:1", yes],
  ["::/0", "tcp://[::ffff:127.0.0.1]:1", no],
  ["a.example", "tcp://a.example:1 ::ffff:10.0.0.1", no],
  ["a.example", `tcp://a.example:1 ::ffff:${PUBLIC}`, yes],
  // Names that lead to what carries a private address: NAT64, 6to4, Teredo.
  ["a.example", "tcp://a.example:1 64:ff9b::10.0.0.1", no],
  ["a.example", `tcp://a.example:1 64:ff9b::${PUBLIC}`, yes],
  ["a.example", "tcp://a.example:1 2002:7f00:1::", no],
  ["a.example", "tcp://a.example:1 2002:5db8:d70e::", yes],
  ["a.example", "tcp://a.example:1 2001:0:102:304::", no],
  ["10.0.0.0/8", "tcp://[64:ff9b::10.0.0.1]:1", no],
  // Names that lead to private addresses.
  ["db.internal:5432", "tcp://db.internal:5432 10.0.0.7", no],
  ["db.internal:5432 private", "tcp://db.internal:5432 10.0.0.7", yes],
  ["db.internal:5432 10.0.0.0/24:5432", "tcp://db.internal:5432 10.0.0.7", yes],
  ["db.internal:5432 10.0.0.0/24:5433", "tcp://db.internal:5432 10.0.0.7", no],
  ["db.internal:5432 udp://10.0.0.0/24", "tcp://db.internal:5432 10.0.0.7", no],
  ["localhost", "tcp://localhost:1 127.0.0.1", no],
  ["localhost private", "tcp://localhost:1 127.0.0.1", yes],
  ["localhost private", "tcp://127.0.0.1:1", no],
  ["a.example", "http://a.example:80 169.254.169.254", no],
  ["a.example", "tcp://a.example:1 0.0.0.0", no],
  ["a.example", "tcp://a.example:1 ::", no],
  ["a.example", "tcp://a.example:1 fe80::1", no],
  // Several rules: each by itself.
  ["a.example:1 b.example:2", `tcp://a.example:2 ${PUBLIC}`, no],
  ["https://a.example tcp://a.example:1", `https://a.example:1 ${PUBLIC}`, no],
  ["b.example a.example", `tcp://a.example:1 ${PUBLIC}`, yes],
];

Deno.test("rules allow what they name, and nothing beside it", () => {
  assert.ok(TABLE.length >= 100);
  for (const [rules, text, expected] of TABLE) {
    assert.equal(reaches(network(rules), target(text)), expected, `[${rules}] ${text}`);
  }
});

Deno.test("before a port is known, a name may be looked up if any port would do, for one of the schemes", () => {
  const rules = network("db.internal:5432 https://api.example udp://*.ntp.example:123")!;
  const sockets: readonly Scheme[] = ["tcp", "udp"];
  assert.ok(mayReachName(rules, sockets, "db.internal"));
  assert.ok(mayReachName(rules, sockets, "a.ntp.example"));
  assert.ok(!mayReachName(rules, ["tcp"], "a.ntp.example"));
  assert.ok(!mayReachName(rules, sockets, "api.example"));
  assert.ok(!mayReachName(rules, sockets, "other.example"));
});

Deno.test("a guest listens where a rule names the address, or where nothing restricts it", () => {
  // deno-fmt-ignore -- a table
  const cases: readonly (readonly [rules: string, scheme: "tcp" | "udp", at: string, port: number, may: boolean])[] = [
    ["unrestricted", "tcp", "0.0.0.0", 80, yes],
    ["open", "tcp", "127.0.0.1", 0, no],
    ["open", "udp", PUBLIC, 53, no],
    ["open private", "tcp", "0.0.0.0", 80, yes],
    ["", "tcp", "127.0.0.1", 0, no],
    ["private", "tcp", "127.0.0.1", 0, no],
    ["*", "tcp", "127.0.0.1", 0, no],
    ["localhost private", "tcp", "127.0.0.1", 8080, no],
    ["127.0.0.1", "tcp", "127.0.0.1", 0, yes],
    ["127.0.0.1", "tcp", "::ffff:127.0.0.1", 0, yes],
    ["127.0.0.1", "tcp", "0.0.0.0", 0, no],
    ["127.0.0.1:0", "udp", "127.0.0.1", 0, yes],
    ["127.0.0.1:0", "udp", "127.0.0.1", 1, no],
    ["127.0.0.1:8000-8100", "tcp", "127.0.0.1", 0, no],
    ["127.0.0.1:8000-8100", "tcp", "127.0.0.1", 8100, yes],
    ["udp://127.0.0.1", "tcp", "127.0.0.1", 1, no],
    ["http://127.0.0.1:8080", "tcp", "127.0.0.1", 8080, no],
    ["0.0.0.0:8080", "tcp", "0.0.0.0", 8080, yes],
    ["0.0.0.0:8080", "tcp", "127.0.0.1", 8080, no],
    ["::/0", "tcp", "::", 8080, yes],
  ];
  for (const [rules, scheme, at, port, may] of cases) {
    assert.equal(
      mayListen(network(rules), scheme, address(at), port),
      may,
      `[${rules}] ${scheme} ${at} ${port}`,
    );
  }
});

Deno.test("the line that would allow something names it, and nothing else", () => {
  const cases: readonly (readonly [rules: string, target: string, line: string | undefined])[] = [
    ["", `tcp://db.internal:5432`, 'wasi.network.allow: ["tcp://db.internal:5432"]'],
    ["", `udp://ntp.example:123`, 'wasi.network.allow: ["udp://ntp.example:123"]'],
    ["", `https://api.example:443`, 'wasi.network.allow: ["https://api.example"]'],
    ["", `https://api.example:80`, 'wasi.network.allow: ["https://api.example:80"]'],
    ["", `http://api.example:80`, 'wasi.network.allow: ["http://api.example"]'],
    ["", "tcp://10.0.0.1:5432", 'wasi.network.allow: ["tcp://10.0.0.1:5432"]'],
    ["", "tcp://[fd00::1]:53", 'wasi.network.allow: ["tcp://[fd00::1]:53"]'],
    ["", "http://[::ffff:10.0.0.1]:80", 'wasi.network.allow: ["http://10.0.0.1"]'],
    ["a.example", "tcp://a.example:1 10.0.0.1", "wasi.network.private: true"],
    ["open", "tcp://a.example:1 10.0.0.1", "wasi.network.private: true"],
    ["open", "tcp://10.0.0.1:1", "wasi.network.private: true"],
    ["a.example", `tcp://a.example:1 ${PUBLIC}`, undefined],
    ["a.example", "tcp://a.example:1", undefined],
    ["unrestricted", "tcp://10.0.0.1:1", undefined],
    ["open", `tcp://${PUBLIC}:1`, undefined],
  ];
  for (const [rules, text, line] of cases) {
    const { scheme, port, name, ip } = target(text);
    const asked = { scheme, port, host: name ?? ip!, address: name === undefined ? undefined : ip };
    assert.equal(lineAllowing(network(rules), asked), line, `[${rules}] ${text}`);
  }
});

const octet = fc.nat(255);
const ip = fc.oneof(
  fc.tuple(octet, octet, octet, octet).map(ipOf),
  fc.array(fc.oneof(fc.constant(0), fc.nat(0xffff)), { minLength: 8, maxLength: 8 }).map(ipOf),
  fc.constantFrom("127.0.0.1", "10.0.0.1", "::1", "::ffff:10.0.0.1", PUBLIC).map(address),
);
const name = fc.constantFrom("a.example", "b.a.example", "localhost");
const scheme = fc.constantFrom<Scheme>("tcp", "udp", "http", "https");
const port = fc.integer({ min: 1, max: 65535 });

Deno.test("with its line added, what was refused is allowed, and at another port, host or scheme it is not", () => {
  const words = fc.constantFrom("open", "", "a.example:1", "10.0.0.0/8:80", "https://a.example");
  fc.assert(
    fc.property(
      words,
      scheme,
      fc.oneof(ip, name),
      port,
      fc.option(ip),
      (words, scheme, host, port, address) => {
        const before = network(words)!;
        const asked = {
          scheme,
          host,
          port,
          address: typeof host === "string" ? address ?? undefined : undefined,
        };
        let after = before;
        // A name may need a line for itself and one for where it leads.
        for (
          let lines = 0, line = lineAllowing(after, asked);
          line !== undefined;
          line = lineAllowing(after, asked)
        ) {
          assert.ok(++lines <= 2, `${line} allows nothing`);
          after = line.endsWith("private: true")
            ? { ...after, private: true }
            : { ...after, rules: [...after.rules ?? [], ruleOf(/\["(.*)"\]/.exec(line)![1]!)] };
        }
        const reached = typeof host === "string"
          ? { scheme, port, name: host, ...asked.address && { ip: asked.address } }
          : { scheme, port, ip: host };
        assert.ok(reaches(after, reached));
        if (before.rules === undefined || reaches(before, reached)) return;
        const others: ReturnType<typeof target>[] = [
          { ...reached, port: port % 65535 + 1 },
          { ...reached, scheme: scheme === "tcp" ? "udp" : "tcp" },
          { scheme, port, name: "c.example" },
        ];
        for (const other of others) {
          assert.equal(mayReachNameOrAddress(after, other), mayReachNameOrAddress(before, other));
        }
      },
    ),
    { numRuns: 2000 },
  );
});

function mayReachNameOrAddress(
  network: Network,
  { scheme, port, name, ip }: ReturnType<typeof target>,
): boolean {
  return name === undefined
    ? mayReachAddress(network, scheme, ip!, port)
    : mayReachName(network, [scheme], name, port);
}

Deno.test("rules can only add: what few rules allow, more rules do", () => {
  const rules = [
    "a.example",
    "*.a.example:80",
    "10.0.0.0/8",
    "127.0.0.1:1-80",
    "udp://*",
    "https://localhost",
    "::/0",
  ];
  fc.assert(
    fc.property(
      fc.subarray(rules),
      fc.subarray(rules),
      scheme,
      ip,
      port,
      fc.option(name),
      (few, more, scheme, ip, port, name) => {
        const reached = (texts: readonly string[]) =>
          mayReachAddress({ rules: texts.map(ruleOf), private: false }, scheme, ip, port, name ?? undefined);
        if (reached(few)) assert.ok(reached([...few, ...more]));
      },
    ),
    { numRuns: 2000 },
  );
});

Deno.test("no name leads to a private address, unless a rule or private: true says so", () => {
  fc.assert(
    fc.property(scheme, ip, port, name, (scheme, ip, port, name) => {
      const rules = [ruleOf("*")];
      assert.equal(
        mayReachAddress({ rules, private: false }, scheme, ip, port, name),
        !isPrivate(ip),
        formatIp(ip),
      );
      assert.ok(mayReachAddress({ rules, private: true }, scheme, ip, port, name));
      assert.ok(!mayReachAddress({ rules, private: true }, scheme, ip, port));
    }),
  );
});
