/** Rules of `wasi.network.allow`: what each says, what is wrong with those that say nothing, and what a name is. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { formatIp, parseIp } from "../../src/config/ip.ts";
import { networkRule, parseName } from "../../src/config/network_rule.ts";
import { onlyWasm, problems, wasm } from "./support.ts";

/** A rule in short: scheme, host, ports. */
function short(text: string): string {
  const rule = networkRule(text);
  if ("wrong" in rule) return `wrong: ${rule.wrong}`;
  assert.equal(rule.text, text);
  const { scheme = "any", host, ports: { from, to } } = rule;
  const where = host.kind === "address"
    ? `address ${formatIp(host.prefix)}/${host.prefix.length}`
    : host.kind === "any"
    ? "any name"
    : `${host.kind} ${host.name}`;
  return `${scheme}, ${where}, ${from}-${to}`;
}

const RULES: readonly (readonly [text: string, says: string])[] = [
  ["api.example.com", "any, name api.example.com, 0-65535"],
  ["api.example.com:443", "any, name api.example.com, 443-443"],
  ["https://api.example.com", "https, name api.example.com, 443-443"],
  ["http://api.example.com", "http, name api.example.com, 80-80"],
  ["https://api.example.com:8443", "https, name api.example.com, 8443-8443"],
  ["tcp://db.internal:5432", "tcp, name db.internal, 5432-5432"],
  ["udp://ntp.example", "udp, name ntp.example, 0-65535"],
  ["HTTPS://API.Example.COM.", "https, name api.example.com, 443-443"],
  ["*.example.com:1-65535", "any, below example.com, 1-65535"],
  ["*", "any, any name, 0-65535"],
  ["https://*", "https, any name, 443-443"],
  ["*:53", "any, any name, 53-53"],
  ["_dns._tcp.example.com", "any, name _dns._tcp.example.com, 0-65535"],
  ["bücher.example", "any, name xn--bcher-kva.example, 0-65535"],
  ["*.BÜCHER.example", "any, below xn--bcher-kva.example, 0-65535"],
  ["xn--bcher-kva.example", "any, name xn--bcher-kva.example, 0-65535"],
  ["10.0.0.0/8:8000-8100", "any, address 10.0.0.0/8, 8000-8100"],
  ["10.1.2.3", "any, address 10.1.2.3/32, 0-65535"],
  ["0.0.0.0/0", "any, address 0.0.0.0/0, 0-65535"],
  ["127.0.0.1:0", "any, address 127.0.0.1/32, 0-0"],
  ["https://10.1.2.3", "https, address 10.1.2.3/32, 443-443"],
  ["::1", "any, address ::1/128, 0-65535"],
  ["fd00::/8", "any, address fd00::/8, 0-65535"],
  ["[fd00::]/8", "any, address fd00::/8, 0-65535"],
  ["[fd00::]/8:53", "any, address fd00::/8, 53-53"],
  ["udp://[FD00:0::1]:53-54", "udp, address fd00::1/128, 53-54"],
  ["[::1]:80", "any, address ::1/128, 80-80"],
  ["[::ffff:10.0.0.1]:80", "any, address 10.0.0.1/32, 80-80"],
  ["::ffff:10.0.0.0/104", "any, address 10.0.0.0/8, 0-65535"],
  ["::ffff:0:0/96", "any, address 0.0.0.0/0, 0-65535"],
  ["::/0", "any, address ::/0, 0-65535"],
];

const PORT = "is no port and no range of ports (0 to 65535)";
const FORM = "a rule is a host and a port: no user, query, fragment, zone or space";
const BRACKETS = "brackets enclose an IPv6 address: [fd00::1]:53";
const PATH = "a rule has no path; only an address has something after a /, the length of its prefix";
const STAR = "* stands for every name (*) or all below one (*.example.com)";
const NOBODY = "nothing is reached at port 0";

