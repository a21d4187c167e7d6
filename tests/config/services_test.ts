import assert from "node:assert/strict";
import type { Declaration } from "../../src/config/declaration.ts";
import { entryOf, only, onlyWasm, problems, wasm } from "./support.ts";

/** The only entry of a text, of this kind. */
function onlyOf<K extends Declaration["kind"]>(
  kind: K,
  ...lines: string[]
): Extract<Declaration, { kind: K }> {
  const entry = only(entryOf(kind, ...lines));
  assert.equal(entry.kind, kind);
  return entry as Extract<Declaration, { kind: K }>;
}

const DEFAULT_LIFECYCLE = {
  autoStart: false,
  startTimeoutMs: 10_000,
  stopTimeoutMs: 10_000,
  stableThresholdMs: 5_000,
  requires: [],
  startup: "required",
  restart: { initialDelayMs: 1_000, maxDelayMs: 90_000, backoffFactor: 2, jitter: 0.1, maxAttempts: 0 },
};

Deno.test("services, hosts and routers that say nothing more than they must have the defaults", () => {
  const { hostname, port, timeouts, tls, lifecycle } = onlyOf("http.service", 'addr: ":8080"');
  assert.deepEqual([hostname, port, tls], ["0.0.0.0", 8080, undefined]);
  assert.deepEqual(timeouts, { readMs: undefined, writeMs: undefined, idleMs: undefined });
  assert.deepEqual(lifecycle, DEFAULT_LIFECYCLE);

  const host = onlyOf("process.host");
  assert.deepEqual([host.workers, host.queueSize, host.lifecycle], [0, 1024, DEFAULT_LIFECYCLE]);
  const terminal = onlyOf("terminal.host");
  assert.deepEqual([terminal.hideLogs, terminal.lifecycle], [false, DEFAULT_LIFECYCLE]);
  const service = onlyOf("process.service", "process: p", "host: lib:h");
  assert.deepEqual([service.process, service.host, service.input], ["app:p", "lib:h", []]);

  const router = onlyOf("http.router", "meta: {server: s}");
  assert.deepEqual([router.server, router.prefix, router.middleware, router.options], ["app:s", "", [], {}]);
  const files = onlyOf("http.static", "meta: {server: s}", "path: /a", "fs: d");
  assert.deepEqual([files.fs, files.directory, files.spa, files.index, files.cache, files.middleware], [
    "app:d",
    "",
    false,
    "index.html",
    undefined,
    [],
  ]);
});

Deno.test("every field of services and hosts is read", () => {
  const service = onlyOf(
    "http.service",
    'addr: "[::1]:0"',
    "timeouts: {read: 5s, write: 1m30s, idle: 0}",
    "tls: {mode: manual, cert: '-----BEGIN CERTIFICATE-----', key: '-----BEGIN PRIVATE KEY-----'}",
    "lifecycle:",
    "  auto_start: true",
    "  start_timeout: 30s",
    "  stop_timeout: 1.5h",
    "  stable_threshold: 0s",
    "  requires: [a, lib:b]",
    "  depends_on: [lib:b, c]",
    "  startup: optional",
    "  restart: {initial_delay: 500ms, max_delay: 2m, backoff_factor: 1.5, jitter: 0, max_attempts: 3}",
  );
  assert.deepEqual([service.hostname, service.port], ["::1", 0]);
  assert.deepEqual(service.timeouts, { readMs: 5_000, writeMs: 90_000, idleMs: undefined });
  assert.deepEqual(service.tls, {
    cert: "-----BEGIN CERTIFICATE-----",
    key: "-----BEGIN PRIVATE KEY-----",
  });
  assert.deepEqual(service.lifecycle, {
    autoStart: true,
    startTimeoutMs: 30_000,
    stopTimeoutMs: 5_400_000,
    stableThresholdMs: 5_000,
    requires: ["app:a", "lib:b", "app:c"],
    startup: "optional",
    restart: { initialDelayMs: 500, maxDelayMs: 120_000, backoffFactor: 1.5, jitter: 0.1, maxAttempts: 3 },
  });
  const host = onlyOf("process.host", "host: {workers: 2, queue_size: 5, local_queue_size: 1}");
  assert.deepEqual([host.workers, host.queueSize], [2, 5]);
  const supervised = onlyOf("process.service", "process: p", "host: h", "input: [1, {a: [b]}, ~]");
  assert.deepEqual(supervised.input, [1, { a: ["b"] }, null]);
});

