/** `outgoing-request` and `handle`: what cannot be sent is refused, before any packet leaves. */
import assert from "node:assert/strict";
import { ComponentError } from "../../src/component/error.ts";
import { Fields } from "../../src/wasi/http/fields.ts";
import { OutgoingBody } from "../../src/wasi/http/outgoing_body.ts";
import { OutgoingRequest } from "../../src/wasi/http/outgoing_request.ts";
import { RequestOptions } from "../../src/wasi/http/request_options.ts";
import type { ErrorCode, Method, Scheme } from "../../src/wasi/http/types.ts";
import {
  type Asked,
  codeOf,
  Guest,
  pairs,
  RawServer,
  read,
  refusalOf,
  requestOf,
  responseOf,
  write,
} from "./http_support.ts";
import { network } from "./network_support.ts";
import { bytes, isTrap } from "./support.ts";

const request = () => new OutgoingRequest(new Fields());
const isRefused = (error: unknown) => error instanceof ComponentError && error.payload === undefined;

Deno.test("a new request is a GET to nowhere, with its fields fixed", () => {
  const headers = new Fields();
  headers.append("A", bytes("1"));
  const made = new OutgoingRequest(headers);
  assert.deepEqual(made.method(), { tag: "get" });
  assert.equal(made.pathWithQuery(), undefined);
  assert.equal(made.scheme(), undefined);
  assert.equal(made.authority(), undefined);
  assert.deepEqual(pairs(made.headers()), [["A", "1"]]);
  for (const fixed of [made.headers(), made.headers()]) {
    assert.throws(() => fixed.append("B", bytes("2")), /immutable/);
  }
});

Deno.test("what was set is given back as it was set", () => {
  const made = request();
  made.setMethod({ tag: "other", val: "purge" });
  made.setScheme({ tag: "other", val: "WS" });
  made.setAuthority("Example.COM:8080");
  made.setPathWithQuery("?q");
  assert.deepEqual(made.method(), { tag: "other", val: "purge" });
  assert.deepEqual(made.scheme(), { tag: "other", val: "WS" });
  assert.equal(made.authority(), "Example.COM:8080");
  assert.equal(made.pathWithQuery(), "?q");
  made.setScheme(undefined);
  made.setAuthority(undefined);
  made.setPathWithQuery(undefined);
  assert.deepEqual([made.scheme(), made.authority(), made.pathWithQuery()], [
    undefined,
    undefined,
    undefined,
  ]);
});

const NO_AUTHORITIES = [
  "",
  ":80",
  "user@example.com",
  "user:password@example.com:80",
  "example.com/",
  "example.com/path",
  "example.com?q",
  "example.com#f",
  "example.com\\@other.example",
  "http://example.com",
  "example.com:",
  "example.com:http",
  "example.com:0",
  "example.com:65536",
  "example.com:99999",
  "example.com:+80",
  "example.com: 80",
  "example.com:80:80",
  "exa mple.com",
  " example.com",
  "example.com ",
  "example.com\t",
  "example.com\r\nHost: other.example",
  "example.com\n",
  "example.com\0",
  "ex%61mple.com",
  "example..com",
  ".example.com",
  "-.example.com",
  "2130706433",
  "0x7f000001",
  "0177.0.0.1",
  "127.1",
  "127.0.0.1.",
  "127.0.0.256",
  "01.2.3.4",
  "example.0x1",
  "::1",
  "[::1",
  "[::1]]",
  "[127.0.0.1]",
  "[fe80::1%25eth0]",
  "[fe80::1%eth0]",
  "[v1.x]",
  "[example.com]",
  "①②③.④",
  "ｅｘａｍｐｌｅ。ｃｏｍ/",
  "a,b.example",
  "*.example.com",
  `${"a".repeat(64)}.example`,
  `${"a.".repeat(126)}aa`,
  "a".repeat(1 << 20),
];

for (const authority of NO_AUTHORITIES) {
  Deno.test(`${JSON.stringify(authority.slice(0, 40))} is no authority`, () => {
    const made = request();
    assert.throws(() => made.setAuthority(authority), isRefused);
    assert.equal(made.authority(), undefined);
  });
}