const WRONG: readonly (readonly [text: string, wrong: string])[] = [
  ["", "the host is missing"],
  ["https://", "the host is missing"],
  [":80", "the host is missing"],
  ["//x", "the host is missing"],
  ["/8", "the host is missing"],
  ["ws://example.com", "the scheme ws is none of http, https, tcp, udp"],
  ["constructor://example.com", "the scheme constructor is none of http, https, tcp, udp"],
  ["a\nb", FORM],
  ["a.example\n", FORM],
  [" a.example", FORM],
  ["user@a.example", FORM],
  ["a.example?x", FORM],
  ["a.example#x", FORM],
  ["a.example\\x", FORM],
  ["a%2eexample", FORM],
  ["fe80::1%eth0", FORM],
  ["a\0b", FORM],
  ["\u007fa", FORM],
  ["[::1", BRACKETS],
  ["::1]", BRACKETS],
  ["[::1]x", BRACKETS],
  ["[[::1]]", BRACKETS],
  ["x[::1]", BRACKETS],
  ["[]", "the host is missing"],
  ["[1.2.3.4]", "1.2.3.4 is no IPv6 address"],
  ["[a.example]:80", "a.example is no IPv6 address"],
  ["[:::]", "::: is no IPv6 address"],
  ["1:2:3", "1:2:3 is no IPv6 address; before a port, it stands in brackets: [fd00::1]:53"],
  ["a.example:1:2", "a.example:1:2 is no IPv6 address; before a port, it stands in brackets: [fd00::1]:53"],
  ["https://a.example/", PATH],
  ["https://a.example/v1", PATH],
  ["https://a.example:443/v1", PATH],
  ["a.example/8", PATH],
  ["*/0", PATH],
  ["10.0.0.0/33", "a prefix length is a number from 0 to 32, found 33"],
  ["10.0.0.0/08", "a prefix length is a number from 0 to 32, found 08"],
  ["10.0.0.0/", "a prefix length is a number from 0 to 32, found nothing"],
  ["10.0.0.0/8/8", "a prefix length is a number from 0 to 32, found 8/8"],
  ["10.0.0.0/-1", "a prefix length is a number from 0 to 32, found -1"],
  ["::/129", "a prefix length is a number from 0 to 128, found 129"],
  [
    "fd00::/8:53",
    "a prefix length is a number from 0 to 128, found 8:53; before a port, the address stands in brackets: [fd00::]/8:53",
  ],
  ["10.0.0.1/8", "the address has bits beyond its prefix length: the range is 10.0.0.0/8"],
  ["fd00::1/64", "the address has bits beyond its prefix length: the range is fd00::/64"],
  ["a.example:", `nothing ${PORT}`],
  ["a.example:65536", `65536 ${PORT}`],
  ["a.example:080", `080 ${PORT}`],
  ["a.example:-1", `-1 ${PORT}`],
  ["a.example:1-", `1- ${PORT}`],
  ["a.example:2-1", `2-1 ${PORT}`],
  ["a.example:http", `http ${PORT}`],
  ["http:a.example", `a.example ${PORT}`],
  ["a.example:0", NOBODY],
  ["udp://*.example:0", NOBODY],
  ["https://127.0.0.1:0", NOBODY],
  ["**", STAR],
  ["*.", STAR],
  ["*.*.example", STAR],
  ["a.*.example", STAR],
  ["*example.com", STAR],
  ["*.127.0.0.1", STAR],
  ["a..example", "a..example is neither an address nor a name"],
  ["-a.example", "-a.example is neither an address nor a name"],
  ["127.1", "127.1 is neither an address nor a name"],
  ["0x7f000001", "0x7f000001 is neither an address nor a name"],
  ["2130706433:80", "2130706433 is neither an address nor a name"],
  ["0177.0.0.1", "0177.0.0.1 is neither an address nor a name"],
  ["１２７.0.0.1", "１２７.0.0.1 is neither an address nor a name"],
  ["1.2.3.4.", "1.2.3.4. is neither an address nor a name"],
];

Deno.test("a rule says for what, to which hosts, at which ports", () => {
  for (const [text, says] of RULES) assert.equal(short(text), says, text);
});

Deno.test("what is no rule is told what is wrong with it", () => {
  for (const [text, wrong] of WRONG) assert.equal(short(text), `wrong: ${wrong}`, text);
});

