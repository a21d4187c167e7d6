import assert from "node:assert/strict";
import { document, entryOf, only, problems } from "./support.ts";

Deno.test("a variable has the defaults of the format, and a relative storage", () => {
  const { meta: _, at: __, ...variable } = only(entryOf("env.variable", "storage: os"));
  assert.deepEqual(variable, {
    id: "app:d",
    namespace: "app",
    name: "d",
    kind: "env.variable",
    key: "app:d",
    storage: "app:os",
    default: undefined,
    readonly: false,
  });
});

Deno.test("a variable with all its fields", () => {
  const lines = ["variable: HOME_2", "storage: {ns: sys, name: os}", "default: ''", "readonly: true"];
  const variable = only(entryOf("env.variable", ...lines));
  assert(variable.kind === "env.variable");
  const { key, storage, readonly } = variable;
  assert.deepEqual([key, storage, variable.default, readonly], ["HOME_2", "sys:os", "", true]);
  const empty = only(entryOf("env.variable", "variable: ''", "storage: sys:os"));
  assert(empty.kind === "env.variable" && empty.key === "app:d");
});

Deno.test("storages of every kind become declarations", () => {
  for (const kind of ["env.storage.memory", "env.storage.os"]) {
    const { meta: _, at: __, ...storage } = only(entryOf(kind));
    assert.deepEqual(storage, { id: "app:d", namespace: "app", name: "d", kind });
  }
  const fixed = only(entryOf("env.storage.static", "values: {A: a, constructor: c, __proto__: p, N: ~}"));
  assert(fixed.kind === "env.storage.static");
  assert.deepEqual(Object.entries(fixed.values), [["A", "a"], ["constructor", "c"], ["__proto__", "p"]]);
  const none = only(entryOf("env.storage.static"));
  assert(none.kind === "env.storage.static");
  assert.deepEqual(none.values, {});
  const router = only(entryOf("env.storage.router", "storages: [a, x:b, {name: c}]"));
  assert(router.kind === "env.storage.router");
  assert.deepEqual(router.storages, ["app:a", "x:b", "app:c"]);
});

Deno.test("a file's permission bits are octal with a zero in front, and 0 is the default", () => {
  const cases: [lines: string[], file: number, directory: number][] = [
    [[], 0o644, 0o755],
    [["file_mode: 0600", "dir_mode: 0o700"], 0o600, 0o700],
    [["file_mode: 384", "dir_mode: 0"], 0o600, 0o755],
    [["file_mode: 00", "dir_mode: 07777"], 0o644, 0o7777],
  ];
  for (const [lines, file, directory] of cases) {
    const storage = only(entryOf("env.storage.file", "file_path: ./.env", ...lines));
    assert(storage.kind === "env.storage.file");
    assert.deepEqual([storage.fileMode, storage.dirMode], [file, directory], lines.join());
    assert.deepEqual([storage.filePath, storage.autoCreate], ["./.env", false]);
  }
  const created = only(entryOf("env.storage.file", "file_path: .env", "auto_create: true"));
  assert(created.kind === "env.storage.file" && created.autoCreate);
});