const NO_PATHS = [
  "",
  "path",
  "http://other.example/",
  "HTTP://other.example/",
  "other.example:80",
  "@other.example/",
  "\\\\other.example",
  "/a b",
  "/a\r\nHost: other.example",
  "/a\nb",
  "/a\tb",
  "/\0",
  "/\x7f",
  "/ä",
  "/\u0120",
  "/a#b",
  "/ HTTP/1.1\r\nA: b",
  "#",
  "**",
  " /",
  `/${"a".repeat(65_535)}`,
];

for (const path of NO_PATHS) {
  Deno.test(`${JSON.stringify(path.slice(0, 40))} is no path`, () => {
    const made = request();
    assert.throws(() => made.setPathWithQuery(path), isRefused);
    assert.equal(made.pathWithQuery(), undefined);
  });
}

Deno.test("methods and schemes are words", () => {
  const made = request();
  for (const val of ["", "A B", "GET\r\n", "A:", "Ä", "A".repeat(257), "GET / HTTP/1.1"]) {
    assert.throws(() => made.setMethod({ tag: "other", val }), isRefused, val);
  }
  for (const val of ["", "a b", "1a", "a:", "bad\nscheme", "http://", "a".repeat(257)]) {
    assert.throws(() => made.setScheme({ tag: "other", val }), isRefused, val);
  }
});

const HERE: Asked = { authority: "localhost:1" };

/** Requests that can be made, and not sent. */
const REFUSED: readonly [what: string, asked: Asked, code: ErrorCode][] = [
  ["no authority", {}, { tag: "HTTP-request-URI-invalid" }],
  ["another scheme", { ...HERE, scheme: { tag: "other", val: "ws" } }, { tag: "HTTP-protocol-error" }],
  ["CONNECT", { ...HERE, method: { tag: "connect" } }, { tag: "HTTP-request-method-invalid" }],
  ["CONNECT in disguise", { ...HERE, method: { tag: "other", val: "CONNECT" } }, {
    tag: "HTTP-request-method-invalid",
  }],
  ["a method that node:http would change", { ...HERE, method: { tag: "other", val: "get" } }, {
    tag: "HTTP-request-method-invalid",
  }],
  ["a star without OPTIONS", { ...HERE, path: "*" }, { tag: "HTTP-request-URI-invalid" }],
  ["two lengths", { ...HERE, fields: [["Content-Length", "1"], ["content-length", "2"]] }, {
    tag: "HTTP-protocol-error",
  }],
  ["one length twice", { ...HERE, fields: [["Content-Length", "0"], ["content-length", "0"]] }, {
    tag: "HTTP-protocol-error",
  }],
  ["a length and no contents", { ...HERE, fields: [["Content-Length", "1"]] }, {
    tag: "HTTP-request-body-size",
    val: 0n,
  }],
];

for (const [what, asked, code] of REFUSED) {
  Deno.test(`a request with ${what} is not sent: ${code.tag}`, () => {
    using guest = new Guest();
    assert.deepEqual(refusalOf(guest, requestOf(asked)), code);
  });
}

Deno.test("a refused request takes its body with it: whoever writes is told that nobody reads", () => {
  using guest = new Guest();
  const made = requestOf({ ...HERE, method: { tag: "connect" } });
  const body = made.body();
  const stream = body.write();
  refusalOf(guest, made);
  assert.throws(() => stream.checkWrite(), /closed/);
  stream[Symbol.dispose]();
  OutgoingBody.finish(body, undefined);
});

Deno.test("a request is sent once", () => {
  using guest = new Guest();
  const made = requestOf(HERE);
  guest.handle(made, undefined)[Symbol.dispose]();
  assert.throws(() => guest.handle(made, undefined), isTrap(/sent before/));
});

/** Whom the rules let a guest reach is asked of the authority, and of nothing else. */
const DENIED: readonly [authority: string, scheme: Scheme["tag"], code: ErrorCode["tag"]][] = [
  ["other.example", "HTTP", "HTTP-request-denied"],
  ["api.example", "HTTPS", "HTTP-request-denied"],
  ["api.example:81", "HTTP", "HTTP-request-denied"],
  ["sub.api.example", "HTTP", "HTTP-request-denied"],
  ["api.example.other.example", "HTTP", "HTTP-request-denied"],
  ["10.0.0.1", "HTTP", "HTTP-request-denied"],
  ["[::1]", "HTTP", "HTTP-request-denied"],
  ["192.0.2.1", "HTTP", "HTTP-request-denied"],
];

