/** wasi:sockets/udp, called by a program that has it from C bindings, with real datagrams. */
import assert from "node:assert/strict";
import { assertOutcome } from "../support/airlock.ts";
import { Conversation, converse, type Talk } from "./conversation.ts";
import { datagramPeer } from "./peers.ts";

const LOOPBACK = ["--net", "127.0.0.0/8", "--net", "::1"];
const text = new TextDecoder();

/** `PORT` is a peer that echoes. */
const STATES: Talk = [
  ["a create 4", "ok"],
  ["a finish-bind", "not-in-progress"],
  ["a stream", "invalid-state"],
  ["a stream 127.0.0.1:PORT", "invalid-state"],
  ["a local-address", "invalid-state"],
  ["a remote-address", "invalid-state"],
  ["a address-family", "ipv4"],
  ["a ready", "true"],
  ["a start-bind [::1]:0", "invalid-argument"],
  ["a start-bind 127.0.0.1:0", "ok"],
  ["a start-bind 127.0.0.1:0", "concurrency-conflict"],
  ["a wait", "ok"],
  ["a finish-bind", "ok"],
  ["a finish-bind", "not-in-progress"],
  ["a start-bind 127.0.0.1:0", "invalid-state"],
  ["a local-address", /^127\.0\.0\.1:[1-9]\d*$/],
  ["a remote-address", "invalid-state"],
  ["a stream [::1]:PORT", "invalid-argument"],
  ["a stream 0.0.0.0:PORT", "invalid-argument"],
  ["a stream 127.0.0.1:0", "invalid-argument"],
  ["a stream", "ok"],
  ["a remote-address", "invalid-state"],
  ["a receive 4", "0"],
  ["a receive 0", "0"],
  ["a receive-ready", "false"],
  ["a check-send", /^[1-9]\d*$/],
  ["a send any nowhere", "invalid-argument"],
  ["a send 127.0.0.1:0 nowhere", "invalid-argument"],
  ["a send 0.0.0.0:PORT nowhere", "invalid-argument"],
  ["a send [::1]:PORT nowhere", "invalid-argument"],
  ["a drop-streams", "ok"],
  ["a stream 127.0.0.1:PORT", "ok"],
  ["a remote-address", "127.0.0.1:PORT"],
  ["a send any here", "1"],
  ["a await-receive 1", '1 127.0.0.1:PORT "here"'],
  ["a send 127.0.0.1:PORT too", "1"],
  ["a await-receive 1", '1 127.0.0.1:PORT "too"'],
  ["a send 127.0.0.1:1 elsewhere", "invalid-argument"],
  ["a drop-streams", "ok"],
  ["a stream", "ok"],
  ["a remote-address", "invalid-state"],
  ["a send any nowhere", "invalid-argument"],
  ["a send 127.0.0.1:PORT again", "1"],
  ["a await-receive 1", '1 127.0.0.1:PORT "again"'],
  ["a drop", "ok"],
];

const HUGE = "18446744073709551615";

const OPTIONS: Talk = [
  ["a create 4", "ok"],
  ["a unicast-hop-limit 0", "invalid-argument"],
  ["a receive-buffer-size 0", "invalid-argument"],
  ["a send-buffer-size 0", "invalid-argument"],
  ["a unicast-hop-limit 42", "ok"],
  ["a unicast-hop-limit", "42"],
  ["a receive-buffer-size 65536", "ok"],
  ["a receive-buffer-size", /^[1-9]\d*$/],
  ["a send-buffer-size 65536", "ok"],
  ["a send-buffer-size", /^[1-9]\d*$/],
  [`a receive-buffer-size ${HUGE}`, "ok"],
  [`a send-buffer-size ${HUGE}`, "ok"],
  ["a bind 127.0.0.1:0", "ok"],
  ["a unicast-hop-limit", "42"],
  ["a unicast-hop-limit 43", "ok"],
  ["a unicast-hop-limit", "43"],
];

