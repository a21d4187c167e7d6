import assert from "node:assert/strict";
import { parseDocument, readDocument } from "../../src/config/document.ts";
import { ConfigError, printIssue } from "../../src/config/issue.ts";
import { document, HASH, KINDS, onlyDirectory, onlyWasm, problems, wasm } from "./support.ts";

Deno.test("a complete entry becomes a typed declaration", () => {
  const entry = onlyWasm(
    wasm(
      "imports: [wasi:io, ' WASI:CLI/Exit@0.2.3 ', {ns: wasi, name: clocks}]",
      "pool: {type: inline}",
      "limits: {max_execution_ms: 5000, max_memory_bytes: 0}",
      "wasi:",
      "  args: [a, '1']",
      "  cwd: /data",
      "  env: [{id: other:v, name: ' V ', required: true}]",
      "  mounts: [{fs: {ns: lib, name: assets}, guest: /data, read_only: true}, {fs: {name: x}, guest: /x}]",
      "  network: {allow: ['db:5432']}",
      "isolation: process",
      "require: [os]",
      "strict: true",
      "meta: {note: [1, {deep: true}]}",
    ),
  );
  assert.deepEqual(entry, {
    kind: "function.wasm",
    id: "app:f",
    namespace: "app",
    name: "f",
    meta: { note: [1, { deep: true }] },
    at: { file: "app.yaml", line: 3, column: 5 },
    source: undefined,
    fs: "app:assets",
    path: "/f.wasm",
    hash: HASH,
    method: "run",
    wit: undefined,
    transport: "payload",
    imports: [
      { name: "wasi:io", package: "wasi:io", at: { file: "app.yaml", line: 9, column: 15 } },
      { name: " WASI:CLI/Exit@0.2.3 ", package: "wasi:cli", at: { file: "app.yaml", line: 9, column: 24 } },
      { name: "wasi:clocks", package: "wasi:clocks", at: { file: "app.yaml", line: 9, column: 49 } },
    ],
    pool: { type: "inline", workers: 1, buffer: 0, warmStart: false, workerClass: undefined },
    limits: { maxExecutionMs: 5000, maxMemoryBytes: undefined },
    wasi: {
      args: ["a", "1"],
      cwd: "/data",
      env: [{ id: "other:v", name: "V", required: true, at: { file: "app.yaml", line: 15, column: 18 } }],
      mounts: [
        { fs: "lib:assets", guest: "/data", readOnly: true, at: { file: "app.yaml", line: 16, column: 21 } },
        { fs: "app:x", guest: "/x", readOnly: false, at: { file: "app.yaml", line: 16, column: 83 } },
      ],
      network: {
        allow: [{
          text: "db:5432",
          scheme: undefined,
          host: { kind: "name", name: "db" },
          ports: { from: 5432, to: 5432 },
        }],
        private: false,
      },
    },
    isolation: "process",
    require: ["os"],
    strict: true,
    allowSystem: false,
    command: undefined,
    where: {
      fs: { file: "app.yaml", line: 5, column: 9 },
      path: { file: "app.yaml", line: 6, column: 11 },
      hash: { file: "app.yaml", line: 7, column: 11 },
      method: { file: "app.yaml", line: 8, column: 13 },
      wit: { file: "app.yaml", line: 8, column: 13 },
      imports: { file: "app.yaml", line: 9, column: 5 },
      wasi: { file: "app.yaml", line: 12, column: 5 },
      network: { file: "app.yaml", line: 17, column: 17 },
    },
  });
});

Deno.test("an entry that says nothing more than it must has the defaults", () => {
  const entry = onlyWasm(wasm().replace("function.wasm", "process.wasm"));
  assert.deepEqual(entry.wasi, { args: [], cwd: "/", env: [], mounts: [], network: undefined });
  assert.deepEqual(entry.limits, { maxExecutionMs: undefined, maxMemoryBytes: undefined });
  assert.deepEqual([entry.isolation, entry.strict, entry.transport], ["auto", false, "payload"]);
  assert.deepEqual(entry.imports, []);
});

