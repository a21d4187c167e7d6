/** A guest with sockets, played without a guest: run as a process of its own by `sockets_end_test.ts`. */
import { type Grant, release } from "../../src/wasi/mod.ts";
import { host } from "./support.ts";
import { ALL, grantOf } from "./support.ts";
import { wasi, WASI_VERSION } from "../../src/wasi/mod.ts";
import { at, finish, Guest, outcomeOf, portOf, until } from "./sockets_support.ts";
import { network } from "./network_support.ts";

/** Opens one of everything, ends the guest, and has nothing left to do. */
async function end(): Promise<void> {
  const guest = new Guest();
  const listener = await guest.listener();
  const address = listener.localAddress();
  // Connections: one that waits to be accepted, one that does not read, one that cannot write, one under way.
  await guest.connection(address);
  const [, , output] = await guest.connection(address);
  await finish(listener, () => listener.accept());
  const [, , other] = await finish(listener, () => listener.accept());
  for (const stream of [output, other]) {
    while (stream.checkWrite() > 0n) stream.writeZeroes(stream.checkWrite());
  }
  output[Symbol.dispose]();
  guest.tcp().startConnect(guest.network, at("192.0.2.1", 9));
  const unfinished = await guest.bound(guest.tcp(), at("127.0.0.1"));
  unfinished.startConnect(guest.network, address);
  guest.tcp().startBind(guest.network, at("127.0.0.1"));
  await guest.bound(guest.tcp(), at("127.0.0.1"));
  guest.udp().startBind(guest.network, at("127.0.0.1"));
  const [input] = (await guest.udpAt()).stream(undefined);
  guest.lookup("localhost");
  // Somebody waits, forever.
  (input.subscribe().block() as Promise<void>).catch(() => {});
  // Begun in the same breath.
  guest.tcp().startBind(guest.network, at("127.0.0.1"));
  guest.udp().startBind(guest.network, at("127.0.0.1"));
  guest.tcp().startConnect(guest.network, address);
  guest.lookup("localhost");
  guest.reach.close();
  console.log(outcomeOf(() => guest.tcp()), outcomeOf(() => guest.udp()));
  // Ended at every moment of a beginning.
  for (let turns = 0; turns < 40; turns++) {
    for (const begin of BEGINNINGS) {
      const short = new Guest();
      const socket = await begin(short);
      for (let i = 0; i < turns; i++) await undefined;
      if (turns % 2 === 0) socket[Symbol.dispose]();
      short.reach.close();
    }
  }
}

const BEGINNINGS: ((guest: Guest) => Disposable | Promise<Disposable>)[] = [
  (guest) => {
    const socket = guest.tcp();
    socket.startBind(guest.network, at("127.0.0.1"));
    return socket;
  },
  (guest) => {
    const socket = guest.udp();
    socket.startBind(guest.network, at("127.0.0.1"));
    return socket;
  },
  async (guest) => {
    const listener = await guest.listener();
    const socket = guest.tcp();
    socket.startConnect(guest.network, listener.localAddress());
    return socket;
  },
  async (guest) => {
    const listener = await guest.listener();
    const socket = await guest.bound(guest.tcp(), at("127.0.0.1"));
    socket.startConnect(guest.network, listener.localAddress());
    return socket;
  },
];

/** The same by way of the import object, as a runtime does it. */
async function ended(): Promise<void> {
  const grant: Grant = grantOf(ALL, { network: undefined });
  const imports = wasi(grant);
  // deno-lint-ignore no-explicit-any -- a guest is not type-checked either
  const face = (name: string) => imports[`wasi:sockets/${name}@${WASI_VERSION}`] as any;
  const handle = face("instance-network").instanceNetwork();
  const socket = face("tcp-create-socket").createTcpSocket("ipv4");
  socket.startBind(handle, at("127.0.0.1"));
  await until(socket);
  socket.finishBind();
  socket.startListen();
  socket.finishListen();
  const udp = face("udp-create-socket").createUdpSocket("ipv4");
  udp.startBind(handle, at("127.0.0.1"));
  await until(udp);
  udp.finishBind();
  release(imports);
  console.log("released");
}

