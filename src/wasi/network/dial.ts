/**
 * One TCP connection: opened, or refused before any packet.
 *
 * @module
 */
import type { Socket, TcpNetConnectOpts } from "node:net";
import { formatIp, type Ip, parseIp } from "../../grant/network.ts";
import { NetworkError, networkError } from "./error.ts";
import { givenUp } from "./signal.ts";

/** How to connect. */
export interface Way {
  /** An address, or a name in the form of `parseName`. */
  readonly host: Ip | string;
  /** The port there. */
  readonly port: number;
  /** For a name: addresses of this family only. */
  readonly family?: 4 | 6 | undefined;
  /** Where to connect from; port 0: any. */
  readonly local?: { readonly ip: Ip; readonly port: number } | undefined;
  /** For a name: why one of the addresses that it leads to must not be used. One refusal refuses all. */
  readonly refuses?: (ip: Ip) => NetworkError | undefined;
  /** Ends the attempt. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Connects.
 *
 * @param way How.
 * @param began Receives the socket while it is still connecting.
 * @returns The socket: connected, paused, half-open allowed; its errors never go uncaught.
 * @throws {NetworkError}
 */
export async function dial(way: Way, began: (socket: Socket) => void): Promise<Socket> {
  const { connect } = await import("node:net");
  const { signal } = way;
  if (signal?.aborted) throw givenUp(signal);
  return await new Promise<Socket>((resolve, reject) => {
    let failure: NetworkError | undefined;
    const socket = connect(optionsOf(way));
    socket.pause();
    // Stays for the socket's life: an error that comes when nobody listens is no uncaught exception.
    socket.on("error", (error) => {
      failure ??= networkError(error);
    });
    socket.on("lookup", (error: Error | null, address: string) => judge(way, socket, error, address));
    const abort = () => socket.destroy(givenUp(signal!));
    const closed = () => {
      signal?.removeEventListener("abort", abort);
      reject(failure ?? new NetworkError("other", "the connection was closed while it was opened"));
    };
    signal?.addEventListener("abort", abort);
    socket.once("close", closed);
    socket.once("connect", () => {
      signal?.removeEventListener("abort", abort);
      socket.off("close", closed);
      socket.removeAllListeners("lookup");
      resolve(socket);
    });
    began(socket);
  }).catch((error) => {
    throw networkError(error);
  });
}

function optionsOf({ host, port, family, local }: Way): TcpNetConnectOpts {
  const name = typeof host === "string";
  return {
    host: name ? host : formatIp(host),
    port,
    allowHalfOpen: true,
    // One after the other; all are looked up, and judged, before the first is tried. An attempt is given up before
    // the next begins (RFC 8305 lets them overlap), so the usual 250 ms would make far hosts unreachable.
    autoSelectFamily: name && family === undefined,
    autoSelectFamilyAttemptTimeout: 2_000,
    ...family && { family },
    ...local && { localAddress: formatIp(local.ip), ...local.port > 0 && { localPort: local.port } },
  };
}

/**
 * The veto. Every address that a name leads to is announced before the first packet, and a socket that is destroyed
 * meanwhile connects to none of them.
 */
function judge({ refuses }: Way, socket: Socket, error: Error | null, address: string): void {
  if (error !== null || socket.destroyed) return;
  const ip = parseIp(address.replace(/%.*$/, ""));
  const refusal = ip === undefined
    ? new NetworkError("resolver-failed", `${address} is no address`)
    : refuses?.(ip);
  if (refusal !== undefined) socket.destroy(refusal);
}
