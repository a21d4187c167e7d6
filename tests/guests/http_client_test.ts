/** wasi:http as a client, called by a program that has it from C bindings, with servers that say what they are told to. */
import assert from "node:assert/strict";
import { assertOutcome } from "../support/airlock.ts";
import { closedPort, type Heard, peer, response, webPeer } from "./peers.ts";
import { exec } from "./run.ts";

const LOOPBACK = ["--net", "127.0.0.0/8", "--net", "::1"];

const request = (words: readonly string[], stdin?: string) =>
  exec("http_client", words, { options: LOOPBACK, ...stdin === undefined ? {} : { stdin } });

Deno.test("a request is sent as it was made: method, path, query, host, headers in order", async () => {
  let head = "";
  await using server = webPeer((heard) => {
    head = heard.head;
    return "HTTP/1.1 203 Fine\r\nX-One: 1\r\nx-two: \xff\r\nX-One: 2\r\nContent-Length: 5\r\n\r\nhello";
  });
  const words = ["-H", "X-B: 1", "-H", "x-a: zwei", "-H", "X-B: 3", "PROPFIND"];
  const { stdout, ...rest } = await request([...words, `http://${server.address}/a/b?c=%20d`]);
  assertOutcome({ ...rest, stdout: stdout.toLowerCase() }, {
    stdout:
      'status: 203\nheader: x-one: 1\nheader: x-two: \ufffd\nheader: x-one: 2\nheader: content-length: 5\nbody: "hello"\n',
  });
  const [line, ...fields] = head.trimEnd().split("\r\n");
  assert.equal(line, "PROPFIND /a/b?c=%20d HTTP/1.1");
  assert.deepEqual(fields.filter((field) => !/^x-/i.test(field)).map((field) => field.toLowerCase()).sort(), [
    "connection: keep-alive",
    "content-length: 0",
    `host: ${server.address}`,
  ]);
  assert.deepEqual(fields.filter((field) => /^x-b/i.test(field)).map((field) => field.split(": ")[1]), [
    "1",
    "3",
  ]);
  assert.equal(fields.filter((field) => /^x-a: zwei$/i.test(field)).length, 1);
});

/** The requests that there are: what the server hears of the body. */
for (
  const [title, words, stdin, field, body] of [
    [
      "with a length that was said",
      ["-H", "content-length: 5", "-d", "hello"],
      "",
      "content-length: 5",
      "hello",
    ],
    [
      "with the length that it has, where it is whole before it is sent",
      ["-d", "hello"],
      "",
      "content-length: 5",
      "hello",
    ],
    [
      "with trailers",
      ["-d", "hi", "-T", "x-sum: 2"],
      "",
      "transfer-encoding: chunked",
      "2\r\nhi\r\n0\r\nx-sum: 2\r\n\r\n",
    ],
    ["of nothing", ["-d", ""], "", "content-length: 0", ""],
  ] as const
) {
  Deno.test(`a body is sent ${title}`, async () => {
    let heard: [string, string] | undefined;
    await using server = webPeer(async ({ head, body }: Heard) => {
      heard = [head, await body()];
      return response("done");
    });
    assertOutcome(await request([...words, "POST", `http://${server.address}/`], stdin), {
      stdout: /^status: 200\nheader: content-length: 4\nbody: "done"\n$/i,
    });
    assert.ok(heard![0].toLowerCase().includes(`\r\n${field}\r\n`), heard![0]);
    assert.equal(heard![1].toLowerCase(), body);
  });
}

Deno.test("a body that is streamed is sent in chunks, as it comes", async () => {
  let heard = "", head = "";
  await using server = webPeer(async (request) => {
    head = request.head;
    heard = await request.body();
    return response("done");
  });
  const text = "0123456789".repeat(30_000);
  const { stdout, ...rest } = await request(["--stdin", "POST", `http://${server.address}/`], text);
  assertOutcome({ ...rest, stdout }, { stdout: /^status: 200\nheader: content-length: 4\nbody: "done"\n$/i });
  assert.match(head, /^transfer-encoding: chunked\r$/im);
  // Sizes are hexadecimal and each chunk is as long as it says.
  let body = "";
  for (let at = 0;;) {
    const end = heard.indexOf("\r\n", at);
    const size = parseInt(heard.slice(at, end), 16);
    if (size === 0) break;
    body += heard.slice(end + 2, end + 2 + size);
    at = end + size + 4;
  }
  assert.ok(body === text);
});

