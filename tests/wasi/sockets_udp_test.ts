/** UDP sockets: states, streams, datagrams, permits, floods. */
import assert from "node:assert/strict";
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import type { UdpSocket } from "../../src/wasi/sockets/udp_socket.ts";
import type { IncomingDatagramStream } from "../../src/wasi/sockets/incoming_datagram_stream.ts";
import type { IncomingDatagram, IpSocketAddress } from "../../src/wasi/sockets/types.ts";
import {
  at,
  familyOf,
  finish,
  Guest,
  isCode,
  LOOPBACKS,
  outcomeOf,
  pattern,
  portOf,
  until,
} from "./sockets_support.ts";
import { bytes, isTrap, text } from "./support.ts";

/** The other side: a socket of node. */
class Other implements AsyncDisposable {
  readonly #socket: Socket;
  readonly #got: { text: string; info: RemoteInfo }[] = [];
  #arrived = () => {};

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("message", (data, info) => {
      this.#got.push({ text: text(data), info });
      this.#arrived();
    });
  }

  static async at(host = "127.0.0.1"): Promise<Other> {
    const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
    await new Promise<void>((resolve) => socket.bind(0, host, resolve));
    return new Other(socket);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  send(data: string | Uint8Array, port: number, host = "127.0.0.1"): Promise<void> {
    return new Promise((resolve, reject) =>
      this.#socket.send(data, port, host, (error) => error ? reject(error) : resolve())
    );
  }

  async next(): Promise<{ text: string; info: RemoteInfo }> {
    while (this.#got.length === 0) await new Promise<void>((resolve) => this.#arrived = resolve);
    return this.#got.shift()!;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return new Promise((resolve) => this.#socket.close(() => resolve()));
  }
}

async function receive(stream: IncomingDatagramStream, count = 1): Promise<IncomingDatagram[]> {
  const found: IncomingDatagram[] = [];
  for (;;) {
    found.push(...stream.receive(BigInt(count - found.length)));
    if (found.length >= count) return found;
    await until(stream);
  }
}

const STATES: Record<string, (guest: Guest, loopback: string) => UdpSocket | Promise<UdpSocket>> = {
  "unbound": (guest, loopback) => guest.udp(familyOf(loopback)),
  "bind-in-progress": (guest, loopback) => {
    const socket = guest.udp(familyOf(loopback));
    socket.startBind(guest.network, at(loopback));
    return socket;
  },
  "bound": (guest, loopback) => guest.udpAt(loopback),
  "streaming": async (guest, loopback) => {
    const socket = await guest.udpAt(loopback);
    socket.stream(at(loopback, 9));
    return socket;
  },
};

const busy = "concurrency-conflict", wrong = "invalid-state", idle = "not-in-progress";

// deno-fmt-ignore
const TABLE: [name: string, operation: (s: UdpSocket, g: Guest, l: string) => unknown, outcomes: string[]][] = [
  //                                                      unbound  binding        bound  streaming
  ["start-bind", (s, g, l) => s.startBind(g.network, at(l)), ["ok", busy,          wrong, wrong]],
  ["finish-bind", (s) => s.finishBind(),                     [idle, "would-block", idle,  idle]],
  ["stream", (s) => s.stream(undefined),                     [wrong, wrong,        "ok",  "ok"]],
  ["local-address", (s) => s.localAddress(),                 [wrong, wrong,        "ok",  "ok"]],
  ["remote-address", (s) => s.remoteAddress(),               [wrong, wrong,        wrong, "ok"]],
  ["receive-buffer-size", (s) => s.receiveBufferSize(),      ["ok", "ok",          "ok",  "ok"]],
  ["set-send-buffer-size", (s) => s.setSendBufferSize(16000n), ["ok", "ok",        "ok",  "ok"]],
];

for (const loopback of LOOPBACKS) {
  for (const [name, operation, outcomes] of TABLE) {
    Deno.test(`${loopback}: ${name} in each state`, async () => {
      using guest = new Guest();
      const found: string[] = [];
      for (const reach of Object.values(STATES)) {
        const socket = await reach(guest, loopback);
        found.push(outcomeOf(() => operation(socket, guest, loopback)));
        assert.equal(socket.addressFamily(), familyOf(loopback));
      }
      assert.deepEqual(found, outcomes);
    });
  }

  Deno.test(`${loopback}: a socket can be dropped in any state, and counts no more`, async () => {
    for (const [state, reach] of Object.entries(STATES)) {
      using guest = new Guest(undefined, { sockets: 1 });
      const socket = await reach(guest, loopback);
      assert.equal(outcomeOf(() => guest.udp()), "new-socket-limit");
      socket[Symbol.dispose]();
      // Its streams are not dropped yet.
      assert.equal(outcomeOf(() => guest.udp()), state === "streaming" ? "new-socket-limit" : "ok");
    }
  });

  Deno.test(`${loopback}: bound to port 0 or another, in use, and not of this host`, async () => {
    using guest = new Guest();
    const first = await guest.udpAt(loopback);
    const used = first.localAddress();
    assert.notEqual(portOf(used), 0);
    assert.deepEqual(used, at(loopback, portOf(used)));
    const second = guest.udp(familyOf(loopback));
    await assert.rejects(guest.bound(second, used), isCode("address-in-use"));
    const foreign = loopback === "::1" ? "2001:db8::1" : "198.51.100.7";
    await assert.rejects(guest.bound(second, at(foreign)), isCode("address-not-bindable"));
    await guest.bound(second, at(loopback));
  });

  Deno.test(`${loopback}: datagrams go there and come back, also empty ones`, async () => {
    using guest = new Guest();
    await using other = await Other.at(loopback);
    const socket = await guest.udpAt(loopback);
    const [input, output] = socket.stream(undefined);
    const to = at(loopback, other.port);
    assert.ok(output.checkSend() >= 2n);
    const outgoing = [{ data: bytes(""), remoteAddress: to }, { data: bytes("ping"), remoteAddress: to }];
    assert.equal(output.send(outgoing), 2n);
    assert.equal((await other.next()).text, "");
    const { text: ping, info } = await other.next();
    assert.deepEqual([ping, info.address, info.port], ["ping", loopback, portOf(socket.localAddress())]);
    await other.send("pong", info.port, loopback);
    await other.send("", info.port, loopback);
    const found = await receive(input, 2);
    assert.deepEqual(found, [{ data: bytes("pong"), remoteAddress: to }, {
      data: bytes(""),
      remoteAddress: to,
    }]);
    assert.equal(found[0]!.data.buffer.byteLength, 4);
    assert.deepEqual(input.receive(10n), []);
    assert.ok(!input.subscribe().ready());
  });

  Deno.test(`${loopback}: the longest datagram, and one byte more`, async () => {
    using guest = new Guest();
    const [from, to] = [await guest.udpAt(loopback), await guest.udpAt(loopback)];
    const [input] = to.stream(undefined);
    const [, output] = from.stream(to.localAddress());
    const longest = loopback === "::1" ? 65_527 : 65_507;
    assert.ok(output.checkSend() > 0n);
    assert.equal(output.send([{ data: pattern(longest) }]), 1n);
    assert.deepEqual((await receive(input))[0]!.data, pattern(longest));
    assert.ok(output.checkSend() > 0n);
    assert.equal(outcomeOf(() => output.send([{ data: pattern(longest + 1) }])), "datagram-too-large");
  });

  Deno.test(`${loopback}: a peer limits what is sent and received, also of what came before`, async () => {
    using guest = new Guest();
    await using one = await Other.at(loopback);
    await using two = await Other.at(loopback);
    const socket = await guest.udpAt(loopback);
    const { port } = socket.localAddress().val;
    const [everyone] = socket.stream(undefined);
    for (const [other, data] of [[one, "A"], [two, "B"], [one, "A"]] as const) {
      await other.send(data, port, loopback);
    }
    await until(everyone);
    const peer = at(loopback, two.port);
    const [input, output] = socket.stream(peer);
    assert.deepEqual(socket.remoteAddress(), peer);
    assert.deepEqual(await receive(input), [{ data: bytes("B"), remoteAddress: peer }]);
    await one.send("A", port, loopback);
    await two.send("B2", port, loopback);
    assert.deepEqual((await receive(input)).map(({ data }) => text(data)), ["B2"]);
    assert.ok(output.checkSend() > 0n);
    assert.equal(output.send([{ data: bytes("1") }]), 1n);
    assert.ok(output.checkSend() > 0n);
    assert.equal(output.send([{ data: bytes("2"), remoteAddress: peer }]), 1n);
    for (const expected of ["1", "2"]) assert.equal((await two.next()).text, expected);
    output.checkSend();
    const stranger = at(loopback, one.port);
    assert.equal(
      outcomeOf(() => output.send([{ data: bytes("3"), remoteAddress: stranger }])),
      "invalid-argument",
    );
    const [again] = socket.stream(undefined);
    assert.equal(outcomeOf(() => socket.remoteAddress()), "invalid-state");
    await one.send("A2", port, loopback);
    assert.equal(text((await receive(again))[0]!.data), "A2");
  });

  Deno.test(`${loopback}: an unspecified socket with a peer on this host knows its address there`, async () => {
    using guest = new Guest();
    await using other = await Other.at(loopback);
    const unspecified = loopback === "::1" ? "::" : "0.0.0.0";
    const socket = await guest.udpAt(unspecified);
    const { port } = socket.localAddress().val;
    assert.deepEqual(socket.localAddress(), at(unspecified, port));
    const [, output] = socket.stream(at(loopback, other.port));
    output.checkSend();
    output.send([{ data: bytes("hello") }]);
    const { info } = await other.next();
    assert.deepEqual(socket.localAddress(), at(info.address, info.port));
    socket.stream(undefined);
    assert.deepEqual(socket.localAddress(), at(unspecified, port));
  });

  Deno.test(`${loopback}: whom a stream cannot be for, and where nothing can be sent`, async () => {
    using guest = new Guest();
    const socket = await guest.udpAt(loopback);
    const wrongFamily = loopback === "::1" ? at("127.0.0.1", 9) : at("::1", 9);
    const bad: IpSocketAddress[] = [
      wrongFamily,
      at(loopback, 0),
      at(loopback === "::1" ? "::" : "0.0.0.0", 9),
      at("::ffff:127.0.0.1", 9),
    ];
    for (const address of bad) {
      assert.equal(outcomeOf(() => socket.stream(address)), "invalid-argument");
      const [, output] = socket.stream(undefined);
      output.checkSend();
      assert.equal(
        outcomeOf(() => output.send([{ data: bytes("?"), remoteAddress: address }])),
        "invalid-argument",
      );
    }
    const [, output] = socket.stream(undefined);
    output.checkSend();
    assert.equal(outcomeOf(() => output.send([{ data: bytes("whereto?") }])), "invalid-argument");
    assert.equal(
      outcomeOf(() => socket.startBind(guest.network, wrongFamily)),
      "invalid-state",
    );
    assert.equal(
      outcomeOf(() => guest.udp(familyOf(loopback)).startBind(guest.network, wrongFamily)),
      "invalid-argument",
    );
  });
}

Deno.test("only the newest pair of streams works; who waits at an older one is told", async () => {
  using guest = new Guest();
  const socket = await guest.udpAt();
  const [oldIn, oldOut] = socket.stream(undefined);
  const waiting = oldIn.subscribe().block() as Promise<void>;
  oldOut.checkSend();
  const [input, output] = socket.stream(undefined);
  await waiting;
  assert.equal(outcomeOf(() => oldIn.receive(1n)), "invalid-state");
  assert.equal(outcomeOf(() => oldOut.checkSend()), "invalid-state");
  assert.equal(outcomeOf(() => oldOut.send([{ data: bytes("x") }])), "invalid-state");
  assert.ok(oldIn.subscribe().ready() && oldOut.subscribe().ready());
  oldIn[Symbol.dispose]();
  oldOut[Symbol.dispose]();
  assert.deepEqual(input.receive(1n), []);
  assert.ok(output.checkSend() > 0n);
});

Deno.test("a send needs a permit, uses it up, and traps beyond it", async () => {
  using guest = new Guest();
  await using other = await Other.at();
  const socket = await guest.udpAt();
  const [, output] = socket.stream(at("127.0.0.1", other.port));
  const some = (count: number) => Array.from({ length: count }, (_, i) => ({ data: bytes(`${i}`) }));
  assert.throws(() => output.send(some(1)), isTrap(/1 datagrams, but check-send has permitted 0/));
  assert.equal(output.send([]), 0n);
  const permit = Number(output.checkSend());
  assert.throws(() => output.send(some(permit + 1)), isTrap(/check-send has permitted/));
  assert.equal(output.send(some(permit)), BigInt(permit));
  assert.throws(() => output.send(some(1)), isTrap(/has permitted 0/));
  assert.equal(output.checkSend(), 0n, "all that may be on the way is");
  assert.ok(!output.subscribe().ready());
  await until(output);
  assert.ok(output.checkSend() > 0n);
  for (let i = 0; i < permit; i++) assert.equal((await other.next()).text, `${i}`);
});

Deno.test("a send stops at the first datagram that cannot be sent; an error is the first one's", async () => {
  using guest = new Guest();
  await using other = await Other.at();
  const to = at("127.0.0.1", other.port);
  const [, output] = (await guest.udpAt()).stream(undefined);
  const good = { data: bytes("good"), remoteAddress: to };
  const bad = { data: bytes("bad"), remoteAddress: at("127.0.0.1", 0) };
  output.checkSend();
  assert.equal(output.send([good, good, bad, good]), 2n);
  output.checkSend();
  assert.equal(outcomeOf(() => output.send([bad, good])), "invalid-argument");
  for (let i = 0; i < 2; i++) assert.equal((await other.next()).text, "good");
});

Deno.test("what fails later is told by check-send, once", async () => {
  using guest = new Guest();
  const [, output] = (await guest.udpAt()).stream(undefined);
  output.checkSend();
  // From the loopback there is no way to the broadcast address.
  assert.equal(output.send([{ data: bytes("x"), remoteAddress: at("255.255.255.255", 9) }]), 1n);
  let told = "ok";
  for (let i = 0; i < 1000 && told === "ok"; i++) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    told = outcomeOf(() => output.checkSend());
  }
  assert.equal(told, "unknown");
  assert.ok(output.checkSend() > 0n);
});

