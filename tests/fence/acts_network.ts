/** Acts on the network, and on the sockets of this host. */
import { type Act, c, call, loopback, native, reach } from "./act.ts";

const AF_UNIX = 1, AF_INET = 2, AF_NETLINK = 16, AF_PACKET = 17, AF_VSOCK = 40;
const SOCK_STREAM = 1, SOCK_DGRAM = 2, SOCK_RAW = 3;
const MSG_FASTOPEN = 0x2000_0000;

async function connect(port: number): Promise<void> {
  (await Deno.connect({ hostname: "127.0.0.1", port })).close();
}

/** Sends a datagram to a port of this host. */
async function send(port: number): Promise<void> {
  const { createSocket } = await import("node:dgram");
  const socket = createSocket("udp4");
  try {
    await new Promise<void>((resolve, reject) => {
      socket.on("error", reject);
      socket.send("x", port, "127.0.0.1", (error) => error ? reject(error) : resolve());
    });
  } finally {
    socket.close();
  }
}

/** Connects to a Unix socket. */
async function connectUnix(path: string): Promise<void> {
  const { connect } = await import("node:net");
  await new Promise<void>((resolve, reject) => {
    const socket = connect(path, () => resolve(void socket.destroy()));
    socket.on("error", reject);
  });
}

/** The address of a Unix socket. */
function unix(path: string): ArrayBuffer {
  const address = new Uint8Array(110);
  address[0] = AF_UNIX;
  address.set(new TextEncoder().encode(path), 2);
  return address.buffer;
}

export const network: readonly Act[] = [
  {
    act: "connect anywhere when nothing is granted",
    attempt: ({ granted }) => connect(granted),
    os: "held",
    deno: "held",
  },
  {
    act: "wait for connections when nothing is granted",
    attempt: () => Deno.listen({ hostname: "127.0.0.1", port: 0 }).close(),
    os: "held",
    deno: "held",
  },
  {
    act: "send a datagram when nothing is granted",
    attempt: ({ datagrams }) => send(datagrams),
    os: "held",
    deno: "held",
  },
  {
    act: "look a name up when nothing is granted",
    attempt: async () => {
      const { lookup } = await import("node:dns");
      return new Promise((resolve, reject) =>
        lookup("localhost", (error, address) => error ? reject(error) : resolve(address))
      );
    },
    os: "held",
    deno: "held",
  },
  {
    act: "connect to a port that is not granted",
    world: "network",
    attempt: ({ notGranted }) => connect(notGranted),
    os: "held",
    deno: "held",
  },
  {
    act: "wait for connections when only connecting is granted",
    world: "network",
    attempt: () => Deno.listen({ hostname: "127.0.0.1", port: 0 }).close(),
    os: "held",
    deno: "held",
  },
  {
    act: "send a datagram to a port that is not granted, where any may be sent",
    world: "network",
    attempt: ({ datagrams }) => send(datagrams),
    os: { not: "Landlock has no rules for UDP yet, and looking names up takes it" },
    deno: "held",
  },
  {
    act: "connect to an address that is not granted, on a port that is",
    world: "network",
    attempt: ({ granted }) => Deno.connect({ hostname: "127.0.0.2", port: granted }).then((it) => it.close()),
    os: { not: "Landlock's rules are about ports, not addresses" },
    deno: "held",
  },
  {
    act: "ask a web server that is not granted",
    world: "network",
    attempt: ({ web }) => fetch(`http://127.0.0.1:${web}/`).then((response) => response.text()),
    os: "held",
    deno: "held",
  },
  native({
    act: "connect by sending, which is not asked about",
    world: "network",
    attempt: ({ notGranted }) => {
      const socket = call("socket", AF_INET, SOCK_STREAM, 0);
      return reach("sendto", socket, c("x"), 1, MSG_FASTOPEN, loopback(notGranted), 16);
    },
    os: "held",
  }),
  native({
    act: "listen without binding, which is not asked about",
    world: "network",
    attempt: () => reach("listen", call("socket", AF_INET, SOCK_STREAM, 0), 1),
    os: "held",
    rules: {
      not:
        "a grant that names an address lets its holder listen there; no filter can tell a socket that is bound from " +
        "one that is not, which then listens at any free port",
    },
  }),
  native({
    act: "make a socket of multipath TCP, which is no TCP to Landlock",
    world: "network",
    attempt: () => reach("socket", AF_INET, SOCK_STREAM, 262),
    os: "held",
  }),
  native({
    act: "make a socket of SCTP, which is no TCP to Landlock",
    world: "network",
    attempt: () => reach("socket", AF_INET, SOCK_STREAM, 132),
    os: "held",
  }),
  native({
    act: "make a TCP socket one of another protocol",
    world: "network",
    attempt: () => reach("setsockopt", call("socket", AF_INET, SOCK_STREAM, 0), 6, 31, c("smc"), 3),
    os: "held",
  }),
  native({
    act: "write packets of its own",
    world: "network",
    attempt: () => reach("socket", AF_INET, SOCK_RAW, 1),
    root: true,
    os: "held",
  }),
  native({
    act: "read the packets of others",
    world: "network",
    attempt: () => reach("socket", AF_PACKET, SOCK_RAW, 3),
    root: true,
    os: "held",
  }),
  native({
    act: "ask the kernel about interfaces and routes",
    world: "network",
    attempt: () => reach("socket", AF_NETLINK, SOCK_RAW, 0),
    os: "held",
  }),
  native({
    act: "talk to the machine that this one runs on",
    world: "network",
    attempt: () => reach("socket", AF_VSOCK, SOCK_STREAM, 0),
    os: "held",
  }),
  {
    act: "connect to a Unix socket, even in its mount",
    attempt: ({ socket }) => connectUnix(socket),
    os: "held",
    deno: "held",
  },
  {
    act: "connect to an abstract Unix socket",
    attempt: ({ abstractSocket }) => connectUnix(abstractSocket),
    os: "held",
    deno: "held",
  },
  native({
    act: "make a pair of sockets that can be connected to a service afterwards",
    attempt: ({ socket }) => {
      const pair = new Int32Array(2);
      call("socketpair", AF_UNIX, SOCK_DGRAM, 0, pair.buffer);
      return reach("connect", pair[0]!, unix(socket), 110);
    },
    os: "held",
  }),
];
