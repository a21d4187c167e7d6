/** `http.static`: files of a directory, and nothing but those. */
import assert from "node:assert/strict";
import { CapabilityError, ConfigError } from "../../mod.ts";
import { component, hashOf } from "../support/project.ts";
import { ask, ep, fn, router, serveApp, type Served, service, TEXT } from "./app_support.ts";
import { CLOSE, contents, exchange, request, Wire } from "./serve_support.ts";

const FS = "  - {name: public, kind: fs.directory, directory: ./public}\n";

function files(more = "", path = "/static"): string {
  return `  - {name: static, kind: http.static, meta: {server: web}, path: ${path}, fs: public${
    more && `, ${more}`
  }}\n`;
}

const BIG = new Uint8Array(1_000_003).map((_, i) => i * 7 % 251);

const TREE = {
  "public/index.html": "<h1>home</h1>",
  "public/a b.txt": "space",
  "public/été.css": "a{}",
  "public/data.json": "{}",
  "public/app.mjs": "0",
  "public/noext": "?",
  "public/empty.txt": "",
  "public/big.bin": BIG,
  "public/sub/index.html": "sub",
  "public/bare/file.txt": "in bare",
  "public/.hidden": "dot",
  "secret.txt": "secret",
  "public2/x.txt": "neighbour",
};

async function serveFiles(more = "", path = "/static", rest: readonly string[] = []): Promise<Served> {
  return await serveApp([service(), FS, files(more, path), ...rest], {}, TREE);
}

/** A response's status and fields. */
async function head(app: Served, path: string, more: readonly string[] = [], method = "GET") {
  const text = await exchange(app.port, request(path, [...CLOSE, ...more], method));
  const [, status = "", lines = ""] = /^HTTP\/1\.1 (\d+) [^\r]*\r\n([^]*?)\r\n\r\n/.exec(text) ?? [];
  const fields = Object.fromEntries(lines.split("\r\n").map((line) => line.split(": ") as [string, string]));
  return { status: Number(status), fields, body: contents(text) };
}

Deno.test("files have kinds, lengths and validators; directories have an index; nothing is listed", async () => {
  await using app = await serveFiles();
  const rows: readonly (readonly [path: string, status: number, type: string | null, text: string])[] = [
    ["/static/", 200, "text/html; charset=utf-8", "<h1>home</h1>"],
    ["/static/index.html", 200, "text/html; charset=utf-8", "<h1>home</h1>"],
    ["/static/a%20b.txt", 200, TEXT, "space"],
    ["/static/%C3%A9t%C3%A9.css", 200, "text/css; charset=utf-8", "a{}"],
    ["/static/data.json", 200, "application/json", "{}"],
    ["/static/app.mjs", 200, "text/javascript; charset=utf-8", "0"],
    ["/static/noext", 200, "application/octet-stream", "?"],
    ["/static/empty.txt", 200, TEXT, ""],
    ["/static/sub/", 200, "text/html; charset=utf-8", "sub"],
    ["/static/bare/file.txt", 200, TEXT, "in bare"],
    ["/static/.hidden", 404, TEXT, "Not Found\n"],
    ["/static/bare/", 404, TEXT, "Not Found\n"],
    ["/static/nothing", 404, TEXT, "Not Found\n"],
    ["/static/data.json/", 404, TEXT, "Not Found\n"],
    ["/static/data.json/more", 404, TEXT, "Not Found\n"],
    ["/static/%ff", 404, TEXT, "Not Found\n"],
    [`/static/${"a".repeat(5000)}`, 404, TEXT, "Not Found\n"],
    ["/", 404, TEXT, "Not Found\n"],
  ];
  for (const [path, ...expected] of rows) assert.deepEqual(await ask(app.url + path), expected, path);
  for (const [from, to] of [["/static", "/static/"], ["/static/sub?x=1", "/static/sub/?x=1"]]) {
    const { status, fields } = await head(app, from!);
    assert.deepEqual([status, fields["location"]], [307, to]);
  }
  const { fields } = await head(app, "/static/data.json");
  assert.equal(fields["x-content-type-options"], "nosniff");
  assert.match(fields["etag"]!, /^"[0-9a-z]+-2"$/);
  assert.ok(Date.parse(fields["last-modified"]!) > Date.now() - 1e6);
  assert.equal(fields["accept-ranges"], "bytes");
  assert.equal(fields["cache-control"], undefined);
  const post = await fetch(`${app.url}/static/data.json`, { method: "POST", body: "x" });
  assert.deepEqual([post.status, post.headers.get("allow")], [405, "GET, HEAD, OPTIONS"]);
  await post.body?.cancel();
  const bodyless = await head(app, "/static/big.bin", [], "HEAD");
  assert.deepEqual([bodyless.status, bodyless.fields["content-length"], bodyless.body], [
    200,
    String(BIG.length),
    "",
  ]);
  const record = await app.records.find(({ path }) => path === "/static/data.json");
  assert.deepEqual([record.route, record.entry, record.bytes], ["GET /static/", "app:static", 2]);
  assert.deepEqual(app.errors.all, []);
});

