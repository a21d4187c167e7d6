/** `serve` under load: many requests, none lost, and nothing left behind. */
import assert from "node:assert/strict";
import { has } from "../support/airlock.ts";
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

/** Resident memory of a process and of those that it has started, in MiB. */
async function memory(pid: number): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`).catch(() => "");
  const kib = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
  const children = await Deno.readTextFile(`/proc/${pid}/task/${pid}/children`).catch(() => "");
  let total = kib / 1024;
  for (const child of children.split(" ").filter(Boolean)) total += await memory(Number(child));
  return total;
}

for (const isolation of ["inline", "process"]) {
  Deno.test({
    name: `20,000 requests are all answered, and leave no memory behind (isolation: ${isolation})`,
    ignore: Deno.build.os !== "linux",
    async fn() {
      await using service = await Service.start([PROXY, "--isolation", isolation]);
      const sizes: number[] = [];
      for (let i = 0; i < 10; i++) {
        assert.equal(await load(service.port, 2000), 2000);
        sizes.push(Math.round(await memory(service.pid)));
      }
      console.log(`after each 2,000 requests: ${sizes.join(" ")} MiB`);
      // Garbage comes and goes; what grows with every request would show between the halves: 1 KiB each is 10 MiB.
      const least = (part: number[]) => Math.min(...part);
      assert.ok(least(sizes.slice(5)) < least(sizes.slice(2, 5)) + 60, "it grows");
      assert.ok(Math.max(...sizes) < 1024, "it is bounded");
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
