/** Real servers on the loopback interface, which count whom they accept. */
import { createSocket } from "node:dgram";
import { createServer, type Socket } from "node:net";

const PATIENCE_MS = 10_000;

/** A server that is stopped at the end of its scope. */
export interface Peer extends AsyncDisposable {
  /** `127.0.0.1:1234`, `[::1]:1234`. */
  readonly address: string;
  readonly port: number;
  /** How many connections it has accepted. */
  readonly accepted: number;
  /** What the connections failed with. */
  readonly failures: unknown[];
}

/**
 * Serves each connection, half-open as it may be; one that failed or is done is closed.
 *
 * @param serve What to do with each; by default nothing: it is closed at once.
 */
export function peer(
  serve: (connection: Deno.TcpConn, number: number) => unknown = () => {},
  hostname = "127.0.0.1",
): Peer {
  const listener = Deno.listen({ hostname, port: 0 });
  const failures: unknown[] = [];
  const open = new Set<Deno.TcpConn>();
  let accepted = 0;
  const served = (async () => {
    for await (const connection of listener) {
      open.add(connection);
      accepted++;
      (async () => await serve(connection, accepted))().catch((error) => failures.push(error)).finally(() => {
        open.delete(connection);
        close(connection);
      });
    }
  })();
  const { port } = listener.addr;
  return {
    address: `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`,
    port,
    failures,
    get accepted() {
      return accepted;
    },
    async [Symbol.asyncDispose]() {
      listener.close();
      await served;
      open.forEach(close);
    },
  };
}

/** Sends back all that comes. */
export async function echo(connection: Deno.TcpConn): Promise<void> {
  const part = new Uint8Array(65_536);
  for (let n = await connection.read(part); n !== null; n = await connection.read(part)) {
    await writeAll(connection, part.subarray(0, n));
  }
  await connection.closeWrite();
}

/** Writes all of it. */
export async function writeAll(connection: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}

/** Reads to the end. */
export async function readAll(connection: Deno.TcpConn): Promise<Uint8Array<ArrayBuffer>> {
  const parts: BlobPart[] = [];
  const part = new Uint8Array(65_536);
  for (let n = await connection.read(part); n !== null; n = await connection.read(part)) {
    parts.push(part.slice(0, n));
  }
  return await new Blob(parts).bytes();
}

/** A server of which each connection is reset once something has come. */
export async function resetting(): Promise<Peer> {
  const open = new Set<Socket>();
  const failures: unknown[] = [];
  let accepted = 0;
  const server = createServer((socket) => {
    accepted++;
    open.add(socket);
    socket.on("error", (error) => failures.push(error));
    socket.once("data", () => socket.resetAndDestroy());
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as { port: number };
  return {
    address: `127.0.0.1:${port}`,
    port,
    failures,
    get accepted() {
      return accepted;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

/** A port where nobody listens: it was free a moment ago. */
export function closedPort(hostname = "127.0.0.1"): number {
  using listener = Deno.listen({ hostname, port: 0 });
  return listener.addr.port;
}

function close(connection: Deno.TcpConn): void {
  try {
    connection.close();
  } catch { /* Closed already. */ }
}

/** A UDP socket that keeps what comes. */
export interface DatagramPeer extends AsyncDisposable {
  readonly address: string;
  readonly port: number;
  /** What came, in order. */
  readonly received: readonly { readonly bytes: Uint8Array; readonly from: string }[];
  /** Resolves when so many have come; rejects after some seconds in which they have not. */
  until(number: number): Promise<void>;
  /** Sends one. */
  send(bytes: Uint8Array | string, address: string): Promise<void>;
}

/** Opens one; `answer` is told of each datagram. */
export async function datagramPeer(
  answer: (bytes: Uint8Array, from: string, self: DatagramPeer) => void = () => {},
  hostname = "127.0.0.1",
): Promise<DatagramPeer> {
  const socket = createSocket(hostname.includes(":") ? "udp6" : "udp4");
  const received: { bytes: Uint8Array; from: string }[] = [];
  const waiting = new Set<() => void>();
  socket.on("message", (message, { address, port }) => {
    const bytes = new Uint8Array(message);
    const from = `${address.includes(":") ? `[${address}]` : address}:${port}`;
    received.push({ bytes, from });
    answer(bytes, from, self);
    waiting.forEach((look) => look());
  });
  await new Promise<void>((done) => socket.bind(0, hostname, done));
  const { port } = socket.address();
  const self: DatagramPeer = {
    address: `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`,
    port,
    received,
    until: (number) =>
      new Promise((done, failed) => {
        const timer = setTimeout(
          () => failed(new Error(`${received.length} of ${number} have come`)),
          PATIENCE_MS,
        );
        const look = () => {
          if (received.length < number) return;
          clearTimeout(timer);
          waiting.delete(look);
          done();
        };
        waiting.add(look);
        look();
      }),
    send: (bytes, address) =>
      new Promise((done, failed) => {
        const [, to, port] = /^\[?(.*?)\]?:(\d+)$/.exec(address)!;
        socket.send(bytes, Number(port), to, (error) => error ? failed(error) : done());
      }),
    [Symbol.asyncDispose]: () => new Promise((done) => socket.close(() => done())),
  };
  return self;
}

/** The head of a request as it came, and the connection to answer on. */
export interface Heard {
  readonly head: string;
  readonly connection: Deno.TcpConn;
  /** The body: what a length says, or chunks to their end and the trailers, as they came. */
  body(): Promise<string>;
}

/**
 * A web server that says exactly what it is told to: one request for each connection, which it then closes.
 *
 * @param answer The whole response, or what makes it.
 */
export function webPeer(
  answer: string | ((heard: Heard, number: number) => Promise<string | undefined> | string | undefined),
  hostname = "127.0.0.1",
): Peer {
  return peer(async (connection, number) => {
    let text = "";
    const part = new Uint8Array(65_536);
    const more = async () => {
      const n = await connection.read(part);
      if (n === null) throw new Error("the request has ended early");
      text += latin1(part.subarray(0, n));
    };
    while (!text.includes("\r\n\r\n")) await more();
    const end = text.indexOf("\r\n\r\n") + 4;
    const head = text.slice(0, end);
    text = text.slice(end);
    const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
    const body = async () => {
      if (/^transfer-encoding: chunked/im.test(head)) {
        while (!/(^|\r\n)0\r\n([^\r]+\r\n)*\r\n$/.test(text)) await more();
      } else while (text.length < length) await more();
      return text;
    };
    const said = typeof answer === "string" ? answer : await answer({ head, connection, body }, number);
    if (said === undefined) return;
    await writeAll(connection, Uint8Array.from(said, (c) => c.charCodeAt(0)));
    await connection.closeWrite();
    // Closed with something unread, the connection would be reset, and the answer with it.
    await readAll(connection).catch(() => {});
  }, hostname);
}

/** Bytes, each a character. */
function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

/** A response with a body of known length. */
export function response(body: string, head = "HTTP/1.1 200 OK\r\n"): string {
  return `${head}content-length: ${body.length}\r\n\r\n${body}`;
}