Deno.test("nothing leads out of the directory: no dots, no escapes, no links", async () => {
  await using app = await serveFiles();
  const inside = (path: string) => `${app.directory}/public/${path}`;
  await Deno.symlink("/etc/passwd", inside("passwd"));
  await Deno.symlink("../secret.txt", inside("up"));
  await Deno.symlink("..", inside("parent"));
  await Deno.symlink(app.directory, inside("absolute"));
  await Deno.symlink("loop", inside("loop"));
  await Deno.symlink("sub/index.html", inside("within"));
  await Deno.symlink("../public/data.json", inside("around"));
  const { success } = await new Deno.Command("mkfifo", { args: [inside("pipe")] }).output();
  for (
    const path of [
      "passwd",
      "up",
      "parent/secret.txt",
      "parent/",
      "absolute/secret.txt",
      "loop",
      "around",
      ...success ? ["pipe"] : [],
      "%2e%2e/secret.txt",
      "sub/%2e%2e/%2e%2e/secret.txt",
      "..%2fsecret.txt",
      "sub%2findex.html",
      "%2fetc%2fpasswd",
      "..%5csecret.txt",
      "data.json%00.txt",
      "%2e/data.json",
    ]
  ) {
    assert.equal((await head(app, `/static/${path}`)).status, 404, path);
  }
  for (const path of ["/static/../secret.txt", "/static/sub/../../secret.txt", "/static/../public2/x.txt"]) {
    const { status, fields } = await head(app, path);
    assert.equal(status, 307, path);
    assert.equal((await head(app, fields["location"]!)).status, 404, path);
  }
  assert.equal((await head(app, "/static/within")).body, "sub");
  assert.deepEqual(app.errors.all, []);
});

