/** What the process that serves a guest needs, and what keeps it alive. */
import assert from "node:assert/strict";
import { Certificates } from "./http_certificates.ts";
import { RawServer } from "./http_support.ts";
import { text } from "./support.ts";

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const CHILD = new URL("http_child.ts", import.meta.url).pathname;

/** What a guest gets in a process with these permissions and no others. */
async function ask(flags: string[], args: string[], env: Record<string, string> = {}): Promise<string[]> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "--no-prompt", ...flags, CHILD, ...args],
    env,
  }).output();
  assert.ok(success, text(stderr));
  return JSON.parse(text(stdout));
}

Deno.test("requests need the scope of their servers and nothing else: no environment, no files, no system", async () => {
  using certificates = new Certificates();
  using secure = Deno.listenTls({
    hostname: "127.0.0.1",
    port: 0,
    cert: Deno.readTextFileSync(certificates.path("good.pem")),
    key: Deno.readTextFileSync(certificates.path("good.key")),
  });
  const serving = (async () => {
    for await (const connection of secure) {
      await connection.read(new Uint8Array(4096));
      await connection.write(new TextEncoder().encode(OK));
      connection.close();
    }
  })();
  await using server = await RawServer.start(({ socket }) => socket.end(OK));
  const env = { DENO_CERT: certificates.path("ca.pem") };
  const { port: securePort } = secure.addr;
  const [http, https] = [`127.0.0.1:${server.port}`, `127.0.0.1:${securePort}`];
  assert.deepEqual(await ask([`--allow-net=${http},${https}`], [`http://${http}`, `https://${https}`], env), [
    "200 ok",
    "200 ok",
  ]);
  const names = [`localhost:${server.port}`, `localhost:${securePort}`];
  assert.deepEqual(await ask([`--allow-net=${names}`], [`http://${names[0]}`, `https://${names[1]}`], env), [
    "200 ok",
    "200 ok",
  ]);
  const outside = [`http://${http}`, `http://localhost:${securePort}`];
  assert.deepEqual(await ask([`--allow-net=${names[0]}`], outside, env), [
    "configuration-error",
    "configuration-error",
  ]);
  assert.deepEqual(await ask([], [`http://${http}`], env), ["configuration-error"]);
  secure.close();
  await serving;
});

Deno.test("an idle connection does not keep a process alive", async () => {
  // The server keeps it open, and nobody releases the guest.
  await using server = await RawServer.start(({ socket }) => socket.write(OK));
  const results = await ask(["--allow-net"], ["--keep", `http://${server.authority}`]);
  assert.deepEqual(results, ["200 ok"]);
});

Deno.test("a guest that ends with requests in every state keeps no process alive", async () => {
  await using server = await RawServer.start(({ socket, received }) => {
    if (received().includes("/body")) socket.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
  });
  const results = await ask(["--allow-net"], ["--abandon", `http://${server.authority}`]);
  assert.deepEqual(results, ["released"]);
});
