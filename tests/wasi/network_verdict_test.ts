/** The decisions of the way out, as functions: this name, this address for this name, this answer of a lookup. */
import assert from "node:assert/strict";
import type { Network, Scheme } from "../../src/grant/network.ts";
import {
  addressRefused,
  allowedNames,
  answerRefused,
  elsewhere,
  nameRefused,
  portsOf,
  type Use,
} from "../../src/wasi/network/verdict.ts";
import { ipOf, network } from "./network_support.ts";

const PUBLIC = "93.184.215.14";
const use = (network: Network | undefined, scheme: Scheme = "tcp", port = 5432): Use => ({
  network,
  scheme,
  port,
});
const rules = network(["db.internal:5432", "10.0.0.0/24:5432"]);
const open: Network = { rules: undefined, private: false };

Deno.test("a refused name tells the operator the rule that would allow it", () => {
  assert.equal(nameRefused(use(rules), "db.internal"), undefined);
  assert.equal(nameRefused(use(undefined), "any.example"), undefined);
  const refusal = nameRefused(use(rules, "https", 443), "db.internal");
  assert.equal(refusal?.reason, "denied");
  assert.equal(
    refusal?.message,
    "no rule allows https://db.internal:443; to allow it, declare " +
      'wasi.network.allow: ["https://db.internal"]',
  );
});

Deno.test("an address is refused as denied where nothing names it, as private where its name would be allowed", () => {
  assert.equal(addressRefused(use(rules), ipOf("10.0.0.7"), []), undefined);
  assert.equal(addressRefused(use(rules), ipOf(PUBLIC), ["db.internal"]), undefined);
  assert.equal(addressRefused(use(rules), ipOf(PUBLIC), ["evil.example", "db.internal"]), undefined);
  assert.equal(addressRefused(use(undefined), ipOf("127.0.0.1"), []), undefined);
  assert.equal(addressRefused(use(open), ipOf(PUBLIC), []), undefined);

  const denied = addressRefused(use(rules), ipOf(PUBLIC), ["evil.example"]);
  assert.equal(denied?.reason, "denied");
  assert.equal(
    denied?.message,
    `no rule allows tcp://${PUBLIC}:5432; to allow it, declare wasi.network.allow: ["tcp://${PUBLIC}:5432"]`,
  );
  const hidden = addressRefused(use(rules), ipOf("192.168.0.1"), ["db.internal"]);
  assert.equal(hidden?.reason, "private");
  assert.equal(
    hidden?.message,
    "tcp://db.internal:5432 leads to 192.168.0.1, which is private; to allow it, declare wasi.network.private: true",
  );
  const loopback = addressRefused(use(open), ipOf("::1"), []);
  assert.equal(loopback?.reason, "private");
  assert.equal(
    loopback?.message,
    "tcp://[::1]:5432 is private; to allow it, declare wasi.network.private: true",
  );
});

Deno.test("of several names, those that are allowed for this address count", () => {
  const ip = ipOf(PUBLIC);
  assert.deepEqual(allowedNames(use(rules), ip, ["a.example", "db.internal"]), ["db.internal"]);
  assert.deepEqual(allowedNames(use(rules, "tcp", 5433), ip, ["db.internal"]), []);
  assert.deepEqual(allowedNames(use(rules), ipOf("192.168.0.1"), ["db.internal"]), []);
});

Deno.test("by name, only the address that was asked for is connected to, or another known one of the same name", () => {
  const asked = ipOf(PUBLIC), other = ipOf("93.184.215.15");
  const decide = (found: string, sibling: boolean) =>
    elsewhere(use(rules), "db.internal", asked, ipOf(found), sibling)?.reason;
  assert.equal(decide(PUBLIC, true), undefined);
  assert.equal(decide(PUBLIC, false), undefined);
  assert.equal(decide(`::ffff:${PUBLIC}`, false), undefined);
  assert.equal(decide("93.184.215.15", true), undefined);
  // The name was bound anew.
  assert.equal(decide("93.184.215.15", false), "refused");
  assert.equal(decide("127.0.0.1", false), "refused");
  // A sibling, but private: the rule is about the name alone.
  assert.equal(decide("192.168.0.1", true), "private");
  assert.equal(decide("10.0.0.7", true), undefined);
  assert.equal(
    elsewhere(use(rules), "db.internal", asked, other, false)?.message,
    `db.internal led to ${PUBLIC} and leads to 93.184.215.15 now: look it up again`,
  );
});

Deno.test("an answer is told to a guest only if sockets may use all of it", () => {
  const told = (network: Network | undefined, ...found: string[]) =>
    answerRefused(network, "db.internal", found.map(ipOf))?.reason;
  assert.equal(told(rules, PUBLIC), undefined);
  assert.equal(told(rules, PUBLIC, "10.0.0.7"), undefined);
  assert.equal(told(rules, PUBLIC, "192.168.0.1"), "private");
  assert.equal(told(rules, "::1", PUBLIC), "private");
  assert.equal(told(network(["db.internal", "http://127.0.0.1"]), "127.0.0.1"), "private");
  assert.equal(told(network(["db.internal", "udp://127.0.0.1:53"]), "127.0.0.1"), undefined);
  assert.equal(told(network(["db.internal"], true), "127.0.0.1"), undefined);
  assert.equal(told(open, "127.0.0.1"), "private");
  assert.equal(told(undefined, "127.0.0.1"), undefined);
});

Deno.test("the ports of a name are those at which rules allow it for sockets, 0 never", () => {
  const all = network([
    "a.example:1-9",
    "https://a.example",
    "*.example:53",
    "b.example",
    "udp://a.example:123",
  ]);
  assert.deepEqual(portsOf(all, "a.example").sort((a, b) => a - b), [1, 9, 53, 123]);
  assert.deepEqual(portsOf(network(["b.example"]), "b.example"), [1, 65535]);
  assert.deepEqual(portsOf(undefined, "a.example"), []);
  assert.deepEqual(portsOf(open, "a.example"), []);
});
