/** What the tests of outgoing HTTP share: a guest's side, driven by hand, and servers that say what a test wants. */
import assert from "node:assert/strict";
import { createServer, type Server, type Socket } from "node:net";
import type { Network } from "../../src/grant/network.ts";
import { Reach } from "../../src/wasi/network/reach.ts";
import type { NetworkLimits } from "../../src/wasi/network/limits.ts";
import { httpErrorCode } from "../../src/wasi/http/error_code.ts";
import { Fields } from "../../src/wasi/http/fields.ts";
import type { FutureIncomingResponse } from "../../src/wasi/http/future_incoming_response.ts";
import { IncomingBody } from "../../src/wasi/http/incoming_body.ts";
import type { IncomingResponse } from "../../src/wasi/http/incoming_response.ts";
import { type Handle, handleOf } from "../../src/wasi/http/outgoing_handler.ts";
import { OutgoingBody } from "../../src/wasi/http/outgoing_body.ts";
import { OutgoingRequest } from "../../src/wasi/http/outgoing_request.ts";
import { RequestOptions } from "../../src/wasi/http/request_options.ts";
import type { ErrorCode, Method, Scheme } from "../../src/wasi/http/types.ts";
import { ComponentError } from "../../src/component/error.ts";
import type { InputStream } from "../../src/wasi/io/input_stream.ts";
import type { StreamError } from "../../src/wasi/io/stream_error.ts";
import { bytes, text } from "./support.ts";

/** What a test asks for. */
export interface Asked {
  readonly method?: Method;
  readonly scheme?: Scheme;
  readonly authority?: string;
  readonly path?: string;
  readonly fields?: readonly (readonly [string, string])[];
}

/** One guest: its way out, and `handle`. */
export class Guest implements Disposable {
  readonly reach: Reach;
  readonly handle: Handle;

  constructor(network?: Network, limits?: Partial<NetworkLimits>) {
    this.reach = new Reach(network, limits);
    this.handle = handleOf(this.reach);
  }

  /** Sends a request without contents and waits for what comes of it. */
  async get(asked: Asked, options?: RequestOptions): Promise<IncomingResponse | ErrorCode> {
    return await outcomeOf(this.handle(requestOf(asked), options));
  }

  [Symbol.dispose](): void {
    this.reach.close();
  }
}

/** A request that can be sent, or that `handle` refuses. */
export function requestOf(asked: Asked): OutgoingRequest {
  const fields = (asked.fields ?? []).map(([name, value]) => [name, bytes(value)] as [string, Uint8Array]);
  const request = new OutgoingRequest(Fields.fromList(fields));
  request.setScheme(asked.scheme ?? { tag: "HTTP" });
  if (asked.method !== undefined) request.setMethod(asked.method);
  if (asked.authority !== undefined) request.setAuthority(asked.authority);
  request.setPathWithQuery(asked.path);
  return request;
}

/** What came of a request. */
export async function outcomeOf(future: FutureIncomingResponse): Promise<IncomingResponse | ErrorCode> {
  await future.subscribe().block();
  const result = future.get();
  assert.ok(result?.tag === "ok", "it was ready, and taken once");
  future[Symbol.dispose]();
  return result.val.val;
}

/** A response, where there must be one. */
export function responseOf(result: IncomingResponse | ErrorCode): IncomingResponse {
  assert.ok(!("tag" in result), `no response: ${JSON.stringify(result)}`);
  return result;
}

/** An error, where there must be one. */
export function codeOf(result: IncomingResponse | ErrorCode): ErrorCode {
  assert.ok("tag" in result, "a response, where an error was expected");
  return result;
}

/** What `handle` refuses a request with. */
export function refusalOf(guest: Guest, request: OutgoingRequest): ErrorCode {
  try {
    guest.handle(request, undefined)[Symbol.dispose]();
  } catch (error) {
    assert.ok(error instanceof ComponentError, `${error}`);
    return error.payload as ErrorCode;
  }
  throw new assert.AssertionError({ message: "it was sent" });
}

/** Everything that a stream gives, and how it ended. */
export async function drain(
  stream: InputStream,
): Promise<{ bytes: Uint8Array; error: ErrorCode | undefined }> {
  const chunks: Uint8Array[] = [];
  let error: ErrorCode | undefined;
  try {
    for (;;) chunks.push((await stream.blockingRead(1n << 20n)).slice());
  } catch (thrown) {
    error = streamError(thrown);
  }
  return { bytes: concat(chunks), error };
}

