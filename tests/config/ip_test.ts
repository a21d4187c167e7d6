/** Addresses: what is one, how it is written, and which are private. URLs are the oracle: they are an independent reader. */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  covers,
  formatIp,
  type Ip,
  ipOf,
  isPrivate,
  parseIp,
  partsOf,
  type Prefix,
  unmapped,
  unmappedPrefix,
  WIDTH,
} from "../../src/config/ip.ts";

const group = fc.integer({ min: 0, max: 0xffff });
const v4: fc.Arbitrary<Ip> = fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }).map((bits) => ({ family: 4, bits }));
/** Half of the groups are zero, so that `::` has work to do. */
const v6: fc.Arbitrary<Ip> = fc.array(fc.oneof(fc.constant(0), group), { minLength: 8, maxLength: 8 }).map(
  ipOf,
);
const ip = fc.oneof(v4, v6);

/** What a URL makes of a host; `undefined` where that is no IPv6 address. */
function urlIpv6(text: string): string | undefined {
  try {
    return new URL(`http://[${text}]`).hostname.slice(1, -1);
  } catch {
    return undefined;
  }
}

const SAME: readonly (readonly [text: string, formatted: string])[] = [
  ["0.0.0.0", "0.0.0.0"],
  ["255.255.255.255", "255.255.255.255"],
  ["::", "::"],
  ["::1", "::1"],
  ["1::", "1::"],
  ["2001:DB8::A", "2001:db8::a"],
  ["0:0:0:0:0:0:0:0", "::"],
  ["0001:0:0:2:0:0:0:3", "1:0:0:2::3"],
  ["1:0:0:2:2:0:0:3", "1::2:2:0:0:3"],
  ["1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"],
  ["1::3:4:5:6:7:8", "1:0:3:4:5:6:7:8"],
  ["::ffff:1.2.3.4", "::ffff:102:304"],
  ["64:ff9b::10.0.0.1", "64:ff9b::a00:1"],
  ["1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"],
];

Deno.test("addresses are written in one form, whatever form they were read in", () => {
  for (const [text, formatted] of SAME) {
    const ip = parseIp(text);
    assert.ok(ip, text);
    assert.equal(formatIp(ip), formatted);
  }
});

Deno.test("what only looks like an address is none", () => {
  for (
    const text of [
      "",
      "1",
      "2130706433",
      "0x7f.0.0.1",
      "0177.0.0.1",
      "127.1",
      "127.0.1",
      "127.0.0.1.",
      "127.0.0.1.1",
      "127.0.0.256",
      "127.0.0.-1",
      "127.0.0.1 ",
      " 127.0.0.1",
      "127.0.0.1\n",
      "127.0.0.",
      "127.0..1",
      "00.0.0.0",
      "１２７.0.0.1",
      ":",
      ":::",
      "1",
      "::1::",
      "1:2:3:4:5:6:7",
      "1:2:3:4:5:6:7:8:9",
      "1:2:3:4:5:6:7:",
      ":1:2:3:4:5:6:7",
      "1:2:3:4::5:6:7:8",
      "::12345",
      "::g",
      "::1%eth0",
      "[::1]",
      "::1.2.3",
      "::01.2.3.4",
      "1.2.3.4::",
      "::1.2.3.4:5",
      "::1/128",
      ":".repeat(1_000_000),
      "1:".repeat(1_000_000),
    ]
  ) assert.equal(parseIp(text), undefined, text.slice(0, 50));
});

Deno.test("every address is read from what is written of it", () => {
  fc.assert(fc.property(ip, (ip) => assert.deepEqual(parseIp(formatIp(ip)), ip)), { numRuns: 2000 });
});

Deno.test("addresses are written as URLs write them", () => {
  fc.assert(
    fc.property(v6, (ip) => {
      // The spelling without any abbreviation is not ours.
      const long = partsOf(ip).map((part) => part.toString(16).padStart(4, "0")).join(":");
      assert.equal(formatIp(ip), urlIpv6(long));
    }),
    { numRuns: 2000 },
  );
  fc.assert(fc.property(v4, (ip) => {
    assert.equal(formatIp(ip), new URL(`http://${ip.bits}`).hostname);
  }));
});

