/**
 * Grant → confinement: what the kernel is told to leave to the process that serves one entry.
 *
 * @module
 */
import type { Grant } from "../grant/grant.ts";
import type { NetworkRule, Scheme } from "../grant/network.ts";
import type { Confinement, Ports } from "./confinement.ts";

/** What a process must read and execute to be there at all, whatever it serves. */
export interface Needs {
  /** Files that may be read, and directories below which everything may. */
  readonly read: readonly string[];
  /** Files that may be executed. */
  readonly execute: readonly string[];
}

/** TCP carries the answers of name servers that are too long for a datagram. */
const DNS: Ports = { from: 53, to: 53 };

/**
 * The confinement that a grant amounts to.
 *
 * The kernel knows ports and no addresses or names: those are held by the other two walls. What it cannot tell apart it
 * allows, so this is never narrower than the grant.
 *
 * @param grant What the entry may touch.
 * @param needs What the runtime itself must.
 * @returns The confinement, frozen. Its process starts no other.
 */
export function confinementOf(grant: Grant, needs: Needs): Confinement {
  const mounts = (readOnly: boolean) =>
    grant.mounts.filter((mount) => mount.readOnly === readOnly).map(({ real, host }) => real ?? host);
  return Object.freeze({
    read: Object.freeze([...needs.read, ...mounts(true)]),
    readWrite: Object.freeze(mounts(false)),
    execute: needs.execute,
    ...networkOf(grant),
    processes: false,
  });
}

/** Whether a grant leads its holder to look names up, for which the C library reads some files. */
export function looksUpNames({ packages, network }: Grant): boolean {
  if (!packages.has("wasi:sockets") && !packages.has("wasi:http")) return false;
  return network?.rules === undefined || network.rules.some(({ host }) => host.kind !== "address");
}

function networkOf(grant: Grant): Pick<Confinement, "tcpConnect" | "tcpBind" | "udp"> {
  const sockets = grant.packages.has("wasi:sockets"), http = grant.packages.has("wasi:http");
  if (!sockets && !http) return { tcpConnect: [], tcpBind: [], udp: false };
  const { network } = grant;
  const everything = network?.rules === undefined;
  const covered = (...schemes: readonly Scheme[]): readonly NetworkRule[] =>
    network?.rules?.filter(({ scheme }) => scheme === undefined || schemes.includes(scheme)) ?? [];
  const connects = [...(sockets ? covered("tcp") : []), ...(http ? covered("http", "https") : [])];
  const names = looksUpNames(grant);
  return {
    tcpConnect: everything ? "any" : portsOf(connects, names ? [DNS] : []),
    tcpBind: tcpBind(),
    udp: names || sockets && (everything || covered("udp").length > 0),
  };

  /** As `mayListen` has it: only a rule that names an address lets its holder wait for others there. */
  function tcpBind(): Confinement["tcpBind"] {
    if (!sockets) return [];
    if (network === undefined) return "any";
    if (network.rules === undefined) return network.private ? "any" : [];
    return portsOf(covered("tcp").filter(({ host }) => host.kind === "address"));
  }
}

function portsOf(rules: readonly NetworkRule[], also: readonly Ports[] = []): readonly Ports[] {
  return Object.freeze([...rules.map(({ ports }) => ports), ...also]);
}
