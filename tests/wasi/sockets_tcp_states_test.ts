/** The state machine of TCP sockets: what each function says in each state. */
import assert from "node:assert/strict";
import type { TcpSocket } from "../../src/wasi/sockets/tcp_socket.ts";
import { at, familyOf, finish, Guest, LOOPBACKS, outcomeOf, portOf } from "./sockets_support.ts";

type State =
  | "unbound"
  | "bind-in-progress"
  | "bound"
  | "listen-in-progress"
  | "listening"
  | "connect-in-progress"
  | "connected"
  | "closed";

/** Brings a new socket into a state. */
const REACHED: Record<State, (guest: Guest, loopback: string, listener: number) => Promise<TcpSocket>> = {
  "unbound": (guest, loopback) => Promise.resolve(guest.tcp(familyOf(loopback))),
  "bind-in-progress": (guest, loopback) => {
    const socket = guest.tcp(familyOf(loopback));
    socket.startBind(guest.network, at(loopback));
    return Promise.resolve(socket);
  },
  "bound": (guest, loopback) => guest.bound(guest.tcp(familyOf(loopback)), at(loopback)),
  "listen-in-progress": async (guest, loopback) => {
    const socket = await guest.bound(guest.tcp(familyOf(loopback)), at(loopback));
    socket.startListen();
    return socket;
  },
  "listening": (guest, loopback) => guest.listener(loopback),
  "connect-in-progress": (guest, loopback, listener) => {
    const socket = guest.tcp(familyOf(loopback));
    socket.startConnect(guest.network, at(loopback, listener));
    return Promise.resolve(socket);
  },
  "connected": async (guest, loopback, listener) => (await guest.connection(at(loopback, listener)))[0],
  "closed": async (guest, loopback) => {
    // Bound, but not listening: whoever connects is sent away.
    const free = await guest.bound(guest.tcp(familyOf(loopback)), at(loopback));
    const port = portOf(free.localAddress());
    free[Symbol.dispose]();
    const socket = guest.tcp(familyOf(loopback));
    socket.startConnect(guest.network, at(loopback, port));
    await assert.rejects(finish(socket, () => socket.finishConnect()));
    return socket;
  },
};

const STATES = Object.keys(REACHED) as State[];
const busy = "concurrency-conflict", wrong = "invalid-state", idle = "not-in-progress", block = "would-block";
const none = "not-supported";

type Operation = (socket: TcpSocket, guest: Guest, loopback: string) => unknown;