Deno.test("a flood that nobody reads: the first are kept, in their order, and what comes later has room again", async () => {
  using guest = new Guest(undefined, { datagrams: 10 });
  await using other = await Other.at();
  const socket = await guest.udpAt();
  const [input] = socket.stream(undefined);
  const { port } = socket.localAddress().val;
  for (let i = 0; i < 50; i++) await other.send(`${i}`, port);
  await until(input);
  const found: string[] = [];
  for (let tries = 0; found.at(-1) !== "after"; tries++) {
    assert.ok(tries < 1000);
    await other.send("after", port);
    await until(input);
    found.push(...input.receive(2n ** 64n - 1n).map(({ data }) => text(data)));
  }
  const flood = found.filter((data) => data !== "after").map(Number);
  assert.equal(flood[0], 0);
  assert.deepEqual(flood, flood.toSorted((a, b) => a - b));
});

Deno.test("a datagram that was sent is out, also when the guest ends at once", async () => {
  const guest = new Guest();
  await using other = await Other.at();
  const [, output] = (await guest.udpAt()).stream(at("127.0.0.1", other.port));
  output.checkSend();
  output.send([{ data: bytes("one") }, { data: bytes("two") }]);
  guest.reach.close();
  assert.equal((await other.next()).text, "one");
  assert.equal((await other.next()).text, "two");
});