Deno.test("what is an IPv6 address to URLs is one here, the same one, and nothing else is", () => {
  let accepted = 0;
  const piece = fc.oneof(
    { weight: 4, arbitrary: group.map((n) => n.toString(16)) },
    { weight: 4, arbitrary: fc.constant(":") },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        "::",
        "0",
        "00000",
        "1.2.3.4",
        "1.2.3",
        "01.2.3.4",
        "256.1.1.1",
        "G",
        ".",
        "FFFF",
      ),
    },
  );
  // Both alternate groups and colons, or not.
  const near = fc.array(fc.oneof(group.map((n) => n.toString(16)), fc.constant("")), { maxLength: 9 })
    .chain((parts) => fc.constantFrom("", ":1.2.3.4", "::", ":0").map((end) => parts.join(":") + end));
  fc.assert(
    fc.property(fc.oneof(near, fc.array(piece, { maxLength: 17 }).map((parts) => parts.join(""))), (text) => {
      const ours = text.includes(":") ? parseIp(text) : undefined;
      const theirs = urlIpv6(text);
      assert.equal(ours && formatIp(ours), theirs, text);
      if (ours) accepted++;
    }),
    { numRuns: 10_000 },
  );
  assert.ok(accepted > 300, `only ${accepted} of the texts were addresses`);
});

Deno.test("parts are octets or groups, and make the address again", () => {
  assert.deepEqual(partsOf(parseIp("1.2.3.255")!), [1, 2, 3, 255]);
  assert.deepEqual(partsOf(parseIp("1:2::ffff")!), [1, 2, 0, 0, 0, 0, 0, 0xffff]);
  fc.assert(fc.property(ip, (ip) => assert.deepEqual(ipOf(partsOf(ip)), ip)));
});

Deno.test("a mapped address is the IPv4 address that it leads to; no other is", () => {
  const cases = [
    ["::ffff:1.2.3.4", "1.2.3.4"],
    ["::ffff:0:0", "0.0.0.0"],
    ["::1.2.3.4", "::102:304"],
    ["::fffe:1.2.3.4", "::fffe:102:304"],
    ["1::ffff:1.2.3.4", "1::ffff:102:304"],
    ["64:ff9b::1.2.3.4", "64:ff9b::102:304"],
    ["1.2.3.4", "1.2.3.4"],
  ] as const;
  for (const [text, plain] of cases) assert.equal(formatIp(unmapped(parseIp(text)!)), plain);
});

/** The bits as digits: a second way to compare, without any arithmetic. */
function digits(ip: Ip): string {
  return ip.bits.toString(2).padStart(WIDTH[ip.family], "0");
}

Deno.test("a range covers what begins with the same digits", () => {
  let inside = 0;
  const pair = fc.tuple(ip, ip, fc.nat(128), fc.nat(128), fc.boolean()).map(
    ([a, b, length, same, mapped]) => {
      const prefix: Prefix = { ...a, length: length % (WIDTH[a.family] + 1) };
      // The other shares some leading bits, so that near misses and hits are both common.
      const text = a.family === b.family ? digits(a).slice(0, same) + digits(b).slice(same) : digits(b);
      const other: Ip = { family: b.family, bits: BigInt(`0b${text}`) };
      return {
        prefix,
        other: mapped && other.family === 4 ? { family: 6, bits: other.bits | 0xffffn << 32n } as Ip : other,
      };
    },
  );
  fc.assert(
    fc.property(pair, ({ prefix, other }) => {
      const plain = other.family === 6 && /^0{80}1{16}/.test(digits(other))
        ? { family: 4, text: digits(other).slice(96) }
        : { family: other.family, text: digits(other) };
      const expected = plain.family === prefix.family &&
        plain.text.startsWith(digits(prefix).slice(0, prefix.length));
      assert.equal(covers(prefix, other), expected);
      if (expected) inside++;
    }),
    { numRuns: 5000 },
  );
  assert.ok(inside > 500, `only ${inside} were inside`);
});

