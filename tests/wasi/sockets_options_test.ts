/** Options of TCP sockets, and what `accept` passes on. */
import assert from "node:assert/strict";
import type { TcpSocket } from "../../src/wasi/sockets/tcp_socket.ts";
import { at, finish, Guest, outcomeOf } from "./sockets_support.ts";

const SECOND = 1_000_000_000n;
const MAX = 2n ** 64n - 1n;

/** Of each setter of a number: its getter, and what values become; `undefined`: not supported. */
const NUMBERS: [
  name: string,
  set: (s: TcpSocket, v: bigint) => void,
  get: (s: TcpSocket) => bigint,
  [bigint, bigint][] | undefined,
][] = [
  ["keep-alive-idle-time", (s, v) => s.setKeepAliveIdleTime(v), (s) => s.keepAliveIdleTime(), [
    [1n, SECOND],
    [42n * SECOND, 42n * SECOND],
    [42n * SECOND + 1n, 42n * SECOND],
    [MAX, 32_767n * SECOND],
  ]],
  ["receive-buffer-size", (s, v) => s.setReceiveBufferSize(v), (s) => s.receiveBufferSize(), [
    [1n, 4096n],
    [0x10000n, 0x10000n],
    [MAX, 262_144n],
  ]],
  ["send-buffer-size", (s, v) => s.setSendBufferSize(v), (s) => s.sendBufferSize(), [
    [1n, 4096n],
    [0x10000n, 0x10000n],
    [MAX, 262_144n],
  ]],
  // The system's own, whatever is asked for.
  ["keep-alive-interval", (s, v) => s.setKeepAliveInterval(v), (s) => s.keepAliveInterval(), [
    [1n, 75n * SECOND],
    [MAX, 75n * SECOND],
  ]],
  ["keep-alive-count", (s, v) => s.setKeepAliveCount(Number(v)), (s) => BigInt(s.keepAliveCount()), [
    [1n, 9n],
    [2n ** 32n - 1n, 9n],
  ]],
  ["hop-limit", (s, v) => s.setHopLimit(Number(v)), (s) => BigInt(s.hopLimit()), undefined],
];

for (const [name, set, get, values] of NUMBERS) {
  Deno.test(`${name}: 0 is refused, other values are ${values ? "rounded and clamped" : "not supported"}`, () => {
    using guest = new Guest();
    const socket = guest.tcp();
    assert.equal(outcomeOf(() => set(socket, 0n)), "invalid-argument");
    if (values === undefined) {
      assert.equal(outcomeOf(() => set(socket, 42n)), "not-supported");
      assert.equal(outcomeOf(() => get(socket)), "not-supported");
      return;
    }
    assert.ok(get(socket) > 0n);
    for (const [given, kept] of values) {
      set(socket, given);
      assert.equal(get(socket), kept);
    }
  });
}

Deno.test("the backlog: 0 is refused, any other value is taken", () => {
  using guest = new Guest();
  const socket = guest.tcp();
  assert.equal(outcomeOf(() => socket.setListenBacklogSize(0n)), "invalid-argument");
  for (const value of [1n, 128n, MAX]) {
    assert.equal(outcomeOf(() => socket.setListenBacklogSize(value)), "ok");
  }
});

const options = (socket: TcpSocket) => [
  socket.keepAliveEnabled(),
  socket.keepAliveIdleTime(),
  socket.receiveBufferSize(),
  socket.sendBufferSize(),
];

function setAll(socket: TcpSocket, enabled: boolean, seconds: bigint, size: bigint): void {
  socket.setKeepAliveEnabled(enabled);
  socket.setKeepAliveIdleTime(seconds * SECOND);
  socket.setReceiveBufferSize(size);
  socket.setSendBufferSize(size);
}

Deno.test("an accepted socket has the listener's options, and keeps them", async () => {
  using guest = new Guest();
  const listener = await guest.listener();
  setAll(listener, true, 42n, 0x10000n);
  await guest.connection(listener.localAddress());
  const [accepted] = await finish(listener, () => listener.accept());
  const expected = [true, 42n * SECOND, 0x10000n, 0x10000n];
  assert.deepEqual(options(accepted), expected);
  setAll(listener, false, 43n, 0x20000n);
  assert.deepEqual(options(accepted), expected);
  assert.deepEqual(options(listener), [false, 43n * SECOND, 0x20000n, 0x20000n]);
});

Deno.test("the kernel is told of keep-alive: at the connection, and when it changes", async () => {
  using guest = new Guest();
  const listener = await guest.listener();
  const { port } = listener.localAddress().val;
  const socket = guest.tcp();
  socket.setKeepAliveEnabled(true);
  socket.setKeepAliveIdleTime(1234n * SECOND);
  await guest.connect(socket, at("127.0.0.1", port));
  await finish(listener, () => listener.accept());
  if (Deno.build.os !== "linux") return;
  const { port: own } = socket.localAddress().val;
  assert.equal(await keepAlive(own, port), 1234);
  socket.setKeepAliveIdleTime(77n * SECOND);
  assert.equal(await keepAlive(own, port), 77);
  socket.setKeepAliveEnabled(false);
  assert.equal(await keepAlive(own, port), undefined);
  socket.setKeepAliveEnabled(true);
  assert.equal(await keepAlive(own, port), 77);

  /** The kernel's keep-alive timer of a connection, in seconds rounded up; it runs where there is one. */
  async function keepAlive(from: number, to: number): Promise<number | undefined> {
    const hex = (port: number) => `0100007F:${port.toString(16).padStart(4, "0").toUpperCase()}`;
    const lines = (await Deno.readTextFile("/proc/net/tcp")).split("\n").map((line) =>
      line.trim().split(/\s+/)
    );
    const [, , , , , timer] = lines.find((fields) => fields[1] === hex(from) && fields[2] === hex(to))!;
    const [kind, jiffies] = timer!.split(":");
    // 2: keep-alive. In hundredths of a second.
    return kind === "02" ? Math.ceil(parseInt(jiffies!, 16) / 100) : undefined;
  }
});
