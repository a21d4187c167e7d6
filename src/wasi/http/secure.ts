/**
 * TLS over a connection that is there.
 *
 * @module
 */
import type { Socket } from "node:net";
import { formatIp, type Ip } from "../../grant/network.ts";
import { NetworkError } from "../network/error.ts";

/**
 * Makes a connection secure, and makes sure who is at the other end.
 *
 * @param socket The connection; it is closed where this fails.
 * @param host Whose certificate it must be.
 * @param signal Ends the attempt.
 * @throws What `node:tls` emits, or the signal's reason.
 */
export async function secure(socket: Socket, host: Ip | string, signal: AbortSignal): Promise<Socket> {
  const { connect } = await import("node:tls");
  const name = typeof host === "string" ? host : formatIp(host);
  return await new Promise<Socket>((resolve, reject) => {
    const tls = connect({
      socket,
      host: name,
      // No name is sent for an address (RFC 6066, section 3).
      servername: typeof host === "string" ? name : "",
      // Said, although it is the default: NODE_TLS_REJECT_UNAUTHORIZED=0 in the host's environment changes that.
      rejectUnauthorized: true,
      ALPNProtocols: ["http/1.1"],
    });
    let failure: unknown;
    const abort = () => tls.destroy(signal.reason);
    const leave = () => signal.removeEventListener("abort", abort);
    // Stays for the connection's life: what comes when nobody listens is no uncaught exception.
    tls.on("error", (error) => failure ??= error);
    tls.once("close", () => {
      leave();
      socket.destroy();
      reject(failure ?? new NetworkError("reset", "the connection was closed in the handshake"));
    });
    tls.once("secureConnect", () => {
      leave();
      resolve(tls);
    });
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort);
  });
}