Deno.test("a range of mapped addresses covers the same as the range of IPv4 addresses that they stand for", () => {
  fc.assert(
    fc.property(v4, fc.nat(32), v4, ({ bits }, length, other) => {
      const drop = BigInt(32 - length);
      const first = bits >> drop << drop;
      const mapped = unmappedPrefix({ family: 6, bits: 0xffffn << 32n | first, length: 96 + length });
      assert.deepEqual(mapped, { family: 4, bits: first, length });
      assert.equal(covers(mapped, other), covers({ family: 4, bits: first, length }, other));
    }),
  );
  const wide: Prefix = { family: 6, bits: 0n, length: 80 };
  assert.deepEqual(unmappedPrefix(wide), wide);
});

/** The first and the last address of each part of the registries that is not of the public internet. */
const PRIVATE: readonly (readonly [first: string, last: string])[] = [
  ["0.0.0.0", "0.255.255.255"],
  ["10.0.0.0", "10.255.255.255"],
  ["100.64.0.0", "100.127.255.255"],
  ["127.0.0.0", "127.255.255.255"],
  ["169.254.0.0", "169.254.255.255"],
  ["172.16.0.0", "172.31.255.255"],
  ["192.0.0.0", "192.0.0.255"],
  ["192.0.2.0", "192.0.2.255"],
  ["192.88.99.0", "192.88.99.255"],
  ["192.168.0.0", "192.168.255.255"],
  ["198.18.0.0", "198.19.255.255"],
  ["198.51.100.0", "198.51.100.255"],
  ["203.0.113.0", "203.0.113.255"],
  ["224.0.0.0", "255.255.255.255"],
  ["::", "64:ff9a:ffff:ffff:ffff:ffff:ffff:ffff"],
  ["64:ff9b:0:0:0:1::", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
  ["2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff"],
  ["2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"],
  ["3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff"],
  ["4000::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
];

/** Ranges whose neighbours are not public either, or lead elsewhere: translated, tunnelled or mapped IPv4. */
const NO_NEIGHBOUR = new Set(["::", "64:ff9b:0:0:0:1::", "224.0.0.0", "0.0.0.0", "4000::"]);

Deno.test("each private range is private from its first to its last address, and its neighbours are not", () => {
  for (const [from, to] of PRIVATE) {
    const [first, last] = [parseIp(from)!, parseIp(to)!];
    const middle = { ...first, bits: (first.bits + last.bits) / 2n };
    for (const ip of [first, middle, last]) assert.ok(isPrivate(ip), formatIp(ip));
    if (NO_NEIGHBOUR.has(from)) continue;
    for (const bits of [first.bits - 1n, last.bits + 1n]) {
      assert.ok(!isPrivate({ ...first, bits }), formatIp({ ...first, bits }));
    }
  }
  for (const text of ["1.0.0.0", "223.255.255.255", "8.8.8.8", "2000::", "2606:4700::1111", "3ffe:ffff::"]) {
    assert.ok(!isPrivate(parseIp(text)!), text);
  }
});

Deno.test("an address that carries an IPv4 address is as private as that one", () => {
  fc.assert(
    fc.property(
      fc.oneof(v4, fc.constantFrom(...PRIVATE.slice(0, 14).map(([text]) => parseIp(text)!))),
      (ip) => {
        const text = formatIp(ip);
        const [a, b, c, d] = partsOf(ip);
        const hex = (high: number, low: number) => (high << 8 | low).toString(16);
        for (
          const carrier of [
            `::ffff:${text}`,
            `64:ff9b::${text}`,
            `2002:${hex(a!, b!)}:${hex(c!, d!)}::1`,
          ]
        ) assert.equal(isPrivate(parseIp(carrier)!), isPrivate(ip), carrier);
      },
    ),
  );
});
