/**
 * Whoever watches where a guest goes.
 *
 * @module
 */
import type { Ip } from "../../grant/network.ts";
import type { Reach, Target } from "./reach.ts";

/** Told where a guest goes, and where it does not get: what stands between a function and the network is decided here. */
export interface Watcher {
  /** The way out that it will be told of. */
  began(reach: Reach): void;
  /** A connection was allowed, to this address; or it failed, before an address was known or after. */
  dialled(target: Target, ip: Ip | undefined, error?: unknown): void;
  /** A name led to these addresses; or the lookup failed. */
  resolved(name: string, found: readonly Ip[], error?: unknown): void;
}
