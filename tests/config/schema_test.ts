import assert from "node:assert/strict";
import { Ajv } from "ajv";
import { CORE_SCHEMA, load, mergeTag } from "js-yaml";
import { SUPPORTED_KINDS } from "../../src/config/kinds.ts";
import { schemaText } from "../support/json_schema.ts";
import { entryOf, HASH, problems, wasm } from "./support.ts";

const file = new URL("../../schema.json", import.meta.url);
const schema = JSON.parse(await Deno.readTextFile(file));
const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(schema);

/** Where the schema finds something wrong; nothing where all is right. */
function wrong(text: string): string[] {
  validate(load(text, { schema: CORE_SCHEMA.withTags(mergeTag) }));
  return [...new Set((validate.errors ?? []).map((error) => error.instancePath))];
}

Deno.test("schema.json is what `deno task schema` writes", async () => {
  assert.equal(await Deno.readTextFile(file), schemaText());
});

Deno.test("the schema of index files lets every example through", async () => {
  const examples = new URL("../../examples/", import.meta.url);
  let seen = 0;
  for await (const { name } of Deno.readDir(examples)) {
    const text = await Deno.readTextFile(new URL(`${name}/app.yaml`, examples)).catch(() => undefined);
    if (text === undefined) continue;
    seen++;
    assert.deepEqual(wrong(text), [], name);
  }
  assert(seen >= 3);
});

/** What the loader and the schema both take. */
const RIGHT: [what: string, text: string][] = [
  ["an empty list of entries", "namespace: app\nentries: []\nversion: 1.0\n"],
  ["one entry in the place of the file", "namespace: app\nname: d\nkind: fs.directory\ndirectory: .\n"],
  ["fields in data", entryOf("fs.directory", "data: {directory: .}", "directory: 5")],
  ["empty fields", wasm("pool:", "limits: {max_execution_ms: }", "wasi: {args: , network: {allow: []}}")],
  [
    "values that are replaced",
    wasm("pool: {size: '${env:SIZE|4}'}", "strict: ${STRICT|true}", "wit: file://f.wit"),
  ],
  ["ids as maps", wasm("wasi: {env: [{id: {ns: a, name: b}, name: A}]}")],
  ["kinds of others", entryOf("db.sql.sqlite", "file: x.db")],
  ["fields that nobody knows", wasm("frobnicate: 1", "wasi: {frobnicate: 1}")],
  ["names of imports in every form", wasm("imports: ['wasi:cli@0.2.3', ' WASI:IO ', {ns: wasi, name: io}]")],
  [
    "a service of all kinds",
    `namespace: app
entries:
  - {name: s, kind: http.service, addr: ":8080", timeouts: {read: 5s, idle: 0}, host: {buffer_size: 1},
     lifecycle: {auto_start: true, start_timeout: 1m30s, requires: [h], restart: {backoff_factor: 1.5, jitter: 0.5}}}
  - {name: r, kind: http.router, meta: {server: s}, prefix: /api, middleware: [cors], options: {cors.allow.origins: "*"}}
  - {name: e, kind: http.endpoint, meta: {router: r}, method: GET, path: "/{id}", func: f}
  - {name: st, kind: http.static, meta: {server: s}, path: /, fs: d, static_options: {spa: true, index: i.html}}
  - {name: d, kind: fs.directory, directory: ., mode: "0444", auto_init: true}
  - {name: f, kind: function.wat, source: "file://f.wat", method: m, wit: "m: func();"}
  - {name: h, kind: process.host, host: {workers: 2}}
  - {name: t, kind: terminal.host, hide_logs: true}
  - {name: p, kind: process.service, process: w, host: h, input: [1, a, {b: c}]}
  - {name: w, kind: process.wasm, fs: d, path: w.wasm, method: m, hash: "${HASH}", meta: {command: {name: w}}}
`,
  ],
];

for (const [what, text] of RIGHT) {
  Deno.test(`the schema of index files lets ${what} through`, () => assert.deepEqual(wrong(text), []));
}

