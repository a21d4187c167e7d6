/** What rules allow of sockets, and that nothing leaves or comes in where they do not. */
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import type { Network } from "../../src/grant/network.ts";
import { at, finish, Guest, isCode, outcomeOf, until } from "./sockets_support.ts";
import { Door, network } from "./network_support.ts";
import { bytes, text } from "./support.ts";

const denied = "access-denied";
const HERE = "127.0.0.1";

type Use = (guest: Guest, port: number) => unknown;

const connect: Use = (guest, port) => guest.tcp().startConnect(guest.network, at(HERE, port));
const bind: Use = (guest, port) => guest.tcp().startBind(guest.network, at(HERE, port));
const bindAny: Use = (guest) => guest.tcp().startBind(guest.network, at(HERE));
const bindUdp: Use = (guest, port) => guest.udp().startBind(guest.network, at(HERE, port));
const bindUdpAny: Use = (guest) => guest.udp().startBind(guest.network, at(HERE));
const listen: Use = async (guest) => (await guest.bound(guest.tcp(), at(HERE))).startListen();
const stream: Use = async (guest, port) => (await guest.udpAt()).stream(at(HERE, port));
const send: Use = async (guest, port) => {
  const [, output] = (await guest.udpAt()).stream(undefined);
  output.checkSend();
  output.send([{ data: bytes("x"), remoteAddress: at(HERE, port) }]);
};

const USES = { connect, bind, bindAny, listen, bindUdp, bindUdpAny, stream, send };
type Name = keyof typeof USES;
const ALL = Object.keys(USES) as Name[];

/** What each declaration allows; `PORT` is the port of the other side. Binding to port 0 is free. */
const TABLE: [what: string, rules: (port: number) => Network | undefined, allowed: Name[]][] = [
  ["no restriction", () => undefined, ALL],
  ["no rule", () => network([]), ["bindAny", "bindUdpAny"]],
  ["public addresses", () => ({ rules: undefined, private: false }), ["bindAny", "bindUdpAny"]],
  ["all addresses", () => ({ rules: undefined, private: true }), ALL],
  ["the address", () => network([HERE]), ALL],
  ["its network", () => network(["127.0.0.0/8"]), ALL],
  ["another address", () => network(["127.0.0.2"]), ["bindAny", "bindUdpAny"]],
  ["the port", (port) => network([`${HERE}:${port}`]), [
    "connect",
    "bind",
    "bindAny",
    "bindUdp",
    "bindUdpAny",
    "stream",
    "send",
  ]],
  ["port 0", () => network([`${HERE}:0`]), ["bindAny", "bindUdpAny", "listen"]],
  ["tcp alone", () => network([`tcp://${HERE}`]), ["connect", "bind", "bindAny", "listen", "bindUdpAny"]],
  ["udp alone", () => network([`udp://${HERE}`]), ["bindAny", "bindUdp", "bindUdpAny", "stream", "send"]],
  ["http alone", () => network([`http://${HERE}`]), ["bindAny", "bindUdpAny"]],
  ["every name", () => network(["*"]), ["bindAny", "bindUdpAny"]],
  ["every name, also private", () => network(["*"], true), ["bindAny", "bindUdpAny"]],
];

for (const [what, rules, allowed] of TABLE) {
  for (const name of ALL) {
    const outcome = allowed.includes(name) ? "ok" : denied;
    Deno.test(`${what}: ${name} is ${outcome}`, async () => {
      using door = new Door();
      using guest = new Guest(rules(door.port));
      const found = await (async () => await USES[name](guest, door.port))().then(() => "ok", (error) => {
        assert.ok(isCode(denied)(error), `${error}`);
        return denied;
      });
      assert.equal(found, outcome);
      if (outcome === denied) assert.equal(await door.settled(), 0);
    });
  }
}

Deno.test("a denied connection leaves the socket as it was", async () => {
  using door = new Door();
  using guest = new Guest(network([`${HERE}:${door.port}`]));
  const socket = guest.tcp();
  assert.equal(outcomeOf(() => socket.startConnect(guest.network, at(HERE, 1))), denied);
  assert.equal(outcomeOf(() => socket.finishConnect()), "not-in-progress");
  await guest.connect(socket, at(HERE, door.port));
});

Deno.test("an address may be used once an allowed name has led to it", async () => {
  using door = new Door();
  using guest = new Guest(network([`localhost:${door.port}`], true));
  assert.equal(outcomeOf(() => connect(guest, door.port)), denied);
  const found = await guest.addresses("localhost");
  if (!found.some(({ tag }) => tag === "ipv4")) return;
  await guest.connect(guest.tcp(), at(HERE, door.port));
  assert.equal(outcomeOf(() => connect(guest, door.port + 1)), denied);
});

Deno.test("datagrams of those whom no rule names are dropped, unless the guest may listen", async () => {
  const [friend, stranger] = [createSocket("udp4"), createSocket("udp4")];
  for (const socket of [friend, stranger]) {
    await new Promise<void>((resolve) => socket.bind(0, HERE, resolve));
  }
  const say = (socket: typeof friend, data: string, port: number) =>
    new Promise<void>((resolve) => socket.send(data, port, HERE, () => resolve()));
  for (
    const [rules, heard] of [
      [[`udp://${HERE}:${friend.address().port}`], ["friend"]],
      [[`tcp://${HERE}`, `udp://${HERE}:${friend.address().port}`], ["friend"]],
      [[`udp://${HERE}:0`], ["stranger", "friend"]],
      [[HERE], ["stranger", "friend"]],
    ] as const
  ) {
    using guest = new Guest(network(rules));
    const socket = await guest.udpAt();
    const { port } = socket.localAddress().val;
    const [input] = socket.stream(undefined);
    await say(stranger, "stranger", port);
    await say(friend, "friend", port);
    const found: string[] = [];
    while (found.at(-1) !== "friend") {
      await until(input);
      found.push(...input.receive(10n).map(({ data }) => text(data)));
    }
    assert.deepEqual(found, heard, rules.join());
  }
  for (const socket of [friend, stranger]) await new Promise<void>((resolve) => socket.close(resolve));
});

Deno.test("who listens where a rule names its address is reached by anybody", async () => {
  using guest = new Guest(network([`tcp://${HERE}:0`]));
  const listener = await guest.listener();
  using _peer = await Deno.connect({ hostname: HERE, port: listener.localAddress().val.port });
  await finish(listener, () => listener.accept());
});
