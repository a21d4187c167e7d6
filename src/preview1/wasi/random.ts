/**
 * `random_get`: {@link https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#random_get}
 *
 * @module
 */
import type { Work } from "./enter.ts";
import { Errno } from "./errno.ts";
import type { Guest } from "./guest.ts";

/** Web Crypto gives no more than this in one call. */
const CHUNK = 65536;

/** Bytes of the platform's cryptographic generator, straight into the guest's memory, which bounds them. */
export function random(guest: Guest): Record<string, Work> {
  return {
    random_get(pointer: number, length: number) {
      guest.need("random", "wasi:random", "random_get");
      guest.told?.used("wasi:random/random", "get-random-bytes");
      const bytes = guest.memory.bytes(pointer, length, "random_get");
      for (let i = 0; i < length; i += CHUNK) crypto.getRandomValues(bytes.subarray(i, i + CHUNK));
      return Errno.success;
    },
  };
}