/** Sends, and is gone: as a program that tells something to a collector of logs. */
async function burst(port: string): Promise<void> {
  const imports = wasi(grantOf(ALL, { network: undefined }));
  // deno-lint-ignore no-explicit-any -- a guest is not type-checked either
  const face = (name: string) => imports[`wasi:sockets/${name}@${WASI_VERSION}`] as any;
  const udp = face("udp-create-socket").createUdpSocket("ipv4");
  udp.startBind(face("instance-network").instanceNetwork(), at("0.0.0.0"));
  await until(udp);
  udp.finishBind();
  const [, output] = udp.stream(at("127.0.0.1", Number(port)));
  output.checkSend();
  output.send(Array.from({ length: 20 }, (_, i) => ({ data: Uint8Array.of(i) })));
  await release(imports);
  Deno.exit(0);
}

/** Waits for half a second at everything that can be waited for, and tells what that took. */
async function idle(): Promise<void> {
  const guest = new Guest();
  const listener = await guest.listener();
  const [, input, output] = await guest.connection(listener.localAddress());
  await finish(listener, () => listener.accept());
  const [datagrams] = (await guest.udpAt()).stream(undefined);
  let wakes = 0;
  const pollables = [listener, input, output, datagrams].map((one) => one.subscribe());
  for (const pollable of pollables) pollable.watch(() => wakes++);
  const { poll } = host("wasi:io/poll");
  const { subscribeDuration } = host("wasi:clocks/monotonic-clock");
  const { cpuUsage } = await import("node:process");
  // The kernel takes more, later: until it has not for a while.
  while (output.checkWrite() > 0n) {
    output.writeZeroes(output.checkWrite());
    if (output.checkWrite() === 0n) await poll([subscribeDuration(300_000_000n)]);
  }
  const before = cpuUsage();
  wakes = 0;
  const ready = await poll([...pollables, subscribeDuration(500_000_000n)]);
  const { user, system } = cpuUsage(before);
  console.log(JSON.stringify({ ready: [...ready], wakes, milliseconds: Math.round((user + system) / 1000) }));
  guest.reach.close();
}

/** Takes all that it can get, drops things half-way, and never reads. */
async function hoard(): Promise<void> {
  const guest = new Guest(undefined, { sockets: 40 });
  const listener = await guest.listener();
  const address = listener.localAddress();
  const counts: Record<string, number> = {};
  for (let round = 0; round < 400; round++) {
    const outcome = outcomeOf(() => {
      const socket = guest.tcp();
      socket.startConnect(guest.network, address);
      // Every third is dropped while it connects.
      if (round % 3 === 0) socket[Symbol.dispose]();
    });
    counts[outcome] = (counts[outcome] ?? 0) + 1;
    if (round % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  const open = Deno.readDirSync("/proc/self/fd").toArray().length;
  guest.reach.close();
  console.log(JSON.stringify({ outcomes: Object.keys(counts).sort(), few: open < 40 + 60 }));
}

/** What the process itself may not do. */
async function scope(port: string): Promise<void> {
  const guest = new Guest(network(["127.0.0.1"]));
  const listening = await guest.bound(guest.tcp(), at("127.0.0.1", Number(port)));
  listening.startListen();
  const outcomes: string[] = [outcomeOf(() => listening.finishListen())];
  for (const other of [guest.tcp(), guest.udp()]) {
    other.startBind(guest.network, at("127.0.0.1"));
    await until(other);
    outcomes.push(outcomeOf(() => other.finishBind()));
  }
  const client = guest.tcp();
  client.startConnect(guest.network, at("127.0.0.1", Number(port) - 1));
  await until(client);
  outcomes.push(outcomeOf(() => client.finishConnect()));
  const udp = await guest.udpAt("127.0.0.1", Number(port));
  const [, output] = udp.stream(undefined);
  output.checkSend();
  const data = Uint8Array.of(1);
  outcomes.push(outcomeOf(() => output.send([{ data, remoteAddress: at("127.0.0.1", Number(port) - 1) }])));
  output.checkSend();
  outcomes.push(outcomeOf(() => output.send([{ data, remoteAddress: at("127.0.0.1", Number(port)) }])));
  console.log(outcomes.join(" "), portOf(udp.localAddress()) === Number(port));
  guest.reach.close();
}

const parts: Record<string, (word: string) => Promise<void>> = { end, ended, burst, idle, hoard, scope };
await parts[Deno.args[0]!]!(Deno.args[1]!);