Deno.test("every field of routers, endpoints and static files is read", () => {
  const router = onlyOf(
    "http.router",
    "meta: {server: {ns: lib, name: s}}",
    "prefix: /api/v1/",
    "middleware: [cors, compress]",
    'options: {cors.allow.origins: "*"}',
    "post_middleware: [endpoint_firewall]",
    "post_options: {endpoint_firewall.action: access}",
  );
  const { server, prefix, middleware, options, postMiddleware, postOptions, where } = router;
  assert.deepEqual([server, prefix, middleware, options, postMiddleware, postOptions], [
    "lib:s",
    "/api/v1",
    ["cors", "compress"],
    { "cors.allow.origins": "*" },
    ["endpoint_firewall"],
    { "endpoint_firewall.action": "access" },
  ]);
  assert.deepEqual([where.server.column, where.prefix.line, where.middleware.line], [20, 6, 7]);

  const endpoint = onlyOf(
    "http.endpoint",
    "meta: {router: api.public}",
    "func: f",
    "path: /u/{id}/{rest...}",
    "method: GET",
  );
  assert.deepEqual([endpoint.router, endpoint.func, endpoint.path, endpoint.method], [
    "app:api.public",
    "app:f",
    "/u/{id}/{rest...}",
    "GET",
  ]);

  const files = onlyOf(
    "http.static",
    "meta: {server: s}",
    "path: /",
    "fs: d",
    "directory: /dist",
    "static_options: {spa: true, index: app.html, cache: no-store}",
  );
  assert.deepEqual([files.directory, files.spa, files.index, files.cache], [
    "/dist",
    true,
    "app.html",
    "no-store",
  ]);
  const older = onlyOf(
    "http.static",
    "meta: {server: s}",
    "path: /",
    "fs: d",
    "options: {spa: true, index: i.html, cache: c, compress.level: 5}",
  );
  assert.deepEqual([older.spa, older.index, older.cache, older.options], [true, "i.html", "c", {
    "compress.level": "5",
  }]);
});

Deno.test("a service's owner may come from the meta of the file", () => {
  const text = entryOf("http.router", "prefix: /a").replace(
    "namespace: app",
    "namespace: app\nmeta: {server: lib:s}",
  );
  const entry = only(text);
  assert(entry.kind === "http.router");
  assert.equal(entry.server, "lib:s");
});

Deno.test("a text of WebAssembly is a module in itself", () => {
  const entry = onlyWasm(
    entryOf("function.wat", "source: (module)", "method: answer", 'wit: "answer: func() -> s32;"'),
  );
  const { source, fs, path, hash, method, wit, pool } = entry;
  assert.deepEqual([source, fs, path, hash, method, wit, pool.type], [
    "(module)",
    "",
    "",
    "",
    "answer",
    "answer: func() -> s32;",
    "lazy",
  ]);
  assert.deepEqual(entry.where.hash, { file: "app.yaml", line: 5, column: 13 });
});

const PEM = "-----BEGIN X-----";
const ADDR = 'must be an address and a port, like ":8080", "127.0.0.1:8080" or "[::1]:8080"';
const NEEDED = 'must be a duration of 0 or more, like "500ms" or "1m30s"';

