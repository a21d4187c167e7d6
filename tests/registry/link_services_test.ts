import assert from "node:assert/strict";
import { isService } from "../../src/registry/entry.ts";
import { ASSETS, index, loadText, said, wasm } from "./support.ts";

const SERVICE = '  - {name: s, kind: http.service, addr: ":8080"}';
const router = (name: string, more = "") =>
  `  - {name: ${name}, kind: http.router, meta: {server: s}${more}}`;
const endpoint = (name: string, more = "func: f, meta: {router: r}") =>
  `  - {name: ${name}, kind: http.endpoint, path: /${name}, method: GET, ${more}}`;
const host = (name: string, requires = "") =>
  `  - {name: ${name}, kind: process.host, lifecycle: {requires: [${requires}]}}`;

Deno.test("services, routers, endpoints, files, hosts and processes are linked in any order", () => {
  const registry = loadText(index(
    endpoint("e"),
    router("r"),
    "  - {name: st, kind: http.static, meta: {server: s}, path: /, fs: assets, directory: ./dist/}",
    "  - {name: ps, kind: process.service, process: p, host: h, lifecycle: {requires: [s], depends_on: [h]}}",
    host("h"),
    SERVICE,
    wasm("f"),
    wasm("p", "", "process.wasm"),
    '  - {name: w, kind: function.wat, source: (module), method: m, wit: "m: func();"}',
    endpoint("e2", "func: w, meta: {router: r}"),
    endpoint("e3", "func: p, meta: {router: r}"),
    ASSETS,
  ));
  const files = registry.get("app:st");
  assert.equal(files?.kind === "http.static" ? files.host : undefined, "/box/wasm/dist");
  const text = registry.get("app:w");
  assert.equal(text?.kind === "function.wat" ? text.file : undefined, "");
  const service = registry.get("app:ps");
  assert(service !== undefined && isService(service));
  assert.deepEqual(service.lifecycle.requires, ["app:s", "app:h"]);
  assert.equal(registry.findWasm("w").id, "app:w");
});

