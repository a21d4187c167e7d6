/** `serve`, with curl as the client. */
import assert from "node:assert/strict";
import { airlock, assertOutcome, has, type Row, table } from "../support/airlock.ts";
import { component, entry, hashOf, HEAD, project } from "../support/project.ts";
import { curl, PROXY, Service } from "./serve_support.ts";

const METHOD = "wasi:http/incoming-handler@0.2.3#handle";
const curls = await has("curl");

/** A test with a service of its own, and curl. */
function served(title: string, args: readonly string[], test: (service: Service) => Promise<void>): void {
  Deno.test(title, async () => {
    if (!curls) return console.log("skipped: curl is not installed");
    await using service = await Service.start(args);
    await test(service);
  });
}

interface Asked {
  readonly curl: readonly string[];
  readonly path: string;
  readonly stdout: string | RegExp;
  readonly code?: number;
}

/** What curl is told to do, and what comes of it. Its exit code 18 is a response that ended too early. */
const ASKED: readonly Asked[] = [
  { curl: [], path: "/hello", stdout: "hello, world\n" },
  { curl: ["--http1.0"], path: "/hello", stdout: "hello, world\n" },
  { curl: ["--head"], path: "/head", stdout: /^HTTP\/1\.1 200 OK\r\ncontent-length: 12345\r\n/ },
  { curl: ["--include"], path: "/status/204", stdout: /^HTTP\/1\.1 204 No Content\r\n(.+\r\n)*\r\n$/ },
  { curl: ["--data", "some text"], path: "/echo", stdout: "some text" },
  { curl: ["--request", "DELETE"], path: "/headers", stdout: /^delete\nHTTP\n127\.0\.0\.1:\d+\n\/headers\n/ },
  { curl: ["--data", "x=1", "--header", "Expect: 100-continue"], path: "/upload", stdout: "3" },
  { curl: ["--request-target", "//a/../b?c=%20"], path: "/", stdout: "no such path\n" },
  { curl: ["--compressed"], path: "/hello", stdout: "hello, world\n" },
  { curl: [], path: "/drip?lines=3&ms=20", stdout: "line 0\nline 1\nline 2\n" },
  { curl: ["--write-out", "%{http_code}"], path: "/trap", stdout: "Internal Server Error\n500" },
  { curl: ["--write-out", "%{http_code}"], path: "/never", stdout: "Internal Server Error\n500" },
  { curl: ["--write-out", "%{http_code}"], path: "/error/7", stdout: "Bad Gateway\n502" },
  { curl: [], path: "/late-trap", stdout: "part", code: 18 },
  { curl: [], path: "/wrong-length", stdout: "part", code: 18 },
  { curl: [], path: "/twice", stdout: "", code: 18 },
];

for (const isolation of ["process", "inline"]) {
  served(
    `curl gets what it asks for (isolation: ${isolation})`,
    [PROXY, "--isolation", isolation],
    async (service) => {
      for (const { curl: args, path, stdout, code = 0 } of ASKED) {
        const result = await curl([...args, service.url + path]);
        const what = `curl ${args.join(" ")} ${path}`;
        assert.equal(result.code, code, what);
        if (typeof stdout === "string") assert.equal(result.stdout, stdout, what);
        else assert.match(result.stdout, stdout, what);
      }
      assert.equal(
        (await curl([`${service.url}/hello`])).stdout,
        "hello, world\n",
        "and the service goes on",
      );
    },
  );
}

served("large bodies stream in both directions, with a length and in chunks", [PROXY], async ({ url }) => {
  const bytes = new Uint8Array(8_000_000);
  for (let i = 0; i < bytes.length; i += 65536) crypto.getRandomValues(bytes.subarray(i, i + 65536));
  const expected = await hashOf(bytes);
  for (const path of ["/echo", "/splice"]) {
    // From standard input curl knows no length, and sends chunks.
    const chunked = await curl(["--upload-file", "-", url + path], bytes);
    assert.equal(
      await hashOf(Uint8Array.from(chunked.stdout, (c) => c.charCodeAt(0))),
      expected,
      `chunks, ${path}`,
    );
    const whole = await curl(["--data-binary", "@-", url + path], bytes);
    assert.equal(
      await hashOf(Uint8Array.from(whole.stdout, (c) => c.charCodeAt(0))),
      expected,
      `a length, ${path}`,
    );
  }
});

