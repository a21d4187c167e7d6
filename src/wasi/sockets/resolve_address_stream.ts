/**
 * `wasi:sockets/ip-name-lookup`:
 * {@link https://github.com/WebAssembly/wasi-sockets/blob/v0.2.3/wit/ip-name-lookup.wit}
 *
 * @module
 */
import { type Ip, parseIp, parseName, unmapped } from "../../grant/network.ts";
import { Pollable } from "../io/pollable.ts";
import { Signal } from "../io/waitable.ts";
import type { Reach } from "../network/reach.ts";
import { toIpAddress } from "./address.ts";
import { failure } from "./error_code.ts";
import type { Network } from "./network.ts";
import { Operation } from "./operation.ts";
import type { IpAddress } from "./types.ts";

/** No name is longer, in any script: its ASCII form has at most 253 characters. */
const MAX_NAME = 255;

/** `resource resolve-address-stream`: the addresses of a name, one by one. */
export class ResolveAddressStream {
  readonly #lookup: Operation<readonly Ip[]>;
  readonly #settled = new Signal();
  readonly #stop = new AbortController();
  #next = 0;

  /** @param lookup Starts the lookup; may give the addresses at once. */
  constructor(lookup: (signal: AbortSignal) => Promise<readonly Ip[]> | { readonly value: readonly Ip[] }) {
    this.#lookup = new Operation(lookup(this.#stop.signal), () => this.#settled.fire());
  }

  /**
   * `resolve-next-address: func() -> result<option<ip-address>, error-code>`
   *
   * @returns `undefined` when there are no more.
   * @throws {ComponentError} `would-block`; once it has failed, the same code every time.
   */
  resolveNextAddress(): IpAddress | undefined {
    const ip = this.#lookup.finish()[this.#next];
    if (ip === undefined) return undefined;
    this.#next++;
    return toIpAddress(ip);
  }

  /** `subscribe: func() -> pollable`: ready when the lookup is over. */
  subscribe(): Pollable {
    return new Pollable({ ready: () => this.#lookup.done, watch: (wake) => this.#settled.watch(wake) });
  }

  /** Gives the lookup up. */
  [Symbol.dispose](): void {
    this.#stop.abort();
  }
}

/**
 * `resolve-addresses: func(network: borrow<network>, name: string) -> result<resolve-address-stream, error-code>`
 *
 * @param reach The guest's way out.
 */
export function resolveAddresses(
  reach: () => Reach,
): (network: Network, name: string) => ResolveAddressStream {
  return (_network, name) => {
    if (name.length > MAX_NAME) throw failure("invalid-argument");
    const literal = parseIp(name.replace(/^\[(.*:.*)\]$/, "$1"));
    if (literal !== undefined) return new ResolveAddressStream(() => ({ value: [unmapped(literal)] }));
    if (parseName(name) === undefined) throw failure("invalid-argument");
    return new ResolveAddressStream(async (signal) => plain(await reach().resolve(name, signal)));
  };
}

/** "This function never returns IPv4-mapped IPv6 addresses", and none twice. */
function plain(found: readonly Ip[]): readonly Ip[] {
  const distinct = new Map(found.map(unmapped).map((ip) => [`${ip.family} ${ip.bits}`, ip]));
  return [...distinct.values()];
}