/** The `error-code` of a stream's failure; `undefined` where it was closed. */
export function streamError(thrown: unknown): ErrorCode | undefined {
  assert.ok(thrown instanceof ComponentError, `${thrown}`);
  const payload = thrown.payload as StreamError;
  if (payload.tag === "closed") return undefined;
  const code = httpErrorCode(payload.val);
  assert.ok(code, "an error of HTTP");
  return code;
}

/** The contents of a response, its trailers, and how it ended; everything is dropped. */
export async function read(response: IncomingResponse): Promise<{
  text: string;
  error: ErrorCode | undefined;
  trailers: [string, string][] | ErrorCode | undefined;
}> {
  const body = response.consume();
  response[Symbol.dispose]();
  const stream = body.stream();
  const drained = await drain(stream);
  stream[Symbol.dispose]();
  const future = IncomingBody.finish(body);
  await future.subscribe().block();
  const result = future.get();
  assert.ok(result?.tag === "ok");
  const { val } = result;
  const trailers = val.tag === "err" ? val.val : val.val && pairs(val.val);
  if (val.tag === "ok") val.val?.[Symbol.dispose]();
  future[Symbol.dispose]();
  return { text: text(drained.bytes), error: drained.error, trailers };
}

/** Fields as text. */
export function pairs(fields: Fields): [string, string][] {
  return fields.entries().map(([name, value]) => [name, text(value)]);
}

/** The contents of a request, written at once and finished. */
export async function write(request: OutgoingRequest, contents: string): Promise<void> {
  const body = request.body();
  const stream = body.write();
  await stream.blockingWriteAndFlush(bytes(contents));
  stream[Symbol.dispose]();
  OutgoingBody.finish(body, undefined);
}

/** Options in milliseconds. */
export function timeouts(
  given: { connect?: number; firstByte?: number; betweenBytes?: number },
): RequestOptions {
  const options = new RequestOptions();
  const nanoseconds = (ms: number | undefined) => ms === undefined ? undefined : BigInt(ms) * 1_000_000n;
  options.setConnectTimeout(nanoseconds(given.connect));
  options.setFirstByteTimeout(nanoseconds(given.firstByte));
  options.setBetweenBytesTimeout(nanoseconds(given.betweenBytes));
  return options;
}

/** One connection of a {@linkcode RawServer}. */
export interface Peer {
  readonly socket: Socket;
  /** Everything that came so far. */
  readonly received: () => string;
  /** Waits until what came matches. */
  readonly until: (pattern: RegExp) => Promise<string>;
  /** Waits until the other side has closed. */
  readonly closed: Promise<void>;
}

/** A TCP server that says to each connection what the test wants, once its request's header (or `when`) is there. */
export class RawServer implements AsyncDisposable {
  readonly #server: Server;
  readonly peers: Peer[] = [];
  readonly port: number;
  #waiting: (() => void)[] = [];

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  static async start(
    answer: (peer: Peer, index: number) => unknown,
    when = /\r\n\r\n/,
  ): Promise<RawServer> {
    const server = createServer({ allowHalfOpen: true });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const raw = new RawServer(server, (server.address() as { port: number }).port);
    server.on("connection", (socket) => raw.#accept(socket, answer, when));
    return raw;
  }

  /** `127.0.0.1:port` */
  get authority(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** The connection of this number, once it is there. */
  async peer(index: number): Promise<Peer> {
    while (this.peers[index] === undefined) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    return this.peers[index];
  }

  #accept(socket: Socket, answer: (peer: Peer, index: number) => unknown, when: RegExp): void {
    let received = "";
    let waiting: (() => void)[] = [];
    const closed = Promise.withResolvers<void>();
    const wake = () => {
      const all = waiting;
      waiting = [];
      for (const one of all) one();
    };
    socket.on("error", () => {});
    socket.on("data", (data) => {
      received += data.toString("latin1");
      wake();
    });
    socket.on("end", () => closed.resolve());
    socket.on("close", () => {
      closed.resolve();
      wake();
    });
    const until = async (pattern: RegExp) => {
      while (!pattern.test(received)) {
        if (socket.destroyed) throw new Error(`closed before ${pattern}`);
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
      return received;
    };
    const peer: Peer = { socket, received: () => received, until, closed: closed.promise };
    const index = this.peers.push(peer) - 1;
    for (const came of this.#waiting.splice(0)) came();
    until(when).then(() => answer(peer, index), () => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { socket } of this.peers) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function concat(chunks: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