served("a slow client gets everything", [PROXY], async ({ url }) => {
  const result = await curl(["--limit-rate", "2M", `${url}/big?bytes=3000000`]);
  assert.deepEqual([result.code, result.stdout.length], [0, 3_000_000]);
});

served(
  "a client that gives up: the guest sees it, and the next one is answered",
  [PROXY],
  async (service) => {
    const { code } = await curl(["--max-time", "1", "--limit-rate", "100K", `${service.url}/endless`]);
    assert.equal(code, 28);
    await service.until(/^endless: closed$/m);
    assert.equal((await curl([`${service.url}/hello`])).stdout, "hello, world\n");
  },
);

served(
  "what a guest does wrong is printed once, with where it was; what it prints as well",
  [PROXY],
  async (service) => {
    await curl([`${service.url}/print`]);
    await curl(["--globoff", `${service.url}/trap?%1b[2J`]);
    await curl([`${service.url}/late-trap`]);
    service.signal("SIGTERM");
    const { code, stdout } = await service.end();
    assert.deepEqual(
      { code, stdout },
      { code: 0, stdout: "" },
      "results go into responses, the rest to stderr",
    );
    const lines = service.stderr.split("\n").slice(1);
    assert.equal(lines.filter((line) => line.includes("Trap: wasm trap: unreachable")).length, 2);
    assert.ok(lines.includes("to stdout") && lines.includes("to stderr"));
    assert.match(
      service.stderr,
      /proxy\.wasm: GET \/trap\S*: Trap: wasm trap: unreachable\n {4}at \w+ at 0x/,
    );
  },
);

served("--log is a line of JSON for each request", [PROXY, "--log"], async (service) => {
  await curl([`${service.url}/hello?a=1`]);
  await curl([`${service.url}/never`]);
  await service.until(/"\/never"/);
  const records = service.stderr.split("\n").filter((line) => line.startsWith("{")).map((line) =>
    JSON.parse(line)
  );
  assert.deepEqual(
    records.map(({ time, ms, ...rest }) => ({ ...rest, time: !isNaN(Date.parse(time)), ms: ms > 0 })),
    [
      { method: "GET", path: "/hello?a=1", status: 200, bytes: 13, ended: "complete", time: true, ms: true },
      { method: "GET", path: "/never", status: 500, bytes: 22, ended: "complete", time: true, ms: true },
    ],
  );
});

