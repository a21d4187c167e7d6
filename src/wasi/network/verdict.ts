/**
 * What {@linkcode Reach} decides, as functions of what is known: they have no memory and touch no network.
 *
 * @module
 */
import {
  type Asked,
  formatIp,
  hostText,
  type Ip,
  isPrivate,
  lineAllowing,
  mayReachAddress,
  mayReachName,
  type Network,
  type Scheme,
} from "../../grant/network.ts";
import { NetworkError } from "./error.ts";

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
export function nameRefused(use: Use, name: string): NetworkError | undefined {
  return mayReachName(use.network, [use.scheme], name, use.port) ? undefined : refusal("denied", use, name);
}

/**
 * Why an address may not be connected to; `undefined` where it may.
 *
 * @param names The names that led to it: one that is allowed is enough.
 */
export function addressRefused(use: Use, ip: Ip, names: readonly string[]): NetworkError | undefined {
  const { network, scheme, port } = use;
  if (mayReachAddress(network, scheme, ip, port) || allowedNames(use, ip, names).length > 0) return undefined;
  if (network?.rules === undefined) return refusal("private", use, ip);
  const name = names.find((name) => mayReachName(network, [scheme], name, port));
  return name === undefined ? refusal("denied", use, ip) : refusal("private", use, name, ip);
}

/** Of the names that led to an address, those under which it may be connected to. */
export function allowedNames({ network, scheme, port }: Use, ip: Ip, names: readonly string[]): string[] {
  return names.filter((name) => mayReachAddress(network, scheme, ip, port, name));
}

/**
 * Why a connection that was asked for by address, and is made by name, must not go where the name leads now.
 *
 * @param name The name that led to the address.
 * @param asked The address that was asked for.
 * @param found Where the name leads now.
 * @param sibling Whether the found address is another one of the same name, as far as can be told.
 * @returns `undefined` where it may: to the address that was asked for, or to a sibling that the rules allow.
 */
export function elsewhere(
  use: Use,
  name: string,
  asked: Ip,
  found: Ip,
  sibling: boolean,
): NetworkError | undefined {
  if (hostText(asked) !== hostText(found) && !sibling) {
    const message = `${name} led to ${formatIp(asked)} and leads to ${formatIp(found)} now: look it up again`;
    return new NetworkError("refused", message);
  }
  return addressRefused(use, found, [name]);
}

/**
 * Why a guest is not told where a name leads; `undefined` where it is. One private address hides all of them: a name
 * that leads both ways is how attackers use a guest to look into a private network.
 */
export function answerRefused(
  network: Network | undefined,
  name: string,
  found: readonly Ip[],
): NetworkError | undefined {
  const hidden = found.find((ip) => !usable(network, ip));
  if (hidden === undefined) return undefined;
  const message = `${name} leads to ${formatIp(hidden)}, which is private; to allow it, declare `;
  return new NetworkError("private", `${message}wasi.network.private: true`);
}

/** Whether sockets may use an address for anything, once a name that is allowed has led to it. */
function usable(network: Network | undefined, ip: Ip): boolean {
  if (network === undefined || network.private || !isPrivate(ip)) return true;
  return (network.rules ?? []).some((rule) => {
    const scheme = rule.scheme ?? "tcp";
    return (scheme === "tcp" || scheme === "udp") &&
      mayReachAddress({ rules: [rule], private: false }, scheme, ip, rule.ports.from);
  });
}

/** Ports at which rules name a host: where a process's scope is exact, it has one of them. */
export function portsOf(network: Network | undefined, name: string): number[] {
  const ends = (network?.rules ?? []).flatMap(({ ports: { from, to } }) => [Math.max(from, 1), to]);
  return [...new Set(ends)].filter((port) => mayReachName(network, ["tcp", "udp"], name, port));
}

function refusal(reason: "denied" | "private", use: Use, host: Ip | string, address?: Ip): NetworkError {
  const asked: Asked = { scheme: use.scheme, host, port: use.port, address };
  const place = `${use.scheme}://${hostText(host)}:${use.port}`;
  const why = address
    ? `leads to ${formatIp(address)}, which is private`
    : reason === "private"
    ? "is private"
    : undefined;
  return new NetworkError(
    reason,
    `${why === undefined ? `no rule allows ${place}` : `${place} ${why}`}; ` +
      `to allow it, declare ${lineAllowing(use.network, asked)}`,
  );
}
