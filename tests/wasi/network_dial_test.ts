/** Connections: opened to real listeners on the loopback, or refused before the first packet. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { dial } from "../../src/wasi/network/dial.ts";
import { NetworkError } from "../../src/wasi/network/error.ts";
import { Reach } from "../../src/wasi/network/reach.ts";
import { elsewhere } from "../../src/wasi/network/verdict.ts";
import { Door, ipOf, network, reasonOf, refusalOf } from "./network_support.ts";

const HERE = ipOf("127.0.0.1");
const open = { rules: undefined, private: false };

/** A guest that is ended with its scope. */
function guest(...args: ConstructorParameters<typeof Reach>): Reach & Disposable {
  const reach = new Reach(...args);
  return Object.assign(reach, { [Symbol.dispose]: () => reach.close() });
}

function closing(socket: Socket): Promise<unknown> {
  const closed = once(socket, "close");
  socket.destroy();
  return closed;
}

Deno.test("a connection by address: what is sent arrives, and each side ends when it likes", async () => {
  using door = new Door();
  using reach = guest(network([`127.0.0.1:${door.port}`]));
  const socket = await reach.dial({ scheme: "tcp", host: HERE, port: door.port });
  assert.deepEqual([socket.remoteAddress, socket.remotePort], ["127.0.0.1", door.port]);
  assert.ok(socket.isPaused() && socket.allowHalfOpen && !socket.connecting);
  const peer = await door.next();
  // The other side ends first, and still receives.
  await peer.write(new TextEncoder().encode("question"));
  await peer.closeWrite();
  const parts: Uint8Array[] = [];
  socket.on("data", (part) => parts.push(part)).resume();
  await once(socket, "end");
  assert.equal(new TextDecoder().decode(parts[0]), "question");
  const closed = once(socket, "close");
  socket.end("answer");
  assert.equal(await new Response(peer.readable).text(), "answer");
  await closed;
});

Deno.test("by IPv6 address, mapped address, and the text of either", async () => {
  using door = new Door("::1");
  using old = new Door();
  using reach = guest(network(["[::1]", "127.0.0.1"]));
  const cases = [
    [ipOf("::1"), door, "::1"],
    ["[::1]", door, "::1"],
    ["[0:0::1]", door, "::1"],
    ["::1", door, "::1"],
    ["127.0.0.1", old, "127.0.0.1"],
    [ipOf("::ffff:127.0.0.1"), old, "127.0.0.1"],
    ["[::ffff:127.0.0.1]", old, "127.0.0.1"],
  ] as const;
  for (const [host, { port }, address] of cases) {
    const socket = await reach.dial({ scheme: "http", host, port });
    assert.equal(socket.remoteAddress, address);
  }
});

Deno.test("from an address and a port of one's own", async () => {
  using door = new Door();
  using reach = guest(undefined);
  const from = (port: number) =>
    reach.dial({ scheme: "tcp", host: HERE, port: door.port, local: { ip: HERE, port } });
  assert.notEqual((await from(0)).localPort, 0);
  const reserved = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = reserved.addr;
  reserved.close();
  const socket = await from(port);
  assert.deepEqual([socket.localAddress, socket.localPort], ["127.0.0.1", port]);
  assert.equal(((await door.next(1)).remoteAddr as Deno.NetAddr).port, port);
  const foreign = { ip: ipOf("203.0.113.7"), port: 0 };
  assert.equal(
    await reasonOf(reach.dial({ scheme: "tcp", host: HERE, port: door.port, local: foreign })),
    "address-not-available",
  );
});

Deno.test("what no rule allows is refused, and nobody comes", async () => {
  using door = new Door();
  const { port } = door;
  // deno-fmt-ignore -- a table
  const cases = [
    [network([]), "tcp", HERE, "denied"],
    [network([`udp://127.0.0.1:${port}`]), "tcp", HERE, "denied"],
    [network([`127.0.0.1:${port === 65535 ? 1 : port + 1}`]), "tcp", HERE, "denied"],
    [network([`localhost:${port}`], true), "tcp", HERE, "denied"],
    [network([`localhost:${port}`], true), "http", "127.0.0.1", "denied"],
    [network([`localhost:${port}`], true), "http", "[::ffff:127.0.0.1]", "denied"],
    [network([`http://localhost:${port}`], true), "https", "localhost", "denied"],
    [network(["*.localhost"], true), "http", "localhost", "denied"],
    [network(["*"]), "http", "localhost", "private"],
    [network(["*"]), "http", "LOCALHOST.", "private"],
    [network([`localhost:${port}`]), "https", "localhost", "private"],
    [open, "http", "localhost", "private"],
    [open, "tcp", HERE, "private"],
    [open, "http", "[::ffff:7f00:1]", "private"],
    [undefined, "http", "2130706433", "invalid-name"],
    [undefined, "http", "127.1", "invalid-name"],
    [undefined, "http", "0177.0.0.1", "invalid-name"],
    [undefined, "http", "[127.0.0.1]", "invalid-name"],
    [undefined, "http", "[::1%lo]", "invalid-name"],
    [undefined, "http", "", "invalid-name"],
    [undefined, "http", "localhost:80", "invalid-name"],
    [undefined, "http", "local\0host", "invalid-name"],
    [undefined, "http", "x".repeat(1 << 20), "invalid-name"],
  ] as const;
  for (const [rules, scheme, host, reason] of cases) {
    using reach = guest(rules);
    assert.equal(
      await reasonOf(reach.dial({ scheme, host, port })),
      reason,
      `${scheme} ${String(host).slice(0, 50)}`,
    );
  }
  assert.equal(await door.settled(), 0);
});