served("--max-body and --request-timeout are the client's 413 and 504", [
  PROXY,
  "--max-body",
  "10",
  "--request-timeout",
  "300",
], async ({ url }) => {
  const status = async (...args: string[]) =>
    (await curl(["--output", "/dev/null", "--write-out", "%{http_code}", ...args])).stdout;
  assert.equal(await status("--data", "0123456789", `${url}/upload`), "200");
  assert.equal(await status("--data", "0123456789a", `${url}/upload`), "413");
  assert.equal(await status(`${url}/slow?ms=100000000`), "504");
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  served(
    `${signal} while requests are under way: all are answered, and it ends with 0`,
    [PROXY],
    async (service) => {
      const slow = Array.from({ length: 10 }, () => curl([`${service.url}/slow?ms=1000`]));
      const drip = (await fetch(`${service.url}/drip?lines=5&ms=200`)).text();
      await service.until(/(slow: asleep\n[^]*){10}/);
      service.signal(signal);
      for (const { code, stdout } of await Promise.all(slow)) assert.deepEqual([code, stdout], [0, "slow\n"]);
      assert.equal(await drip, "line 0\nline 1\nline 2\nline 3\nline 4\n");
      assert.equal((await service.end()).code, 0);
      assert.notEqual((await curl([`${service.url}/hello`])).code, 0, "nobody listens any more");
    },
  );
}

served("a second signal ends at once", [PROXY], async (service) => {
  const slow = curl([`${service.url}/slow?ms=100000000`]);
  await service.until(/slow: asleep\n/);
  // Two of the same kind that come at once are one to the kernel.
  service.signal("SIGTERM");
  service.signal("SIGINT");
  const begun = performance.now();
  assert.equal((await service.end()).code, 0);
  assert.ok(performance.now() - begun < 20_000, "it did not wait as long as the first would have");
  assert.notEqual((await slow).stdout, "slow\n");
});

served("a port that is taken, said and not waited for", [PROXY], async ({ port }) => {
  assertOutcome(await airlock(["serve", PROXY, "--port", String(port)]), {
    stderr: `airlock: ListenError: cannot listen on 127.0.0.1:${port}: the port is in use\n`,
    code: 2,
  });
});

Deno.test("an entry of a configuration is served as it declares", async () => {
  const bytes = component(PROXY);
  const fields = {
    path: "proxy.wasm",
    hash: await hashOf(bytes),
    imports: "[wasi:io, wasi:cli, wasi:clocks, wasi:http]",
  };
  const yaml = HEAD + entry({ ...fields, name: "web", method: METHOD }) +
    entry({
      ...fields,
      name: "other",
      method: "wasi:http/incoming-handler#handle",
      imports: "[wasi:io, wasi:http]",
    });
  await using folder = await project({ "proxy.wasm": bytes, "app.yaml": yaml });
  const config = `${folder.directory}/app.yaml`;
  {
    await using service = await Service.start([config, "web"]);
    assert.equal(await (await fetch(`${service.url}/print`)).text(), "printed\n");
  }
  {
    await using service = await Service.start([config, "app:other"]);
    assert.equal(await (await fetch(`${service.url}/hello`)).text(), "hello, world\n");
    await (await fetch(`${service.url}/print`)).body?.cancel();
    await service.until(
      /app:other: GET \/print: CapabilityError: wasi:cli\/stdout@0\.2\.3#get-stdout is not granted/,
    );
  }
  assertOutcome(await airlock(["serve", config]), {
    stderr: "airlock: EntryError: 2 entries can be served; name the one to serve: app:web or app:other\n",
    code: 2,
  });
  assertOutcome(await airlock(["serve", config, "no"]), {
    stderr: /^airlock: EntryError: no entry "no"/,
    code: 2,
  });
  assertOutcome(await airlock(["serve", config, "web", "--env", "A=1"]), {
    stderr: /^airlock: --env: /,
    code: 2,
  });
  assertOutcome(await airlock(["list", config]), { stdout: /wasi:http\/incoming-handler/ });
  assertOutcome(await airlock(["check", config]), { stderr: /3 entries checked: ok\n$/ });
});

Deno.test("with exactly the permissions that it needs, and without them", async () => {
  const read = "--allow-read=.";
  {
    await using service = await Service.start([PROXY, "--isolation", "inline"], [
      read,
      "--allow-net=127.0.0.1:0",
    ]);
    assert.equal(await (await fetch(`${service.url}/hello`)).text(), "hello, world\n");
  }
  const outcome = await airlock(["serve", PROXY, "--isolation", "inline", "--port", "0"], { flags: [read] });
  assertOutcome(outcome, {
    stderr: /^airlock: NotCapable: Requires net access to "127\.0\.0\.1:0"/,
    code: 2,
  });
});

const WRONG: readonly Row[] = [
  [["serve"], { stderr: /^airlock: missing <config> or <file\.wasm>\nusage: serve /, code: 2 }],
  [["serve", "examples/hello/app.yaml"], { stderr: /^airlock: EntryError: no entry can be served/, code: 2 }],
  [["serve", "examples/hello/app.yaml", "hello"], {
    stderr: /^airlock: EntryError: demo:hello cannot be served: its method is wasi:cli\/run@0\.2\.3#run/,
    code: 2,
  }],
  [["serve", "tests/guests/minimal/minimal.wasm"], {
    stderr: /^airlock: MethodError: .*minimal\.wasm/,
    code: 2,
  }],
  [["serve", PROXY, "more"], { stderr: /^airlock: unexpected argument "more"\n/, code: 2 }],
  [["serve", PROXY, "--root", "."], { stderr: /^airlock: --root is of a configuration\n/, code: 2 }],
  [["serve", PROXY, "--port", "65536"], {
    stderr: /^airlock: --port 65536: expected a number from 0 to 65535\n/,
    code: 2,
  }],
  [["serve", PROXY, "--port", "http"], { stderr: /^airlock: --port http: expected a number/, code: 2 }],
  [["serve", PROXY, "--request-timeout", "1s"], {
    stderr: /^airlock: --request-timeout 1s: expected a number\n/,
    code: 2,
  }],
  [["serve", PROXY, "--host", "203.0.113.1"], {
    stderr: /^airlock: ListenError: cannot listen on 203\.0\.113\.1:8080: /,
    code: 2,
  }],
  [["serve", "nothing.wasm"], { stderr: /^airlock: cannot read nothing\.wasm/, code: 2 }],
];
table("wrong", WRONG);