/** What both refuse: a text, and where the schema says so. */
const WRONG: [what: string, text: string, place: string][] = [
  ["no namespace", "entries: []\n", ""],
  ["a namespace with a colon", "namespace: a:b\nentries: []\n", "/namespace"],
  ["neither entries nor an entry", "namespace: app\n", ""],
  ["entries that are a map", "namespace: app\nentries: {a: b}\n", "/entries"],
  ["an entry that is a string", "namespace: app\nentries: [a]\n", "/entries/0"],
  ["an entry without a kind", "namespace: app\nentries: [{name: a}]\n", "/entries/0"],
  ["a misspelt kind", entryOf("function.wsam"), "/entries/0/kind"],
  ["a missing field", entryOf("fs.directory"), "/entries/0"],
  ["a missing field in data", entryOf("fs.directory", "data: {auto_init: true}"), "/entries/0/data"],
  ["a missing field of one entry in the file's place", "namespace: a\nname: d\nkind: fs.directory\n", ""],
  ["a hash of another kind", wasm().replace("sha256", "sha512"), "/entries/0/hash"],
  ["an unknown transport", wasm("transport: json"), "/entries/0/transport"],
  ["a negative limit", wasm("limits: {max_execution_ms: -1}"), "/entries/0/limits/max_execution_ms"],
  ["an unknown limit", wasm("limits: {max_fuel: 1}"), "/entries/0/limits"],
  [
    "an unknown field of a mount",
    wasm("wasi: {mounts: [{fs: a, guest: /a, mode: ro}]}"),
    "/entries/0/wasi/mounts/0",
  ],
  ["an unknown field of the network", wasm("wasi: {network: {deny: []}}"), "/entries/0/wasi/network"],
  ["a network beside wasi", wasm("network: {allow: []}"), "/entries/0/network"],
  ["a word for true", wasm("strict: yes"), "/entries/0/strict"],
  ["an unquoted mode", entryOf("fs.directory", "directory: .", "mode: 0755"), "/entries/0/mode"],
  ["a relative guest path", wasm("wasi: {cwd: data}"), "/entries/0/wasi/cwd"],
  [
    "a duration without a unit",
    entryOf("http.service", 'addr: ":1"', "timeouts: {read: 5}"),
    "/entries/0/timeouts/read",
  ],
  [
    "a negative duration",
    entryOf("terminal.host", "lifecycle: {stop_timeout: -1s}"),
    "/entries/0/lifecycle/stop_timeout",
  ],
  [
    "a factor below 1",
    entryOf("terminal.host", "lifecycle: {restart: {backoff_factor: 0.5}}"),
    "/entries/0/lifecycle/restart/backoff_factor",
  ],
  [
    "an unknown method",
    entryOf("http.endpoint", "meta: {router: r}", "func: f", "path: /", "method: get"),
    "/entries/0/method",
  ],
  [
    "a relative path",
    entryOf("http.endpoint", "meta: {router: r}", "func: f", "path: a", "method: GET"),
    "/entries/0/path",
  ],
  [
    "an unknown middleware",
    entryOf("http.router", "meta: {server: s}", "middleware: [crs]"),
    "/entries/0/middleware/0",
  ],
  ["a service without an address", entryOf("http.service"), "/entries/0"],
  [
    "a command without a name",
    wasm("meta: {command: {short: x}}").replace("function.", "process."),
    "/entries/0/meta/command",
  ],
  ["storages that are none", entryOf("env.storage.router", "storages: []"), "/entries/0/storages"],
  ["a text without a text", entryOf("function.wat", "method: m"), "/entries/0"],
];

for (const [what, text, place] of WRONG) {
  Deno.test(`the schema of index files refuses ${what}, and so does the loader`, () => {
    assert(wrong(text).includes(place), `found ${JSON.stringify(wrong(text))}`);
    assert(
      problems(text).some((line) => !line.includes("warning: ")),
      `the loader takes it: ${problems(text)}`,
    );
  });
}

for (const [what, text] of RIGHT) {
  Deno.test(`the loader finds no error in ${what}, which the schema lets through`, () => {
    const errors = problems(text).filter((line) => !line.includes("warning: "));
    // Here there are neither files nor variables.
    assert.deepEqual(errors.filter((line) => !/file:\/\/|\$\{/.test(line)), []);
  });
}

Deno.test("every kind that works has a definition in the schema", () => {
  for (const kind of SUPPORTED_KINDS) assert(Object.hasOwn(schema.definitions, kind), kind);
});
