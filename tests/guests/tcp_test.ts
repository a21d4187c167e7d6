/** wasi:sockets/tcp, called by a program that has it from C bindings, on real connections. */
import assert from "node:assert/strict";
import { assertOutcome } from "../support/airlock.ts";
import { Conversation, converse, type Talk } from "./conversation.ts";
import { closedPort, echo, peer, readAll, resetting, writeAll } from "./peers.ts";
import { exec } from "./run.ts";

/** Every address of this machine, for connecting and for listening. */
const LOOPBACK = ["--net", "127.0.0.0/8", "--net", "::1"];

function bytesOf(length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, i) => i % 251);
}

/** All that may be done with a socket, and the answer in one state. `PORT` is a peer that echoes, `CLOSED` is nobody's. */
const IN_STATE: Readonly<Record<string, Talk>> = {
  unbound: [
    ["a create 4", "ok"],
    ["a finish-bind", "not-in-progress"],
    ["a finish-connect", "not-in-progress"],
    ["a finish-listen", "not-in-progress"],
    ["a start-listen", "invalid-state"],
    ["a accept z", "invalid-state"],
    ["a local-address", "invalid-state"],
    ["a remote-address", "invalid-state"],
    ["a shutdown both", "invalid-state"],
    ["a is-listening", "false"],
    ["a address-family", "ipv4"],
    ["a ready", "true"],
    ["a drop", "ok"],
  ],
  "bound, as far as start-bind": [
    ["a create 4", "ok"],
    ["a start-bind 127.0.0.1:0", "ok"],
    ["a start-bind 127.0.0.1:0", "concurrency-conflict"],
    ["a start-connect 127.0.0.1:PORT", "concurrency-conflict"],
    ["a start-listen", "concurrency-conflict"],
    ["a finish-connect", "not-in-progress"],
    ["a finish-listen", "not-in-progress"],
    ["a accept z", /^(concurrency-conflict|invalid-state)$/],
    ["a shutdown send", /^(concurrency-conflict|invalid-state)$/],
    ["a drop", "ok"],
  ],
  bound: [
    ["a create 4", "ok"],
    ["a bind 127.0.0.1:0", "ok"],
    ["a finish-bind", "not-in-progress"],
    ["a finish-connect", "not-in-progress"],
    ["a finish-listen", "not-in-progress"],
    ["a start-bind 127.0.0.1:0", "invalid-state"],
    ["a accept z", "invalid-state"],
    ["a local-address", /^127\.0\.0\.1:[1-9]\d*$/],
    ["a remote-address", "invalid-state"],
    ["a shutdown receive", "invalid-state"],
    ["a is-listening", "false"],
    ["a drop", "ok"],
  ],
  listening: [
    ["a create 4", "ok"],
    ["a bind 127.0.0.1:0", "ok"],
    ["a listen", "ok"],
    ["a is-listening", "true"],
    ["a finish-bind", "not-in-progress"],
    ["a finish-connect", "not-in-progress"],
    ["a finish-listen", "not-in-progress"],
    ["a start-bind 127.0.0.1:0", "invalid-state"],
    ["a start-connect 127.0.0.1:PORT", "invalid-state"],
    ["a start-listen", "invalid-state"],
    ["a accept z", "would-block"],
    ["a ready", "false"],
    ["a local-address", /^127\.0\.0\.1:[1-9]\d*$/],
    ["a remote-address", "invalid-state"],
    ["a shutdown both", "invalid-state"],
    ["a drop", "ok"],
  ],
  connected: [
    ["a create 4", "ok"],
    ["a connect 127.0.0.1:PORT", "ok"],
    ["a finish-bind", "not-in-progress"],
    ["a finish-connect", "not-in-progress"],
    ["a finish-listen", "not-in-progress"],
    ["a start-bind 127.0.0.1:0", "invalid-state"],
    ["a start-connect 127.0.0.1:PORT", "invalid-state"],
    ["a start-listen", "invalid-state"],
    ["a accept z", "invalid-state"],
    ["a is-listening", "false"],
    ["a set-listen-backlog-size 10", "invalid-state"],
    ["a local-address", /^127\.0\.0\.1:[1-9]\d*$/],
    ["a remote-address", "127.0.0.1:PORT"],
    ["a write hello", "ok"],
    ["a blocking-read 100", '"hello"'],
    ["a read 100", '""'],
    ["a shutdown send", "ok"],
    ["a write hello", "closed"],
    ["a blocking-read 100", "closed"],
    ["a drop", "ok"],
  ],
  closed: [
    ["a create 4", "ok"],
    ["a connect 127.0.0.1:CLOSED", "connection-refused"],
    ["a start-bind 127.0.0.1:0", "invalid-state"],
    ["a start-connect 127.0.0.1:PORT", "invalid-state"],
    ["a start-listen", "invalid-state"],
    ["a finish-connect", /^(invalid-state|not-in-progress)$/],
    ["a accept z", "invalid-state"],
    ["a remote-address", "invalid-state"],
    ["a shutdown both", "invalid-state"],
    ["a is-listening", "false"],
    ["a drop", "ok"],
  ],
};

