/**
 * As many random bytes as a guest asks for.
 *
 * @module
 */
import { Trap } from "../../component/error.ts";

/** The canonical ABI can lower no longer list than this, so nothing longer is made. */
const MAX_LENGTH = 2 ** 28 - 1;

/** Web Crypto gives no more than this in one call. */
const CHUNK = 65536;

/**
 * Bytes of the platform's cryptographic generator.
 *
 * @param asked The function that asks, for the message.
 * @param len How many bytes: any `u64` that the guest likes.
 * @throws {Trap} More than 2^28-1, or more than this process can hold.
 */
export function randomBytes(asked: string, len: bigint): Uint8Array {
  if (len > MAX_LENGTH) throw new Trap(`${asked}: ${len} bytes asked for, a list can hold ${MAX_LENGTH}`);
  const bytes = allocate(asked, Number(len));
  if (bytes.length <= CHUNK) return crypto.getRandomValues(bytes);
  for (let i = 0; i < bytes.length; i += CHUNK) crypto.getRandomValues(bytes.subarray(i, i + CHUNK));
  return bytes;
}

function allocate(asked: string, length: number): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(length);
  } catch (cause) {
    throw new Trap(`${asked}: no memory for ${length} bytes`, { cause });
  }
}
