/** The most common server there is, for real. */
import assert from "node:assert/strict";
import { roomLeft } from "../../src/wasi/http/ledger.ts";
import { OutgoingBody } from "../../src/wasi/http/outgoing_body.ts";
import {
  type Asked,
  drain,
  Guest,
  outcomeOf,
  pairs,
  read,
  requestOf,
  responseOf,
  streamError,
  write,
} from "./http_support.ts";
import { Certificates } from "./http_certificates.ts";
import { bytes, text } from "./support.ts";

const installed = await new Deno.Command("nginx", { args: ["-v"], stderr: "null" }).output()
  .then(({ success }) => success, () => false);
if (!installed) console.log("skipped: nginx is not installed");

const LARGE = 256 << 20;
const PAGE = "<p>Ährenfeld</p>\n".repeat(200);

/** An nginx with files of its own, on ports of its own. */
class Nginx implements AsyncDisposable {
  readonly #directory: string;
  readonly #process: Deno.ChildProcess;
  readonly port: number;
  readonly tlsPort: number;
  readonly certificates: Certificates;

  private constructor(directory: string, port: number, tlsPort: number, certificates: Certificates) {
    this.#directory = directory;
    this.port = port;
    this.tlsPort = tlsPort;
    this.certificates = certificates;
    this.#process = new Deno.Command("nginx", {
      args: ["-p", directory, "-c", `${directory}/nginx.conf`, "-e", "error.log"],
      stdout: "null",
      stderr: "null",
    }).spawn();
  }

  static async start(): Promise<Nginx> {
    const directory = await Deno.makeTempDir();
    const [port, tlsPort] = freePorts();
    const certificates = new Certificates();
    await Deno.mkdir(`${directory}/files`);
    await Deno.writeTextFile(`${directory}/files/page.html`, PAGE);
    await Deno.writeFile(`${directory}/files/static.txt.gz`, await gzip("static, compressed beforehand"));
    await Deno.writeTextFile(`${directory}/files/static.txt`, "static");
    using large = await Deno.create(`${directory}/files/large`);
    await large.truncate(LARGE);
    await Deno.writeTextFile(`${directory}/nginx.conf`, configuration(port!, tlsPort!, certificates));
    const nginx = new Nginx(directory, port!, tlsPort!, certificates);
    for (;;) {
      try {
        (await Deno.connect({ hostname: "127.0.0.1", port: tlsPort! })).close();
        return nginx;
      } catch (error) {
        const ended = await Promise.race([
          nginx.#process.status,
          new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), 20)),
        ]);
        if (ended !== undefined) {
          throw new Error(Deno.readTextFileSync(`${directory}/error.log`), { cause: error });
        }
      }
    }
  }

  get authority(): string {
    return `127.0.0.1:${this.port}`;
  }

  file(name: string): Promise<Uint8Array> {
    return Deno.readFile(`${this.#directory}/files/${name}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill("SIGTERM");
    await this.#process.status;
    this.certificates[Symbol.dispose]();
    await Deno.remove(this.#directory, { recursive: true });
  }
}

function freePorts(): number[] {
  const listeners = [0, 0].map((port) => Deno.listen({ hostname: "127.0.0.1", port }));
  return listeners.map((listener) => {
    listener.close();
    return listener.addr.port;
  });
}

function configuration(port: number, tlsPort: number, certificates: Certificates): string {
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return `
    daemon off;
    ${Deno.uid() === 0 ? "user root;" : ""}
    worker_processes 1;
    pid nginx.pid;
    events { worker_connections 1024; }
    http {
      access_log off;
      ${paths.map((name) => `${name}_temp_path ${name};`).join("\n")}
      types { text/html html; text/plain txt; }
      server {
        listen 127.0.0.1:${port};
        listen 127.0.0.1:${tlsPort} ssl http2;
        ssl_certificate ${certificates.path("good.pem")};
        ssl_certificate_key ${certificates.path("good.key")};
        root files;
        location /gzip/ { alias files/; gzip on; gzip_min_length 1; gzip_types text/plain; }
        location /static/ { alias files/; gzip_static on; }
        location = /moved { return 301 http://127.0.0.1:${port}/page.html; }
        location = /connection { return 200 "$connection $connection_requests"; }
        location = /protocol { return 200 "$scheme $server_protocol $host $http_host"; }
        location = /slow { limit_rate 20k; alias files/page.html; }
        location /small/ { client_max_body_size 1k; dav_methods PUT; create_full_put_path on; alias files/; }
        location /put/ { client_max_body_size 64m; dav_methods PUT DELETE; create_full_put_path on; alias files/; }
      }
    }`;
}

async function gzip(data: string): Promise<Uint8Array> {
  const stream = new Blob([data]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function gunzip(data: Uint8Array<ArrayBuffer>): Promise<string> {
  const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream("gzip"));
  return await new Response(stream).text();
}

/** Sends a request without contents; gives everything that came. */
async function fetched(guest: Guest, asked: Asked) {
  const response = responseOf(await guest.get(asked));
  const fields = pairs(response.headers());
  const body = response.consume();
  const stream = body.stream();
  const drained = await drain(stream);
  assert.equal(drained.error, undefined);
  stream[Symbol.dispose]();
  body[Symbol.dispose]();
  const field = (name: string) => fields.find(([other]) => other === name)?.[1];
  return {
    status: response.status(),
    field,
    bytes: drained.bytes as Uint8Array<ArrayBuffer>,
    text: text(drained.bytes),
  };
}

Deno.test({
  name: `nginx${installed ? "" : " (skipped: nginx is not installed)"}`,
  ignore: !installed,
  async fn(t) {
    await using nginx = await Nginx.start();
    using guest = new Guest();
    const { authority } = nginx;
    const get = (path: string, fields: Asked["fields"] = []) => fetched(guest, { authority, path, fields });

    /** What a guest gets in a process that trusts the certificate. */
    const secure = async (path: string, urls: string[]): Promise<string[]> => {
      const child = new URL("http_child.ts", import.meta.url).pathname;
      const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "--no-check", "-A", child, `--path=${path}`, ...urls],
        env: { DENO_CERT: nginx.certificates.path("ca.pem") },
      }).output();
      assert.ok(success, text(stderr));
      return JSON.parse(text(stdout));
    };

    await t.step("a file is its bytes, with fields in nginx's own casing", async () => {
      const page = await get("/page.html");
      assert.equal(page.status, 200);
      assert.equal(page.text, PAGE);
      assert.equal(page.field("Content-Length"), String(bytes(PAGE).length));
      assert.match(page.field("Server")!, /^nginx/);
      assert.equal(page.field("Connection"), undefined, "what is of the connection is not shown");
    });

    await t.step("HEAD has the same fields and no contents", async () => {
      const head = await fetched(guest, { authority, path: "/page.html", method: { tag: "head" } });
      assert.equal(head.text, "");
      assert.equal(head.field("Content-Length"), String(bytes(PAGE).length));
    });

    await t.step("statuses come as they are: 404, 304, 206, 405", async () => {
      assert.equal((await get("/nothing")).status, 404);
      const etag = (await get("/page.html")).field("ETag")!;
      const unchanged = await get("/page.html", [["If-None-Match", etag]]);
      assert.deepEqual([unchanged.status, unchanged.text], [304, ""]);
      const part = await get("/page.html", [["Range", "bytes=3-5"]]);
      assert.deepEqual([part.status, part.text], [206, "Äh"]);
      const method = { tag: "other", val: "PROPFIND" } as const;
      assert.equal((await fetched(guest, { authority, path: "/page.html", method })).status, 405);
    });

    await t.step("nobody asks for compression but the guest, and nobody undoes it", async () => {
      const plain = await get("/gzip/page.html");
      assert.equal(plain.field("Content-Encoding"), undefined);
      assert.equal(plain.text, PAGE);
      const packed = await get("/gzip/page.html", [["Accept-Encoding", "gzip"]]);
      assert.equal(packed.field("Content-Encoding"), "gzip");
      assert.equal(packed.field("Content-Length"), undefined, "it came in chunks");
      assert.deepEqual([...packed.bytes.subarray(0, 2)], [0x1f, 0x8b]);
      assert.equal(await gunzip(packed.bytes), PAGE);
    });

    await t.step("what was compressed beforehand comes byte by byte as it lies there", async () => {
      assert.equal((await get("/static/static.txt")).text, "static");
      const packed = await get("/static/static.txt", [["Accept-Encoding", "gzip"]]);
      assert.deepEqual(packed.bytes, await nginx.file("static.txt.gz"));
    });

    await t.step("a redirect is an answer: nobody follows it", async () => {
      const moved = await get("/moved");
      assert.equal(moved.status, 301);
      assert.equal(moved.field("Location"), `http://${authority}/page.html`);
    });

    await t.step("one connection serves one request after the other", async () => {
      const served: [connection: string, count: number][] = [];
      for (let i = 0; i < 4; i++) {
        const [connection, count] = (await get("/connection")).text.split(" ") as [string, string];
        served.push([connection, Number(count)]);
      }
      assert.equal(new Set(served.map(([connection]) => connection)).size, 1);
      for (let i = 1; i < 4; i++) assert.equal(served[i]![1], served[i - 1]![1] + 1);
    });

    await t.step("a large file is read piece by piece, and never held whole", async () => {
      const response = responseOf(await guest.get({ authority, path: "/large" }));
      const body = response.consume();
      const stream = body.stream();
      const before = roomLeft();
      let length = 0;
      let most = 0;
      for (;;) {
        try {
          length += (await stream.blockingRead(1n << 20n)).length;
          most = Math.max(most, before - roomLeft());
        } catch (error) {
          assert.equal(streamError(error), undefined);
          break;
        }
      }
      assert.equal(length, LARGE);
      assert.ok(most > 0 && most <= 2 * guest.reach.limits.bodyBytes, `${most} bytes at once`);
      stream[Symbol.dispose]();
      body[Symbol.dispose]();
    });

    await t.step("contents that are slow are complete", async () => {
      assert.equal((await get("/slow")).text, PAGE);
    });

    for (const [how, declared] of [["with their length", true], ["in chunks", false]] as const) {
      await t.step(`contents are stored as they were written, ${how}`, async () => {
        const contents = crypto.getRandomValues(new Uint8Array(60_000));
        const count = 50;
        const request = requestOf({
          authority,
          path: `/put/upload-${declared}`,
          method: { tag: "put" },
          fields: declared ? [["Content-Length", String(contents.length * count)]] : [],
        });
        const body = request.body();
        const stream = body.write();
        const future = guest.handle(request, undefined);
        for (let i = 0; i < count; i++) {
          for (let at = 0; at < contents.length; at += 4096) {
            await stream.blockingWriteAndFlush(contents.subarray(at, at + 4096));
          }
        }
        stream[Symbol.dispose]();
        OutgoingBody.finish(body, undefined);
        assert.equal(responseOf(await outcomeOf(future)).status(), 201);
        const stored = await nginx.file(`upload-${declared}`);
        assert.equal(stored.length, contents.length * count);
        for (let i = 0; i < count; i++) {
          assert.deepEqual(stored.subarray(i * contents.length, (i + 1) * contents.length), contents);
        }
      });
    }

    await t.step("contents that are too large for the server: its answer, whenever it comes", async () => {
      for (const fields of [[["Content-Length", "500000"]], []] as [string, string][][]) {
        const request = requestOf({ authority, path: "/small/x", method: { tag: "put" }, fields });
        const body = request.body();
        const stream = body.write();
        const future = guest.handle(request, undefined);
        try {
          for (let i = 0; i < 500; i++) await stream.blockingWriteAndFlush(new Uint8Array(1000));
        } catch (error) {
          // The server has answered, and reads no more.
          assert.ok([undefined, "connection-terminated"].includes(streamError(error)?.tag));
        }
        stream[Symbol.dispose]();
        body[Symbol.dispose]();
        const result = await outcomeOf(future);
        // With a length nginx knows at once; the other answer may be lost with the connection (RFC 9112, 9.6).
        if (!("tag" in result)) assert.equal(result.status(), 413);
        else assert.ok(["connection-terminated", "HTTP-protocol-error"].includes(result.tag), result.tag);
      }
    });

    await t.step("a small PUT and a DELETE", async () => {
      const request = requestOf({ authority, path: "/put/small", method: { tag: "put" } });
      await write(request, "small");
      assert.equal(responseOf(await outcomeOf(guest.handle(request, undefined))).status(), 201);
      assert.equal(text(await nginx.file("small")), "small");
      const method = { tag: "delete" } as const;
      assert.equal((await fetched(guest, { authority, path: "/put/small", method })).status, 204);
      await assert.rejects(nginx.file("small"), Deno.errors.NotFound);
    });

    await t.step("200 requests at once", async () => {
      const all = await Promise.all(Array.from({ length: 200 }, () => get("/page.html")));
      assert.ok(all.every((page) => page.text === PAGE));
    });

    await t.step("HTTPS, in a process that trusts the certificate", async () => {
      const results = await secure(
        "/protocol",
        ["localhost", "127.0.0.1"].map((host) => `https://${host}:${nginx.tlsPort}`),
      );
      assert.deepEqual(results, [
        `200 https HTTP/1.1 localhost localhost:${nginx.tlsPort}`,
        `200 https HTTP/1.1 127.0.0.1 127.0.0.1:${nginx.tlsPort}`,
      ]);
    });

    await t.step("a secure connection is used again as well", async () => {
      const url = `https://localhost:${nginx.tlsPort}`;
      const results = await secure("/connection", [url, url, url]);
      assert.deepEqual(results.map((text) => text.replace(/^200 \d+/, "200")), ["200 1", "200 2", "200 3"]);
    });

    await t.step("the same server without that trust: TLS-certificate-error", async () => {
      const result = await guest.get({ authority: `localhost:${nginx.tlsPort}`, scheme: { tag: "HTTPS" } });
      assert.deepEqual(result, { tag: "TLS-certificate-error" });
    });

    await t.step("plain HTTP where TLS is spoken is nginx's own 400", async () => {
      const response = responseOf(await guest.get({ authority: `127.0.0.1:${nginx.tlsPort}` }));
      assert.equal(response.status(), 400);
      assert.match((await read(response)).text, /plain HTTP request was sent to HTTPS port/);
    });
  },
});
