import assert from "node:assert/strict";
import fc from "fast-check";
import { CORE_SCHEMA, load, mergeTag } from "js-yaml";
import { parseDocument } from "../../src/config/document.ts";
import { ConfigError, Issues } from "../../src/config/issue.ts";
import { plain } from "../../src/config/node.ts";
import { tree } from "../../src/config/tree.ts";
import { Registry } from "../../src/registry/registry.ts";
import { HASH, wasm } from "./support.ts";

const SEED = `version: "1.0"
namespace: app
meta: &m {author: me}
entries:
  - name: assets
    kind: fs.directory
    directory: ./wasm
    mode: "0755"
  - {name: v, kind: env.variable, variable: V, storage: all, default: "x", readonly: true}
  - {name: all, kind: env.storage.router, storages: [os, app:file, {name: fixed}]}
  - {name: os, kind: env.storage.os}
  - {name: file, kind: env.storage.file, file_path: .env, auto_create: true, file_mode: 0600}
  - {name: fixed, kind: env.storage.static, values: {V: "1"}}
  - name: f
    kind: process.wasm
    meta: {<<: *m, command: {name: go, short: "runs it", main: true}}
    fs: {ns: app, name: assets}
    path: /f.wasm
    hash: ${HASH}
    method: run
    imports: [wasi:cli, "wasi:io/poll@0.2.8"]
    pool: {type: static, size: 1, workers: 2}
    limits: {max_execution_ms: 5}
    wit: |
      run: func();
    wasi:
      args: ['a', "b"]
      env: [{id: v, name: V}]
      mounts:
        - {fs: assets, guest: /data, read_only: true}
`;

/** Pieces that mean something in YAML or in the format. */
const PIECES = [
  ..."{}[]:,-?*&!|>'\"#%@`\n\t \\$",
  ": ",
  "- ",
  "\n  ",
  "<<: *m",
  "*m",
  "&m ",
  "!!str ",
  "---\n",
  "null",
  "true",
  "-1",
  "1e999",
  "__proto__",
  "constructor",
  "file://x",
  "${env:X}",
  "\u2028",
  "\ud800",
  "𝄞",
  "\0",
  "..",
  "name: ",
  "kind: fs.directory",
  "data: ",
];

const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.nat(40),
  insert: fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: "binary", maxLength: 8 })),
});

const mutated = fc.array(edit, { minLength: 1, maxLength: 8 }).map((edits) =>
  edits.reduce((text, { at, remove, insert }) => {
    const start = Math.floor(at * text.length);
    return text.slice(0, start) + insert + text.slice(start + remove);
  }, SEED)
);

/** Documents that link, or a ConfigError with at least one issue at a real place; never anything else. */
function holds(text: string): void {
  const start = performance.now();
  try {
    const document = parseDocument(text, "app.yaml");
    Registry.of([document], "/project");
  } catch (error) {
    assert(error instanceof ConfigError, `${error instanceof Error ? error.stack : String(error)}`);
    assert(error.issues.some((issue) => issue.severity === "error"));
    const lines = text.split(/\r\n|\r|\n/);
    for (const { file, line, column, message } of error.issues) {
      assert.equal(file, "app.yaml");
      assert(message.length > 0 && !message.includes("\n"), JSON.stringify(message));
      assert(line >= 1 && line <= lines.length, `line ${line} of ${lines.length}`);
      assert(column >= 1 && column <= (lines[line - 1]?.length ?? 0) + 1, `column ${column} of line ${line}`);
    }
  }
  assert(performance.now() - start < 2000, "took longer than two seconds");
}

Deno.test("the unchanged text is a document", () => {
  assert.equal(Registry.of([parseDocument(SEED, "app.yaml")], "/project").entries().length, 7);
  holds(wasm());
});

Deno.test("any change to a text gives a document or a ConfigError, soon", () => {
  fc.assert(fc.property(mutated, holds), { numRuns: 3000 });
});

Deno.test("any text at all gives a document or a ConfigError, soon", () => {
  const pieces = fc.array(fc.constantFrom(...PIECES, "a", "b: 1"), { maxLength: 60 }).map((parts) =>
    parts.join("")
  );
  fc.assert(fc.property(fc.oneof(pieces, fc.string({ unit: "binary", maxLength: 200 })), holds), {
    numRuns: 2000,
  });
});

Deno.test("any value in any field of a variable or storage gives a document or a ConfigError", () => {
  const value = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom("a", "app:b", ["a", "b"], 0o644));
  const fields = [
    ...["variable", "storage", "default", "readonly", "values", "storages", "file_path", "auto_create"],
    ...["file_mode", "dir_mode", "data", "__proto__"],
  ];
  const kinds = [
    "variable",
    "storage.memory",
    "storage.os",
    "storage.static",
    "storage.file",
    "storage.router",
  ];
  const entry = fc.tuple(fc.constantFrom(...kinds), fc.dictionary(fc.constantFrom(...fields), value));
  fc.assert(
    fc.property(entry, entry, (...both) => {
      const entries = both.map(([kind, changes], i) => ({ ...changes, name: "ab"[i], kind: `env.${kind}` }));
      holds(JSON.stringify({ namespace: "app", entries }));
    }),
    { numRuns: 1000 },
  );
});

