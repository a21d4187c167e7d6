/**
 * The decisions of {@linkcode Reach}, as functions of what is known: no network, no memory of their own.
 *
 * @module
 */
import { formatIp, type Ip, mayReachAddress, mayReachName, type Network } from "../../grant/network.ts";
import type { Scheme } from "../../grant/network.ts";
import { NetworkError } from "./error.ts";
import { scopeOf } from "./scope.ts";

/** What a connection is for. */
export interface Use {
  /** The rules; `undefined` where the network is unrestricted. */
  readonly network: Network | undefined;
  /** What the connection is used for. */
  readonly scheme: Scheme;
  /** The port there. */
  readonly port: number;
}

/** Why a name may not be asked for; `undefined` where it may. */
export function nameRefused({ network, scheme, port }: Use, name: string): NetworkError | undefined {
  return mayReachName(network, [scheme], name, port)
    ? undefined
    : new NetworkError("denied", `no rule of wasi.network allows ${scheme}://${scopeOf(name, port)}`);
}

/**
 * Why an address may not be connected to; `undefined` where it may.
 *
 * @param names The names that led to it: one that is allowed is enough.
 */
export function addressRefused(use: Use, ip: Ip, names: readonly string[]): NetworkError | undefined {
  const { network, scheme, port } = use;
  if (names.length === 0 ? mayReachAddress(network, scheme, ip, port) : allowedNames(use, ip, names)[0]) {
    return undefined;
  }
  if (mayReachAddress(network, scheme, ip, port)) return undefined;
  const place = `${scheme}://${scopeOf(ip, port)}`;
  const name = names.find((name) => mayReachName(network, [scheme], name, port));
  return name !== undefined || network?.rules === undefined
    ? new NetworkError(
      "private",
      `${place}${name === undefined ? "" : `, to which ${name} leads,`} is private`,
    )
    : new NetworkError("denied", `no rule of wasi.network allows ${place}`);
}

/** Of the names that led to an address, those under which it may be connected to. */
export function allowedNames({ network, scheme, port }: Use, ip: Ip, names: readonly string[]): string[] {
  return names.filter((name) => mayReachAddress(network, scheme, ip, port, name));
}

/**
 * Why a connection by name that was asked for by address must not go where the name leads now.
 *
 * @param asked The address that the guest asked for, which the name led to once.
 * @param found Where it leads now.
 * @param names What led to the found address before.
 */
export function elsewhere(
  use: Use,
  name: string,
  asked: Ip,
  found: Ip,
  names: readonly string[],
): NetworkError | undefined {
  const same = asked.family === found.family && asked.bits === found.bits;
  if (!same && !names.includes(name)) {
    return new NetworkError(
      "refused",
      `${name} led to ${formatIp(asked)} and leads to ${formatIp(found)} now`,
    );
  }
  return addressRefused(use, found, [name]);
}