Deno.test("documents are frozen all through", () => {
  const frozen = (value: unknown): boolean =>
    typeof value !== "object" || value === null ||
    (Object.isFrozen(value) && Object.values(value).every(frozen));
  const text = wasm(
    "imports: [wasi:io]",
    "wasi: {args: [a], mounts: [{fs: a, guest: /a}], network: {allow: [a, 10.0.0.0/8]}}",
    "meta: {a: [{b: 1}]}",
  );
  assert(frozen(document(text)));
});

Deno.test("data replaces the fields beside it", () => {
  const text = `namespace: app
entries:
  - name: f
    kind: function.wasm
    method: old
    data:
      fs: other:assets
      path: f.wasm
      hash: ${HASH}
      method: new
`;
  assert.equal(onlyWasm(text).method, "new");
  assert.deepEqual(problems(text), [
    'app.yaml:5:5: warning: app:f: "method" is ignored: data replaces the fields beside it',
  ]);
  assert.deepEqual(problems(text.replace(/data:[^]*/, "data: [1]")), [
    'app.yaml:5:5: warning: app:f: "method" is ignored: data replaces the fields beside it',
    "app.yaml:6:11: app:f: data must be a map, found a list",
  ]);
});

Deno.test("the file's meta lies under the entry's, key by key", () => {
  const text = `namespace: app
meta: {author: me, options: {a: 1}, __proto__: x}
entries:
  - {name: d, kind: fs.directory, directory: ., meta: {options: {b: 2}}}
`;
  const { meta } = onlyDirectory(text);
  assert.deepEqual(Object.entries(meta), [["author", "me"], ["options", { b: 2 }], ["__proto__", "x"]]);
});

Deno.test("a file may be a single entry, unless it also lists entries", () => {
  const single = "namespace: app\nname: d\nkind: fs.directory\nmeta: {a: 1}\nversion: '1.0'\ndirectory: .\n";
  const entry = onlyDirectory(single);
  assert.deepEqual([entry.id, entry.meta, entry.at.line], ["app:d", { a: 1 }, 2]);
  assert.deepEqual(problems(`${single}entries: []\n`), []);
  const both = `${single}entries:\n  - {name: e, kind: fs.directory, directory: .}\n`;
  assert.equal(onlyDirectory(both).id, "app:e");
  assert.deepEqual(problems(both), [
    'app.yaml:2:1: warning: "name" of the file is ignored where entries are given',
    'app.yaml:3:1: warning: "kind" of the file is ignored where entries are given',
    'app.yaml:6:1: warning: "directory" is no known field of a file and is ignored',
  ]);
});

Deno.test("an empty list of entries is a document", () => {
  assert.deepEqual(document("namespace: app\nentries: []\nversion: 1.0\n"), {
    file: "app.yaml",
    namespace: "app",
    version: "1.0",
    meta: {},
    module: undefined,
    entries: [],
    outlines: [],
  });
});

Deno.test("JSON is read with positions too", () => {
  const text = JSON.stringify(
    { namespace: "app", entries: [{ name: "d", kind: "fs.directory", mode: "x" }] },
    null,
    2,
  );
  assert.deepEqual(problems(text), [
    "app.yaml:4:5: app:d: directory is missing: the directory on the host, relative to the project root",
    'app.yaml:7:15: app:d: mode must be octal digits, like "0755", found "x"',
  ]);
  assert.deepEqual(problems(text.replaceAll(/^ +/gm, (spaces) => "\t".repeat(spaces.length / 2))).length, 2);
});