Deno.test("what begins with a dot is not served, but what is below /.well-known/ of the origin", async () => {
  const tree = {
    "public/index.html": "home",
    "public/.env": "SECRET",
    "public/.git/config": "SECRET",
    "public/sub/.git/config": "SECRET",
    "public/sub/a.b": "plain",
    "public/.well-known/security.txt": "contact",
    "public/.well-known/.env": "SECRET",
    "public/.well-known/index.html": "known",
    "public/sub/.well-known/security.txt": "SECRET",
  };
  const hidden = [
    ".env",
    "%2eenv",
    "%2Eenv",
    ".git/config",
    ".git/",
    ".git",
    ".nothing",
    "sub/.git/config",
    "sub/%2egit/config",
    "sub/.well-known/security.txt",
    ".well-known/.env",
    ".well-knownx/security.txt",
  ];
  for (const more of ["", "static_options: {spa: true, index: index.html}"]) {
    await using app = await serveApp(
      [
        service(),
        FS,
        files(more, "/"),
        files(more).replace("name: static", "name: below"),
      ],
      {},
      tree,
    );
    const rows: readonly (readonly [path: string, status: number, text: string])[] = [
      ...hidden.flatMap((path) => ["/", "/static/"].map((at) => [at + path, 404, "Not Found\n"] as const)),
      ["/.well-known/security.txt", 200, "contact"],
      ["/.well-known/", 200, "known"],
      ["/static/.well-known/security.txt", 404, "Not Found\n"],
      ["/static/sub/a.b", 200, "plain"],
      ["/sub/a.b", 200, "plain"],
    ];
    for (const [path, ...expected] of rows) {
      const { status, body } = await head(app, path);
      assert.deepEqual([status, body], expected, `${path} ${more}`);
    }
    assert.equal((await head(app, "/.well-known")).status, 307);
    assert.deepEqual(app.errors.all, []);
  }
});

Deno.test("a directory that becomes a link is served no more; one that is replaced is", async () => {
  await using app = await serveFiles();
  const { directory } = app;
  await Deno.rename(`${directory}/public`, `${directory}/before`);
  assert.equal((await head(app, "/static/")).status, 404);
  await Deno.symlink(`${directory}/public2`, `${directory}/public`);
  assert.equal((await head(app, "/static/x.txt")).status, 404);
  await Deno.remove(`${directory}/public`);
  await Deno.mkdir(`${directory}/public`);
  await Deno.writeTextFile(`${directory}/public/index.html`, "new");
  assert.equal((await head(app, "/static/")).body, "new");
});

Deno.test("conditions: what a client has is not sent again, and what it lost is not taken for the same", async () => {
  await using app = await serveFiles('static_options: {cache: "public, max-age=60"}');
  const path = "/static/data.json";
  const { fields: { etag, "last-modified": modified } } = await head(app, path);
  const earlier = new Date(Date.parse(modified!) - 1000).toUTCString();
  const rows: readonly (readonly [fields: readonly string[], status: number])[] = [
    [[`If-None-Match: ${etag}`], 304],
    [[`If-None-Match: "x", W/${etag}`], 304],
    [["If-None-Match: *"], 304],
    [['If-None-Match: "x"'], 200],
    [['If-None-Match: "x"', `If-Modified-Since: ${modified}`], 200],
    [[`If-Modified-Since: ${modified}`], 304],
    [[`If-Modified-Since: ${earlier}`], 200],
    [["If-Modified-Since: yesterday"], 200],
    [[`If-Match: ${etag}`], 200],
    [[`If-Match: W/${etag}`], 412],
    [['If-Match: "x"'], 412],
    [["If-Match: *"], 200],
    [[`If-Unmodified-Since: ${modified}`], 200],
    [[`If-Unmodified-Since: ${earlier}`], 412],
    [[`If-Match: ${etag}`, `If-Unmodified-Since: ${earlier}`], 200],
  ];
  for (const [conditions, status] of rows) {
    for (const method of ["GET", "HEAD"]) {
      assert.equal((await head(app, path, conditions, method)).status, status, conditions.join());
    }
  }
  const same = await head(app, path, [`If-None-Match: ${etag}`]);
  assert.deepEqual([same.fields["etag"], same.fields["cache-control"], same.body], [
    etag,
    "public, max-age=60",
    "",
  ]);
  assert.equal(same.fields["content-type"], undefined);
  await Deno.writeTextFile(`${app.directory}/public/data.json`, "[1]");
  assert.equal((await head(app, path, [`If-None-Match: ${etag}`])).body, "[1]");
});

