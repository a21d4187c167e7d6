/**
 * The states of a TCP socket.
 *
 * @see https://github.com/WebAssembly/WASI/blob/main/proposals/sockets/TcpSocketOperationalSemantics.md
 * @module
 */
import type { SocketAddress } from "./address.ts";
import type { Connection } from "./connection.ts";
import type { Listener } from "./listener.ts";
import type { Operation } from "./operation.ts";

/** A state, with what a socket has in it. */
export type State =
  | { readonly kind: "unbound" }
  | { readonly kind: "bind-in-progress"; readonly bind: Operation<Listener> }
  | { readonly kind: "bound"; readonly listener: Listener }
  | { readonly kind: "listen-in-progress"; readonly listener: Listener }
  | { readonly kind: "listening"; readonly listener: Listener }
  | {
    readonly kind: "connect-in-progress";
    readonly connect: Operation<Connection>;
    /** Where it was bound before, if it was. */
    readonly local: SocketAddress | undefined;
    readonly stop: AbortController;
  }
  | { readonly kind: "connected"; readonly connection: Connection }
  | { readonly kind: "closed" };

/** Whether the function that a socket in this state is for, a `finish-*` or `accept`, would block. */
export function wouldBlock(state: State): boolean {
  switch (state.kind) {
    case "bind-in-progress":
      return !state.bind.done;
    case "connect-in-progress":
      return !state.connect.done;
    case "listening":
      return !state.listener.ready;
    default:
      return false;
  }
}

/** The address that a socket is bound to, where it is known. */
export function localOf(state: State): SocketAddress | undefined {
  switch (state.kind) {
    case "bound":
    case "listen-in-progress":
    case "listening":
      return state.listener.local;
    case "connect-in-progress":
      return state.local;
    case "connected":
      return state.connection.local;
    default:
      return undefined;
  }
}
