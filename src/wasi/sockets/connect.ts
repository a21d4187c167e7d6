/**
 * `start-connect`, from a socket that is bound or not.
 *
 * @module
 */
import type { Socket } from "node:net";
import { NetworkError, networkError } from "../network/error.ts";
import type { Reach } from "../network/reach.ts";
import type { SocketAddress } from "./address.ts";
import { Connection } from "./connection.ts";
import type { Listener } from "./listener.ts";

/** What to connect. */
export interface Attempt {
  /** Where to. */
  readonly remote: SocketAddress;
  /** What the socket is bound with, if it is. */
  readonly listener: Listener | undefined;
  /** Gives back what the socket counts for: the connection counts from then on. */
  readonly give: () => void;
  /** Ends the attempt. */
  readonly signal: AbortSignal;
}

/**
 * Connects. A bound socket gives its address up and connects from it: for a moment, it is anybody's.
 *
 * @throws {NetworkError}
 */
export async function connect(
  reach: Reach,
  { remote, listener, give, signal }: Attempt,
): Promise<Connection> {
  const local = listener?.local;
  await listener?.release();
  give();
  let socket: Socket | undefined;
  try {
    socket = await reach.dial({
      scheme: "tcp",
      host: remote.ip,
      port: remote.port,
      ...local && { local },
      signal,
    });
    return new Connection(socket);
  } catch (error) {
    socket?.destroy();
    throw connectError(networkError(error));
  }
}

/** To connect, the system binds; "there were no ephemeral ports available" is how that fails. */
function connectError(error: NetworkError): NetworkError {
  return error.reason === "address-not-available"
    ? new NetworkError("address-in-use", error.message, { cause: error.cause })
    : error;
}
