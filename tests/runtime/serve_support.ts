/** A service of the guest `proxy`, and a client that says exactly what a test wants. */
import { type RequestRecord, Runtime, type ServeOptions, type Server } from "../../mod.ts";
import { component, entry, hashOf, HEAD, project } from "../support/project.ts";
import { Collector } from "./support.ts";

/** What `proxy` imports. */
export const IMPORTS = "[wasi:io, wasi:cli, wasi:clocks, wasi:http]";

/** The method of a handler. */
export const METHOD = "wasi:http/incoming-handler@0.2.3#handle";

const PROXY = "tests/guests/proxy/proxy.wasm";

/** An entry of the guest `proxy`, with more fields or others. */
export async function proxyEntry(more: Readonly<Record<string, string>> = {}): Promise<string> {
  const hash = await hashOf(component(PROXY));
  return entry({
    name: "web",
    path: "proxy.wasm",
    hash,
    method: METHOD,
    imports: IMPORTS,
    isolation: "inline",
    ...more,
  });
}

/** A directory with an `app.yaml` of these entries, and the guest. */
export async function proxyProject(entries: string) {
  return await project({ "proxy.wasm": component(PROXY), "app.yaml": HEAD + entries });
}

/** Something that comes one after the other, and can be waited for. */
export class Log<T> {
  readonly all: T[] = [];
  readonly #waiting = new Set<() => void>();

  /** One more. */
  add(item: T): void {
    this.all.push(item);
    for (const wake of this.#waiting) wake();
  }

  /** The first that matches, now or later. */
  async find(matches: (item: T) => boolean): Promise<T> {
    for (;;) {
      const found = this.all.find(matches);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.#waiting.delete(wake);
          resolve();
        };
        this.#waiting.add(wake);
      });
    }
  }
}

/** A collector that can be waited for. */
export class Output extends Collector {
  readonly #log = new Log<string>();

  override writeSync(bytes: Uint8Array): number {
    const count = super.writeSync(bytes);
    this.#log.add(this.text);
    return count;
  }

  /** Once it has written this. */
  async until(text: string): Promise<void> {
    await this.#log.find((all) => all.includes(text));
  }
}

/** A service that listens, and what it has told so far. */
export interface Web extends AsyncDisposable {
  readonly server: Server;
  readonly port: number;
  /** `http://127.0.0.1:port` */
  readonly url: string;
  /** What went wrong: `GET /trap: Trap: …`. */
  readonly errors: Log<string>;
  readonly records: Log<RequestRecord>;
  /** What guests wrote to their standard error. */
  readonly stderr: Output;
}

/** Serves the guest `proxy`. */
export async function web(
  options: ServeOptions = {},
  fields: Readonly<Record<string, string>> = {},
): Promise<Web> {
  const folder = await proxyProject(await proxyEntry(fields));
  const stderr = new Output();
  const errors = new Log<string>(), records = new Log<RequestRecord>();
  const runtime = await Runtime.load(`${folder.directory}/app.yaml`, { stdio: { stderr, stdout: stderr } });
  const server = await runtime.serve({
    port: 0,
    onError: (error, { method, path }) => errors.add(`${method} ${path}: ${error}`),
    onRequest: (record) => records.add(record),
    ...options,
  });
  const { port } = server.addr;
  return {
    server,
    port,
    url: `http://127.0.0.1:${port}`,
    errors,
    records,
    stderr,
    async [Symbol.asyncDispose]() {
      await server.shutdown(true);
      await runtime[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** A connection. Text is one character for each byte. */
export class Wire implements Disposable {
  readonly #conn: Deno.TcpConn;
  #text = "";
  #closed = false;

  private constructor(conn: Deno.TcpConn) {
    this.#conn = conn;
  }

  static async to(port: number): Promise<Wire> {
    return new Wire(await Deno.connect({ hostname: "127.0.0.1", port }));
  }

  /** Sends text. */
  async send(text: string): Promise<void> {
    const bytes = Uint8Array.from(text, (c) => c.charCodeAt(0));
    for (let at = 0; at < bytes.length;) at += await this.#conn.write(bytes.subarray(at));
  }

  /** Sends nothing more, and still listens. */
  async shut(): Promise<void> {
    await this.#conn.closeWrite().catch(() => {});
  }

  /** Everything that has come, once it matches. */
  async until(pattern: RegExp): Promise<string> {
    while (!pattern.test(this.#text)) {
      if (!await this.#more()) throw new Error(`closed before ${pattern}: ${JSON.stringify(this.#text)}`);
    }
    return this.#text;
  }

  /** Everything, once the other side has closed. */
  async end(): Promise<string> {
    while (await this.#more());
    return this.#text;
  }

  /** How many bytes are still to come. */
  async count(): Promise<number> {
    const buffer = new Uint8Array(1 << 20);
    for (let total = 0;;) {
      const count = await this.#conn.read(buffer);
      if (count === null) return total;
      total += count;
    }
  }

  async #more(): Promise<boolean> {
    const buffer = new Uint8Array(65536);
    const count = await this.#conn.read(buffer).catch((error: unknown) => {
      if (error instanceof Deno.errors.ConnectionReset) return null;
      throw error;
    });
    for (const byte of buffer.subarray(0, count ?? 0)) this.#text += String.fromCharCode(byte);
    return count !== null;
  }

  /** Leaves. */
  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#conn.close();
  }
}

/** One request on a connection of its own: everything that came until the server closed, or until the pattern. */
export async function exchange(port: number, request: string, until?: RegExp): Promise<string> {
  using wire = await Wire.to(port);
  await wire.send(request);
  return until === undefined ? await wire.end() : await wire.until(until);
}

/** The header of a request that ends the connection after its response. */
export function request(target: string, fields: readonly string[] = [], method = "GET"): string {
  return [`${method} ${target} HTTP/1.1`, "Host: example.com", ...fields, "", ""].join("\r\n");
}

/** Fields that end the connection after its response. */
export const CLOSE = ["Connection: close"];

/** The part of a response after its header. */
export function contents(response: string): string {
  return response.slice(response.indexOf("\r\n\r\n") + 4);
}

/** What chunks hold, as far as they have come. */
export function chunks(text: string): string {
  let all = "";
  for (;;) {
    const line = /^([0-9a-f]+)\r\n/.exec(text);
    if (line === null) return all;
    const from = line[0].length, length = parseInt(line[1]!, 16);
    all += text.slice(from, from + length);
    text = text.slice(from + length + 2);
  }
}

/** Whether two lots of bytes are the same. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** A test with a service of its own. */
export function serving(
  title: string,
  test: (served: Web) => Promise<void>,
  options: ServeOptions = {},
): void {
  Deno.test(title, async () => {
    await using served = await web(options);
    await test(served);
  });
}