async function hold(talk: Talk): Promise<void> {
  await using server = await datagramPeer((bytes, from, self) => self.send(bytes, from));
  await using guest = new Conversation("udp", LOOPBACK);
  const fill = (text: string) => text.replace("PORT", `${server.port}`);
  await converse(
    guest,
    talk.map(([step, answer]) => [fill(step), typeof answer === "string" ? fill(answer) : answer]),
  );
}

Deno.test("a socket does what its state allows, and refuses the rest by name", () => hold(STATES));

Deno.test("options are remembered; zero is refused and too much is not", () => hold(OPTIONS));

/** A guest with a bound socket `a` and its streams. */
async function bound(guest: Conversation, address = "127.0.0.1:0"): Promise<string> {
  const family = address.startsWith("[") ? 6 : 4;
  assert.deepEqual(await guest.all(`a create ${family}`, `a bind ${address}`, "a stream"), [
    "ok",
    "ok",
    "ok",
  ]);
  return await guest.say("a local-address");
}

for (const hostname of ["127.0.0.1", "::1"]) {
  Deno.test(`a server at ${hostname} answers each to where it came from`, async () => {
    await using one = await datagramPeer(() => {}, hostname);
    await using two = await datagramPeer(() => {}, hostname);
    await using guest = new Conversation("udp", LOOPBACK);
    const address = await bound(guest, hostname === "::1" ? "[::1]:0" : "127.0.0.1:0");
    const served = guest.say("a echo 20");
    for (let i = 0; i < 10; i++) {
      await one.send(`one ${i}`, address);
      await two.send(`two ${i}`, address);
    }
    assert.equal(await served, "20");
    await Promise.all([one.until(10), two.until(10)]);
    for (const [peer, name] of [[one, "one"], [two, "two"]] as const) {
      assert.deepEqual(
        peer.received.map(({ bytes, from }) => [text.decode(bytes), from]),
        Array.from({ length: 10 }, (_, i) => [`${name} ${i}`, address]),
      );
    }
  });
}

Deno.test("an empty datagram is one, and so is the largest; a larger one is refused by name", async () => {
  await using server = await datagramPeer((bytes, from, self) => self.send(bytes, from));
  await using guest = new Conversation("udp", LOOPBACK);
  const address = await bound(guest);
  assert.deepEqual(
    await guest.all(
      `a send-size ${server.address} 0`,
      "a await-receive 1",
      `a send-size ${server.address} 65507`,
      "a await-receive 1",
      `a send-size ${server.address} 65508`,
      `a send-size ${server.address} 1000000`,
      `a send ${server.address} still`,
      "a await-receive 1",
    ),
    [
      "1",
      `1 ${server.address} ""`,
      "1",
      `1 ${server.address} 65507 bytes`,
      "datagram-too-large",
      "datagram-too-large",
      "1",
      `1 ${server.address} "still"`,
    ],
  );
  assert.deepEqual(server.received.map(({ bytes, from }) => [bytes.length, from]), [
    [0, address],
    [65507, address],
    [5, address],
  ]);
});

Deno.test("datagrams leave in their order, and all of them, though the guest drops the socket at once", async () => {
  await using server = await datagramPeer();
  await using guest = new Conversation("udp", LOOPBACK);
  await bound(guest);
  assert.deepEqual(await guest.all(`a send-many ${server.address} 20`, "a drop"), ["20", "ok"]);
  // Two sockets have no order between them: what the first one sent is awaited before the next one sends.
  await server.until(20);
  await bound(guest);
  // This time it is the end of the guest.
  const last = guest.say(`a send-many ${server.address} 20`);
  assertOutcome(await guest.end(), {});
  assert.equal(await last, "20");
  await server.until(40);
  const numbers = Array.from({ length: 20 }, (_, i) => `${i}`);
  assert.deepEqual(server.received.map(({ bytes }) => text.decode(bytes)), [...numbers, ...numbers]);
});

Deno.test("connected, a socket hears its peer and nobody else", async () => {
  await using peer = await datagramPeer();
  await using stranger = await datagramPeer();
  await using guest = new Conversation("udp", LOOPBACK);
  const address = await bound(guest);
  assert.deepEqual(await guest.all("a drop-streams", `a stream ${peer.address}`), ["ok", "ok"]);
  await stranger.send("not for you", address);
  await peer.send("for you", address);
  assert.equal(await guest.say("a await-receive 8"), `1 ${peer.address} "for you"`);
});

