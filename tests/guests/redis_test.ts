/** A client library in Rust that knows nothing of WebAssembly, and a Redis server; and the same protocol spoken by hand. */
import assert from "node:assert/strict";
import { assertOutcome, has } from "../support/airlock.ts";
import { redisServer } from "../support/servers.ts";
import { exec } from "./run.ts";

const ignore = !await has("redis-server");
if (ignore) console.log("skipped: redis-server is not installed");

Deno.test(
  { name: "the crate redis works unchanged: values, pipelines, transactions, channels", ignore },
  async () => {
    await using server = await redisServer();
    const options = ["--net", `tcp://127.0.0.1:${server!.port}`];
    assertOutcome(await exec("redis", [`redis://127.0.0.1:${server!.port}`, "airlock"], { options }), {
      stdout: `\
ping: PONG
get: grüße
nothing: None
incr: 41
incr: 42
large: true
pipeline: (10000,)
range: [9997, 9998, 9999]
transaction: 42 50
script: ["x", "50"]
error: value is not an integer or out of range
keys: 4
heard by 1
message: hello
`,
    });
  },
);

Deno.test({ name: "the crate redis reaches no server that no rule allows", ignore }, async () => {
  await using server = await redisServer();
  const options = ["--net", `http://127.0.0.1:${server!.port}`, "--net", "localhost"];
  for (const host of ["127.0.0.1", "localhost"]) {
    const words = [`redis://${host}:${server!.port}`, "airlock"];
    const { code, stdout, stderr } = await exec("redis", words, { options });
    assert.deepEqual({ code, stderr }, { code: 1, stderr: "" });
    assert.match(stdout, /^failed: .*[Pp]ermission denied/);
  }
});

Deno.test({ name: "commands by hand, of which the last ends the connection", ignore }, async () => {
  await using server = await redisServer();
  const stdin = "PING\r\nSET a 1\r\nINCR a\r\nGET a\r\nQUIT\r\n";
  const options = ["--net", `tcp://127.0.0.1:${server!.port}`];
  assertOutcome(await exec("tcp", ["talk", `127.0.0.1:${server!.port}`], { options, stdin }), {
    stdout: "+PONG\r\n+OK\r\n:2\r\n$1\r\n2\r\n+OK\r\n",
  });
});