Deno.test("ranges: one part, the rest, the end, or that there is none", async () => {
  await using app = await serveFiles();
  const path = "/static/big.bin";
  const size = BIG.length;
  const { fields: { etag, "last-modified": modified } } = await head(app, path, [], "HEAD");
  const rows: readonly (readonly [fields: readonly string[], first: number, last: number])[] = [
    [["Range: bytes=0-0"], 0, 0],
    [["Range: bytes=5-9"], 5, 9],
    [["Range: BYTES=5-"], 5, size - 1],
    [["Range: bytes=-3"], size - 3, size - 1],
    [[`Range: bytes=-${size + 9}`], 0, size - 1],
    [[`Range: bytes=${size - 1}-${size + 9}`], size - 1, size - 1],
    [["Range: bytes=100000-300000"], 100000, 300000],
    [["Range: bytes=1-2", `If-Range: ${etag}`], 1, 2],
    [["Range: bytes=1-2", `If-Range: ${modified}`], 1, 2],
  ];
  for (const [fields, first, last] of rows) {
    const part = await head(app, path, fields);
    assert.equal(part.status, 206, fields.join());
    assert.equal(part.fields["content-range"], `bytes ${first}-${last}/${size}`);
    assert.equal(part.fields["content-length"], String(last - first + 1));
    const bytes = Uint8Array.from(part.body, (c) => c.charCodeAt(0));
    assert.ok(
      bytes.length === last - first + 1 && bytes.every((byte, i) => byte === BIG[first + i]),
      fields.join(),
    );
  }
  const whole = [
    ["Range: bytes=9-5"],
    ["Range: bytes=0-1,4-5"],
    ["Range: bytes=a-b"],
    ["Range: bytes=-"],
    ["Range: lines=1-2"],
    ["Range: bytes=1-2", 'If-Range: "x"'],
    ["Range: bytes=1-2", `If-Range: W/${etag}`],
  ];
  for (const fields of whole) assert.equal((await head(app, path, fields)).status, 200, fields.join());
  for (const range of [`bytes=${size}-`, "bytes=-0", `bytes=${"9".repeat(40)}-`]) {
    const none = await head(app, path, [`Range: ${range}`]);
    assert.deepEqual([none.status, none.fields["content-range"]], [416, `bytes */${size}`], range);
  }
  assert.equal((await head(app, "/static/empty.txt", ["Range: bytes=0-1"])).status, 416);
});

Deno.test("spa: a path without a file is the index file; files, and other routes, are themselves", async () => {
  await using app = await serveFiles("static_options: {spa: true, index: index.html}", "/", [
    router("prefix: /api"),
    await fn("add", "calculator", "add"),
    ep("add_ep", "POST /add", "add"),
  ]);
  for (const path of ["/", "/users/7", "/users/7/", "/sub/none", "/%2e%2e/x", "/api/other"]) {
    assert.deepEqual(await ask(app.url + path), [200, "text/html; charset=utf-8", "<h1>home</h1>"], path);
  }
  assert.equal((await ask(`${app.url}/data.json`))[2], "{}");
  assert.equal((await ask(`${app.url}/sub/`))[2], "sub");
  assert.equal((await ask(`${app.url}/api/add`, { method: "POST", body: "[1, 2]" }))[2], "3");
  assert.equal((await ask(`${app.url}/api/add`))[0], 200, "the index file, as for any path");
});

Deno.test("a slow client slows the reading down, and one that leaves ends it", async () => {
  const size = 60_000_000;
  await using app = await serveFiles();
  using file = await Deno.create(`${app.directory}/public/huge.bin`);
  await file.truncate(size);
  {
    using wire = await Wire.to(app.port);
    await wire.send(request("/static/huge.bin", CLOSE));
    await wire.until(/\r\n\r\n/);
  }
  const left = await app.records.find(({ path }) => path === "/static/huge.bin");
  assert.equal(left.ended, "gone");
  assert.ok(left.bytes < size, `${left.bytes} were taken`);
  using wire = await Wire.to(app.port);
  await wire.send(request("/static/huge.bin?all", CLOSE));
  assert.ok(await wire.count() > size);
  assert.equal((await app.records.find(({ path }) => path.endsWith("?all"))).ended, "complete");
});

