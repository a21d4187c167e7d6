/**
 * Connections that wait for another request to the same place. They hold nothing up: neither the event loop nor the
 * guest's other connections.
 *
 * @module
 */
import type { Socket } from "node:net";

/** How many wait at most. */
const MOST = 8;

/** How long one waits, in milliseconds. Servers close theirs after 5 seconds (Node), 60 (others), 75 (nginx). */
const PATIENCE = 4000;

/** Connections that nobody uses. */
export class Idle {
  /** The one that came last is the last; it is used first. */
  readonly #sockets = new Map<Socket, { readonly key: string; readonly leave: () => void }>();

  /** Takes one that leads to the same place. */
  take(key: string): Socket | undefined {
    for (const [socket, entry] of [...this.#sockets].reverse()) {
      if (entry.key !== key) continue;
      entry.leave();
      if (isOpen(socket)) return socket.ref();
      socket.destroy();
    }
    return undefined;
  }

  /** Keeps one; the oldest must go where there are too many. */
  keep(key: string, socket: Socket): void {
    if (!isOpen(socket)) return void socket.destroy();
    const destroy = () => void socket.destroy();
    // Whatever comes now, data or an end, was not asked for.
    socket.on("data", destroy).on("end", destroy);
    const timer = setTimeout(destroy, PATIENCE);
    Deno.unrefTimer(timer as unknown as number);
    const leave = () => {
      clearTimeout(timer);
      socket.off("data", destroy).off("end", destroy).off("close", leave);
      this.#sockets.delete(socket);
    };
    socket.once("close", leave);
    socket.unref();
    this.#sockets.set(socket, { key, leave });
    if (this.#sockets.size > MOST) this.drop();
  }

  /** Closes the oldest. @returns Whether there was one. */
  drop(): boolean {
    for (const socket of this.#sockets.keys()) {
      socket.destroy();
      this.#sockets.get(socket)?.leave();
      return true;
    }
    return false;
  }
}

/** Whether nobody has ended it. Half of a connection is of no use. */
function isOpen(socket: Socket): boolean {
  return !socket.destroyed && socket.readable && socket.writable;
}