Deno.test("any text is a rule or told what is wrong with it, and never takes long", () => {
  const piece = fc.constantFrom(
    ..."[]:/.*-%@ \n0189af",
    "::",
    "http://",
    "tcp://",
    "10.0.0.0",
    "fd00::",
    "/8",
    "x.example",
    "é",
  );
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(piece, { maxLength: 12 }).map((all) => all.join("")),
  );
  fc.assert(
    fc.property(text, (text) => {
      const rule = networkRule(text);
      if ("wrong" in rule) assert.ok(rule.wrong.length > 0);
      else {
        assert.ok(rule.ports.from <= rule.ports.to && rule.ports.to <= 65535);
        // What was accepted stands for itself: nothing of it was dropped.
        assert.equal(rule.text, text);
      }
    }),
    { numRuns: 5000 },
  );
  for (const part of ["[", ":", "/", "1.", "a-", "*.", "é"]) networkRule(part.repeat(200_000));
});

Deno.test("names are compared in lower case, in ASCII, without the dot at the end", () => {
  const cases: readonly (readonly [text: string, name: string | undefined])[] = [
    ["Example.COM", "example.com"],
    ["example.com.", "example.com"],
    ["example.com..", undefined],
    ["localhost", "localhost"],
    ["a", "a"],
    ["_a_", "_a_"],
    ["a-", undefined],
    ["-a", undefined],
    ["a.-b.c", undefined],
    ["", undefined],
    [".", undefined],
    [".a", undefined],
    ["Straße.example", "xn--strae-oqa.example"],
    ["faß。example", "xn--fa-hia.example"],
    ["ＥＸＡＭＰＬＥ.com", "example.com"],
    ["ex\u00adample.com", "example.com"],
    ["é\u0001", undefined],
    ["é\u0000.com", undefined],
    ["é ", undefined],
    ["\u00a0a", undefined],
    ["é/x", undefined],
    ["x@é", undefined],
    ["é:80", undefined],
    ["a／b", undefined],
    ["％31.com", undefined],
    ["1", undefined],
    ["1.2.3.4", undefined],
    ["１.２.３.４", undefined],
    ["①②⑦.1", undefined],
    ["0x", undefined],
    ["a.0X7F", undefined],
    ["a.0x7g", "a.0x7g"],
    ["1a", "1a"],
    ["127.0.0.1.nip.example", "127.0.0.1.nip.example"],
    ["[::1]", undefined],
    ["::1", undefined],
    ["a".repeat(63), "a".repeat(63)],
    ["a".repeat(64), undefined],
    [`${"a.".repeat(126)}a`, `${"a.".repeat(126)}a`],
    [`${"a.".repeat(126)}aa`, undefined],
    ["é".repeat(5_000_000), undefined],
  ];
  for (const [text, name] of cases) assert.equal(parseName(text), name, text.slice(0, 80));
});

/** The host that a URL has; `undefined` where it is none. */
function urlHost(text: string): string | undefined {
  try {
    const { hostname } = new URL(`http://${text}`);
    return hostname;
  } catch {
    return undefined;
  }
}

Deno.test("nothing that a URL takes for an address is a name, and a name is to a URL what it is here", () => {
  let addresses = 0, names = 0;
  const number = fc.oneof(
    fc.nat(300).map(String),
    fc.nat(0xffff_ffff).map(String),
    fc.nat(0xffff).map((n) => `0x${n.toString(16)}`),
    fc.nat(0xffff).map((n) => `0${n.toString(8)}`),
    fc.nat(99).map((n) => String.fromCodePoint(...[...String(n)].map((d) => 0xff10 + Number(d)))),
    fc.constantFrom("0x", "0X1", "①", "²", "१", "%31", "\u00ad1", "1\u200b"),
  );
  const label = fc.oneof(
    { weight: 3, arbitrary: number },
    { weight: 1, arbitrary: fc.constantFrom("a", "1a", "xn--a", "xn--1-", "é", "x-", "_", "") },
  );
  const dot = fc.constantFrom(".", ".", ".", "。", "．");
  const text = fc.array(fc.tuple(label, dot), { minLength: 1, maxLength: 5 })
    .chain((parts) => fc.constantFrom("", ".").map((end) => parts.flat().slice(0, -1).join("") + end));
  fc.assert(
    fc.property(fc.oneof(text, fc.domain(), fc.ipV4(), fc.ipV4Extended()), (text) => {
      const host = urlHost(text);
      const name = parseName(text);
      if (host !== undefined && parseIp(host) !== undefined) {
        addresses++;
        assert.equal(name, undefined, `${text} is ${host} to a URL`);
      }
      if (name === undefined) return;
      names++;
      assert.equal(parseIp(name), undefined);
      assert.equal(parseName(name), name);
      // A URL refuses some `xn--` labels that stand for nothing; the others it leaves as they are.
      assert.ok(
        [name, undefined].includes(urlHost(name)),
        `${text} is ${name} here and ${urlHost(name)} to a URL`,
      );
    }),
    { numRuns: 10_000 },
  );
  assert.ok(addresses > 1000, `only ${addresses} of the texts were addresses`);
  assert.ok(names > 1000, `only ${names} of the texts were names`);
});