Deno.test("by name, where the rules allow it and all to which it leads", async () => {
  using door = new Door();
  const { port } = door;
  const cases = [
    undefined,
    network([`localhost:${port}`], true),
    network(["http://*", `http://*:${port}`], true),
    network([`localhost:${port}`, "127.0.0.0/8", "::1"]),
  ];
  for (const rules of cases) {
    using reach = guest(rules);
    const socket = await reach.dial({ scheme: "http", host: "LocalHost", port });
    assert.equal(socket.remoteAddress, "127.0.0.1");
  }
  assert.equal(await door.settled(), cases.length);
});

Deno.test("a name that was looked up carries its address, at its ports only", async () => {
  using door = new Door();
  const { port } = door;
  using reach = guest(network([`tcp://localhost:${port}`], true));
  assert.equal(await reasonOf(reach.dial({ scheme: "tcp", host: HERE, port })), "denied");
  assert.ok(!reach.mayReach("tcp", HERE, port));
  assert.ok(
    (await reach.resolve("localhost")).some(({ family, bits }) => family === 4 && bits === HERE.bits),
  );
  assert.ok(reach.mayReach("tcp", HERE, port));
  assert.ok(!reach.mayReach("udp", HERE, port));
  assert.ok(!reach.mayReach("tcp", HERE, port - 1));
  const socket = await reach.dial({ scheme: "tcp", host: HERE, port });
  assert.equal(socket.remotePort, port);
  assert.equal(await reasonOf(reach.dial({ scheme: "tcp", host: HERE, port: port - 1 })), "denied");
  // Of another guest it is not known.
  using other = guest(network([`tcp://localhost:${port}`], true));
  assert.equal(await reasonOf(other.dial({ scheme: "tcp", host: HERE, port })), "denied");
});

Deno.test("a name that leads elsewhere by now is not connected to: the socket is destroyed before any packet", async () => {
  using door = new Door();
  const { port } = door;
  const use = { network: network([`localhost:${port}`], true), scheme: "tcp", port } as const;
  // What Reach does for an address that it must reach by its name; here the name has led to another address before.
  const connect = (asked: string, sibling: boolean) =>
    dial({
      host: "localhost",
      port,
      family: 4,
      refuses: (found) => elsewhere(use, "localhost", ipOf(asked), found, sibling),
    }, () => {});
  assert.deepEqual(await refusalOf(connect("127.0.0.2", false)), {
    reason: "refused",
    message: "localhost led to 127.0.0.2 and leads to 127.0.0.1 now: look it up again",
  });
  assert.equal(await door.settled(), 0);
  for (const [asked, sibling] of [["127.0.0.1", false], ["127.0.0.2", true]] as const) {
    const socket = await connect(asked, sibling);
    assert.equal(socket.remoteAddress, "127.0.0.1");
    socket.destroy();
  }
  assert.equal(await door.settled(), 2);
});

Deno.test("each address that a name leads to is judged before the first is tried", async () => {
  using door = new Door();
  const judged: string[] = [];
  const refuses = ({ family }: { family: 4 | 6 }) => {
    judged.push(`${family}, ${door.accepted} accepted`);
    return undefined;
  };
  const socket = await dial({ host: "localhost", port: door.port, refuses }, () => {});
  socket.destroy();
  assert.ok(judged.includes("4, 0 accepted"), judged.join("; "));
});

Deno.test("nobody there, nothing at that port", async () => {
  using reach = guest(undefined);
  const port = 1;
  assert.equal(await reasonOf(reach.dial({ scheme: "tcp", host: HERE, port })), "refused");
  assert.equal(await reasonOf(reach.dial({ scheme: "http", host: "localhost", port })), "refused");
  for (const wrong of [0, -1, 65536, 1.5, NaN]) {
    assert.equal(await reasonOf(reach.dial({ scheme: "tcp", host: HERE, port: wrong })), "refused");
  }
  // RFC 6761: a name that no resolver has.
  assert.equal(await reasonOf(reach.dial({ scheme: "http", host: "nobody.invalid", port: 80 })), "not-found");
});

