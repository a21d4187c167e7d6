/**
 * The connections of one guest's requests: opened through its {@linkcode Reach}, waited for where it has too many,
 * and kept for a moment when they can be used again.
 *
 * @module
 */
import type { Socket } from "node:net";
import { NetworkError } from "../network/error.ts";
import type { Reach } from "../network/reach.ts";
import type { Authority } from "./authority.ts";
import { hasReason } from "./error_code.ts";
import { Idle } from "./idle.ts";
import { secure } from "./secure.ts";

/** Where a connection leads. */
export interface Destination {
  /** Whether TLS is spoken. */
  readonly scheme: "http" | "https";
  /** The host, and how the guest's authority names it. */
  readonly authority: Authority;
  /** The authority's, or the scheme's. */
  readonly port: number;
}

/** A connection to send one request on. */
export interface Connection {
  /** Connected, and secure where it must be. */
  readonly socket: Socket;
  /** Whether another request went over it before. */
  readonly used: boolean;
}

/** The connections of one guest. */
export class Connections {
  readonly #reach: Reach;
  readonly #idle = new Idle();
  /** Those that wait until one is closed. */
  readonly #waiting = new Set<() => void>();
  /** Those that are open or being opened. */
  #open = 0;

  /** @param reach The guest's. */
  constructor(reach: Reach) {
    this.#reach = reach;
  }

  /**
   * A connection for one request.
   *
   * @param reuse Whether one that another request left will do.
   * @param signal Ends the attempt, with a {@linkcode NetworkError} as its reason.
   * @throws {NetworkError} Or what `node:tls` emits.
   */
  async open(to: Destination, reuse: boolean, signal: AbortSignal): Promise<Connection> {
    const kept = reuse ? this.#idle.take(keyOf(to)) : undefined;
    if (kept !== undefined) return { socket: kept, used: true };
    const socket = await this.#dial(to, signal);
    return {
      socket: to.scheme === "http" ? socket : await secure(socket, to.authority.host, signal),
      used: false,
    };
  }

  /** Keeps a connection whose response is complete. It was opened for `to`, and leads nowhere else. */
  keep(to: Destination, socket: Socket): void {
    this.#idle.keep(keyOf(to), socket);
    // Others wait for a place: it is theirs.
    if (this.#waiting.size > 0) this.#idle.drop();
  }

  async #dial(to: Destination, signal: AbortSignal): Promise<Socket> {
    for (;;) {
      this.#open++;
      try {
        const { scheme, port, authority: { host } } = to;
        const socket = await this.#reach.dial({ scheme, host, port, signal });
        socket.once("close", () => this.#closed());
        // Closed in the same moment: its event has passed.
        if (socket.closed) this.#closed();
        return socket;
      } catch (error) {
        this.#open--;
        if (!hasReason(error, "too-many-sockets")) {
          this.#wake();
          throw error;
        }
        if (this.#idle.drop()) {
          // Its place is free in a moment.
        } else if (this.#open === 0) {
          // All places are held by the guest's sockets: no request of its will end and make room.
          throw error;
        }
        await this.#turn(signal, error as NetworkError);
      }
    }
  }

  #closed(): void {
    this.#open--;
    this.#wake();
  }

  #wake(): void {
    const [first] = this.#waiting;
    first?.();
  }

  /** Waits until a connection is closed. Whoever waits too long learns what for. */
  async #turn(signal: AbortSignal, why: NetworkError): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        this.#waiting.delete(wake);
        signal.removeEventListener("abort", abort);
      };
      const wake = () => {
        leave();
        resolve();
      };
      const abort = () => {
        leave();
        reject(hasReason(signal.reason, "timeout") ? why : signal.reason);
      };
      if (signal.aborted) return reject(signal.reason);
      this.#waiting.add(wake);
      signal.addEventListener("abort", abort);
    });
  }
}

function keyOf({ scheme, authority: { text }, port }: Destination): string {
  return `${scheme}://${text} ${port}`;
}
