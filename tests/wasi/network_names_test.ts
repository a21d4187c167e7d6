/** The memory of a guest's lookups: which names led to an address, and never more of it than is allowed. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { Names } from "../../src/wasi/network/names.ts";
import { ipOf } from "./network_support.ts";

Deno.test("an address knows every name that led to it; one that nothing led to knows none", () => {
  const names = new Names(10);
  names.remember("a.example", [ipOf("10.0.0.1"), ipOf("::1")]);
  names.remember("b.example", [ipOf("10.0.0.1")]);
  assert.deepEqual(names.of(ipOf("10.0.0.1")), ["a.example", "b.example"]);
  assert.deepEqual(names.of(ipOf("::1")), ["a.example"]);
  assert.deepEqual(names.of(ipOf("10.0.0.2")), []);
});

Deno.test("a mapped address is remembered as the IPv4 address that it leads to", () => {
  const names = new Names(10);
  names.remember("a.example", [ipOf("::ffff:10.0.0.1")]);
  assert.deepEqual(names.of(ipOf("10.0.0.1")), ["a.example"]);
});

Deno.test("the oldest is forgotten first, and what was looked up again is young", () => {
  const names = new Names(2);
  names.remember("a.example", [ipOf("10.0.0.1")]);
  names.remember("b.example", [ipOf("10.0.0.2")]);
  names.remember("a.example", [ipOf("10.0.0.1")]);
  names.remember("c.example", [ipOf("10.0.0.3")]);
  assert.deepEqual(["10.0.0.1", "10.0.0.2", "10.0.0.3"].map((ip) => names.of(ipOf(ip)).length), [1, 0, 1]);
});

Deno.test("one answer with more addresses than are remembered leaves the last of them", () => {
  const names = new Names(3);
  names.remember("a.example", Array.from({ length: 1000 }, (_, i) => ({ family: 4, bits: BigInt(i) })));
  assert.equal(names.size, 3);
  assert.deepEqual([996n, 997n, 999n].map((bits) => names.of({ family: 4, bits }).length), [0, 1, 1]);
});

Deno.test("whatever is looked up, the memory is what a list of the last pairs would be", () => {
  const lookup = fc.tuple(
    fc.constantFrom("a", "b", "c"),
    fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 4 }),
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), fc.array(lookup), (most, lookups) => {
      const names = new Names(most);
      let model: (readonly [name: string, host: number])[] = [];
      for (const [name, hosts] of lookups) {
        names.remember(name, hosts.map((host) => ({ family: 4, bits: BigInt(host) })));
        for (const host of hosts) {
          model = [...model.filter(([n, h]) => n !== name || h !== host), [name, host]];
        }
        model = model.slice(-most);
        assert.equal(names.size, model.length);
        for (let host = 1; host <= 6; host++) {
          const expected = model.filter(([, h]) => h === host).map(([n]) => n);
          assert.deepEqual([...names.of({ family: 4, bits: BigInt(host) })].sort(), expected.sort());
        }
      }
    }),
  );
});