Deno.test("datagrams leave in the order of their sending, as many and as long as they may be", async () => {
  using guest = new Guest();
  await using other = await Other.at();
  const [, output] = (await guest.udpAt()).stream(at("127.0.0.1", other.port));
  // Not more at a time than the other's kernel has room for.
  for (const [length, total] of [[1, 40], [1000, 40], [30_000, 3]] as const) {
    let sent = 0;
    const received: number[] = [];
    while (received.length < total) {
      await until(output);
      const permit = Math.min(Number(output.checkSend()), total - sent);
      const some = Array.from(
        { length: permit },
        (_, i) => ({ data: new Uint8Array(length).fill(sent + i) }),
      );
      const count = Number(output.send(some));
      sent += count;
      for (let i = 0; i < count; i++) received.push((await other.next()).text.charCodeAt(0));
    }
    assert.deepEqual(received, Array.from({ length: total }, (_, i) => i));
  }
});

Deno.test("a socket lives as long as one of its streams", async () => {
  using guest = new Guest(undefined, { sockets: 1 });
  await using other = await Other.at();
  const socket = await guest.udpAt();
  const { port } = socket.localAddress().val;
  const [input, output] = socket.stream(at("127.0.0.1", other.port));
  socket[Symbol.dispose]();
  await other.send("still here", port);
  assert.equal(text((await receive(input))[0]!.data), "still here");
  input[Symbol.dispose]();
  output.checkSend();
  assert.equal(output.send([{ data: bytes("and here") }]), 1n);
  assert.equal((await other.next()).text, "and here");
  assert.equal(outcomeOf(() => guest.udp()), "new-socket-limit");
  output[Symbol.dispose]();
  const next = await guest.udpAt("127.0.0.1", port);
  assert.equal(next.localAddress().val.port, port);
});

