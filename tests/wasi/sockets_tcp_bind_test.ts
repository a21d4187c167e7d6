/** Binding, listening, and who gets in. */
import assert from "node:assert/strict";
import {
  at,
  familyOf,
  finish,
  Guest,
  isCode,
  LOOPBACKS,
  outcomeOf,
  Peer,
  portOf,
  until,
} from "./sockets_support.ts";

const UNSPECIFIED: Record<string, string> = { "127.0.0.1": "0.0.0.0", "::1": "::" };

for (const loopback of LOOPBACKS) {
  const unspecified = UNSPECIFIED[loopback]!;

  Deno.test(`${loopback}: bound to port 0, the system chooses one, and it stays when it listens`, async () => {
    using guest = new Guest();
    for (const address of [loopback, unspecified]) {
      const socket = await guest.bound(guest.tcp(familyOf(loopback)), at(address));
      const local = socket.localAddress();
      assert.notEqual(portOf(local), 0);
      assert.deepEqual(local, at(address, portOf(local)));
      socket.startListen();
      socket.finishListen();
      assert.deepEqual(socket.localAddress(), local);
    }
  });

  Deno.test(`${loopback}: an address in use, not of this host, or not unicast`, async () => {
    using guest = new Guest();
    const first = await guest.listener(loopback);
    const used = first.localAddress();
    const second = guest.tcp(familyOf(loopback));
    await assert.rejects(guest.bound(second, used), isCode("address-in-use"));
    const foreign = loopback === "::1" ? "2001:db8::1" : "198.51.100.7";
    await assert.rejects(guest.bound(second, at(foreign)), isCode("address-not-bindable"));
    const group = loopback === "::1" ? "ff02::1" : "224.0.0.1";
    assert.equal(outcomeOf(() => second.startBind(guest.network, at(group))), "invalid-argument");
    // "Bind can be attempted multiple times on the same socket, as long as the previous bind failed."
    await guest.bound(second, at(loopback));
    assert.equal(outcomeOf(() => second.startBind(guest.network, at(loopback))), "invalid-state");
  });

  Deno.test(`${loopback}: the address of a connection that was just closed can be bound again`, async () => {
    using guest = new Guest();
    const listener = await guest.listener(loopback);
    const address = listener.localAddress();
    const [client, ...clientStreams] = await guest.connection(address);
    const [accepted, input, output] = await finish(listener, () => listener.accept());
    // This end closes first: it is the one that stays in TIME_WAIT.
    await output.blockingWriteAndFlush(new Uint8Array(10));
    for (const one of [input, output, accepted, listener]) one[Symbol.dispose]();
    const [clientInput] = clientStreams;
    assert.equal((await clientInput.blockingRead(100n)).length, 10);
    await assert.rejects(async () => await clientInput.blockingRead(1n));
    const again = guest.tcp(familyOf(loopback));
    await guest.bound(again, address);
    again.startListen();
    again.finishListen();
    client[Symbol.dispose]();
  });

  Deno.test(`${loopback}: a bound socket that does not listen lets nobody in`, async () => {
    using guest = new Guest();
    const socket = await guest.bound(guest.tcp(familyOf(loopback)), at(loopback));
    await new Peer(portOf(socket.localAddress()), loopback).gone;
    socket.startListen();
    socket.finishListen();
    assert.equal(outcomeOf(() => socket.accept()), "would-block");
  });

  Deno.test(`${loopback}: connections are accepted in the order of their coming, with their addresses`, async () => {
    using guest = new Guest();
    const listener = await guest.listener(loopback);
    const address = listener.localAddress();
    for (let i = 0; i < 3; i++) {
      using peer = await Deno.connect({ hostname: loopback, port: portOf(address) });
      const [socket, input, output] = await finish(listener, () => listener.accept());
      assert.deepEqual(socket.localAddress(), address);
      assert.deepEqual(socket.remoteAddress(), at(loopback, (peer.localAddr as Deno.NetAddr).port));
      assert.equal(socket.addressFamily(), familyOf(loopback));
      assert.equal(outcomeOf(() => listener.accept()), "would-block");
      for (const one of [input, output, socket]) one[Symbol.dispose]();
    }
  });

  Deno.test(`${loopback}: a bound socket connects from where it is bound`, async () => {
    using guest = new Guest();
    const listener = await guest.listener(loopback);
    const client = await guest.bound(guest.tcp(familyOf(loopback)), at(loopback));
    const local = client.localAddress();
    client.startConnect(guest.network, listener.localAddress());
    assert.deepEqual(client.localAddress(), local);
    await finish(client, () => client.finishConnect());
    assert.deepEqual(client.localAddress(), local);
    const [accepted] = await finish(listener, () => listener.accept());
    assert.deepEqual(accepted.remoteAddress(), local);
  });
}

