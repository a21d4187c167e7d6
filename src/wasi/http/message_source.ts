/**
 * The contents of a message that `node:http` receives, as a source for streams. What a guest does not read stays
 * with the sender: beyond a bound nothing more is taken from the socket.
 *
 * @module
 */
import type { IncomingMessage } from "node:http";
import { MAX_READ, type Source } from "../io/source.ts";
import { Signal } from "../io/waitable.ts";
import { NETWORK_LIMITS } from "../network/limits.ts";
import { HttpError } from "./error_code.ts";
import { Holding, roomAgain, roomLeft } from "./ledger.ts";

/** Pieces that may wait: a sender can make each of them one byte long. */
const MAX_PIECES = 1024;

const NOTHING = new Uint8Array(0);

/** Told of what happens, so that somebody can watch the time. */
export interface MessageEvents {
  /** Bytes came, or there is room for more again: now it is the sender's turn. */
  waiting(): void;
  /** There is no room: now it is the guest's turn. */
  full(): void;
  /** The message is complete, and so are its trailers. */
  ended(): void;
  /** The message ended before it was complete. */
  broken(error: unknown): void;
  /** Nobody wants the rest. */
  dropped(): void;
}

/** The contents of a message. */
export class MessageSource implements Source {
  readonly #message: IncomingMessage;
  readonly #events: MessageEvents;
  readonly #room: number;
  readonly #changed = new Signal();
  #pieces: Uint8Array[] = [];
  #size = 0;
  #full = false;
  #state: "open" | "ended" | "closed" = "open";
  #failure: HttpError | undefined;
  readonly #holding = new Holding(this);
  /** Ends the wait for room elsewhere. */
  #stop: () => void = () => {};

  /**
   * @param message Nobody may have read of it. Its errors never go uncaught.
   * @param events Told of what happens.
   * @param room How many bytes may wait, about.
   */
  constructor(message: IncomingMessage, events: MessageEvents, room: number = NETWORK_LIMITS.bodyBytes) {
    this.#message = message;
    this.#events = events;
    this.#room = room;
    message.on("error", (error) => this.#break(error));
    message.on("data", (bytes: Uint8Array) => this.#take(bytes));
    message.on("end", () => this.#end());
    message.on("close", () => this.#break(new HttpError({ tag: "connection-terminated" })));
  }

  /** See {@linkcode Source}. */
  ready(): boolean {
    return this.#size > 0 || this.#state !== "open" || this.#failure !== undefined;
  }

  /** See {@linkcode Source}. */
  watch(wake: () => void): () => void {
    return this.#changed.watch(wake);
  }

  /** See {@linkcode Source}. What has come is given before the error that came after it. */
  read(max: number): Uint8Array | null {
    const piece = this.#pieces[0];
    if (piece === undefined) {
      if (this.#failure !== undefined) throw this.#failure;
      return this.#state === "open" ? NOTHING : null;
    }
    const bytes = piece.subarray(0, Math.min(max, MAX_READ));
    if (bytes.length === piece.length) this.#pieces.shift();
    else this.#pieces[0] = piece.subarray(bytes.length);
    this.#count(-bytes.length);
    this.#refill();
    return bytes;
  }

  /** See {@linkcode Source}. */
  close(): void {
    if (this.#state === "closed") return;
    const ended = this.#state === "ended" || this.#failure !== undefined;
    this.#state = "closed";
    this.#pieces = [];
    this.#count(-this.#size);
    this.#stop();
    this.#changed.fire();
    if (!ended) this.#events.dropped();
  }

  /** The message will not be complete. Only the first error counts, and none after the end. */
  fail(error: HttpError): void {
    if (this.#state !== "open" || this.#failure !== undefined) return;
    this.#failure = error;
    this.#changed.fire();
  }

  #take(bytes: Uint8Array): void {
    if (this.#state !== "open" || this.#failure !== undefined || bytes.length === 0) return;
    this.#pieces.push(bytes);
    this.#count(bytes.length);
    const crowded = roomLeft() === 0;
    this.#full = crowded || this.#size >= this.#room || this.#pieces.length >= MAX_PIECES;
    if (this.#full) {
      this.#stop();
      if (crowded) this.#stop = roomAgain.watch(() => this.#refill());
      this.#message.pause();
      this.#events.full();
    } else {
      this.#events.waiting();
    }
    this.#changed.fire();
  }

  /** Room for half is room enough: a socket is not woken for every byte. */
  #refill(): void {
    if (!this.#full || this.#size > this.#room / 2 || this.#pieces.length > MAX_PIECES / 2) return;
    if (roomLeft() === 0) return;
    this.#full = false;
    this.#stop();
    if (this.#state !== "open" || this.#failure !== undefined) return;
    this.#events.waiting();
    this.#message.resume();
  }

  #count(bytes: number): void {
    this.#size += bytes;
    this.#holding.set(this.#size);
  }

  #end(): void {
    if (this.#state !== "open" || this.#failure !== undefined) return;
    this.#state = "ended";
    this.#events.ended();
    this.#changed.fire();
  }

  #break(error: unknown): void {
    if (this.#state === "open" && this.#failure === undefined) this.#events.broken(error);
  }
}
