/**
 * 64 clients of a `static` pool of 2: no answer is lost and none comes twice, the queue keeps its bound, memory stays as it
 * is, and a guest that sleeps holds nobody up but those who wait for its slot. `AIRLOCK_SECONDS=30` is the full form.
 */
import assert from "node:assert/strict";
import { Runtime } from "../../mod.ts";
import { assertFlat, memory } from "../support/memory.ts";
import { component, HEAD, project } from "../support/project.ts";
import { IMPORTS, proxyEntry } from "./serve_support.ts";
import { it, load } from "./support.ts";

const SECONDS = Number(Deno.env.get("AIRLOCK_SECONDS") ?? 2);
const CLIENTS = 64;
const WORKERS = 2;
const QUEUE = 16;
const POOL = `{type: static, size: ${WORKERS}, workers: ${WORKERS}, buffer: ${QUEUE}}`;

/** Clients that come again and again until the time is up; what was measured of this process meanwhile. */
async function clients(client: (goOn: () => boolean, i: number) => Promise<void>): Promise<number> {
  const begun = performance.now();
  const goOn = () => performance.now() - begun < SECONDS * 1000;
  const sizes = [await memory(Deno.pid)];
  const timer = setInterval(async () => sizes.push(await memory(Deno.pid)), SECONDS * 100);
  try {
    await Promise.all(Array.from({ length: CLIENTS }, (_, i) => client(goOn, i)));
  } finally {
    clearInterval(timer);
  }
  sizes.push(await memory(Deno.pid));
  // In the first seconds the machine compiles, and its heap finds its size.
  assertFlat(sizes, SECONDS < 10 ? 200 : 60);
  return performance.now() - begun;
}

for (const isolation of ["inline", "process"]) {
  Deno.test(`Runtime.call (${isolation}): each call has its own answer, and two run at once`, async () => {
    await using app = await load(
      await it("sleeper", "greet-after", { name: "sleeps", pool: POOL, isolation }) +
        await it("calculator", "add", { name: "adds", isolation }),
    );
    const { runtime } = app;
    await runtime.call("sleeps", "nobody", 0);
    await runtime.call("adds", 0, 0);
    const ms = 4;
    let answers = 0;
    let others = 0;
    const elapsed = await clients(async (goOn, i) => {
      for (let n = 0; goOn(); n++) {
        if (i === 0) {
          // This one is of another entry: it never waits for those who sleep.
          assert.equal(await runtime.call("adds", n, 1), n + 1);
          others++;
          await new Promise((resolve) => setTimeout(resolve, 1));
        } else {
          assert.equal(await runtime.call("sleeps", `${i}.${n}`, ms), `Hello, ${i}.${n}!`);
          answers++;
        }
      }
    });
    // The last of them began before the time was up; a sleep may be a fraction shorter than it says.
    const most = WORKERS * (elapsed / (ms * 0.9) + 1);
    assert.ok(answers <= most, `${answers} calls ended in ${elapsed} ms: more than ${WORKERS} ran at once`);
    assert.ok(answers >= CLIENTS * 2, `${answers} calls ended`);
    assert.ok(others * 4 > answers, `${others} of another entry, and ${answers} that sleep`);
  });

  Deno.test(`HTTP (${isolation}): each request has its own answer, or 503 where the queue is full`, async () => {
    const folder = await project({
      "proxy.wasm": component("tests/guests/proxy/proxy.wasm"),
      "calculator.wasm": component("examples/calculator/calculator.wasm"),
      "app.yaml": HEAD + await proxyEntry({ pool: POOL, isolation, imports: IMPORTS }) +
        await it("calculator", "add", { name: "adds", isolation }),
    });
    await using _ = folder;
    const errors: unknown[] = [];
    const silent = { writeSync: (bytes: Uint8Array) => bytes.length };
    await using runtime = await Runtime.load(`${folder.directory}/app.yaml`, { stdio: { stderr: silent } });
    await using server = await runtime.serve({
      entry: "web",
      port: 0,
      onError: (error) => errors.push(error),
    });
    await runtime.call("adds", 0, 0);
    let answers = 0, refused = 0, slept = 0, others = 0;
    await clients(async (goOn, i) => {
      if (i === 0) {
        for (let n = 0; goOn(); n++) {
          assert.equal(await runtime.call("adds", n, 1), n + 1);
          others++;
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
        return;
      }
      using client = await Client.to(server.addr.port);
      const sleeps = i % 4 === 1;
      for (let n = 0; goOn(); n++) {
        const text = `${i}.${n}`;
        const { status, head, body } = await client.ask(
          sleeps
            ? "GET /slow?ms=5 HTTP/1.1\r\nHost: a\r\n\r\n"
            : `POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: ${text.length}\r\n\r\n${text}`,
        );
        if (status === 503) {
          assert.match(head, /^retry-after: 1\r$/im);
          refused++;
          await new Promise((resolve) => setTimeout(resolve, 5));
        } else {
          assert.equal(`${status} ${body}`, `200 ${sleeps ? "slow\n" : text}`);
          answers++;
          if (sleeps) slept++;
        }
      }
      assert.equal(await client.rest(), "", "no answer too many");
    });
    assert.ok(
      answers >= CLIENTS && slept > 0 && refused > 0,
      `${answers} (${slept} slept), ${refused} refused`,
    );
    assert.ok(others > 20, `${others} calls of another entry`);
    assert.deepEqual(errors, []);
  });
}

/** A connection that keeps nothing of what it has read. */
class Client implements Disposable {
  readonly #conn: Deno.TcpConn;
  readonly #buffer = new Uint8Array(4096);
  readonly #decoder = new TextDecoder();
  #text = "";

  private constructor(conn: Deno.TcpConn) {
    this.#conn = conn;
  }

  static async to(port: number): Promise<Client> {
    return new Client(await Deno.connect({ hostname: "127.0.0.1", port }));
  }

  /** Sends a request; the whole response to it. */
  async ask(
    request: string,
  ): Promise<{ readonly status: number; readonly head: string; readonly body: string }> {
    await this.#conn.write(new TextEncoder().encode(request));
    const head = await this.#until(/^.*?\r\n\r\n/s);
    const length = /^content-length: (\d+)\r$/im.exec(head)?.[1];
    const body = length === undefined
      ? (await this.#until(/^([0-9a-f]+\r\n[^\r]*\r\n)*?0\r\n\r\n/))
        .replaceAll(/[0-9a-f]+\r\n([^\r]*)\r\n/g, "$1")
      : await this.#until(new RegExp(`^[^]{${length}}`));
    return { status: Number(head.split(" ")[1]), head, body };
  }

  /** Everything that still comes, after the last answer. */
  async rest(): Promise<string> {
    await this.#conn.closeWrite();
    while (await this.#more());
    return this.#text;
  }

  async #until(pattern: RegExp): Promise<string> {
    for (;;) {
      const [found] = pattern.exec(this.#text) ?? [];
      if (found !== undefined) {
        this.#text = this.#text.slice(found.length);
        return found;
      }
      assert.ok(await this.#more(), "it closed the connection");
    }
  }

  async #more(): Promise<boolean> {
    const count = await this.#conn.read(this.#buffer);
    if (count !== null) this.#text += this.#decoder.decode(this.#buffer.subarray(0, count));
    return count !== null;
  }

  [Symbol.dispose](): void {
    this.#conn.close();
  }
}
