/** Which addresses a guest may name for what, and its form of them. */
import assert from "node:assert/strict";
import { parseIp } from "../../src/grant/network.ts";
import {
  checkRemote,
  checkUnicast,
  fromIpSocketAddress,
  toIpAddress,
  toIpSocketAddress,
} from "../../src/wasi/sockets/address.ts";
import type { IpSocketAddress } from "../../src/wasi/sockets/types.ts";
import { at, outcomeOf } from "./sockets_support.ts";

const NAMED: [family: "ipv4" | "ipv6", text: string, outcome: string][] = [
  ["ipv4", "127.0.0.1", "ok"],
  ["ipv4", "0.0.0.0", "ok"],
  ["ipv4", "::1", "invalid-argument"],
  ["ipv6", "127.0.0.1", "invalid-argument"],
  ["ipv6", "::", "ok"],
  ["ipv6", "::1", "ok"],
  ["ipv6", "2001:db8::1", "ok"],
  ["ipv6", "::ffff:127.0.0.1", "invalid-argument"],
  ["ipv6", "::ffff:0:0", "invalid-argument"],
  ["ipv6", "::fffe:7f00:1", "ok"],
  ["ipv6", "::127.0.0.1", "invalid-argument"],
  ["ipv6", "::2", "invalid-argument"],
];

const USED: [text: string, port: number, unicast: string, remote: string][] = [
  ["127.0.0.1", 80, "ok", "ok"],
  ["127.0.0.1", 0, "ok", "invalid-argument"],
  ["0.0.0.0", 80, "ok", "invalid-argument"],
  ["::", 80, "ok", "invalid-argument"],
  ["::1", 65535, "ok", "ok"],
  ["223.255.255.255", 80, "ok", "ok"],
  ["224.0.0.0", 80, "invalid-argument", "ok"],
  ["239.255.255.255", 80, "invalid-argument", "ok"],
  ["240.0.0.1", 80, "ok", "ok"],
  ["255.255.255.255", 80, "invalid-argument", "ok"],
  ["feff::1", 80, "ok", "ok"],
  ["ff00::", 80, "invalid-argument", "ok"],
  ["ff02::1", 80, "invalid-argument", "ok"],
];

for (const [family, text, outcome] of NAMED) {
  Deno.test(`${text} named for a socket of ${family}: ${outcome}`, () => {
    assert.equal(outcomeOf(() => fromIpSocketAddress(family, at(text, 80))), outcome);
  });
}

for (const [text, port, unicast, remote] of USED) {
  Deno.test(`${text} with port ${port}: unicast ${unicast}, remote ${remote}`, () => {
    const address = { ip: parseIp(text)!, port };
    assert.equal(outcomeOf(() => checkUnicast(address)), unicast);
    assert.equal(outcomeOf(() => checkRemote(address)), remote);
  });
}

Deno.test("an address comes back as it was given, but for its flow", () => {
  const given: IpSocketAddress = {
    tag: "ipv6",
    val: { port: 7, flowInfo: 9, address: [0x2001, 0xdb8, 0, 0, 0, 0xa, 0xffff, 1], scopeId: 0 },
  };
  const back = toIpSocketAddress(fromIpSocketAddress("ipv6", given));
  assert.deepEqual(back, { tag: "ipv6", val: { ...given.val, flowInfo: 0 } });
  assert.deepEqual(toIpSocketAddress(fromIpSocketAddress("ipv4", at("1.2.3.4", 5))), at("1.2.3.4", 5));
  assert.deepEqual(toIpAddress(parseIp("1.2.3.4")!), { tag: "ipv4", val: [1, 2, 3, 4] });
});

Deno.test("an address with a scope is not supported: without it, it would be another host's", () => {
  const scoped = at("fe80::1", 80) as IpSocketAddress & { tag: "ipv6" };
  scoped.val.scopeId = 2;
  assert.equal(outcomeOf(() => fromIpSocketAddress("ipv6", scoped)), "not-supported");
});