for (const [authority, scheme, code] of DENIED) {
  Deno.test(`${scheme} to ${authority} is denied where the rule is http://api.example`, async () => {
    using guest = new Guest(network(["http://api.example"]));
    const asked: Asked = { authority, scheme: { tag: scheme } as Scheme };
    let got: ErrorCode;
    try {
      got = codeOf(await guest.get(asked));
    } catch (error) {
      got = (error as ComponentError<ErrorCode>).payload;
    }
    assert.equal(got.tag, code);
  });
}

Deno.test("a private address that nothing names is destination-IP-prohibited, also behind a name", async () => {
  using guest = new Guest({ rules: undefined, private: false });
  for (const authority of ["127.0.0.1:1", "[::1]:1", "[::ffff:127.0.0.1]:1", "localhost:1", "localhost.:1"]) {
    assert.deepEqual(codeOf(await guest.get({ authority })), { tag: "destination-IP-prohibited" }, authority);
  }
});

Deno.test("the scheme is https where none is said", async () => {
  await using server = await RawServer.start(() => {});
  using guest = new Guest(network([`http://${server.authority}`]));
  const made = requestOf({ authority: server.authority });
  made.setScheme(undefined);
  const future = guest.handle(made, undefined);
  await future.subscribe().block();
  const result = future.get();
  assert.deepEqual(result, { tag: "ok", val: { tag: "err", val: { tag: "HTTP-request-denied" } } });
});

const EMPTY = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/** What a request looks like on the wire: the guest's own fields, the host's three, and nothing else. */
const SENT: readonly [what: string, asked: Asked, contents: string | undefined, sent: string][] = [
  ["GET", {}, undefined, "GET / HTTP/1.1\r\nHost: HERE\r\nConnection: keep-alive\r\n\r\n"],
  [
    "GET with an empty body",
    { path: "/a?b" },
    "",
    "GET /a?b HTTP/1.1\r\nHost: HERE\r\nConnection: keep-alive\r\n\r\n",
  ],
  [
    "GET with contents",
    { path: "?q" },
    "ab",
    "GET /?q HTTP/1.1\r\nHost: HERE\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nab",
  ],
  [
    "POST without contents",
    { method: { tag: "post" } },
    undefined,
    "POST / HTTP/1.1\r\nHost: HERE\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n",
  ],
  [
    "POST with contents and their length",
    { method: { tag: "post" }, fields: [["content-LENGTH", "3"]] },
    "abc",
    "POST / HTTP/1.1\r\nHost: HERE\r\ncontent-LENGTH: 3\r\nConnection: keep-alive\r\n\r\nabc",
  ],
  [
    "DELETE",
    { method: { tag: "delete" } },
    undefined,
    "DELETE / HTTP/1.1\r\nHost: HERE\r\nConnection: keep-alive\r\n\r\n",
  ],
  [
    "OPTIONS of the server",
    { method: { tag: "options" }, path: "*" },
    undefined,
    "OPTIONS * HTTP/1.1\r\nHost: HERE\r\nConnection: keep-alive\r\n\r\n",
  ],
  [
    "a method of its own",
    { method: { tag: "other", val: "PROPFIND" }, path: '/{a}|"b"^`\\' },
    undefined,
    'PROPFIND /{a}|"b"^`\\ HTTP/1.1\r\nHost: HERE\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n',
  ],
  [
    "fields in their order and casing",
    {
      fields: [["X-b", "1"], ["accept", "a"], ["x-B", "2"], ["Set-Cookie", "a"], ["set-cookie", "b"], [
        "E",
        "",
      ]],
    },
    undefined,
    "GET / HTTP/1.1\r\nHost: HERE\r\nX-b: 1\r\naccept: a\r\nx-B: 2\r\nSet-Cookie: a\r\nset-cookie: b\r\nE: \r\n" +
    "Connection: keep-alive\r\n\r\n",
  ],
  [
    "http as another scheme",
    { scheme: { tag: "other", val: "HTTP" } as Scheme },
    undefined,
    "GET / HTTP/1.1\r\nHost: HERE\r\nConnection: keep-alive\r\n\r\n",
  ],
];

