/**
 * `resource request-options` of `wasi:http/types`:
 * {@link https://github.com/WebAssembly/wasi-http/blob/v0.2.3/wit/types.wit}
 *
 * @module
 */

/** How long a request may take, in nanoseconds; `undefined`: as long as this host allows. */
interface Timeouts {
  connect: bigint | undefined;
  firstByte: bigint | undefined;
  betweenBytes: bigint | undefined;
}

/** `resource request-options`: timeouts of one request. */
export class RequestOptions {
  readonly #timeouts: Timeouts = { connect: undefined, firstByte: undefined, betweenBytes: undefined };

  /** `constructor()`: nothing is set. */
  constructor() {}

  /** `connect-timeout: func() -> option<duration>` */
  connectTimeout(): bigint | undefined {
    return this.#timeouts.connect;
  }

  /** `set-connect-timeout: func(duration: option<duration>) -> result`: of the connection, with its lookup and TLS. */
  setConnectTimeout(duration: bigint | undefined): void {
    this.#timeouts.connect = duration;
  }

  /** `first-byte-timeout: func() -> option<duration>` */
  firstByteTimeout(): bigint | undefined {
    return this.#timeouts.firstByte;
  }

  /** `set-first-byte-timeout: func(duration: option<duration>) -> result` */
  setFirstByteTimeout(duration: bigint | undefined): void {
    this.#timeouts.firstByte = duration;
  }

  /** `between-bytes-timeout: func() -> option<duration>` */
  betweenBytesTimeout(): bigint | undefined {
    return this.#timeouts.betweenBytes;
  }

  /** `set-between-bytes-timeout: func(duration: option<duration>) -> result` */
  setBetweenBytesTimeout(duration: bigint | undefined): void {
    this.#timeouts.betweenBytes = duration;
  }

  /** Nothing to release. */
  [Symbol.dispose](): void {}
}
