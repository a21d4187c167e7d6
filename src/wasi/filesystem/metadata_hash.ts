/**
 * `record metadata-hash-value`: 128 bits that stand for a file and its state.
 *
 * @module
 */
import type { MetadataHashValue } from "./types.ts";

/**
 * The hash of a file. The lower half says which file it is and the upper half which state it is in: together they
 * "usually change" when it is modified, as the specification has it, while the lower half, which libc shows programs as
 * the inode number, stays what it is for as long as the file does.
 */
export function metadataHash(info: Deno.FileInfo): MetadataHashValue {
  const identity = [info.dev, info.ino ?? 0];
  const times = [info.birthtime, info.mtime, info.ctime].map((time) => time?.getTime() ?? 0);
  return { lower: hash(identity), upper: hash([...identity, ...times, info.size, info.mode ?? 0]) };
}

/** Two 32-bit halves, each word of the input mixed into both by multiplication with odd constants, after MurmurHash3. */
function hash(numbers: readonly number[]): bigint {
  let high = 0x9e3779b9;
  let low = 0x85ebca6b;
  for (const number of numbers) {
    for (const word of [number % 0x1_0000_0000 | 0, Math.floor(number / 0x1_0000_0000) | 0]) {
      high = Math.imul(high ^ word, 0xcc9e2d51) + low | 0;
      low = Math.imul(low ^ (word >>> 15 | word << 17), 0x1b873593) + (high >>> 13) | 0;
    }
  }
  high = finish(high ^ low);
  low = finish(low + high | 0);
  return BigInt(high >>> 0) << 32n | BigInt(low >>> 0);
}

function finish(word: number): number {
  word = Math.imul(word ^ word >>> 16, 0x85ebca6b);
  word = Math.imul(word ^ word >>> 13, 0xc2b2ae35);
  return word ^ word >>> 16;
}
