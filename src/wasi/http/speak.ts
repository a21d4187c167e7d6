/**
 * `node:http`, which speaks HTTP/1.1 over connections that are there.
 *
 * @module
 */
import type { AgentOptions, ClientRequest, RequestOptions } from "node:http";
import type { Socket } from "node:net";

/** A request's first part, and the connection to send it on. */
export interface Speech {
  /** Connected. */
  readonly socket: Socket;
  /** In capitals. */
  readonly method: string;
  /** As it is sent. */
  readonly path: string;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  /** The most that the header of the response may take. */
  readonly maxHeaderSize: number;
}

/** Sends a request. */
export type Speak = (speech: Speech) => ClientRequest;

let loading: Promise<Speak> | undefined;

/** Loads it at the first request: 30 ms that no other program pays. */
export function speaker(): Promise<Speak> {
  return loading ??= load();
}

async function load(): Promise<Speak> {
  const { Agent, request } = await import("node:http");

  /** Hands over the connection that it is given. Never a proxy's, whatever the host's environment says. */
  class Given extends Agent {
    addRequest(message: ClientRequest, { given }: RequestOptions & { readonly given: Socket }): void {
      message.onSocket(given);
    }
  }
  // `proxyEnv: {}`: not even with NODE_USE_ENV_PROXY=1. A connection is kept by its owner, not by this agent.
  const agent = new Given({ keepAlive: true, proxyEnv: {} } as AgentOptions);

  return ({ socket, headers, ...rest }) => {
    const message = request(
      { ...rest, headers, agent, given: socket, insecureHTTPParser: false } as unknown as RequestOptions,
    );
    // More fields than this are an error for the caller to make, not to be dropped in silence.
    message.maxHeadersCount = 0;
    // It comes paused, so that nothing is lost before somebody listens.
    message.once("socket", (socket) => socket.resume());
    return message;
  };
}