const CASES: [what: string, text: string, said: string[]][] = [
  ["a variable with nothing", entryOf("env.variable"), [
    "app.yaml:3:5: app:d: storage is missing: the env.storage.* entry that holds its value",
  ]],
  [
    "a variable with everything wrong",
    entryOf(
      "env.variable",
      "variable: MY-VAR",
      "storage: 'app:'",
      "default: 5",
      "readonly: 'no'",
      "defualt: x",
    ),
    [
      'app.yaml:5:15: app:d: variable must be letters, digits and underscores, found "MY-VAR"',
      "app.yaml:6:14: app:d: storage must be an id: namespace:name, or {ns, name}; the name is missing, " +
      'found "app:"',
      'app.yaml:7:14: app:d: default must be a string, found the number 5; write "5" in quotes',
      'app.yaml:8:15: app:d: readonly must be true or false, found "no"',
      'app.yaml:9:5: app:d: "defualt" is no known field; did you mean default?',
    ],
  ],
  ["a misspelt storage", entryOf("env.variable", "sotrage: os"), [
    "app.yaml:3:5: app:d: storage is missing: the env.storage.* entry that holds its value; " +
    'is it what "sotrage" was meant to be?',
    'app.yaml:5:5: app:d: "sotrage" is no known field; did you mean storage?',
  ]],
  ...["A B", "A=B", "A.B", "Ä", "A\\n"].map((name): [string, string, string[]] => [
    `the variable name ${name}`,
    entryOf("env.variable", `variable: "${name}"`, "storage: os"),
    [`app.yaml:5:15: app:d: variable must be letters, digits and underscores, found "${name}"`],
  ]),
  [
    "values that are no strings",
    entryOf("env.storage.static", "values: {A: 5, B: [x], constructor: 1, C: 'file://x', D: '${env:X}'}"),
    [
      'app.yaml:5:17: app:d: values.A must be a string, found the number 5; write "5" in quotes',
      "app.yaml:5:23: app:d: values.B must be a string, found a list",
      "app.yaml:5:41: app:d: values.constructor must be a string, found the number 1",
      'app.yaml:5:47: entries[0].values.C: "file://x" cannot be read: there are no files where this is read',
      "app.yaml:5:62: app:d: ${env:X} has no value: there are no variables where this is read; " +
      "to do without, write ${env:X|default}",
    ],
  ],
  ["values in a list, once", entryOf("env.storage.static", "values: [1, {A: b}]"), [
    "app.yaml:5:13: app:d: values must be a map, found a list",
  ]],
  ["values that are a string", entryOf("env.storage.static", "values: A=b"), [
    'app.yaml:5:13: app:d: values must be a map, found "A=b"',
  ]],
  ["a file without a path", entryOf("env.storage.file", "file_pth: .env"), [
    "app.yaml:3:5: app:d: file_path is missing: the file of KEY=VALUE lines, relative to the project root; " +
    'is it what "file_pth" was meant to be?',
    'app.yaml:5:5: app:d: "file_pth" is no known field; did you mean file_path?',
  ]],
  [
    "a file with everything wrong",
    entryOf("env.storage.file", "file_path: ''", "auto_create: 1", "file_mode: '0644'", "dir_mode: 0788"),
    [
      'app.yaml:5:16: app:d: file_path must be the name of a file, found ""',
      "app.yaml:6:18: app:d: auto_create must be true or false, found the number 1",
      'app.yaml:7:16: app:d: file_mode must be permission bits, like 0644, found "0644"',
      "app.yaml:8:15: app:d: dir_mode must be permission bits, like 0644, found the number 0788",
    ],
  ],
  ...["-1", "4096", "1.5"].map((mode): [string, string, string[]] => [
    `the permission bits ${mode}`,
    entryOf("env.storage.file", "file_path: .env", `file_mode: ${mode}`),
    [`app.yaml:6:16: app:d: file_mode must be permission bits, like 0644, found the number ${mode}`],
  ]),
  ["a router without storages", entryOf("env.storage.router"), [
    "app.yaml:3:5: app:d: storages is missing: the env.storage.* entries to look in, in order",
  ]],
  ["a router with no storage", entryOf("env.storage.router", "storages: []"), [
    "app.yaml:5:15: app:d: storages must name at least one env.storage.* entry, found an empty list",
  ]],
  ["storages that are no ids", entryOf("env.storage.router", "storages: [5, 'app:', {ns: a}]"), [
    "app.yaml:5:16: app:d: storages[0] must be an id: namespace:name, or {ns, name}, found the number 5",
    "app.yaml:5:19: app:d: storages[1] must be an id: namespace:name, or {ns, name}; the name is missing, " +
    'found "app:"',
    "app.yaml:5:27: app:d: storages[2] must be an id: namespace:name, or {ns, name}, found a map",
  ]],
  ["a storage with fields of another", entryOf("env.storage.os", "file_mode: 0999"), [
    'app.yaml:5:5: warning: app:d: "file_mode" is no known field and is ignored',
  ]],
];

for (const [what, text, said] of CASES) {
  Deno.test(`a reader is told of ${what}`, () => assert.deepEqual(problems(text), said));
}

Deno.test("what an entry names is known even where it has errors", () => {
  const text = "namespace: app\nentries:\n  - {name: v, kind: env.variable, variable: V, storage: s}\n";
  const [outline] = document(text).outlines;
  assert.deepEqual(outline?.variable, { name: "V", at: { file: "app.yaml", line: 3, column: 45 } });
  assert.deepEqual(outline?.references.map(({ field, use, target }) => [field, use, target]), [
    ["storage", "storage", "app:s"],
  ]);
});
