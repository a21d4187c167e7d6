/**
 * Names → addresses, through the system's resolver.
 *
 * @module
 */
import { type Ip, parseIp } from "../../grant/network.ts";
import { NetworkError, networkError } from "./error.ts";
import { inScope, scopeOf } from "./scope.ts";

/**
 * Looks a name up.
 *
 * @param name In the form of `parseName`.
 * @param ports Ports at which the rules allow it.
 * @returns Its addresses in the resolver's order, none twice; at least one.
 * @throws {NetworkError}
 */
export async function lookUp(name: string, ports: readonly number[]): Promise<readonly Ip[]> {
  try {
    if (inScope(name)) return unique(await every(name));
    // Deno looks names up only for who may reach them at every port. A process with an exact scope may still begin
    // to connect, and learns an address from that: one of each family, since it must be stopped at the first.
    const port = ports.find((port) => inScope(name, port));
    if (port !== undefined) return unique(await firsts(name, port));
  } catch (error) {
    throw networkError(error);
  }
  const scopes = ports.length > 0 ? ports.map((port) => scopeOf(name, port)).join(",") : name;
  throw new NetworkError("not-capable", `to look ${name} up, this process needs --allow-net=${scopes}`);
}

async function every(name: string): Promise<string[]> {
  const { lookup } = await import("node:dns");
  return await new Promise((resolve, reject) => {
    lookup(name, { all: true }, (error, found) => {
      error === null ? resolve(found.map(({ address }) => address)) : reject(error);
    });
  });
}

/** The first address of either family. */
async function firsts(name: string, port: number): Promise<string[]> {
  const found = await Promise.allSettled([first(name, port, 4), first(name, port, 6)]);
  const addresses = found.filter((result) => result.status === "fulfilled").map(({ value }) => value);
  if (addresses.length === 0) throw (found[0] as PromiseRejectedResult).reason;
  return addresses;
}

/** Begins to connect, and destroys the socket when the name is looked up: before any packet. */
async function first(name: string, port: number, family: 4 | 6): Promise<string> {
  const { connect } = await import("node:net");
  return await new Promise((resolve, reject) => {
    const socket = connect({ host: name, port, family, autoSelectFamily: false });
    socket.on("error", reject);
    socket.once("lookup", (error: Error | null, address: string) => {
      if (error !== null) return;
      resolve(address);
      socket.destroy();
    });
  });
}

function unique(addresses: readonly string[]): readonly Ip[] {
  // Zones are dropped: WASI has none in the answer of a lookup.
  const texts = new Set(addresses.map((address) => address.replace(/%.*$/, "")));
  const ips = [...texts].map(parseIp).filter((ip) => ip !== undefined);
  if (ips.length === 0) throw new NetworkError("not-found", "the name has no address");
  return ips;
}