Deno.test("every wrong rule is reported at its place in the list", () => {
  const lines = [
    "wasi:",
    "  network:",
    "    allow:",
    "      - db.internal:5432",
    "      - 'ws://example.com'",
    "      - 10.0.0.1/8",
    "      - [a]",
    "    private: maybe",
  ];
  assert.deepEqual(problems(wasm(...lines)), [
    'app.yaml:13:13: app:f: wasi.network.allow[1] "ws://example.com": the scheme ws is none of http, https, tcp, udp',
    'app.yaml:14:13: app:f: wasi.network.allow[2] "10.0.0.1/8": the address has bits beyond its prefix length: ' +
    "the range is 10.0.0.0/8",
    "app.yaml:15:13: app:f: wasi.network.allow[3] must be a string, found a list",
    'app.yaml:16:18: app:f: wasi.network.private must be true or false, found "maybe"',
  ]);
});

Deno.test("a fence that is empty, misspelt or misplaced is an error: left out, it would be no fence", () => {
  const cases: readonly (readonly [lines: readonly string[], said: string])[] = [
    [
      ["wasi:", "  network:"],
      "app.yaml:10:7: app:f: wasi.network is empty; to allow nothing, write wasi.network.allow: []",
    ],
    [
      ["wasi:", "  network:", "    allow:", "      # - db.internal:5432"],
      "app.yaml:11:9: app:f: wasi.network.allow is empty; to allow nothing, write []",
    ],
    [
      ["wasi: {network: {alow: []}}"],
      'app.yaml:9:22: app:f: "wasi.network.alow" is no known field; did you mean allow?',
    ],
    [
      ["wasi: {netwrok: {}}"],
      'app.yaml:9:12: app:f: "wasi.netwrok" is no known field; did you mean network?',
    ],
    [["network: {allow: []}"], "app.yaml:9:5: app:f: network belongs under wasi: wasi.network"],
    [["wasi: {network: [db]}"], "app.yaml:9:21: app:f: wasi.network must be a map, found a list"],
  ];
  for (const [lines, said] of cases) {
    const errors = problems(wasm(...lines)).filter((line) => !line.includes("warning:"));
    assert.deepEqual(errors, [said]);
  }
});

Deno.test("rules are typed, absent ones are told from none, and the place is that of the innermost key", () => {
  const of = (...lines: string[]) => onlyWasm(wasm(...lines));
  const place = (entry: ReturnType<typeof of>) => `${entry.where.network.line}:${entry.where.network.column}`;
  const none = of();
  assert.deepEqual([none.wasi.network, place(none)], [undefined, "3:5"]);
  const wasi = of("wasi: {cwd: /}");
  assert.deepEqual([wasi.wasi.network, place(wasi)], [undefined, "9:5"]);
  const open = of("wasi:", "  network: {}");
  assert.deepEqual([open.wasi.network, place(open)], [{ allow: undefined, private: false }, "10:7"]);
  const closed = of("wasi:", "  network:", "    private: true", "    allow: []");
  assert.deepEqual([closed.wasi.network, place(closed)], [{ allow: [], private: true }, "12:9"]);
  const rules = of("wasi: {network: {allow: [a, 'tcp://b:1']}}").wasi.network?.allow;
  assert.deepEqual(rules, ["a", "tcp://b:1"].map(networkRule));
});
