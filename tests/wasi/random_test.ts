import assert from "node:assert/strict";
import { host, isTrap } from "./support.ts";

const sources = [
  ["wasi:random/random", "getRandomBytes"],
  ["wasi:random/insecure", "getInsecureRandomBytes"],
] as const;

for (const [face, name] of sources) {
  const get = (len: bigint): Uint8Array => host(face)[name](len);

  Deno.test(`${name} gives any length, past the 64 KiB of one call to Web Crypto`, () => {
    for (const len of [0, 1, 31, 65_535, 65_536, 65_537, 1_000_003]) {
      const bytes = get(BigInt(len));
      assert.equal(bytes.length, len);
      if (len > 1000) assert.ok(bytes.subarray(-64).some((byte) => byte !== 0), "the last chunk is filled");
    }
  });

  Deno.test(`${name} is fresh on every call and evenly spread`, () => {
    assert.notDeepEqual(get(32n), get(32n));
    const counts = new Uint32Array(256);
    for (const byte of get(1n << 20n)) counts[byte]!++;
    // 4096 expected each; 6 standard deviations are 384.
    for (const count of counts) assert.ok(count > 3700 && count < 4500, `${count}`);
  });

  for (const len of [2n ** 28n, 2n ** 32n, 2n ** 63n, 2n ** 64n - 1n]) {
    Deno.test(`${name} of ${len} bytes traps instead of eating the memory`, () => {
      assert.throws(() => get(len), isTrap(new RegExp(`${len} bytes asked for`)));
    });
  }
}

const words = [
  ["wasi:random/random", "getRandomU64"],
  ["wasi:random/insecure", "getInsecureRandomU64"],
] as const;

for (const [face, name] of words) {
  Deno.test(`${name} gives 64 bits, each of them set half the time`, () => {
    const next = host(face)[name] as () => bigint;
    const ones = new Array<number>(64).fill(0);
    const seen = new Set<bigint>();
    for (let i = 0; i < 4096; i++) {
      const word = next();
      assert.ok(word >= 0n && word < 2n ** 64n);
      seen.add(word);
      for (let bit = 0; bit < 64; bit++) ones[bit]! += Number((word >> BigInt(bit)) & 1n);
    }
    assert.equal(seen.size, 4096);
    // 2048 expected each; 6 standard deviations are 192.
    for (const count of ones) assert.ok(count > 1850 && count < 2250, ones.join());
  });
}

Deno.test("two guests have different insecure numbers and seeds", () => {
  assert.notEqual(
    host("wasi:random/insecure").getInsecureRandomU64(),
    host("wasi:random/insecure").getInsecureRandomU64(),
  );
  const seed = () => host("wasi:random/insecure-seed").insecureSeed();
  assert.notDeepEqual(seed(), seed());
});

Deno.test("the insecure seed of a guest is one value of 128 bits", () => {
  const { insecureSeed } = host("wasi:random/insecure-seed");
  assert.deepEqual(insecureSeed(), insecureSeed());
  assert.ok(insecureSeed().every((half: bigint) => half > 2n ** 20n && half < 2n ** 64n));
});
