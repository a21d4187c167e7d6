/**
 * `wasi:random/insecure` and `insecure-seed`:
 * {@link https://github.com/WebAssembly/wasi-random/blob/v0.2.3/wit/insecure.wit}
 *
 * @module
 */
import { randomBytes } from "./bytes.ts";

/** The functions of `wasi:random/insecure`. */
export interface InsecureRandom {
  /** `get-insecure-random-bytes: func(len: u64) -> list<u8>` */
  getInsecureRandomBytes(len: bigint): Uint8Array;
  /** `get-insecure-random-u64: func() -> u64` */
  getInsecureRandomU64(): bigint;
}

/**
 * `wasi:random/insecure` for one guest. Bytes come from Web Crypto, which fills 64 KiB in 30 µs, five times faster
 * than a generator in JavaScript; single words come from such a generator, which has no call to pay (20 ns for 200).
 */
export function insecureRandom(): InsecureRandom {
  const next = generator();
  const words = new Uint32Array(2);
  const word = new BigUint64Array(words.buffer);
  return {
    getInsecureRandomBytes: (len) => randomBytes("wasi:random/insecure.get-insecure-random-bytes", len),
    getInsecureRandomU64() {
      words[0] = next();
      words[1] = next();
      return word[0]!;
    },
  };
}

/**
 * `insecure-seed: func() -> tuple<u64, u64>` for one guest: 128 bits against hash flooding, the same on every call,
 * since this stands for a value that is given once.
 */
export function insecureSeed(): () => [bigint, bigint] {
  let seed: [bigint, bigint] | undefined;
  return () => {
    if (seed === undefined) {
      const [low, high] = crypto.getRandomValues(new BigUint64Array(2));
      seed = [low!, high!];
    }
    return [seed[0], seed[1]];
  };
}

/**
 * sfc32, seeded by Web Crypto on its first use: 32 bits at a time, period about 2^127. Each guest has its own, so
 * that it learns nothing of another's.
 */
function generator(): () => number {
  let a = 0, b = 0, c = 0, counter = 1;
  const step = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  const seed = (): void => {
    const [x, y, z] = crypto.getRandomValues(new Int32Array(3));
    [a, b, c] = [x!, y!, z!];
    for (let i = 0; i < 12; i++) step();
  };
  let seeded = false;
  return () => {
    if (!seeded) {
      seed();
      seeded = true;
    }
    return step();
  };
}
