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
  /** What came of the call of another entry; a value. */
  FuncsAnswer: 8,
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
  /** The guest calls another entry; a value. */
  Funcs: 41,
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
  /** What has not become a frame yet, at the beginning of a buffer that grows: many small pieces take no more room. */
  #buffer = new Uint8Array(64 * 1024);
  #length = 0;

  /**
   * Takes a piece.
   *
   * @param piece Bytes as they came; they are copied.
   * @returns The frames that are complete now.
   * @throws {ChannelError} If a frame claims to be larger than any may be.
   */
  push(piece: Uint8Array): Frame[] {
    this.#append(piece);
    const frames: Frame[] = [];
    let at = 0;
    const view = new DataView(this.#buffer.buffer);
    while (this.#length - at >= 4) {
      const length = view.getUint32(at);
      if (length < HEAD - 4 || length > HEAD - 4 + MAX_BODY) {
        throw new ChannelError(`a frame of ${length} bytes; at most ${MAX_BODY} are allowed`);
      }
      if (this.#length - at < 4 + length) break;
      const body = this.#buffer.slice(at + HEAD, at + 4 + length);
      frames.push({ kind: view.getUint8(at + 4), call: view.getUint32(at + 5), body });
      at += 4 + length;
    }
    if (at > 0) {
      this.#buffer.copyWithin(0, at, this.#length);
      this.#length -= at;
    }
    return frames;
  }

  #append(piece: Uint8Array): void {
    const length = this.#length + piece.length;
    if (length > this.#buffer.length) {
      const grown = new Uint8Array(Math.max(length, 2 * this.#buffer.length));
      grown.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = grown;
    }
    this.#buffer.set(piece, this.#length);
    this.#length = length;
  }
}