const FILES: [what: string, text: string, said: string[]][] = [
  ["an empty file", "# nothing\n", [
    "app.yaml:1:1: an index file must be a map with a namespace and entries, found an empty file",
  ]],
  ["a list", "- a\n", [
    "app.yaml:1:1: an index file must be a map with a namespace and entries, found a list",
  ]],
  ["a file without namespace", "namspace: app\nentries: []\n", [
    "app.yaml:1:1: namespace is missing: the first part of every id in this file; " +
    'is it what "namspace" was meant to be?',
  ]],
  ["a namespace that is no string", "namespace: 1.0\nentries: []\n", [
    "app.yaml:1:12: namespace must be a string, found the number 1.0",
  ]],
  ["a namespace with a colon", "namespace: a:b\nentries: []\n", [
    'app.yaml:1:12: namespace must not contain ":", found "a:b"',
  ]],
  ["a file without entries", "namespace: app\nentires: []\n", [
    "app.yaml:1:1: the file has a namespace but neither entries nor name and kind; " +
    'is entries what "entires" was meant to be?',
  ]],
  ["entries that are no list", "namespace: app\nentries: {a: b}\n", [
    "app.yaml:2:10: entries must be a list, found a map",
  ]],
  ["entries that are no maps", "namespace: app\nentries:\n  - 5\n  - [a]\n  -\n", [
    "app.yaml:3:5: entries[0] must be a map with name and kind, found the number 5",
    "app.yaml:4:5: entries[1] must be a map with name and kind, found a list",
    "app.yaml:4:6: entries[2] must be a map with name and kind, found nothing",
  ]],
  [
    "entries without name or kind",
    "namespace: app\nentries:\n  - name: ''\n  - name: 5\n    kind: fs.directory\n",
    [
      "app.yaml:3:11: entries[0]: name must not be empty",
      "app.yaml:3:5: entries[0]: kind is missing: every entry needs one",
      "app.yaml:4:11: entries[1]: name must be a string, found the number 5",
    ],
  ],
  [
    "a misspelt kind, and one that nobody knows",
    "namespace: app\nentries:\n  - {name: f, kind: function.wsam}\n  - {name: g, kind: foo}\n",
    [
      'app.yaml:3:21: app:f: kind "function.wsam" is unknown; allowed: ' + KINDS + "; " +
      "did you mean function.wasm?",
      'app.yaml:4:21: warning: app:g: kind "foo" is not supported; app:g is ignored',
    ],
  ],
  [
    "kinds that do not work here, once for each",
    "namespace: app\nentries:\n  - {name: f, kind: function.lua}\n  - {name: g, kind: function.lua}\n" +
    "  - {name: h, kind: db.sql}\n  - {name: i, kind: function.lua}\n",
    [
      'app.yaml:3:21: warning: app:f: kind "function.lua" is not supported; app:f and 2 other entries of it are ignored',
      'app.yaml:5:21: warning: app:h: kind "db.sql" is not supported; app:h is ignored',
    ],
  ],
];

for (const [what, text, said] of FILES) {
  Deno.test(`a reader is told of ${what}`, () => assert.deepEqual(problems(text).sort(), said.toSorted()));
}

Deno.test("the error lists every issue and is a SyntaxError", () => {
  const text = wasm("transport: x", "strict: 1", "typo: 1");
  assert.throws(() => parseDocument(text, "app.yaml"), (error) => {
    assert(error instanceof ConfigError && error instanceof SyntaxError);
    assert.equal(error.name, "ConfigError");
    assert.equal(error.code, "config");
    assert.deepEqual(error.issues.map((issue) => issue.severity), ["error", "error", "warning"]);
    assert.equal(error.message, error.issues.map(printIssue).join("\n"));
    return true;
  });
});

Deno.test("a name cannot break a message's line or drive the terminal", () => {
  assert.deepEqual(problems('namespace: "a\\n\\e[2J"\nentries:\n  - {name: "x\\u2028", kind: db.sql}\n'), [
    'app.yaml:3:29: warning: a\\u000a\\u001b[2J:x\\u2028: kind "db.sql" is not supported; a\\u000a\\u001b[2J:x\\u2028 is ignored',
  ]);
});

Deno.test("warnings alone do not stop a document", () => {
  assert.equal(document(wasm("typo: 1")).entries.length, 1);
});

Deno.test("a candidate without namespace is no index file and no problem", () => {
  const texts = [
    "",
    "a: [",
    '// JSON with comments\n{ "a": 1 }',
    "- namespace: x\n",
    "namespace: ''\n",
    "namespace:\nentries: 5\n",
    "metadata:\n  namespace: {{ .Values.x }}\n",
    "a: 1\na: 2\nb: {namespace: x}\n",
  ];
  for (const text of texts) {
    assert.deepEqual(
      readDocument(text, "x.yaml", { optional: true }),
      { document: undefined, issues: [] },
      text,
    );
  }
  assert.equal(readDocument("namespace: app\nentries: [", "x.yaml", { optional: true }).issues.length, 1);
  assert.equal(readDocument('{\n  "namespace": "a", x', "x.json", { optional: true }).issues.length, 1);
});