for (const [what, asked, contents, sent] of SENT) {
  Deno.test(`${what} on the wire`, async () => {
    await using server = await RawServer.start(({ socket }) => socket.end(EMPTY));
    using guest = new Guest();
    const made = requestOf({ ...asked, authority: server.authority });
    if (contents !== undefined) await write(made, contents);
    const future = guest.handle(made, undefined);
    await future.subscribe().block();
    const result = future.get();
    assert.ok(result?.tag === "ok" && result.val.tag === "ok");
    await read(result.val.val);
    await server.peers[0]!.closed;
    assert.equal(server.peers[0]!.received(), sent.replace("HERE", server.authority));
  });
}

Deno.test("the host field is the authority in one form, whatever the guest wrote", async () => {
  await using server = await RawServer.start(({ socket }) => socket.end(EMPTY));
  using guest = new Guest(network([`localhost:${server.port}`, `127.0.0.1:${server.port}`], true));
  for (const name of ["LocalHost", "localhost.", "ｌocalhost"]) {
    await read(responseOf(await guest.get({ authority: `${name}:${server.port}` })));
    assert.match(server.peers.at(-1)!.received(), new RegExp(`\r\nHost: localhost:${server.port}\r\n`));
  }
  await read(responseOf(await guest.get({ authority: `[::ffff:127.0.0.1]:${server.port}` })));
  assert.match(
    server.peers.at(-1)!.received(),
    new RegExp(`\r\nHost: \\[::ffff:7f00:1\\]:${server.port}\r\n`),
  );
});

Deno.test("bytes of values go out as they are", async () => {
  await using server = await RawServer.start(({ socket }) => socket.end(EMPTY));
  using guest = new Guest();
  const fields = Fields.fromList([["A", Uint8Array.of(0xe9, 0x80, 0xff, 0x09)]]);
  const made = new OutgoingRequest(fields);
  made.setScheme({ tag: "HTTP" });
  made.setAuthority(server.authority);
  guest.handle(made, undefined);
  assert.match(await (await server.peer(0)).until(/\r\n\r\n/), /\r\nA: \xe9\x80\xff\t\r\n/);
});

Deno.test("options are what was set", () => {
  const options = new RequestOptions();
  assert.deepEqual([options.connectTimeout(), options.firstByteTimeout(), options.betweenBytesTimeout()], [
    undefined,
    undefined,
    undefined,
  ]);
  options.setConnectTimeout(1n);
  options.setFirstByteTimeout(2n ** 64n - 1n);
  options.setBetweenBytesTimeout(0n);
  assert.deepEqual([options.connectTimeout(), options.firstByteTimeout(), options.betweenBytesTimeout()], [
    1n,
    2n ** 64n - 1n,
    0n,
  ]);
  options.setConnectTimeout(undefined);
  assert.equal(options.connectTimeout(), undefined);
});

Deno.test("a body is asked for once, and so is its stream", () => {
  const made = request();
  const body = made.body();
  assert.throws(() => made.body(), isRefused);
  const stream = body.write();
  assert.throws(() => body.write(), isRefused);
  stream[Symbol.dispose]();
  assert.throws(() => body.write(), isRefused);
  body[Symbol.dispose]();
});

Deno.test("methods are the words of HTTP", async () => {
  await using server = await RawServer.start(({ socket }) => socket.end(EMPTY));
  using guest = new Guest();
  const tags: Exclude<Method["tag"], "connect" | "other">[] = [
    "get",
    "head",
    "post",
    "put",
    "delete",
    "options",
    "trace",
    "patch",
  ];
  for (const tag of tags) {
    await read(responseOf(await guest.get({ authority: server.authority, method: { tag } })));
    assert.ok(server.peers.at(-1)!.received().startsWith(`${tag.toUpperCase()} / HTTP/1.1\r\n`));
  }
});
