/**
 * How a service ends: with everything answered, or not.
 *
 * @module
 */
import type { Service } from "./service.ts";

/** How long clients may take for what they get when their requests are broken off, in milliseconds. */
const FAREWELL = 1000;

/**
 * How long connections may stay open once all requests are answered, in milliseconds. What is on its way by then is no more
 * than fits the buffers between here and the client; and a connection stays open for ever whose client never sends the rest
 * of a request that was answered without it.
 */
const LINGER = 5000;

/** The end of a server and of its service. */
export class Stopper {
  readonly #server: Deno.HttpServer;
  readonly #service: Pick<Service, "abandon" | "idle">;
  readonly #cut: AbortController;
  readonly #patience: number;
  readonly #broken = Promise.withResolvers<void>();
  #ending: Promise<void> | undefined;
  /** Resolves when all is over, however it came to that. */
  readonly finished: Promise<void>;
  readonly #ended = Promise.withResolvers<void>();

  /**
   * @param server What accepts connections.
   * @param service What answers requests.
   * @param cut Closes all connections when it aborts, unless a shutdown has begun.
   * @param patience How long a shutdown waits for requests, in milliseconds.
   */
  constructor(
    server: Deno.HttpServer,
    service: Pick<Service, "abandon" | "idle">,
    cut: AbortController,
    patience: number,
  ) {
    this.#server = server;
    this.#service = service;
    this.#cut = cut;
    this.#patience = patience;
    this.finished = Promise.race([server.finished.then(() => service.idle()), this.#ended.promise]);
  }

  /** Accepts nothing more, and ends once requests have, or at once. Every call resolves when all is over. */
  shutdown(now = false): Promise<void> {
    if (now && this.#ending === undefined) this.#cut.abort();
    this.#ending ??= this.#end();
    if (now) this.#breakOff();
    return this.#ending;
  }

  async #end(): Promise<void> {
    const timer = setTimeout(() => this.#breakOff(), this.#patience);
    let linger: ReturnType<typeof setTimeout> | undefined;
    const quiet = this.#service.idle().then(() =>
      new Promise<void>((resolve) => linger = setTimeout(resolve, LINGER))
    );
    try {
      // A client that takes nothing keeps its connection open for as long as it likes: that is not waited for.
      await Promise.race([this.#server.shutdown(), this.#broken.promise, quiet]);
      await this.#service.idle();
    } finally {
      clearTimeout(timer);
      clearTimeout(linger);
      this.#ended.resolve();
    }
  }

  /** Gives up what is under way; what clients are told of it gets a moment to arrive. */
  #breakOff(): void {
    this.#service.abandon();
    const timer = setTimeout(() => this.#broken.resolve(), FAREWELL);
    void this.finished.catch(() => {}).finally(() => clearTimeout(timer));
  }
}