Deno.test("any value in any field of a service, a router, an endpoint or a host gives a document or a ConfigError", () => {
  const texts = [
    "a",
    "app:b",
    "/a/{b}",
    ":8080",
    "1m30s",
    "GET",
    "cors",
    "manual",
    "file://x",
    "${env:X}",
    "${X|1}",
  ];
  const value = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom(...texts, ["a", "cors"]));
  const kinds = {
    "http.service": ["addr", "timeouts", "host", "tls", "network", "lifecycle"],
    "http.router": ["prefix", "middleware", "options", "post_middleware", "post_options", "server"],
    "http.endpoint": ["func", "path", "method"],
    "http.static": ["path", "fs", "directory", "static_options", "middleware", "options"],
    "process.host": ["host", "lifecycle"],
    "terminal.host": ["hide_logs", "lifecycle"],
    "process.service": ["process", "host", "input", "lifecycle"],
    "function.wat": ["source", "method", "imports", "wit", "pool", "wasi"],
  };
  const nested = [
    "read",
    "mode",
    "cert",
    "key",
    "requires",
    "depends_on",
    "restart",
    "start_timeout",
    "spa",
    "index",
  ];
  const map = fc.dictionary(fc.constantFrom(...nested, "initial_delay", "jitter", "__proto__"), value);
  const entry = fc.constantFrom(...Object.entries(kinds)).chain(([kind, fields]) =>
    fc.record({
      kind: fc.constant(kind),
      fields: fc.dictionary(fc.constantFrom(...fields, "data", "meta"), fc.oneof(value, map)),
      meta: fc.dictionary(fc.constantFrom("server", "router", "command"), value),
    })
  );
  fc.assert(
    fc.property(entry, entry, (...both) => {
      const entries = both.map(({ kind, fields, meta }, i) => ({ meta, ...fields, name: "ab"[i], kind }));
      holds(JSON.stringify({ namespace: "app", entries }));
    }),
    { numRuns: 1500 },
  );
});

Deno.test("any value in any field gives a document or a ConfigError", () => {
  const value = fc.jsonValue({ maxDepth: 3 });
  const fields = [
    "name",
    "kind",
    "meta",
    "data",
    "fs",
    "path",
    "hash",
    "method",
    "imports",
    "pool",
    "limits",
    "wasi",
  ];
  const change = fc.dictionary(fc.constantFrom(...fields, "isolation", "strict", "mode", "__proto__"), value);
  const wasi = fc.dictionary(fc.constantFrom("args", "cwd", "env", "mounts", "network"), value);
  fc.assert(
    fc.property(change, wasi, fc.boolean(), (changes, wasi, process) => {
      const kind = process ? "process.wasm" : "function.wasm";
      const entry = { name: "f", kind, fs: "d", path: "p", hash: HASH, method: "m", wasi, ...changes };
      const directory = { name: "d", kind: "fs.directory", directory: ".", ...changes };
      holds(JSON.stringify({ namespace: "app", entries: [entry, directory] }));
    }),
    { numRuns: 2000 },
  );
});

/** Words that YAML 1.2 takes for something else than text, and words that look like it. */
const WORDS = [
  "null",
  "Null",
  "~",
  "true",
  "True",
  "no",
  "on",
  "1",
  "-0",
  "+1",
  "0o17",
  "0x1f",
  "017",
  "1e3",
  ".5",
]
  .concat([
    ".inf",
    "-.INF",
    ".nan",
    ".",
    "-",
    "+",
    "1_000",
    "nul",
    "t",
    "f",
    "=",
    "2024-01-01",
    "é",
    "'1'",
    '"\\x41"',
  ]);

Deno.test("values are what js-yaml itself makes of a text", () => {
  const schema = CORE_SCHEMA.withTags(mergeTag);
  const pieces = fc.constantFrom(
    ...PIECES.slice(0, 20),
    ...WORDS,
    "a",
    "b: 1",
    ": ",
    "- ",
    "\n",
    "\n  ",
    "|\n  x\n",
  );
  const word = fc.constantFrom(...WORDS);
  const pair = fc.record({ key: fc.constantFrom("a", "b", "c"), value: word }).map((p) =>
    `${p.key}: ${p.value}`
  );
  const text = fc.oneof(
    mutated,
    fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join("")),
    fc.uniqueArray(pair, { selector: (line) => line[0], maxLength: 3 }).map((lines) => lines.join("\n")),
  );
  let compared = 0;
  fc.assert(
    fc.property(text, (text) => {
      const issues = new Issues();
      const root = tree(text, "t.yaml", issues);
      if (issues.errors > 0) return;
      let value: unknown;
      try {
        value = load(text, { schema });
      } catch (error) {
        // It takes no text without a document, where the tree has no root.
        assert(root === undefined, String(error));
        return;
      }
      compared++;
      // Compared as JSON: -0 and the order of merged keys do not count, NaN and infinities become null in both.
      const sorted = (value: unknown): string => JSON.stringify(value, (_, v) => sortKeys(v)) ?? "";
      assert.equal(root === undefined ? "" : sorted(plain(root)), sorted(value));
    }),
    { numRuns: 5000 },
  );
  assert(compared > 1000, `only ${compared} texts were compared`);
});

function sortKeys(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1));
}