Deno.test("options: checked, clamped, and told as they are", async () => {
  using guest = new Guest();
  const socket = guest.udp();
  assert.equal(socket.unicastHopLimit(), 64);
  assert.equal(outcomeOf(() => socket.setUnicastHopLimit(0)), "invalid-argument");
  socket.setUnicastHopLimit(42);
  assert.equal(socket.unicastHopLimit(), 42);
  for (const set of ["setReceiveBufferSize", "setSendBufferSize"] as const) {
    assert.equal(outcomeOf(() => socket[set](0n)), "invalid-argument");
    assert.equal(outcomeOf(() => socket[set](1n)), "ok");
    assert.equal(outcomeOf(() => socket[set](2n ** 64n - 1n)), "ok");
    socket[set](0x10000n);
  }
  assert.deepEqual([socket.receiveBufferSize(), socket.sendBufferSize()], [0x10000n, 0x10000n]);
  await guest.bound(socket, at("127.0.0.1"));
  socket.setUnicastHopLimit(7);
  assert.equal(socket.unicastHopLimit(), 7);
  const six = guest.udp("ipv6");
  assert.equal(outcomeOf(() => six.unicastHopLimit()), "not-supported");
  assert.equal(outcomeOf(() => six.setUnicastHopLimit(0)), "invalid-argument");
  assert.equal(outcomeOf(() => six.setUnicastHopLimit(1)), "not-supported");
});

Deno.test("bind can be waited for, and a socket that is bound is ready", async () => {
  using guest = new Guest();
  const socket = guest.udp();
  assert.ok(socket.subscribe().ready());
  socket.startBind(guest.network, at("127.0.0.1"));
  assert.ok(!socket.subscribe().ready());
  await finish(socket, () => socket.finishBind());
  assert.ok(socket.subscribe().ready());
});