/** Of each function: what it ends with in the states, in their order. */
// deno-fmt-ignore
const TABLE: [name: string, operation: Operation, outcomes: string[]][] = [
  //                                                          unbound  binding  bound   starting listening connecting connected closed
  ["start-bind", (s, g, l) => s.startBind(g.network, at(l)),      ["ok",   busy,    wrong,  busy,    wrong,    busy,      wrong,    wrong]],
  ["finish-bind", (s) => s.finishBind(),                          [idle,   block,   idle,   idle,    idle,     idle,      idle,     idle]],
  ["start-connect", (s, g, l) => s.startConnect(g.network, at(l, 9)), ["ok", busy,  "ok",   busy,    wrong,    busy,      wrong,    wrong]],
  ["finish-connect", (s) => s.finishConnect(),                    [idle,   idle,    idle,   idle,    idle,     block,     idle,     idle]],
  ["start-listen", (s) => s.startListen(),                        [wrong,  busy,    "ok",   busy,    wrong,    busy,      wrong,    wrong]],
  ["finish-listen", (s) => s.finishListen(),                      [idle,   idle,    idle,   "ok",    idle,     idle,      idle,     idle]],
  ["accept", (s) => s.accept(),                                   [wrong,  wrong,   wrong,  wrong,   block,    wrong,     wrong,    wrong]],
  ["local-address", (s) => s.localAddress(),                      [wrong,  wrong,   "ok",   "ok",    "ok",     wrong,     "ok",     wrong]],
  ["remote-address", (s) => s.remoteAddress(),                    [wrong,  wrong,   wrong,  wrong,   wrong,    wrong,     "ok",     wrong]],
  ["shutdown", (s) => s.shutdown("both"),                         [wrong,  wrong,   wrong,  wrong,   wrong,    wrong,     "ok",     wrong]],
  ["set-listen-backlog-size", (s) => s.setListenBacklogSize(32n), ["ok",   "ok",    "ok",   "ok",    "ok",     wrong,     wrong,    wrong]],
  ["keep-alive-enabled", (s) => s.keepAliveEnabled(),             ["ok",   "ok",    "ok",   "ok",    "ok",     "ok",      "ok",     wrong]],
  ["set-keep-alive-enabled", (s) => s.setKeepAliveEnabled(true),  ["ok",   "ok",    "ok",   "ok",    "ok",     "ok",      "ok",     wrong]],
  ["keep-alive-idle-time", (s) => s.keepAliveIdleTime(),          ["ok",   "ok",    "ok",   "ok",    "ok",     "ok",      "ok",     wrong]],
  ["keep-alive-interval", (s) => s.keepAliveInterval(),           ["ok",   "ok",    "ok",   "ok",    "ok",     "ok",      "ok",     wrong]],
  ["set-keep-alive-count", (s) => s.setKeepAliveCount(1),         ["ok",   "ok",    "ok",   "ok",    "ok",     "ok",      "ok",     wrong]],
  ["hop-limit", (s) => s.hopLimit(),                              [none,   none,    none,   none,    none,     none,      none,     wrong]],
  ["receive-buffer-size", (s) => s.receiveBufferSize(),           ["ok",   "ok",    "ok",   "ok",    "ok",     "ok",      "ok",     wrong]],
  ["set-send-buffer-size", (s) => s.setSendBufferSize(16000n),    ["ok",   "ok",    "ok",   "ok",    "ok",     "ok",      "ok",     wrong]],
];

for (const loopback of LOOPBACKS) {
  for (const [name, operation, outcomes] of TABLE) {
    Deno.test(`${loopback}: ${name} in each state`, async () => {
      using guest = new Guest();
      const listener = portOf((await guest.listener(loopback)).localAddress());
      const found: string[] = [];
      for (const state of STATES) {
        const socket = await REACHED[state](guest, loopback, listener);
        found.push(outcomeOf(() => operation(socket, guest, loopback)));
      }
      assert.deepEqual(found, outcomes);
    });
  }

  Deno.test(`${loopback}: in each state, whether it is listening, and the family`, async () => {
    using guest = new Guest();
    const listener = portOf((await guest.listener(loopback)).localAddress());
    for (const state of STATES) {
      const socket = await REACHED[state](guest, loopback, listener);
      assert.equal(socket.isListening(), state === "listening", state);
      assert.equal(socket.addressFamily(), familyOf(loopback));
    }
  });

  Deno.test(`${loopback}: the pollable of a socket is ready unless something would block`, async () => {
    using guest = new Guest();
    const listener = portOf((await guest.listener(loopback)).localAddress());
    for (const state of STATES) {
      const socket = await REACHED[state](guest, loopback, listener);
      const waits = ["bind-in-progress", "listening", "connect-in-progress"].includes(state);
      assert.equal(socket.subscribe().ready(), !waits, state);
    }
  });

  Deno.test(`${loopback}: a socket can be dropped in any state, and counts no more`, async () => {
    using guest = new Guest(undefined, { sockets: 6 });
    const kept = await guest.listener(loopback);
    for (let round = 0; round < 3; round++) {
      for (const state of STATES) {
        const socket = await REACHED[state](guest, loopback, portOf(kept.localAddress()));
        socket[Symbol.dispose]();
        // What came of it is sent away by the listener, one by one.
        await drain(kept);
      }
    }
  });
}

async function drain(listener: TcpSocket): Promise<void> {
  for (;;) {
    await new Promise((resolve) => setImmediate(resolve));
    if (!listener.subscribe().ready()) return;
    const [socket, ...streams] = listener.accept();
    for (const one of [socket, ...streams]) one[Symbol.dispose]();
  }
}