const CASES: [what: string, entries: string[], said: string[]][] = [
  ["a service that is not there", [router("r")], [
    "app.yaml:3:49: app:r: meta.server names app:s, which no entry declares; there is none",
  ]],
  ["a service that is a router", [SERVICE, router("r"), router("r2").replace("server: s", "server: r")], [
    "app.yaml:5:50: app:r2: meta.server must name an http.service entry, found app:r, which is http.router " +
    "(app.yaml:4:5); known: app:s",
  ]],
  ["a router that is not there", [
    SERVICE,
    router("api"),
    ASSETS,
    wasm("f"),
    endpoint("e", "func: f, meta: {router: apj}"),
  ], [
    "app.yaml:7:83: app:e: meta.router names app:apj, which no entry declares; known: app:api; did you mean app:api?",
  ]],
  ["functions that are none", [
    SERVICE,
    router("r"),
    ASSETS,
    wasm("f"),
    endpoint("a", "func: g, meta: {router: r}"),
    endpoint("b", "func: assets, meta: {router: r}"),
  ], [
    "app.yaml:7:65: app:a: func names app:g, which no entry declares; known: app:f; did you mean app:f?",
    "app.yaml:8:65: app:b: func must name an entry that can be called, found app:assets, which is fs.directory " +
    "(app.yaml:5:5); known: app:f",
  ]],
  ["files that may not be read", [
    SERVICE,
    "  - {name: d, kind: fs.directory, directory: ., mode: '0300'}",
    "  - {name: a, kind: http.static, meta: {server: s}, path: /, fs: d}",
    "  - {name: b, kind: http.static, meta: {server: s}, path: /, fs: s}",
  ], [
    'app.yaml:5:66: app:a: fs names app:d, whose mode "0300" does not let its owner read and enter it; ' +
    'allowed: at least "0500"',
    "app.yaml:6:66: app:b: fs must name an fs.directory entry, found app:s, which is http.service (app.yaml:3:5); " +
    "known: app:d",
  ]],
  ["a process that is none, on what is no host", [
    ASSETS,
    wasm("f"),
    "  - {name: p, kind: process.service, process: f, host: assets}",
  ], [
    "app.yaml:5:47: app:p: process must name a process.wasm entry, found app:f, which is function.wasm " +
    "(app.yaml:4:5); there is none",
    "app.yaml:5:56: app:p: host must name a process.host or terminal.host entry, found app:assets, which is " +
    "fs.directory (app.yaml:3:5); there is none",
  ]],
  ["a requirement that has no lifecycle, or is not there", [ASSETS, host("h", "assets, x")], [
    "app.yaml:4:58: app:h: lifecycle.requires[0] must name an entry with a lifecycle, found app:assets, which is " +
    "fs.directory (app.yaml:3:5); known: app:h",
    "app.yaml:4:66: app:h: lifecycle.requires[1] names app:x, which no entry declares; known: app:h; " +
    "did you mean app:h?",
  ]],
  ["a service that waits for itself", [host("a", "a")], [
    "app.yaml:3:58: app:a: lifecycle.requires[0] leads in a circle: app:a → app:a",
  ]],
  ["services that wait for one another", [host("a", "b"), host("b", "c"), host("c", "a, b")], [
    "app.yaml:5:58: app:c: lifecycle.requires[0] leads in a circle: app:a → app:b → app:c → app:a",
    "app.yaml:5:61: app:c: lifecycle.requires[1] leads in a circle: app:b → app:c → app:b",
  ]],
  ["routers of one service with one prefix", [
    SERVICE,
    SERVICE.replace("name: s", "name: s2").replace("8080", "8081"),
    router("a", ", prefix: /api"),
    router("b", ", prefix: /api/"),
    router("c"),
    router("d", ", prefix: /"),
    router("e", ", prefix: /api").replace("server: s", "server: s2"),
  ], [
    'app.yaml:6:61: app:b: prefix "/api" is already that of app:a at app.yaml:5:61, which is of app:s too',
    'app.yaml:8:61: app:d: prefix "/" is already that of app:c at app.yaml:7:5, which is of app:s too',
  ]],
];

for (const [what, entries, lines] of CASES) {
  Deno.test(`a load tells of ${what}`, () =>
    assert.deepEqual(said(() => loadText(index(...entries))), lines));
}

Deno.test("what another runtime would have done is left out with a warning, and the rest is loaded", () => {
  const registry = loadText(index(
    SERVICE,
    router("r"),
    ASSETS,
    wasm("f"),
    endpoint("mine"),
    endpoint("lua", "func: l, meta: {router: r}"),
    "  - {name: l, kind: function.lua}",
    "  - {name: db, kind: db.sql.sqlite}",
    "  - {name: embedded, kind: fs.embed}",
    "  - {name: st, kind: http.static, meta: {server: s}, path: /, fs: embedded}",
    "  - {name: lp, kind: process.lua}",
    host("h", "db, s"),
    "  - {name: ps, kind: process.service, process: lp, host: h}",
    "  - {name: ph, kind: terminal.host, lifecycle: {requires: [ps, h]}}",
  ));
  assert.deepEqual(registry.entries().map(({ name }) => name), ["s", "r", "assets", "f", "mine", "h", "ph"]);
  const waits = (id: string) => {
    const entry = registry.get(id);
    return entry !== undefined && isService(entry) ? entry.lifecycle.requires : assert.fail(id);
  };
  assert.deepEqual([waits("app:h"), waits("app:ph")], [["app:s"], ["app:h"]]);
  assert.deepEqual(
    registry.warnings.filter(({ message }) => !/^app:\w+: kind /.test(message)).map((w) => w.message),
    [
      'app:lua: func names app:l, whose kind "function.lua" is not supported; app:lua is ignored',
      'app:st: fs names app:embedded, whose kind "fs.embed" is not supported; app:st is ignored',
      'app:h: lifecycle.requires[0] names app:db, whose kind "db.sql.sqlite" is not supported; app:h does not wait for it',
      'app:ps: process names app:lp, whose kind "process.lua" is not supported; app:ps is ignored',
    ],
  );
});
