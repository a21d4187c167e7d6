/** HTTPS: who is at the other end is made sure of, whatever the host's environment says. */
import assert from "node:assert/strict";
import { Certificates } from "./http_certificates.ts";
import { RawServer } from "./http_support.ts";

/** A server with one of the certificates, that answers `ok` to everything. */
class TlsServer implements Disposable {
  readonly #listener: Deno.TlsListener;
  readonly port: number;

  constructor(certificates: Certificates, name: string, hostname = "127.0.0.1") {
    const read = (end: string) => Deno.readTextFileSync(certificates.path(`${name}.${end}`));
    this.#listener = Deno.listenTls({ hostname, port: 0, cert: read("pem"), key: read("key") });
    this.port = this.#listener.addr.port;
    this.#serve();
  }

  [Symbol.dispose](): void {
    this.#listener.close();
  }

  async #serve(): Promise<void> {
    for await (const connection of this.#listener) this.#answer(connection).catch(() => {});
  }

  async #answer(connection: Deno.TlsConn): Promise<void> {
    using peer = connection;
    await peer.read(new Uint8Array(4096));
    await peer.write(
      new TextEncoder().encode("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"),
    );
  }
}

/** What a guest in a process with this environment gets. */
async function ask(urls: readonly string[], env: Record<string, string>): Promise<string[]> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "-A", new URL("http_child.ts", import.meta.url).pathname, ...urls],
    env,
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

Deno.test("certificates are made sure of: their issuer, their names, their time", async () => {
  using certificates = new Certificates();
  using good = new TlsServer(certificates, "good");
  using wrong = new TlsServer(certificates, "wrong");
  using expired = new TlsServer(certificates, "expired");
  using alone = new TlsServer(certificates, "alone");
  const trusted: [url: string, outcome: string][] = [
    [`https://localhost:${good.port}`, "200 ok"],
    [`https://LOCALHOST.:${good.port}`, "200 ok"],
    [`https://127.0.0.1:${good.port}`, "200 ok"],
    [`https://[::ffff:127.0.0.1]:${good.port}`, "TLS-certificate-error"],
    [`https://localhost:${wrong.port}`, "TLS-certificate-error"],
    [`https://127.0.0.1:${wrong.port}`, "TLS-certificate-error"],
    [`https://localhost:${expired.port}`, "TLS-certificate-error"],
    [`https://localhost:${alone.port}`, "TLS-certificate-error"],
    [`http://localhost:${good.port}`, "HTTP-protocol-error"],
  ];
  const env = { DENO_CERT: certificates.path("ca.pem") };
  const urls = trusted.map(([url]) => url);
  assert.deepEqual(await ask(urls, env), trusted.map(([, outcome]) => outcome));

  const hostile = { NODE_TLS_REJECT_UNAUTHORIZED: "0" };
  const untrusted = [good, wrong, expired, alone].map(({ port }) => `https://localhost:${port}`);
  assert.deepEqual(await ask(untrusted, hostile), Array(4).fill("TLS-certificate-error"));
});

/** What a client says first: a record of the handshake. */
// deno-lint-ignore no-control-regex -- its type is 22
const HELLO = /^\x16/;

/** Servers that do not speak TLS, or break off. */
const BROKEN: readonly [what: string, answer: Uint8Array | "close" | "reset", outcome: string][] = [
  ["speaks HTTP", new TextEncoder().encode("HTTP/1.1 400 Bad Request\r\n\r\n"), "TLS-protocol-error"],
  ["says nothing and closes", "close", "connection-terminated"],
  ["resets", "reset", "connection-terminated"],
  ["sends handshake_failure", Uint8Array.of(21, 3, 3, 0, 2, 2, 40), "TLS-alert-received 40"],
  ["sends protocol_version", Uint8Array.of(21, 3, 3, 0, 2, 2, 70), "TLS-alert-received 70"],
  ["sends unrecognized_name", Uint8Array.of(21, 3, 3, 0, 2, 2, 112), "TLS-alert-received 112"],
];

Deno.test("a handshake that fails says how", async () => {
  const servers: RawServer[] = [];
  try {
    for (const [, answer] of BROKEN) {
      servers.push(
        await RawServer.start(({ socket }) => {
          if (answer === "reset") socket.resetAndDestroy();
          else answer === "close" ? socket.end() : socket.end(answer);
        }, HELLO),
      );
    }
    const urls = servers.map(({ authority }) => `https://${authority}`);
    assert.deepEqual(await ask(urls, {}), BROKEN.map(([, , outcome]) => outcome));
  } finally {
    for (const server of servers) await server[Symbol.asyncDispose]();
  }
});

Deno.test("no environment puts a proxy between a guest and its server", async () => {
  await using server = await RawServer.start(({ socket }) =>
    socket.end("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
  );
  await using proxy = await RawServer.start(({ socket }) =>
    socket.end("HTTP/1.1 502 Bad\r\nContent-Length: 0\r\n\r\n")
  );
  const url = `http://${proxy.authority}`;
  const env = { NODE_USE_ENV_PROXY: "1", HTTP_PROXY: url, http_proxy: url, HTTPS_PROXY: url, NO_PROXY: "" };
  assert.deepEqual(await ask([`http://${server.authority}`], env), ["200 ok"]);
  assert.match(server.peers[0]!.received(), /^GET \/ HTTP\/1.1\r\n/);
  assert.equal(proxy.peers.length, 0);
});