/** Addresses that cannot be, whatever the rules. */
const ADDRESSES: Talk = [
  ["a create 4", "ok"],
  ["b create 6", "ok"],
  ["a start-bind [::1]:0", "invalid-argument"],
  ["b start-bind 127.0.0.1:0", "invalid-argument"],
  ["b start-bind [::ffff:127.0.0.1]:0", "invalid-argument"],
  ["a start-bind 224.0.0.1:0", "invalid-argument"],
  ["a start-bind 255.255.255.255:0", "invalid-argument"],
  ["b start-bind [ff02::1]:0", "invalid-argument"],
  ["a start-connect [::1]:PORT", "invalid-argument"],
  ["b start-connect 127.0.0.1:PORT", "invalid-argument"],
  ["b start-connect [::ffff:127.0.0.1]:PORT", "invalid-argument"],
  ["a start-connect 0.0.0.0:PORT", "invalid-argument"],
  ["b start-connect [::]:PORT", "invalid-argument"],
  ["a start-connect 127.0.0.1:0", "invalid-argument"],
  ["a start-connect 224.0.0.1:PORT", "invalid-argument"],
  ["a start-connect 255.255.255.255:PORT", "invalid-argument"],
  ["b address-family", "ipv6"],
  // None of these was an attempt: both can still be used.
  ["a connect 127.0.0.1:PORT", "ok"],
  ["b bind [::1]:0", "ok"],
  ["b local-address", /^\[::1\]:[1-9]\d*$/],
];

const HUGE = "18446744073709551615";

/** Options: zero is no value, what is set is read again, and one that is too large is not the guest's to know. */
const OPTIONS: Talk = [
  ["a create 4", "ok"],
  ["a keep-alive-enabled", "0"],
  ["a keep-alive-enabled 1", "ok"],
  ["a keep-alive-enabled", "1"],
  ["a keep-alive-idle-time 0", "invalid-argument"],
  ["a keep-alive-interval 0", "invalid-argument"],
  ["a keep-alive-count 0", "invalid-argument"],
  ["a hop-limit 0", "invalid-argument"],
  ["a receive-buffer-size 0", "invalid-argument"],
  ["a send-buffer-size 0", "invalid-argument"],
  ["a set-listen-backlog-size 0", "invalid-argument"],
  ["a keep-alive-idle-time 42000000000", "ok"],
  ["a keep-alive-idle-time", "42000000000"],
  [`a keep-alive-idle-time ${HUGE}`, "ok"],
  ["a keep-alive-idle-time 1", "ok"],
  ["a keep-alive-idle-time", /^[1-9]\d*$/],
  // Neither Deno nor its node:net can change these: clamped, as the specification has it, or refused.
  ["a keep-alive-interval 21000000000", "ok"],
  ["a keep-alive-interval", "75000000000"],
  ["a keep-alive-count 5", "ok"],
  ["a keep-alive-count", "9"],
  ["a hop-limit 42", "not-supported"],
  ["a hop-limit", "not-supported"],
  ["a receive-buffer-size 65536", "ok"],
  ["a receive-buffer-size", /^[1-9]\d*$/],
  [`a receive-buffer-size ${HUGE}`, "ok"],
  [`a send-buffer-size ${HUGE}`, "ok"],
  ["a send-buffer-size", /^[1-9]\d*$/],
  ["a set-listen-backlog-size 5", "ok"],
  [`a set-listen-backlog-size ${HUGE}`, "ok"],
  ["a bind 127.0.0.1:0", "ok"],
  ["a keep-alive-enabled", "1"],
  ["a listen", "ok"],
  ["a set-listen-backlog-size 7", "ok"],
];