Deno.test("a body may be larger than anything that is kept, in both directions at once", async () => {
  const size = 20_000_000;
  await using server = peer(async (connection) => {
    // An echo: what comes goes back at once, so that whoever only writes would wait forever.
    const part = new Uint8Array(65_536);
    let start = "";
    while (!start.includes("\r\n\r\n")) {
      start += new TextDecoder("latin1").decode(part.subarray(0, (await connection.read(part))!));
    }
    await connection.write(new TextEncoder().encode(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`));
    let left = size - (start.length - start.indexOf("\r\n\r\n") - 4);
    await connection.write(new Uint8Array(size - left));
    while (left > 0) {
      const n = (await connection.read(part))!;
      left -= n;
      for (let at = 0; at < n;) at += await connection.write(part.subarray(at, n));
    }
  });
  const words = ["-H", `content-length: ${size}`, "--zeros", `${size}`, "PUT", `http://${server.address}/`];
  const { stdout, ...rest } = await request(words);
  assert.match(
    stdout,
    /^status: 200\nheader: content-length: 20000000\nbody: 20000000 bytes, hash [0-9a-f]{8}\n$/i,
  );
  assertOutcome({ ...rest, stdout: "" }, {});
});

Deno.test("a response in chunks, with trailers; one that ends with the connection; one without a body", async () => {
  await using server = webPeer((_heard, number) =>
    [
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: x-end\r\n\r\n3\r\none\r\n4;x=y\r\n two\r\n0\r\nx-end: 1\r\nx-end: 2\r\n\r\n",
      "HTTP/1.0 200 OK\r\n\r\nuntil the end",
      "HTTP/1.1 204 No Content\r\n\r\n",
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok",
    ][number - 1]!
  );
  const get = ["GET", `http://${server.address}/`];
  const { stdout, ...rest } = await request([...get, "--next", ...get, "--next", ...get, "--next", ...get]);
  assertOutcome({ ...rest, stdout: stdout.toLowerCase().replaceAll(/header: (?!content-length).*\n/g, "") }, {
    stdout: 'status: 200\nbody: "one two"\ntrailer: x-end: 1\ntrailer: x-end: 2\n' +
      'status: 200\nbody: "until the end"\nstatus: 204\nbody: ""\n' +
      'status: 200\nheader: content-length: 2\nbody: "ok"\n',
  });
});

/** What servers do wrong, and the name that it has. */
for (
  const [title, answer, expected] of [
    [
      "ends before its head does",
      "HTTP/1.1 200 OK\r\nx: y",
      /^error: (HTTP-response-incomplete|connection-terminated)/,
    ],
    ["says nothing", "", /^error: (HTTP-response-incomplete|connection-terminated)/],
    [
      "ends before its body does",
      "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nfour",
      /^status: 200\nheader: content-length: 10\nbody: "four"\ndownload: (HTTP-response-incomplete|connection-terminated)/,
    ],
    [
      "ends before its last chunk",
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nfour\r\n",
      /^status: 200\n(header.*\n)?body: "four"\ndownload: (HTTP-response-incomplete|connection-terminated)/i,
    ],
    ["is no HTTP", "SSH-2.0-OpenSSH_9.2\r\n\r\n", /^error: HTTP-protocol-error/],
    ["has a header that is none", "HTTP/1.1 200 OK\r\na b\x00: c\r\n\r\n", /^error: HTTP-protocol-error/],
    [
      "has two lengths",
      "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
      /^error: HTTP-protocol-error/,
    ],
    [
      "has a chunk of no size",
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n",
      /^status: 200\n(header.*\n)?body: ""\ndownload: (HTTP-protocol-error|HTTP-response-transfer-coding)/i,
    ],
    [
      "has a megabyte of headers",
      `HTTP/1.1 200 OK\r\n${"x-long: ".padEnd(1000, "y") + "\r\n"}`.padEnd(30, " ") +
      `${"x-long: ".padEnd(1000, "y")}\r\n`.repeat(1000) + "\r\n",
      /^error: HTTP-response-header-section-size/,
    ],
  ] as const
) {
  Deno.test(`a response that ${title} is an error by name`, async () => {
    await using server = webPeer(answer);
    const { code, stdout, stderr } = await request(["GET", `http://${server.address}/`]);
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
    assert.match(stdout, expected);
    assert.doesNotMatch(stdout, /\/root|\.ts|node:/);
  });
}

Deno.test("what cannot be reached is an error by name", async () => {
  const { stdout } = await request(["GET", `http://127.0.0.1:${closedPort()}/`]);
  assert.match(stdout, /^error: connection-refused\n$/);
  const named = await exec("http_client", ["GET", "http://nobody.invalid/"], { options: ["--net", "*"] });
  // Without any server to ask, a resolver may say that it cannot say.
  assert.match(named.stdout, /^error: (DNS-error|DNS-timeout|destination-not-found)/);
});

Deno.test("parts that no request can have are refused where they are set", async () => {
  await using server = webPeer(response("never"));
  const url = `http://${server.address}/`;
  for (
    const [words, expected] of [
      [["GE T", url], "method: refused\n"],
      [["GET\r\nx: y", url], "method: refused\n"],
      [["--path", "/a b", "GET", url], "path: refused\n"],
      [["--path", "/a\r\nhost: b", "GET", url], "path: refused\n"],
      [["--path", "/a#b", "GET", url], "path: refused\n"],
      [["--authority", "a@b", "GET", url], "authority: refused\n"],
      [["--authority", "a:b", "GET", url], "authority: refused\n"],
      [["--authority", "a/b", "GET", url], "authority: refused\n"],
      [["--authority", "127.0.0.1:99999", "GET", url], "authority: refused\n"],
      [["--scheme", "ht tp", "GET", url], "scheme: refused\n"],
      [["-H", "a b: c", "GET", url], "a b: invalid-syntax\n"],
      [["-H", "x: a\r\ny: b", "GET", url], "x: invalid-syntax\n"],
      [["-H", "x: a\nb", "GET", url], "x: invalid-syntax\n"],
      [["-H", "connection: close", "GET", url], "connection: forbidden\n"],
      [["-H", "Transfer-Encoding: chunked", "GET", url], "Transfer-Encoding: forbidden\n"],
      [["-H", "upgrade: h2c", "GET", url], "upgrade: forbidden\n"],
      [["-H", "Host: other", "GET", url], "Host: forbidden\n"],
    ] as const
  ) {
    const { stdout, stderr } = await request(words);
    assert.deepEqual({ stdout, stderr }, { stdout: expected, stderr: "" }, words.join(" "));
  }
  assert.equal(server.accepted, 0);
});

Deno.test("timeouts are kept, each with its own name", async () => {
  let go = () => {};
  const gone = new Promise<void>((done) => go = done);
  await using silent = webPeer(() => gone.then(() => undefined));
  await using slow = webPeer(async ({ connection }) => {
    await connection.write(new TextEncoder().encode("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nfour"));
    await gone;
    return undefined;
  });
  const first = await request(["--first-byte-timeout", "100", "GET", `http://${silent.address}/`]);
  assert.match(first.stdout, /^error: (connection-read-timeout|HTTP-response-timeout)\n$/);
  const between = await request(["--between-bytes-timeout", "100", "GET", `http://${slow.address}/`]);
  assert.match(between.stdout, /^status: 200\n.*\nbody: "four"\ndownload: connection-read-timeout\n$/);
  go();
});

for (const what of ["request", "body", "future", "response", "input", "trailers"]) {
  Deno.test(`a guest that drops its ${what} half-way is done with it, and can go on`, async () => {
    await using server = webPeer(response("x".repeat(100_000)));
    const words = ["--drop", what, "-d", "x".repeat(1000), "POST", `http://${server.address}/`];
    const { code, stdout, stderr } = await request([...words, "--next", "GET", `http://${server.address}/`]);
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
    assert.match(
      stdout,
      /dropped\nstatus: 200\nheader: content-length: 100000\nbody: 100000 bytes, hash \w+\n$/i,
    );
  });
}

Deno.test("a length that was said is a length that is kept", async () => {
  await using server = webPeer(async ({ body }) => {
    await body();
    return response("done");
  });
  const url = `http://${server.address}/`;
  const short = await request(["-H", "content-length: 9", "-d", "four", "POST", url]);
  assert.match(short.stdout, /^finish: HTTP-request-body-size size=4\n/);
  const long = await request(["-H", "content-length: 2", "-d", "four", "POST", url]);
  assert.match(long.stdout, /(^|\n)(upload|finish): HTTP-request-body-size size=4\n/);
});

Deno.test("a thousand requests at once are all answered", async () => {
  await using server = webPeer(response("hello"));
  // More than there may be connections at once: the others wait for their turn.
  assertOutcome(await request(["--times", "1000", "GET", `http://${server.address}/`]), {
    stdout: "1000: status 200, 5 bytes\n",
  });
  assert.equal(server.accepted, 1000);
});

Deno.test("a redirect is an answer like any other: it is the guest that goes on, if it may", async () => {
  await using there = webPeer(response("there"));
  await using denied = webPeer(response("denied"));
  let target = "";
  await using here = webPeer(() => `HTTP/1.1 302 Found\r\nlocation: ${target}\r\ncontent-length: 0\r\n\r\n`);
  const options = ["--net", `http://${here.address}`, "--net", `http://${there.address}`];
  for (
    const [to, end] of [
      [`http://${there.address}/`, /\nstatus: 200\n.*\nbody: "there"\n$/i],
      [`http://${denied.address}/`, /\nerror: HTTP-request-denied\n$/],
    ] as const
  ) {
    target = to;
    const words = ["--follow", "GET", `http://${here.address}/`];
    const { stdout, stderr } = await exec("http_client", words, { options });
    assert.equal(stderr, "");
    assert.match(stdout, end);
  }
  assert.deepEqual([here.accepted, there.accepted, denied.accepted], [2, 1, 0]);
});