Deno.test("an attempt that is given up ends with the signal's reason, and nobody comes", async () => {
  using door = new Door();
  using reach = guest(undefined);
  for (const host of [HERE, "localhost"]) {
    const target = { scheme: "tcp", host, port: door.port } as const;
    const given = AbortSignal.abort(new NetworkError("timeout", "it took too long"));
    assert.deepEqual(await refusalOf(reach.dial({ ...target, signal: given })), {
      reason: "timeout",
      message: "it took too long",
    });
    const later = new AbortController();
    const attempt = reasonOf(reach.dial({ ...target, signal: later.signal }));
    later.abort();
    assert.equal(await attempt, "other");
  }
  assert.equal(await door.settled(), 0);
  for (const host of [HERE, "localhost"]) {
    const controller = new AbortController();
    let connecting: Socket | undefined;
    const attempt = dial({ host, port: door.port, signal: controller.signal }, (socket) => {
      connecting = socket;
      queueMicrotask(() => controller.abort());
    });
    assert.equal(await reasonOf(attempt), "other");
    assert.ok(connecting?.destroyed);
  }
  // Once it is open, the signal is over.
  const controller = new AbortController();
  const socket = await reach.dial({ scheme: "tcp", host: HERE, port: door.port, signal: controller.signal });
  controller.abort();
  assert.ok(!socket.destroyed);
});

Deno.test("sockets are counted until they are closed, failed attempts not at all", async () => {
  using door = new Door();
  using reach = guest(network([`127.0.0.1:${door.port}`, "127.0.0.1:1"]), { sockets: 2 });
  const target = { scheme: "tcp", host: HERE, port: door.port } as const;
  assert.equal(await reasonOf(reach.dial({ ...target, port: 1 })), "refused");
  assert.equal(await reasonOf(reach.dial({ ...target, port: 2 })), "denied");
  const first = await reach.dial(target);
  const give = reach.take();
  assert.deepEqual(await refusalOf(reach.dial(target)), {
    reason: "too-many-sockets",
    message: "the guest has 2 sockets open already",
  });
  assert.throws(() => reach.take(), { reason: "too-many-sockets" });
  assert.equal(await reasonOf(reach.resolve("localhost")), "denied");
  // Given back twice, it is still one.
  give();
  give();
  const second = await reach.dial(target);
  assert.throws(() => reach.take(), { reason: "too-many-sockets" });
  // Both sides have ended.
  const peer = await door.next(0);
  await peer.closeWrite();
  const closed = once(first, "close");
  first.resume().end();
  await closed;
  const third = await reach.dial(target);
  await Promise.all([closing(second), closing(third)]);
  reach.take();
  reach.take();
});

Deno.test("a flood of attempts gets as many sockets as there are", async () => {
  using door = new Door();
  using reach = guest(undefined, { sockets: 5 });
  const target = { scheme: "tcp", host: HERE, port: door.port } as const;
  const all = await Promise.allSettled(Array.from({ length: 500 }, () => reach.dial(target)));
  assert.equal(all.filter(({ status }) => status === "fulfilled").length, 5);
  assert.equal(await door.settled(), 5);
});

Deno.test("a reset that comes when nobody listens is no uncaught error", async () => {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const came = once(server, "connection");
  using reach = guest(undefined);
  const socket = await reach.dial({ scheme: "tcp", host: HERE, port });
  const [peer] = await came as [Socket];
  const closed = new Promise((resolve) => socket.once("close", resolve));
  peer.resetAndDestroy();
  socket.resume();
  assert.equal(await closed, true);
  await once(server.close(), "close");
});

Deno.test("the end of a guest closes all that it has, and it gets nothing more", async () => {
  using door = new Door();
  const reach = new Reach(undefined);
  const target = { scheme: "tcp", host: HERE, port: door.port } as const;
  const socket = await reach.dial(target);
  const ended: string[] = [];
  const close = () => void ended.push("twice");
  reach.atEnd(close);
  reach.atEnd(close);
  reach.atEnd(() => ended.push("removed"))();
  const underWay = [reasonOf(reach.dial(target)), reasonOf(reach.resolve("localhost"))];
  const peer = await door.next();
  reach.close();
  assert.deepEqual(ended, ["twice", "twice"]);
  assert.ok(socket.destroyed);
  assert.equal(await peer.read(new Uint8Array(1)), null);
  assert.deepEqual(await Promise.all(underWay), ["other", "other"]);
  for (const late of [reach.dial(target), reach.resolve("localhost")]) {
    assert.deepEqual(await refusalOf(late), { reason: "other", message: "the guest has ended" });
  }
  assert.throws(() => reach.take(), { message: "the guest has ended" });
  reach.atEnd(() => ended.push("at once"));
  assert.equal(ended.at(-1), "at once");
  reach.close();
  assert.equal(ended.length, 3);
});

Deno.test("one that cannot be closed keeps no other open, and is told of", () => {
  const reach = new Reach(undefined);
  const ended: string[] = [];
  const fault = new Error("cannot");
  reach.atEnd(() => {
    throw fault;
  });
  reach.atEnd(() => ended.push("closed"));
  assert.throws(() => reach.close(), { name: "AggregateError", errors: [fault] });
  assert.deepEqual(ended, ["closed"]);
});