Deno.test("a file that becomes shorter while it is sent is cut off, not made up", async () => {
  const size = 30_000_000;
  await using app = await serveFiles();
  const path = `${app.directory}/public/shrinks.bin`;
  using file = await Deno.create(path);
  await file.truncate(size);
  using wire = await Wire.to(app.port);
  await wire.send(request("/static/shrinks.bin", CLOSE));
  await wire.until(/\r\n\r\n/);
  await file.truncate(1000);
  assert.ok(await wire.count() < size);
  assert.equal((await app.records.find(({ path }) => path === "/static/shrinks.bin")).ended, "cut");
});

Deno.test("files pass middleware as endpoints do", async () => {
  await using app = await serveFiles('middleware: [cors, compress], options: {compress.min.length: "10"}');
  const fields = ["Origin: https://a.example", "Accept-Encoding: gzip"];
  await Deno.writeTextFile(`${app.directory}/public/long.txt`, "long ".repeat(40_000));
  const packed = await head(app, "/static/long.txt", fields);
  assert.equal(packed.fields["access-control-allow-origin"], "*");
  assert.equal(packed.fields["content-encoding"], "gzip");
  assert.match(packed.fields["etag"]!, /^W\/"/);
  assert.equal(packed.fields["content-length"], undefined);
  const again = await head(app, "/static/long.txt", [...fields, `If-None-Match: ${packed.fields["etag"]}`]);
  assert.equal(again.status, 304);
  const response = await fetch(`${app.url}/static/long.txt`);
  assert.equal(await response.text(), "long ".repeat(40_000));
  assert.equal((await head(app, "/static/big.bin", fields)).fields["content-encoding"], undefined);
});

Deno.test("a directory that may not be read, or is not there, or is the system's, is not served", async () => {
  const refuses = (entries: readonly string[], kind: new (...args: never[]) => Error, message: RegExp) =>
    assert.rejects(
      async () => await (await serveApp([service(), ...entries], {}, TREE))[Symbol.asyncDispose](),
      (error) => {
        assert.ok(error instanceof kind, String(error));
        assert.match(error.message, message);
        return true;
      },
    );
  const of = (fields: string) => `  - {name: public, kind: fs.directory, ${fields}}\n`;
  await refuses([of('directory: public, mode: "0200"'), files()], ConfigError, /mode/);
  await refuses([of("directory: nothing"), files()], Deno.errors.NotFound, /there is no such directory$/);
  await refuses(
    [of("directory: /etc/.."), files()],
    CapabilityError,
    /declare a directory of the application's own$/,
  );
  await using app = await serveApp([service(), of("directory: made, auto_init: true"), files()]);
  assert.equal((await ask(`${app.url}/static/`))[0], 404);
});

Deno.test("a directory behind a link that a guest may have made is not served", async () => {
  const bytes = component("tests/guests/proxy/proxy.wasm");
  const entries = [
    "  - {name: data, kind: fs.directory, directory: data}\n",
    "  - {name: public, kind: fs.directory, directory: data/link}\n",
    `  - {name: writer, kind: function.wasm, fs: files, path: proxy.wasm, hash: "${await hashOf(bytes)}", ` +
    "method: x, imports: [wasi:filesystem], wasi: {mounts: [{fs: data, guest: /data}]}}\n",
    files(),
    service(),
  ];
  const { appProject } = await import("./app_support.ts");
  await using folder = await appProject(entries, { "data/x": "", "elsewhere/secret.txt": "secret" });
  await Deno.symlink("../elsewhere", `${folder.directory}/data/link`);
  const { Runtime } = await import("../../mod.ts");
  await using runtime = await Runtime.load(`${folder.directory}/app.yaml`);
  await assert.rejects(runtime.serve(), CapabilityError);
});
