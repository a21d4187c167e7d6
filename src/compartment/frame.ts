/**
 * Frames: what the two ends of a channel say, one after another, in a stream of bytes.
 *
 * A frame is its length (32 bits, without these), its kind (8 bits), the number of the call it belongs to (32 bits), and
 * a body; all big-endian.
 *
 * @module
 */
import { ChannelError } from "./error.ts";

/** What a frame says. */
export const Kind = {
  /** To the child: the job (a value), once and first. */
  Start: 1,
  /** To the child: call the method; a value. */
  Call: 2,
  /** To the child: bytes of standard input; none at its end. */
  Stdin: 3,
  /** To the child: an HTTP request's head, a value. */
  Request: 4,
  /** Either way: bytes of a body. */
  Body: 5,
  /** Either way: the body is complete. */
  BodyEnd: 6,
  /** Either way: the body breaks off, or nobody wants it any more. */
  Abort: 7,
  /** Either way: so many bytes of a body were taken, as a value. */
  Taken: 8,
  /** To the parent: the module is compiled and ready to be called. */
  Ready: 16,
  /** To the parent: the result, a value. */
  Result: 17,
  /** To the parent: the call failed; a value. */
  Failed: 18,
  /** To the parent: bytes of standard output. */
  Stdout: 19,
  /** To the parent: bytes of standard error. */
  Stderr: 20,
  /** To the parent: the guest wants to read standard input. */
  WantStdin: 21,
  /** To the parent: an HTTP response's head, a value. */
  Response: 22,
  /** To the parent: a capability was used or refused; a value. */
  Audit: 23,
} as const;

/** One frame. */
export interface Frame {
  /** One of {@linkcode Kind}. */
  readonly kind: number;
  /** The call it belongs to; 0 for none. */
  readonly call: number;
  /** What it says. */
  readonly body: Uint8Array;
}

const HEAD = 9;
const EMPTY = new Uint8Array(0);

/** The largest body that an end takes. A value of a call may be no larger; bodies and streams go in pieces. */
export const MAX_BODY = 64 * 1024 * 1024;

/** A frame as bytes. */
export function encodeFrame(kind: number, call: number, body: Uint8Array = EMPTY): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEAD + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, HEAD - 4 + body.length);
  view.setUint8(4, kind);
  view.setUint32(5, call);
  bytes.set(body, HEAD);
  return bytes;
}

/** Puts frames together from the pieces in which their bytes arrive. */
export class FrameReader {
  #pending: Uint8Array[] = [];
  #length = 0;

  /**
   * Takes a piece.
   *
   * @param piece Bytes as they came; kept until their frames are complete.
   * @returns The frames that are complete now.
   * @throws {ChannelError} If a frame claims to be larger than any may be.
   */
  push(piece: Uint8Array): Frame[] {
    this.#pending.push(piece);
    this.#length += piece.length;
    const frames: Frame[] = [];
    for (;;) {
      if (this.#length < 4) return frames;
      const head = this.#peek(4);
      const length = new DataView(head.buffer, head.byteOffset).getUint32(0);
      if (length < HEAD - 4 || length > HEAD - 4 + MAX_BODY) {
        throw new ChannelError(`a frame of ${length} bytes; at most ${MAX_BODY} are allowed`);
      }
      if (this.#length < 4 + length) return frames;
      const bytes = this.#take(4 + length);
      const view = new DataView(bytes.buffer, bytes.byteOffset);
      frames.push({ kind: view.getUint8(4), call: view.getUint32(5), body: bytes.subarray(HEAD) });
    }
  }

  #peek(count: number): Uint8Array {
    if (this.#pending[0]!.length >= count) return this.#pending[0]!;
    this.#pending = [this.#joined()];
    return this.#pending[0]!;
  }

  #take(count: number): Uint8Array {
    if (this.#pending[0]!.length < count) this.#pending = [this.#joined()];
    const first = this.#pending[0]!;
    this.#length -= count;
    if (first.length === count) this.#pending.shift();
    else this.#pending[0] = first.subarray(count);
    return first.subarray(0, count);
  }

  #joined(): Uint8Array {
    const all = new Uint8Array(this.#length);
    let at = 0;
    for (const piece of this.#pending) {
      all.set(piece, at);
      at += piece.length;
    }
    return all;
  }
}
