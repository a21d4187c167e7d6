/**
 * Frames: what the two ends of a channel say, one after another, in a stream of bytes.
 *
 * A frame is its length (32 bits, without these), its kind (8 bits), the number of the call it belongs to (32 bits), and
 * a body; all big-endian.
 *
 * @module
 */
import { ChannelError } from "./error.ts";

/** What a frame says. Those below 16 are said to the child, those from 32 on by it, the others by both. */
export const Kind = {
  /** The job (a value), once and first. */
  Start: 1,
  /** Call the method; a value. */
  Call: 2,
  /** Answer an HTTP request; a value, its contents follow when they are wanted. */
  Request: 3,
  /** Bytes of standard input; none at its end. */
  Stdin: 4,
  /** Standard input cannot be read. */
  StdinFailed: 5,
  /** So many bytes of the response's contents were taken; a value. */
  Taken: 6,
  /** The call is given up. */
  Cancel: 7,
  /** Bytes of the contents of a request or a response. */
  Body: 16,
  /** The contents are complete; a value, the trailers. */
  BodyEnd: 17,
  /** The contents break off (a value, the `error-code`), or nobody takes them any more. */
  BodyCut: 18,
  /** The module is compiled; a value, the method. */
  Ready: 32,
  /** The result, a value. */
  Result: 33,
  /** The call failed; a value. */
  Failed: 34,
  /** Bytes of standard output. */
  Stdout: 35,
  /** Bytes of standard error. */
  Stderr: 36,
  /** The guest wants to read standard input. */
  WantStdin: 37,
  /** The guest wants to read the contents of its request. */
  WantBody: 38,
  /** The head of the response, a value. */
  Response: 39,
  /** A capability was used or refused; a value. */
  Audit: 40,
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
