/** `serve` under load: many requests, none lost, and nothing left behind. */
import assert from "node:assert/strict";
import { has } from "../support/airlock.ts";
import { assertFlat, memory } from "../support/memory.ts";
import { component, entry, hashOf, HEAD, project } from "../support/project.ts";
import { PROXY, Service } from "./serve_support.ts";

const CONNECTIONS = 16;

/** Sends so many requests over a few connections, one after the other on each; how many were answered as they should. */
async function load(port: number, requests: number): Promise<number> {
  const one = new TextEncoder().encode("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
  const connection = async (count: number): Promise<number> => {
    using conn = await Deno.connect({ hostname: "127.0.0.1", port });
    const buffer = new Uint8Array(4096);
    const decoder = new TextDecoder();
    let answered = 0;
    for (let i = 0; i < count; i++) {
      await conn.write(one);
      let text = "";
      while (!text.endsWith("hello, world\n")) {
        const read = await conn.read(buffer);
        if (read === null) return answered;
        text += decoder.decode(buffer.subarray(0, read));
      }
      if (text.startsWith("HTTP/1.1 200 OK\r\n")) answered++;
    }
    return answered;
  };
  const all = await Promise.all(
    Array.from({ length: CONNECTIONS }, () => connection(requests / CONNECTIONS)),
  );
  return all.reduce((sum, count) => sum + count, 0);
}

for (const isolation of ["inline", "process"]) {
  Deno.test({
    name: `30,000 requests are all answered, and leave no memory behind (isolation: ${isolation})`,
    ignore: Deno.build.os !== "linux",
    async fn() {
      await using service = await Service.start([PROXY, "--isolation", isolation]);
      const sizes: number[] = [];
      for (let i = 0; i < 15; i++) {
        assert.equal(await load(service.port, 2000), 2000);
        sizes.push(Math.round(await memory(service.pid)));
      }
      console.log(`after each 2,000 requests: ${sizes.join(" ")} MiB`);
      // What grows with every request would show: 6 KiB each is 60 MiB between the thirds.
      assertFlat(sizes);
      service.signal("SIGTERM");
      assert.equal((await service.end()).code, 0);
      assert.match(service.stderr, /^listening on \S+\n$/, "and nothing went wrong");
    },
  });
}

Deno.test("wrk with 64 connections sees no error", async () => {
  if (!await has("wrk")) return console.log("skipped: wrk is not installed");
  await using service = await Service.start([PROXY]);
  const output = await new Deno.Command("wrk", {
    args: ["-c", "64", "-d", "2", "-t", "1", `${service.url}/hello`],
  })
    .output();
  const text = new TextDecoder().decode(output.stdout);
  assert.equal(output.code, 0);
  assert.doesNotMatch(text, /Non-2xx|Socket errors/, text);
  assert.ok(Number(/(\d+) requests in/.exec(text)?.[1]) > 100, text);
  service.signal("SIGTERM");
  assert.equal((await service.end()).code, 0);
  assert.match(service.stderr, /^listening on \S+\n$/);
});

/** An answer that has come whole. */
const WHOLE =
  /^HTTP\/1\.1 (200[^]*\r\n(slow|hello, world)\n(\r\n0\r\n\r\n)?|503[^]*\r\n\r\nService Unavailable\n)$/;

/**
 * Asks again and again on one connection, until that is closed; how many answers came. What the server has begun to answer
 * it ends, and what it has not is not answered at all.
 */
async function askUntilClosed(port: number, target: string, answered: () => void): Promise<number> {
  using conn = await Deno.connect({ hostname: "127.0.0.1", port });
  const bytes = new TextEncoder().encode(`GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`);
  const buffer = new Uint8Array(4096);
  const decoder = new TextDecoder();
  for (let count = 0;; count++) {
    let text = "";
    try {
      await conn.write(bytes);
      while (!WHOLE.test(text)) {
        const read = await conn.read(buffer);
        if (read === null) break;
        text += decoder.decode(buffer.subarray(0, read));
      }
    } catch (error) {
      // A request that was sent at the moment when the server closed its end, and never reached it.
      if (!(error instanceof Deno.errors.ConnectionReset || error instanceof Deno.errors.BrokenPipe)) {
        throw error;
      }
    }
    if (!WHOLE.test(text)) {
      assert.equal(text, "", "an answer that was begun was not ended");
      return count;
    }
    answered();
  }
}

for (const isolation of ["inline", "process"]) {
  Deno.test(`SIGTERM under load: what was accepted is answered, and it exits with 0 (isolation: ${isolation})`, async () => {
    const bytes = component(PROXY);
    const yaml = HEAD + entry({
      name: "web",
      path: "proxy.wasm",
      hash: await hashOf(bytes),
      method: "wasi:http/incoming-handler#handle",
      imports: "[wasi:io, wasi:cli, wasi:clocks, wasi:http]",
      pool: "{type: static, size: 2, buffer: 8}",
      isolation,
    });
    await using folder = await project({ "proxy.wasm": bytes, "app.yaml": yaml });
    await using service = await Service.start([`${folder.directory}/app.yaml`, "--log"]);
    const enough = Promise.withResolvers<void>();
    let answers = 0;
    const clients = Promise.all(
      Array.from(
        { length: CONNECTIONS },
        (_, i) =>
          askUntilClosed(service.port, i % 2 === 0 ? "/hello" : "/slow?ms=20", () => {
            if (++answers === 200) {
              enough.resolve();
            }
          }),
      ),
    );
    await Promise.race([enough.promise, clients]);
    service.signal("SIGTERM");
    const arrived = (await clients).reduce((sum, count) => sum + count, 0);
    assert.equal((await service.end()).code, 0);
    const records = service.stderr.split("\n").filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line) as { status: number; ended: string });
    assert.deepEqual(records.filter(({ ended }) => ended !== "complete"), []);
    assert.deepEqual(new Set(records.map(({ status }) => status)), new Set([200, 503]));
    assert.equal(records.length, arrived, "as many were answered as answers arrived");
  });
}
