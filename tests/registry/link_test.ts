import assert from "node:assert/strict";
import { SUPPORTED_KINDS } from "../../src/config/kinds.ts";
import { ASSETS, index, loadText, said, wasm } from "./support.ts";

const CASES: [what: string, text: string, said: string[]][] = [
  ["an id declared twice", index(ASSETS, wasm("f"), wasm("f"), ASSETS), [
    "app.yaml:5:5: app:f is already declared at app.yaml:4:5; rename one of the two",
    "app.yaml:6:5: app:assets is already declared at app.yaml:3:5; rename one of the two",
  ]],
  [
    "an id declared twice, once by a kind that is skipped",
    index("  - {name: a, kind: db.sql}", wasm("a"), ASSETS),
    [
      'app.yaml:3:21: warning: app:a: kind "db.sql" is not supported; app:a is ignored',
      "app.yaml:4:5: app:a is already declared at app.yaml:3:5; rename one of the two",
    ],
  ],
  ["an unknown file system", index(ASSETS, wasm("f").replace("fs: assets", "fs: asets")), [
    "app.yaml:4:148: app:f: fs names app:asets, which no entry declares; known: app:assets; did you mean app:assets?",
  ]],
  ["an unknown file system where there is none", index(wasm("f")), [
    "app.yaml:3:148: app:f: fs names app:assets, which no entry declares; there is no fs.directory entry",
  ]],
  [
    "a file system that is a function",
    index(ASSETS, wasm("g"), wasm("f").replace("fs: assets", "fs: app:g")),
    [
      "app.yaml:5:148: app:f: fs must name an fs.directory entry, found app:g, which is function.wasm (app.yaml:4:5); " +
      "known: app:assets",
    ],
  ],
  ["a file system of a kind that is skipped", index("  - {name: assets, kind: fs.embed}", wasm("f")), [
    'app.yaml:3:26: warning: app:assets: kind "fs.embed" is not supported; app:assets is ignored',
    "app.yaml:4:148: app:f: fs must name an fs.directory entry, found app:assets, which is fs.embed (app.yaml:3:5); " +
    "there is no fs.directory entry",
  ]],
  [
    "a file system with a misspelt kind, once",
    index(ASSETS.replace("fs.directory", "fs.directroy"), wasm("f")),
    [
      'app.yaml:3:26: app:assets: kind "fs.directroy" is unknown; ' +
      `allowed: ${SUPPORTED_KINDS.join(", ")}; did you mean fs.directory?`,
    ],
  ],
  ["a file system with an error of its own, once", index(ASSETS.replace("./wasm", "5"), wasm("f")), [
    'app.yaml:3:51: app:assets: directory must be a string, found the number 5; write "5" in quotes',
  ]],
  [
    "an unknown mount",
    index(ASSETS, wasm("f", ", wasi: {mounts: [{guest: /a, fs: assets}, {guest: /b, fs: x:y}]}")),
    [
      "app.yaml:4:213: app:f: wasi.mounts[1].fs names x:y, which no entry declares; known: app:assets",
    ],
  ],
  [
    "a reference in an entry that has other errors",
    index(ASSETS, wasm("f", ", strict: 1").replace("assets", "x:y")),
    [
      "app.yaml:4:148: app:f: fs names x:y, which no entry declares; known: app:assets",
      "app.yaml:4:161: app:f: strict must be true or false, found the number 1",
    ],
  ],
  [
    "a file system that its owner may not read",
    index(ASSETS.replace("}", ', mode: "0300"}'), wasm("f", ", wasi: {mounts: [{guest: /a, fs: assets}]}")),
    [
      'app.yaml:4:148: app:f: fs names app:assets, whose mode "0300" does not let its owner read it; ' +
      'allowed: at least "0400"',
      'app.yaml:4:188: app:f: wasi.mounts[0].fs names app:assets, whose mode "0300" does not let its owner read and ' +
      'enter it; allowed: at least "0500"',
    ],
  ],
  ["a base of a module where there is none", index(ASSETS.replace("}", ", base: module}")), [
    'app.yaml:3:65: app:assets: base "module" is for entries of a module, and this one is of none; ' +
    "allowed: project",
  ]],
  [
    "a command declared twice",
    index(
      ASSETS,
      wasm("f", ", meta: {command: {name: go}}", "process.wasm"),
      wasm("g", ", meta: {command: {name: go}}", "process.wasm"),
    ),
    ['app.yaml:5:178: app:g: "go" is already the command of app:f at app.yaml:4:178'],
  ],
  [
    "a variable that it cannot have",
    index(ASSETS, wasm("f", ", wasi: {env: [{name: V, id: v, required: true}]}")),
    [
      "app.yaml:4:183: app:f: wasi.env[0].id names app:v, which no entry declares",
    ],
  ],
  [
    "a variable that it can do without",
    index(ASSETS, wasm("f", ", wasi: {env: [{name: V, id: v}]}")),
    [
      "app.yaml:4:183: warning: app:f: wasi.env[0].id names app:v, which no entry declares; " +
      "the guest runs without it",
    ],
  ],
  ["a variable of another kind", index(ASSETS, wasm("f", ", wasi: {env: [{name: V, id: assets}]}")), [
    "app.yaml:4:183: app:f: wasi.env[0].id must name an env.variable entry, found app:assets, " +
    "which is fs.directory (app.yaml:3:5)",
  ]],
];

for (const [what, text, lines] of CASES) {
  Deno.test(`a load tells of ${what}`, () => assert.deepEqual(said(() => loadText(text)), lines));
}

Deno.test("references may point forward, across files' order, and leave out the namespace", () => {
  const registry = loadText(index(wasm("f"), ASSETS));
  const entry = registry.findWasm("f");
  assert.equal(entry.fs, "app:assets");
  assert.equal(entry.file, "/box/wasm/f.wasm");
});

Deno.test("a directory is relative to the project root, and may be absolute", () => {
  const cases: [directory: string, host: string][] = [
    ["./wasm", "/root/wasm"],
    ["wasm/", "/root/wasm"],
    [".", "/root"],
    ["../other", "/other"],
    ["/srv//data/./x/..", "/srv/data"],
  ];
  for (const [directory, host] of cases) {
    const text = index(ASSETS.replace("./wasm", directory));
    const entry = loadText(text, { root: "/root" }).find("assets");
    assert(entry.kind === "fs.directory");
    assert.equal(entry.host, host);
  }
});

Deno.test("a path starts at the root of its file system, with or without a slash", () => {
  for (const path of ["a/f.wasm", "/a/f.wasm", "//a//f.wasm", "./a/../a/f.wasm"]) {
    const text = index(ASSETS, wasm("f").replace("path: f.wasm", `path: ${path}`));
    assert.equal(loadText(text).findWasm("f").file, "/box/wasm/a/f.wasm");
  }
});

Deno.test("entries are frozen all through", () => {
  const frozen = (value: unknown): boolean =>
    typeof value !== "object" || value === null ||
    (Object.isFrozen(value) && Object.values(value).every(frozen));
  const { entries } = { entries: loadText(index(ASSETS, wasm("f", ", imports: [wasi:io]"))).entries() };
  assert.equal(entries.length, 2);
  assert(frozen(entries));
});
