/**
 * `wasi:random/random`: {@link https://github.com/WebAssembly/wasi-random/blob/v0.2.3/wit/random.wit}
 *
 * @module
 */
import { randomBytes } from "./bytes.ts";

/** The functions of the interface. */
export interface SecureRandom {
  /** `get-random-bytes: func(len: u64) -> list<u8>` */
  getRandomBytes(len: bigint): Uint8Array;
  /** `get-random-u64: func() -> u64` */
  getRandomU64(): bigint;
}

/**
 * The interface for one guest: fresh bytes of the platform's cryptographic generator on every call.
 */
export function secureRandom(): SecureRandom {
  const word = new BigUint64Array(1);
  return {
    getRandomBytes: (len) => randomBytes("wasi:random/random.get-random-bytes", len),
    getRandomU64: () => crypto.getRandomValues(word)[0]!,
  };
}
