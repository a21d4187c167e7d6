/** Grants as they may come, out of few enough names that they often have something in common. */
import fc from "fast-check";
import { PACKAGES } from "../../src/config/imports.ts";
import { type NetworkRule, networkRule } from "../../src/config/network_rule.ts";
import type { Grant, Mount } from "../../src/grant/grant.ts";
import { type Ip, type Network, parseIp } from "../../src/grant/network.ts";

/** Names of hosts. */
export const NAMES: readonly string[] = ["a.example", "b.a.example", "example", "db.internal", "localhost"];

/** Addresses of hosts. */
export const ADDRESSES: readonly Ip[] = [
  ...["10.0.0.1", "10.0.0.2", "10.9.0.1", "11.0.0.1", "8.8.8.8", "127.0.0.1", "0.0.0.0"],
  ...["fd00::1", "fd00::2", "2606:4700::1", "::1", "::", "::ffff:10.0.0.1", "::ffff:8.8.8.8"],
].map((text) => parseIp(text)!);

/** Ports. */
export const PORTS: readonly number[] = [0, 1, 53, 79, 80, 81, 443, 8080, 65535];

/** Paths of the host. */
export const PATHS: readonly string[] = [
  ...["/", "/d", "/d/c", "/d/c/e", "/d/c/e/f", "/d/x", "/data", "/data/c", "/other", "/d/cc"],
];

const hosts = fc.constantFrom(
  ...[
    "*",
    "*.example",
    "*.a.example",
    ...NAMES,
    "10.0.0.0/8",
    "10.0.0.0/31",
    "10.0.0.1",
    "8.8.8.0/24",
    "0.0.0.0/0",
  ],
  ...["[fd00::]/8", "[fd00::]/127", "[::1]", "[::]/0", "[::ffff:10.0.0.0]/104", "[::ffff:10.0.0.1]"],
);
const ports = fc.constantFrom("", ":80", ":53", ":80-81", ":79-8080", ":443", ":0-443", ":1-65535");
const schemes = fc.constantFrom("", "http://", "https://", "tcp://", "udp://");

/** A rule of a network. */
export const rule: fc.Arbitrary<NetworkRule> = fc.tuple(schemes, hosts, ports).map((parts) => {
  const made = networkRule(parts.join(""));
  if ("wrong" in made) throw new TypeError(`${parts.join("")}: ${made.wrong}`);
  return made;
});

/** A network, or none. */
export const network: fc.Arbitrary<Network | undefined> = fc.oneof(
  { weight: 1, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.record({ rules: fc.constant(undefined), private: fc.boolean() }) },
  { weight: 6, arbitrary: fc.record({ rules: fc.array(rule, { maxLength: 4 }), private: fc.boolean() }) },
);

const mount: fc.Arbitrary<Mount> = fc.record({
  guest: fc.constantFrom("/", "/m", "/m/", "/m/c", "/n"),
  host: fc.constantFrom(...PATHS),
  readOnly: fc.boolean(),
});

/** Mounts under different guest paths. */
export const mounts: fc.Arbitrary<readonly Mount[]> = fc.uniqueArray(mount, {
  maxLength: 4,
  selector: ({ guest }) => guest,
});

const variable = fc.tuple(fc.constantFrom("A", "B", "C"), fc.constantFrom("1", "2"));

/** A grant. */
export const grant: fc.Arbitrary<Grant> = fc.record({
  holder: fc.constantFrom("app:a", "app:b"),
  packages: fc.subarray([...PACKAGES]).map((names) => new Set(names)),
  args: fc.constant([]),
  env: fc.uniqueArray(variable, { selector: ([name]) => name }),
  cwd: fc.constant("/"),
  mounts,
  network,
});