/** Holds a conversation with the two ports filled in. */
async function hold(talk: Talk, options: readonly string[] = LOOPBACK): Promise<void> {
  await using server = peer(echo);
  const closed = closedPort();
  await using guest = new Conversation("tcp", options);
  const fill = (text: string) => text.replace("PORT", `${server.port}`).replace("CLOSED", `${closed}`);
  await converse(
    guest,
    talk.map(([step, answer]) => [fill(step), typeof answer === "string" ? fill(answer) : answer]),
  );
}

for (const [state, talk] of Object.entries(IN_STATE)) {
  Deno.test(`a socket that is ${state} does what it may, and refuses the rest by name`, () => hold(talk));
}

Deno.test("addresses that no socket can have are refused before anything happens", () => hold(ADDRESSES));

Deno.test("options are remembered; zero is refused and too much is not", () => hold(OPTIONS));

Deno.test("a client sends, half-closes and reads the answer to its end", async () => {
  await using server = peer(async (connection) => {
    // Nothing is answered before the end of the request.
    await writeAll(connection, await readAll(connection));
  });
  const stdin = "0123456789".repeat(50_000);
  assertOutcome(await exec("tcp", ["talk", server.address], { options: LOOPBACK, stdin }), { stdout: stdin });
  assert.deepEqual(server.failures, []);
});

Deno.test("megabytes in both directions at once arrive whole and in order", async () => {
  await using server = peer(echo);
  const size = 16 * 2 ** 20;
  assertOutcome(await exec("tcp", ["bulk", server.address, `${size}`], { options: LOOPBACK }), {
    stdout: `${size} bytes out, ${size} back, 0 wrong, closed\n`,
  });
});

for (const how of ["read and write", "splice"]) {
  Deno.test(`a server serves many at once, by ${how}, each half-closed before it is answered`, async () => {
    const number = 24;
    const words = ["echo", "127.0.0.1:0", `${number}`, ...how === "splice" ? ["splice"] : []];
    await using guest = new Conversation("tcp", LOOPBACK, words);
    const [, port] = /^listening on 127\.0\.0\.1:(\d+)$/.exec(await guest.line())!;
    // All are open before any says anything.
    const connections = await Promise.all(
      Array.from({ length: number }, () => Deno.connect({ hostname: "127.0.0.1", port: Number(port) })),
    );
    const sent = connections.map((_, i) => bytesOf(1 + i * 10_007));
    const received = await Promise.all(connections.map(async (connection, i) => {
      const all = readAll(connection);
      await writeAll(connection, sent[i]!);
      await connection.closeWrite();
      return await all;
    }));
    connections.forEach((connection) => connection.close());
    received.forEach((bytes, i) => assert.ok(Bytes.equal(bytes, sent[i]!), `connection ${i}`));
    const total = sent.reduce((sum, { length }) => sum + length, 0);
    assertOutcome(await guest.end(), { stdout: `${number} connections, ${total} bytes\n` });
  });
}