Deno.test("an IPv6 socket at :: has no IPv4 peers", { ignore: LOOPBACKS.length < 2 }, async () => {
  using guest = new Guest();
  const listener = await guest.listener("::");
  const port = portOf(listener.localAddress());
  await new Peer(port).gone;
  assert.equal(outcomeOf(() => listener.accept()), "would-block");
  using six = await Deno.connect({ hostname: "::1", port });
  const [socket] = await finish(listener, () => listener.accept());
  assert.deepEqual(socket.remoteAddress(), at("::1", (six.localAddr as Deno.NetAddr).port));
});

Deno.test("who waits beyond the backlog is sent away; the others are accepted", async () => {
  using guest = new Guest();
  const listener = await guest.bound(guest.tcp(), at("127.0.0.1"));
  listener.setListenBacklogSize(2n);
  listener.startListen();
  listener.finishListen();
  const port = portOf(listener.localAddress());
  const peers: Peer[] = [];
  for (let i = 0; i < 5; i++) {
    peers.push(new Peer(port));
    await peers[i]!.there;
  }
  await Promise.all(peers.slice(2).map(({ gone }) => gone));
  for (const peer of peers.slice(0, 2)) {
    const [socket] = await finish(listener, () => listener.accept());
    assert.equal(portOf(socket.remoteAddress()), peer.socket.localPort);
  }
  assert.equal(outcomeOf(() => listener.accept()), "would-block");
  // The queue is this host's own: its length can be changed while it is used.
  listener.setListenBacklogSize(1n);
  const later = [new Peer(port), new Peer(port)];
  await Promise.race(later.map(({ gone }) => gone));
  await finish(listener, () => listener.accept());
  assert.equal(outcomeOf(() => listener.accept()), "would-block");
  guest.reach.close();
  await Promise.all([...peers, ...later].map(({ gone }) => gone));
});

Deno.test("a flood of connections beyond the limit of sockets is told once, and goes on when there is room", async () => {
  using guest = new Guest(undefined, { sockets: 3 });
  const listener = await guest.listener();
  const port = portOf(listener.localAddress());
  const peers = [new Peer(port), new Peer(port)];
  for (const { there } of peers) await there;
  await until(listener);
  await Promise.all([new Peer(port), new Peer(port), new Peer(port)].map(({ gone }) => gone));
  const accepted = [];
  for (const _ of peers) accepted.push(await finish(listener, () => listener.accept()));
  assert.ok(listener.subscribe().ready());
  assert.equal(outcomeOf(() => listener.accept()), "new-socket-limit");
  assert.ok(!listener.subscribe().ready());
  assert.equal(outcomeOf(() => listener.accept()), "would-block");
  assert.equal(outcomeOf(() => guest.tcp()), "new-socket-limit");
  const [first] = accepted;
  const port0 = portOf(first![0].remoteAddress());
  for (const one of first!) one[Symbol.dispose]();
  const [closed] = peers.filter(({ socket }) => socket.localPort === port0);
  closed!.socket.end();
  await closed!.gone;
  const late = new Peer(port);
  const [socket] = await finish(listener, () => listener.accept());
  assert.equal(portOf(socket.remoteAddress()), late.socket.localPort);
  guest.reach.close();
  await Promise.all([...peers, late].map(({ gone }) => gone));
});

Deno.test("a dropped listener sends away who was not accepted, and the address is free", async () => {
  using guest = new Guest();
  const listener = await guest.listener();
  const address = listener.localAddress();
  const peer = new Peer(portOf(address));
  await until(listener);
  listener[Symbol.dispose]();
  assert.equal(await peer.gone, "ECONNRESET");
  await guest.bound(guest.tcp(), address);
});