/** What is wrong, the entry, and exactly what is said. */
const CASES: [what: string, text: string, said: string[]][] = [
  ["a text without source and method", entryOf("function.wat"), [
    "app.yaml:3:5: app:d: source is missing: the module's text, or the file:// that holds it",
    "app.yaml:3:5: app:d: method is missing: the export to call",
  ]],
  [
    "a component's imports in a text",
    entryOf("function.wat", "source: (module)", "method: m", "imports: [wasi1, 'wasi:io', funcs]"),
    [
      'app.yaml:7:22: app:d: imports[1] "wasi:io" requires a component, and the text is that of a core module; allowed: wasi1',
      'app.yaml:7:33: app:d: imports[2] "funcs" requires a component, and the text is that of a core module; allowed: wasi1',
    ],
  ],
  [
    "a component's text has types of its own, and any import",
    entryOf(
      "function.wat",
      "source: (component)",
      "method: m",
      'wit: "m: func();"',
      "imports: [wasi1, 'wasi:io', funcs]",
    ),
    ["app.yaml:7:10: app:d: wit is for core modules; source is a component, which has types of its own"],
  ],
  [
    "a text's pool, limits, cwd and mounts",
    entryOf(
      "function.wat",
      "source: (module)",
      "method: m",
      "pool: {workers: 1}",
      "limits: {max_execution_ms: -1}",
      "wasi: {cwd: a, mounts: [{fs: a, guest: b}]}",
    ),
    [
      "app.yaml:7:12: app:d: pool.size must be 1 or more where pool.workers is set, found workers: 1 and no size",
      "app.yaml:8:32: app:d: limits.max_execution_ms must be 0 or more, found the number -1",
      'app.yaml:9:17: app:d: wasi.cwd must be an absolute guest path, like "/data", found "a"',
      'app.yaml:9:44: app:d: wasi.mounts[0].guest must be an absolute guest path, like "/data", found "b"',
    ],
  ],
  ["a service without an address", entryOf("http.service"), [
    'app.yaml:3:5: app:d: addr is missing: the address to listen on, like ":8080" or "127.0.0.1:9090"',
  ]],
  ...["8080", "localhost", ":http", ":70000", "::1:80", "[127.0.0.1]:80", "a b:1", "http://a:1", ":-1"].map((
    addr,
  ): [string, string, string[]] => [
    `the address ${addr}`,
    entryOf("http.service", `addr: "${addr}"`),
    [`app.yaml:5:11: app:d: addr ${ADDR}, found "${addr}"`],
  ]),
  [
    "timeouts that are none",
    entryOf("http.service", 'addr: ":1"', "timeouts: {read: -1s, write: 5, idle: 1d}"),
    [
      `app.yaml:6:22: app:d: timeouts.read ${NEEDED}, found "-1s"`,
      `app.yaml:6:34: app:d: timeouts.write ${NEEDED}, found the number 5`,
      `app.yaml:6:43: app:d: timeouts.idle ${NEEDED}, found "1d"`,
    ],
  ],
  ["a time longer than any", entryOf("http.service", 'addr: ":1"', "timeouts: {read: 9999999h}"), [
    'app.yaml:6:22: app:d: timeouts.read is too long: 292 years are the most, found "9999999h"',
  ]],
  [
    "negative sizes of a service",
    entryOf("http.service", 'addr: ":1"', "host: {buffer_size: -1, worker_count: -2}"),
    [
      "app.yaml:6:25: app:d: host.buffer_size must be 0 or more, found the number -1",
      "app.yaml:6:43: app:d: host.worker_count must be 0 or more, found the number -2",
    ],
  ],
  ["certificates without a mode", entryOf("http.service", 'addr: ":1"', `tls: {cert: ${PEM}, key: ${PEM}}`), [
    "app.yaml:6:11: app:d: tls.cert is for mode: manual, and there is no mode",
  ]],
  ["an unknown mode of TLS", entryOf("http.service", 'addr: ":1"', "tls: {mode: on}"), [
    'app.yaml:6:17: app:d: tls.mode must be a known mode, found "on"; allowed: auto, manual',
  ]],
  ["automatic certificates", entryOf("http.service", 'addr: ":1"', "tls: {mode: auto}"), [
    "app.yaml:6:11: app:d: tls.mode auto is not supported: no network gives certificates; allowed: manual",
  ]],
  [
    "a certificate without its key",
    entryOf("http.service", 'addr: ":1"', `tls: {mode: manual, cert: ${PEM}}`),
    [
      "app.yaml:6:10: app:d: tls.key is missing: with mode manual, both cert and key are needed",
    ],
  ],
  [
    "a key that is a path, without telling it",
    entryOf("http.service", 'addr: ":1"', `tls: {mode: manual, cert: ${PEM}, key: swordfish}`),
    ["app.yaml:6:50: app:d: tls.key must be PEM text; to name a file, write file:// and its path"],
  ],
  [
    "certificates of clients",
    entryOf(
      "http.service",
      'addr: ":1"',
      `tls: {mode: manual, cert: ${PEM}, key: ${PEM}, client_auth: request}`,
    ),
    ["app.yaml:6:74: app:d: tls.client_auth is not supported: certificates of clients would not be looked at"],
  ],
  [
    "a certificate by the older way",
    entryOf("http.service", 'addr: ":1"', "tls: {mode: manual, key_env: K}"),
    [
      "app.yaml:6:25: app:d: tls.key_env is not supported; write tls.key: ${env:NAME}",
    ],
  ],
  [
    "every field of a lifecycle",
    entryOf(
      "terminal.host",
      "lifecycle:",
      "  auto_start: yes",
      "  start_timeout: soon",
      "  requires: a",
      "  depends_on: ['app:']",
      "  startup: maybe",
      "  security: {policies: [a]}",
      "  restart: {backoff_factor: 0.5, jitter: 2, max_attempts: -1}",
      "  restrt: {}",
    ),
    [
      'app.yaml:6:19: app:d: lifecycle.auto_start must be true or false, found "yes"',
      `app.yaml:7:22: app:d: lifecycle.start_timeout ${NEEDED}, found "soon"`,
      'app.yaml:8:17: app:d: lifecycle.requires must be a list of ids, found "a"',
      "app.yaml:9:20: app:d: lifecycle.depends_on[0] must be an id: namespace:name, or {ns, name}; " +
      'the name is missing, found "app:"',
      'app.yaml:10:16: warning: app:d: lifecycle.startup is taken for required, found "maybe"; known: required, optional',
      "app.yaml:11:7: warning: app:d: lifecycle.security has no effect: what an entry may do, its imports and wasi say",
      "app.yaml:12:33: app:d: lifecycle.restart.backoff_factor must be 1 or more, found the number 0.5",
      "app.yaml:12:46: app:d: lifecycle.restart.jitter must be 1 or less, found the number 2",
      "app.yaml:12:63: app:d: lifecycle.restart.max_attempts must be 0 or more, found the number -1",
      'app.yaml:13:7: app:d: "lifecycle.restrt" is no known field; did you mean restart?',
    ],
  ],
  [
    "negative sizes of a host",
    entryOf("process.host", "host: {workers: -1, queue_size: -1, local_queue_size: -1}"),
    [
      "app.yaml:5:21: app:d: host.workers must be 0 or more, found the number -1",
      "app.yaml:5:37: app:d: host.queue_size must be 0 or more, found the number -1",
      "app.yaml:5:59: app:d: host.local_queue_size must be 0 or more, found the number -1",
    ],
  ],
  ["a process that starts by itself, and on nothing", entryOf("process.service", "input: 5"), [
    "app.yaml:3:5: app:d: process is missing: the process.wasm entry to start",
    "app.yaml:3:5: app:d: host is missing: the process.host or terminal.host entry that it runs on",
    "app.yaml:5:12: app:d: input must be a list, found the number 5",
  ]],
  ["a router without a service", entryOf("http.router", "server: app:s"), [
    "app.yaml:3:5: app:d: meta.server is missing: the http.service entry that it belongs to",
    "app.yaml:5:5: warning: app:d: server has no effect: the service is meta.server",
  ]],
  ["a prefix without a slash", entryOf("http.router", "meta: {server: s}", "prefix: api"), [
    'app.yaml:6:13: app:d: prefix must begin with a slash, like "/api", found "api"',
  ]],
  ["a prefix that takes all", entryOf("http.router", "meta: {server: s}", "prefix: /{all...}"), [
    'app.yaml:6:13: app:d: prefix "/{all...}" has "{all...}" before its end',
  ]],
  [
    "middleware that is unknown",
    entryOf(
      "http.router",
      "meta: {server: s}",
      "middleware: [cors, ratelimt]",
      "post_middleware: [firewall]",
    ),
    [
      'app.yaml:6:24: app:d: middleware[1] must be the name of a middleware, found "ratelimt"; known: cors, real_ip, ' +
      "compress, ratelimit, token_auth, endpoint_firewall, resource_firewall, websocket_relay, sse_relay, metrics, " +
      "sendfile; did you mean ratelimit?",
      'app.yaml:7:23: app:d: post_middleware[0] must be the name of a middleware, found "firewall"; known: cors, ' +
      "real_ip, compress, ratelimit, token_auth, endpoint_firewall, resource_firewall, websocket_relay, sse_relay, " +
      "metrics, sendfile",
    ],
  ],
  ["options that are no strings", entryOf("http.router", "meta: {server: s}", "options: {a: true}"), [
    'app.yaml:6:18: app:d: options.a must be a string, found the boolean true; write "true" in quotes',
  ]],
  ["an endpoint without anything", entryOf("http.endpoint"), [
    "app.yaml:3:5: app:d: func is missing: the function to call",
    'app.yaml:3:5: app:d: path is missing: the pattern of paths, like "/users/{id}"',
    "app.yaml:3:5: app:d: method is missing: the method of the requests, like GET",
    "app.yaml:3:5: app:d: meta.router is missing: the http.router entry that it belongs to",
  ]],
  [
    "an endpoint with all wrong",
    entryOf("http.endpoint", "func: 'app:'", "path: users", "method: get", "meta: {router: 5}"),
    [
      'app.yaml:5:11: app:d: func must be an id: namespace:name, or {ns, name}; the name is missing, found "app:"',
      'app.yaml:6:11: app:d: path must begin with a slash, like "/users/{id}", found "users"',
      'app.yaml:7:13: app:d: method must be a known method, found "get"; allowed: GET, POST, PUT, DELETE, PATCH, HEAD, ' +
      "OPTIONS, TRACE; did you mean GET?",
      "app.yaml:8:20: app:d: meta.router must be an id: namespace:name, or {ns, name}, found the number 5",
    ],
  ],
  ["static files without anything", entryOf("http.static"), [
    'app.yaml:3:5: app:d: path is missing: what the paths of its files begin with, like "/static"',
    "app.yaml:3:5: app:d: fs is missing: the fs.directory entry that holds the files",
    "app.yaml:3:5: app:d: meta.server is missing: the http.service entry that it belongs to",
  ]],
  [
    "static files outside their file system, and one page without a page",
    entryOf(
      "http.static",
      "meta: {server: s}",
      "path: static",
      "fs: d",
      "directory: a/../../b",
      "static_options: {spa: true}",
    ),
    [
      'app.yaml:6:11: app:d: path must begin with a slash, like "/static", found "static"',
      'app.yaml:8:16: app:d: directory "a/../../b" leads out of the directory that fs names',
      "app.yaml:9:27: app:d: static_options.index is missing: with spa, it is what paths without a file are answered with",
    ],
  ],
];