Deno.test("receive hands out as many as were asked for, and the rest later", async () => {
  await using peer = await datagramPeer();
  await using guest = new Conversation("udp", LOOPBACK);
  const address = await bound(guest);
  for (let i = 0; i < 5; i++) await peer.send(`${i}`, address);
  const heard: string[] = [];
  while (heard.length < 5) {
    const answer = await guest.say("a await-receive 2");
    const words = [...answer.matchAll(/"(\d)"/g)].map(([, word]) => word!);
    assert.ok(words.length === 1 || words.length === 2, answer);
    heard.push(...words);
  }
  assert.deepEqual(heard, ["0", "1", "2", "3", "4"]);
  assert.deepEqual(await guest.all("a receive-ready", `a receive ${HUGE}`), ["false", "0"]);
});

Deno.test("a flood of datagrams costs the one who does not read no more than a bounded number", async () => {
  await using peer = await datagramPeer();
  await using guest = new Conversation("udp", LOOPBACK);
  const address = await bound(guest);
  const part = new Uint8Array(1000);
  for (let i = 0; i < 20_000; i++) await peer.send(part, address);
  let total = 0;
  for (let still = 0; still < 3; still++) {
    const number = Number((await guest.say("a receive 100000")).split(" ")[0]);
    total += number;
    if (number > 0) still = 0;
  }
  assert.ok(total > 0 && total < 2000, `${total} datagrams were kept`);
  // And the socket lives.
  await peer.send("after", address);
  assert.equal(await guest.say("a await-receive 1"), `1 ${peer.address} "after"`);
});

Deno.test("a guest that sends thousands is told how many it may, and each send is one", async () => {
  await using peer = await datagramPeer();
  await using guest = new Conversation("udp", LOOPBACK);
  await bound(guest);
  assert.equal(await guest.say(`a flood 5000 100 ${peer.address}`), "5000");
  // Some may be lost on the way: it is UDP.
  await peer.until(1);
  assert.equal(await guest.say(`a send ${peer.address} last`), "1");
});

Deno.test("sockets are counted: one too many is refused by name", async () => {
  await using guest = new Conversation("udp", LOOPBACK);
  const [, number] = /^(\d+), then new-socket-limit$/.exec(await guest.say("a hoard 1000")) ?? [];
  assert.ok(Number(number) >= 64 && Number(number) <= 256, `${number}`);
});

Deno.test("rules: nothing goes where none allows it, and nobody is waited for at other addresses", async () => {
  await using allowed = await datagramPeer();
  await using other = await datagramPeer();
  await using guest = new Conversation("udp", ["--net", `udp://${allowed.address}`]);
  // Whoever sends is bound: to a port that the system chooses.
  const address = (await bound(guest, "0.0.0.0:0")).replace("0.0.0.0", "127.0.0.1");
  assert.deepEqual(
    await guest.all(
      `a send ${other.address} no`,
      `a send ${allowed.address} yes`,
      "a drop-streams",
      `a stream ${other.address}`,
      `a stream ${allowed.address}`,
      "a send any too",
      "b create 4",
      "b start-bind 127.0.0.1:1",
    ),
    ["access-denied", "1", "ok", "access-denied", "ok", "1", "ok", "access-denied"],
  );
  await allowed.until(2);
  assert.deepEqual(allowed.received.map(({ bytes, from }) => [text.decode(bytes), from]), [
    ["yes", address],
    ["too", address],
  ]);
  assert.equal(other.received.length, 0);
  // Nor is anybody heard who may not be spoken to.
  assert.deepEqual(await guest.all("a drop-streams", "a stream"), ["ok", "ok"]);
  await other.send("not for you", address);
  await allowed.send("for you", address);
  assert.equal(await guest.say("a await-receive 8"), `1 ${allowed.address} "for you"`);
});
