/**
 * Python in a component, with the database clients `redis` and `pg8000` and its own library, talks by wasi:sockets to
 * servers that nobody here wrote.
 */
import assert from "node:assert/strict";
import { airlock, assertOutcome, commandLine, environment, repository } from "../support/airlock.ts";
import { postgresServer, redisServer, type Server } from "../support/servers.ts";
import { echo, peer, response, webPeer } from "../guests/peers.ts";
import { orSkipped, pythonProgram } from "./build.ts";

const program = await orSkipped("Python", pythonProgram);

/** A test with the program and a server; without one of them it is skipped, and says so. */
function test(
  title: string,
  server: () => Promise<Server | undefined>,
  run: (server: Server) => Promise<void>,
) {
  Deno.test({ name: title, ignore: program === undefined }, async () => {
    await using started = await server();
    if (started === undefined) console.log(`skipped: ${title}: no such server is installed`);
    else await run(started);
  });
}

const python = (rules: readonly string[], ...words: readonly string[]) =>
  airlock(["exec", program!, ...rules.flatMap((rule) => ["--net", rule]), "--", ...words]);

test(
  "redis-py works unchanged in a component: values, pipelines, scripts, channels",
  redisServer,
  async ({ port }) => {
    assertOutcome(await python([`tcp://127.0.0.1:${port}`], "redis", "127.0.0.1", `${port}`), {
      stdout: `\
ping: True
get: grüße None True
incr: 41 42
large: True
pipeline: 5000
range: ['4997', '4998', '4999']
hash: {'name': 'Ada', 'born': '1815'}
script: ['x', '42']
error: value is not an integer or out of range
scan: ['count', 'hash', 'large', 'list', 'text']
published: 1
message: hello
silence: None
`,
    });
  },
);

test("redis-py reaches no server that no rule allows", redisServer, async ({ port }) => {
  const { code, stdout, stderr } = await python(
    [`tcp://127.0.0.1:${port - 1}`],
    "redis",
    "127.0.0.1",
    `${port}`,
  );
  assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
  assert.match(
    stderr,
    /redis\.exceptions\.ConnectionError: Error \d+ connecting to 127\.0\.0\.1:\d+\. Permission denied\./,
  );
});

test(
  "pg8000 works unchanged in a component: passwords, statements, errors, thousands of rows",
  postgresServer,
  async ({ port }) => {
    // By name: the name is looked up, and the rule is for the name.
    const words = ["exec", program!, "--net", `tcp://localhost:${port}`, "--net-private", "--", "postgres"];
    assertOutcome(await airlock([...words, "localhost", `${port}`]), {
      stdout: `\
Ada 1815 {'works': ['Note G']}
Käthe 1867 None
Grace 1906 {}
error: 23505 person_pkey
rows: 5000000
sum: 3 5588
refused: 28P01
`,
    });
  },
);

Deno.test({ name: "Python's socket has what it has elsewhere", ignore: program === undefined }, async () => {
  await using server = peer(echo);
  const rules = ["127.0.0.0/8", "::1", "localhost"];
  assertOutcome(await python(rules, "sockets", "127.0.0.1", `${server.port}`), {
    stdout: `\
echo: b'hello\\n'
peer: True 127.0.0.1
timeout: timed out
would block
end: b''
error: ConnectionRefusedError
error: PermissionError
localhost: True
datagram: b'datagram'
`,
  });
});

Deno.test({ name: "Python's web client posts over sockets", ignore: program === undefined }, async () => {
  let length = 0;
  await using server = webPeer(async ({ body }) => {
    length = (await body()).length;
    return response("done", "HTTP/1.1 200 OK\r\nx-answer: yes\r\n");
  });
  assertOutcome(await python([`tcp://${server.address}`], "post", `http://${server.address}/`), {
    stdout: "200 yes 4\n",
  });
  assert.equal(length, 100_000);
});

Deno.test(
  { name: "Python's web server serves the web client of Deno", ignore: program === undefined },
  async () => {
    const [command, ...args] = commandLine([
      "exec",
      program!,
      "--net",
      "tcp://127.0.0.1",
      "--",
      "serve",
      "3",
    ]);
    const child = new Deno.Command(command!, {
      args,
      cwd: repository,
      clearEnv: true,
      env: environment(),
      stdin: "null",
      stdout: "piped",
    }).spawn();
    const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    while (!text.includes("\n")) text += (await reader.read()).value ?? assert.fail("the server has ended");
    const [, port] = /^listening on (\d+)\n/.exec(text)!;
    const body = new Uint8Array(1_000_000).fill(7);
    const sha256 = new Uint8Array(await crypto.subtle.digest("SHA-256", body)).toHex();
    for (let i = 0; i < 3; i++) {
      using client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
      const answer = await fetch(`http://127.0.0.1:${port}/${i}`, { method: "POST", body, client });
      assert.deepEqual(await answer.json(), { path: `/${i}`, length: body.length, sha256 });
    }
    for (let next = await reader.read(); !next.done; next = await reader.read()) text += next.value;
    assert.equal((await child.status).code, 0);
    assert.deepEqual(text.match(/"POST \/\d HTTP\/1\.1" 200/g)?.length, 3);
  },
);
