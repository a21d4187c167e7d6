import assert from "node:assert/strict";
import { ASSETS, index, loadText, said, wasm } from "./support.ts";

const OS = "  - {name: os, kind: env.storage.os}";
const variable = (name: string, more: string) => `  - {name: ${name}, kind: env.variable, ${more}}`;
const router = (name: string, ...storages: string[]) =>
  `  - {name: ${name}, kind: env.storage.router, storages: [${storages.join(", ")}]}`;
const env = (...items: string[]) => wasm("f", `, wasi: {env: [${items.join(", ")}]}`);

const CASES: [what: string, text: string, said: string[]][] = [
  [
    "an unknown required variable",
    index(ASSETS, OS, variable("home", "storage: os"), env("{name: V, id: hoem, required: true}")),
    ["app.yaml:6:183: app:f: wasi.env[0].id names app:hoem, which no entry declares; did you mean app:home?"],
  ],
  [
    "an unknown optional variable, and runs without it",
    index(ASSETS, OS, variable("home", "storage: os"), env("{name: V, id: apps:home}")),
    [
      "app.yaml:6:183: warning: app:f: wasi.env[0].id names apps:home, which no entry declares; " +
      "did you mean app:home?; the guest runs without it",
    ],
  ],
  [
    "a public name where an id belongs",
    index(
      ASSETS,
      OS,
      variable("h", "storage: os, variable: HOME"),
      env("{name: V, id: HOME, required: true}"),
    ),
    [
      "app.yaml:6:183: app:f: wasi.env[0].id names app:HOME, which no entry declares; " +
      'did you mean app:h, the variable "HOME"?',
    ],
  ],
  ["a storage where a variable belongs", index(ASSETS, OS, env("{name: V, id: os}")), [
    "app.yaml:5:183: app:f: wasi.env[0].id must name an env.variable entry, found app:os, " +
    "which is env.storage.os (app.yaml:4:5)",
  ]],
  ["an unknown storage", index(OS, variable("v", "storage: so"), router("r", "os", "x:os")), [
    "app.yaml:4:44: app:v: storage names app:so, which no entry declares; known: app:os, app:r; " +
    "did you mean app:os?",
    "app.yaml:5:56: app:r: storages[1] names x:os, which no entry declares; known: app:os, app:r",
  ]],
  ["an unknown storage where there is none", index(variable("v", "storage: os")), [
    "app.yaml:3:44: app:v: storage names app:os, which no entry declares; there is no env.storage.* entry",
  ]],
  [
    "a storage of another kind",
    index(ASSETS, OS, variable("v", "storage: assets"), router("r", "v")),
    [
      "app.yaml:5:44: app:v: storage must name an env.storage.* entry, found app:assets, which is fs.directory " +
      "(app.yaml:3:5); known: app:os, app:r",
      "app.yaml:6:52: app:r: storages[0] must name an env.storage.* entry, found app:v, which is env.variable " +
      "(app.yaml:5:5); known: app:os, app:r",
    ],
  ],
  [
    "a public name that two variables have, in an entry with other errors",
    index(
      OS,
      variable("a", "variable: HOME, storage: os"),
      variable("b", "variable: HOME, storage: os, default: 1"),
    ),
    [
      'app.yaml:5:45: app:b: "HOME" is already the variable of app:a at app.yaml:4:45',
      'app.yaml:5:73: app:b: default must be a string, found the number 1; write "1" in quotes',
    ],
  ],
  ["a router that names itself", index(OS, router("r", "os", "r")), [
    "app.yaml:4:56: app:r: storages[1] leads in a circle: app:r → app:r",
  ]],
  ["routers in a circle, once", index(OS, router("a", "b"), router("b", "os", "c"), router("c", "a", "os")), [
    "app.yaml:6:52: app:c: storages[0] leads in a circle: app:a → app:b → app:c → app:a",
  ]],
  ["two circles", index(router("a", "b", "c"), router("b", "a"), router("c", "c")), [
    "app.yaml:4:52: app:b: storages[0] leads in a circle: app:a → app:b → app:a",
    "app.yaml:5:52: app:c: storages[0] leads in a circle: app:c → app:c",
  ]],
];

for (const [what, text, lines] of CASES) {
  Deno.test(`a load tells of ${what}`, () => assert.deepEqual(said(() => loadText(text)), lines));
}

Deno.test("routers may share storages, and may be long in a row", () => {
  assert.deepEqual(
    said(() => loadText(index(OS, router("a", "b", "c"), router("b", "c"), router("c", "os")))),
    [],
  );
  const chain = Array.from({ length: 3000 }, (_, i) => router(`r${i}`, i === 2999 ? "os" : `r${i + 1}`));
  assert.deepEqual(said(() => loadText(index(OS, ...chain))), []);
});

Deno.test("a storage's file is relative to the project root, and may be absolute", () => {
  for (const [path, file] of [["./.env", "/root/.env"], ["../env", "/env"], ["/etc//x/../env", "/etc/env"]]) {
    const text = index(`  - {name: s, kind: env.storage.file, file_path: ${path}}`);
    const entry = loadText(text, { root: "/root" }).find("s");
    assert(entry.kind === "env.storage.file");
    assert.equal(entry.file, file);
  }
});

Deno.test("variables and storages cannot be run", () => {
  const registry = loadText(index(OS, variable("v", "storage: os")));
  assert.throws(() => registry.findWasm("v"), {
    name: "EntryError",
    message: "app:v is env.variable and cannot be run; entries that can: none",
  });
});