for (const [what, text, said] of CASES) {
  Deno.test(`a reader is told of ${what}`, () => assert.deepEqual(problems(text), said));
}

const PATTERNS: [path: string, wrong: string | undefined][] = [
  ["/", undefined],
  ["/a/{id}/b", undefined],
  ["/a/:id", undefined],
  ["/a/{rest...}", undefined],
  ["/a/{$}", undefined],
  ["/a/", undefined],
  ["/{_ü1}", undefined],
  ["/a//b", "has empty segments, . or .., which no request arrives with"],
  ["/a/../b", "has empty segments, . or .., which no request arrives with"],
  ["/a{id}", 'has "a{id}": what is captured must be a whole segment, as in /{name}/'],
  ["/{id", 'has "{id": what is captured must be a whole segment, as in /{name}/'],
  ["/{}", 'has "{}": a name is letters, digits and _, and begins with no digit'],
  ["/{1a}", 'has "{1a}": a name is letters, digits and _, and begins with no digit'],
  ["/:", 'has ":": a name is letters, digits and _, and begins with no digit'],
  ["/{rest...}/a", 'has "{rest...}" before its end'],
  ["/{$}/a", "has {$} before its end"],
  ["/{a}/:a", "captures {a} twice"],
];

for (const [path, wrong] of PATTERNS) {
  Deno.test(`the pattern ${path} is ${wrong === undefined ? "one" : "none"}`, () => {
    const text = entryOf("http.endpoint", "meta: {router: r}", "func: f", `path: "${path}"`, "method: GET");
    assert.deepEqual(
      problems(text),
      wrong === undefined ? [] : [`app.yaml:7:11: app:d: path "${path}" ${wrong}`],
    );
  });
}

Deno.test("a process of WebAssembly has a command, a text of it has none", () => {
  const command = "meta: {command: {name: c}}";
  assert.deepEqual(problems(wasm(command).replace("function.wasm", "process.wasm")), []);
  assert.deepEqual(problems(entryOf("function.wat", command, "source: (module)", "method: m")), [
    "app.yaml:5:12: warning: app:d: meta.command works on process.* entries only and is ignored on function.wat",
  ]);
});