const Bytes = {
  equal: (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((byte, i) => byte === b[i]),
};

Deno.test("accept waits for somebody, and each who comes has addresses of its own", async () => {
  await using guest = new Conversation("tcp", LOOPBACK);
  await guest.all("a create 4", "a bind 127.0.0.1:0", "a listen");
  const [, port] = (await guest.say("a local-address")).split(":");
  assert.equal(await guest.say("a accept b"), "would-block");
  const accepted = guest.say("a await-accept b");
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
  assert.equal(await accepted, "ok");
  const local = connection.localAddr as Deno.NetAddr;
  assert.deepEqual(await guest.all("b remote-address", "b local-address", "b is-listening", "a accept c"), [
    `127.0.0.1:${local.port}`,
    `127.0.0.1:${port}`,
    "false",
    "would-block",
  ]);
  await connection.write(new TextEncoder().encode("hi"));
  assert.equal(await guest.say("b blocking-read 10"), '"hi"');
  // What the listener was set to before is what the accepted one has.
  assert.equal(await guest.say("b keep-alive-enabled"), "0");
  // Without its listener it goes on.
  assert.deepEqual(await guest.all("a drop", "b write there"), ["ok", "ok"]);
  const buffer = new Uint8Array(10);
  assert.equal(await connection.read(buffer), 5);
  await assert.rejects(Deno.connect({ hostname: "127.0.0.1", port: Number(port) }), /refused/);
});

Deno.test("IPv6: a socket of its own, which takes no IPv4", async () => {
  await using guest = new Conversation("tcp", [...LOOPBACK, "--net", "[::]:0"]);
  assert.deepEqual(await guest.all("a create 6", "a bind [::]:0", "a listen"), ["ok", "ok", "ok"]);
  const port = Number((await guest.say("a local-address")).split(":").at(-1));
  const accepted = guest.say("a await-accept b");
  using _connection = await Deno.connect({ hostname: "::1", port });
  assert.equal(await accepted, "ok");
  assert.match(await guest.say("b remote-address"), /^\[::1\]:\d+$/);
  // The kernel lets it in, where Deno cannot be told otherwise; the guest never sees it.
  const other = await Deno.connect({ hostname: "127.0.0.1", port }).catch(() => undefined);
  if (other !== undefined) await assert.rejects(readAll(other), Deno.errors.ConnectionReset);
  other?.close();
  assert.equal(await guest.say("a accept c"), "would-block");
});

Deno.test("an address in use is said to be, and free again as soon as it is", async () => {
  await using guest = new Conversation("tcp", LOOPBACK);
  await guest.all("a create 4", "a bind 127.0.0.1:0", "a listen");
  const address = await guest.say("a local-address");
  await guest.say("b create 4");
  assert.equal(await guest.say(`b bind ${address}`), "address-in-use");
  // A connection that was served leaves TIME_WAIT behind, which keeps nobody from the address.
  const [hostname, port] = address.split(":");
  const accepted = guest.say("a await-accept c");
  const connection = await Deno.connect({ hostname: hostname!, port: Number(port) });
  assert.equal(await accepted, "ok");
  assert.equal(await guest.say("c drop"), "ok");
  assert.deepEqual(await readAll(connection), new Uint8Array());
  connection.close();
  assert.deepEqual(await guest.all("a drop", "b drop", "d create 4"), ["ok", "ok", "ok"]);
  assert.deepEqual(await guest.all(`d bind ${address}`, "d listen"), ["ok", "ok"]);
});

Deno.test("a connection that is bound first comes from there", async () => {
  await using server = peer((connection) => {
    const { hostname, port } = connection.remoteAddr as Deno.NetAddr;
    return writeAll(connection, new TextEncoder().encode(`${hostname}:${port}`));
  });
  await using guest = new Conversation("tcp", LOOPBACK);
  await guest.all("a create 4", "a bind 127.0.0.2:0", `a connect ${server.address}`);
  const local = await guest.say("a local-address");
  assert.match(local, /^127\.0\.0\.2:[1-9]/);
  assert.equal(await guest.say("a read-all"), `"${local}", closed`);
});

Deno.test("shutdown closes one direction, and only that one", async () => {
  await using server = peer(async (connection) => {
    await writeAll(connection, new TextEncoder().encode("first"));
    const heard = await readAll(connection);
    await writeAll(connection, new TextEncoder().encode(` and ${heard.length}`));
  });
  await using guest = new Conversation("tcp", LOOPBACK);
  await converse(guest, [
    ["a create 4", "ok"],
    [`a connect ${server.address}`, "ok"],
    ["a write 12345", "ok"],
    ["a shutdown send", "ok"],
    ["a write 6", "closed"],
    ["a read-all", '"first and 5", closed'],
    ["a shutdown send", "ok"],
    ["b create 4", "ok"],
    [`b connect ${server.address}`, "ok"],
    ["b shutdown receive", "ok"],
    ["b read 10", "closed"],
    ["b input-ready", "true"],
    ["b write 1", "ok"],
    ["b shutdown both", "ok"],
    ["b write 2", "closed"],
    ["b output-ready", "true"],
  ]);
});

Deno.test("the end of a connection is told by name: closed by the peer, reset, refused", async () => {
  await using polite = peer();
  await using rude = await resetting();
  await using guest = new Conversation("tcp", LOOPBACK);
  assert.deepEqual(await guest.all("a create 4", `a connect ${polite.address}`, "a blocking-read 1"), [
    "ok",
    "ok",
    "closed",
  ]);
  assert.deepEqual(await guest.all("b create 4", `b connect ${rude.address}`, "b write x"), [
    "ok",
    "ok",
    "ok",
  ]);
  assert.deepEqual(await guest.all("b blocking-read 1", "b read 1"), ["connection-reset", "closed"]);
  assert.deepEqual(await guest.all("c create 4", `c connect 127.0.0.1:${closedPort()}`), [
    "ok",
    "connection-refused",
  ]);
});

Deno.test("streams are closed when the guest drops them, and sockets when it ends", async () => {
  const ends: Uint8Array[] = [];
  let told = () => {};
  await using server = peer(async (connection) => {
    ends.push(await readAll(connection));
    told();
  });
  const end = () => new Promise<void>((done) => told = done);
  await using guest = new Conversation("tcp", LOOPBACK);
  await guest.all("a create 4", `a connect ${server.address}`, "a write one");
  let next = end();
  await guest.all("a drop-socket", "a drop-input", "a drop-output");
  await next;
  await guest.all("b create 4", `b connect ${server.address}`, "b write two");
  next = end();
  await guest.end();
  await next;
  assert.deepEqual(ends.map((bytes) => new TextDecoder().decode(bytes)), ["one", "two"]);
});

Deno.test("what a peer sends to one that does not read stays with the peer", async () => {
  let sent = 0, all = false;
  const size = 256 * 2 ** 20;
  await using server = peer(async (connection) => {
    const part = new Uint8Array(2 ** 20);
    while (sent < size) sent += await connection.write(part);
    all = true;
  });
  await using guest = new Conversation("tcp", LOOPBACK);
  await guest.all("a create 4", `a connect ${server.address}`, "a wait-input");
  // Until nothing moves any more, for as long as fifty questions and answers take.
  for (let still = 0, before = -1; still < 50; still = sent === before ? still + 1 : 0, before = sent) {
    assert.equal(await guest.say("a input-ready"), "true");
  }
  assert.ok(!all && sent < size / 4, `${sent} bytes were taken`);
  assert.equal(await guest.say("a read 3"), '"\\x00\\x00\\x00"');
});

Deno.test("what a guest writes to one that does not read stays with the guest", async () => {
  let go = () => {};
  const gone = new Promise<void>((done) => go = done);
  await using server = peer(async (connection) => {
    await gone;
    const { length } = await readAll(connection);
    await writeAll(connection, new TextEncoder().encode(`${length}`));
  });
  await using guest = new Conversation("tcp", LOOPBACK);
  await guest.all("a create 4", `a connect ${server.address}`);
  let total = 0;
  // The kernel takes some, later: until there is no room though nobody has read.
  for (let still = 0; still < 50; still++) {
    const poured = Number((await guest.say("a pour 268435456")).replace(" bytes", ""));
    total += poured;
    if (poured > 0) still = 0;
  }
  assert.ok(total > 0 && total < 64 * 2 ** 20, `${total} bytes were taken`);
  assert.equal(await guest.say("a output-ready"), "false");
  go();
  assert.deepEqual(await guest.all("a wait-output", "a blocking-flush", "a shutdown send", "a read-all"), [
    "ok",
    "ok",
    "ok",
    `"${total}", closed`,
  ]);
});

Deno.test("sockets are counted: one too many is refused by name, and one less is one more", async () => {
  await using server = peer(readAll);
  for (const how of ["created", "listening", "connected"]) {
    const words = ["hoard", how, "1000", ...how === "connected" ? [server.address] : []];
    const { stdout, ...rest } = await exec("tcp", words, { options: LOOPBACK });
    const [, number] = /^(\d+), then new-socket-limit\none less, one more: ok\n$/.exec(stdout) ?? [];
    assert.ok(Number(number) >= 64 && Number(number) <= 256, `${how}: ${stdout}`);
    assertOutcome({ ...rest, stdout: "" }, {});
  }
});

Deno.test("rules: what is not allowed is denied before any packet", async () => {
  await using allowed = peer(echo);
  await using other = peer(echo);
  await using guest = new Conversation("tcp", ["--net", `tcp://${allowed.address}`]);
  await converse(guest, [
    ["a create 4", "ok"],
    [`a connect ${other.address}`, "access-denied"],
    ["b create 4", "ok"],
    ["b start-bind 127.0.0.1:1", "access-denied"],
    ["c create 4", "ok"],
    [`c connect ${allowed.address}`, "ok"],
    ["d create 4", "ok"],
    [`d connect 127.0.0.2:${allowed.port}`, "access-denied"],
    ["e create 6", "ok"],
    [`e connect [::1]:${allowed.port}`, "access-denied"],
    [`f dial localhost:${allowed.port}`, "lookup: access-denied"],
    ["g create 4", "ok"],
    ["g start-listen", "invalid-state"],
  ]);
  assert.deepEqual([allowed.accepted, other.accepted], [1, 0]);
});

Deno.test("rules: nobody is waited for where none allows it, whichever port the system chooses", async () => {
  await using guest = new Conversation("tcp", [
    "--net",
    "tcp://127.0.0.1:1-65535",
    "--net",
    "tcp://127.0.0.2",
  ]);
  await guest.all("a create 4", "b create 4");
  // In a process of its own, the guest may not even be bound there.
  if (await guest.say("a bind 127.0.0.1:0") === "ok") {
    assert.equal(await guest.say("a start-listen"), "access-denied");
  }
  assert.deepEqual(await guest.all("b bind 127.0.0.2:0", "b listen", "b is-listening"), ["ok", "ok", "true"]);
});

Deno.test("without any rule there is no network to speak of", async () => {
  await using server = peer(echo);
  const { code, stdout, stderr } = await exec("tcp", ["a create 4", `a connect ${server.address}`]);
  assert.equal(code, 1, stdout);
  assert.match(stderr, /^airlock: CapabilityError: wasi:sockets\/tcp-create-socket.*--net/);
  assert.equal(server.accepted, 0);
});
