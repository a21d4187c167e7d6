/**
 * `resource network` and `wasi:sockets/instance-network`:
 * {@link https://github.com/WebAssembly/wasi-sockets/blob/v0.2.3/wit/instance-network.wit}
 *
 * @module
 */

/**
 * `resource network`: an opaque handle. A guest has one network, and what it may do there is in its rules: every
 * handle is as good as any other.
 */
export class Network {}

/** `instance-network: func() -> network` */
export function instanceNetwork(): Network {
  return new Network();
}
