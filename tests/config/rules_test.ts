import assert from "node:assert/strict";
import { HASH, problems, wasm } from "./support.ts";

const ALLOWED =
  "allowed: wasi:cli, wasi:io, wasi:poll, wasi:clocks, wasi:filesystem, wasi:random, wasi:sockets, " +
  "wasi:http, funcs, wasi1";

/** Rule of the reference, the fields that break it, and exactly what is said. */
const CASES: [rule: string, lines: string[], said: string[]][] = [
  ["an empty import", ['imports: [""]'], [
    'app.yaml:9:15: app:f: imports[0] must name a package, found ""',
  ]],
  ["an import without a name part", ["imports:", "  - wasi:cli", "  - 'wasi:'"], [
    'app.yaml:11:9: app:f: imports[1] must name a package, found "wasi:"',
  ]],
  ["an unknown import", ["imports: [wasi:sokets]"], [
    `app.yaml:9:15: app:f: import "wasi:sokets" is unknown; ${ALLOWED}; did you mean wasi:sockets?`,
  ]],
  ["an unknown interface of a known package", ["imports: [wasi:cli/run]"], [
    `app.yaml:9:15: app:f: import "wasi:cli/run" is unknown; ${ALLOWED}; did you mean wasi:cli?`,
  ]],
  ["a misspelt interface of a known package", ["imports: [wasi:clocks/wall-clok@0.2.0]"], [
    `app.yaml:9:15: app:f: import "wasi:clocks/wall-clok@0.2.0" is unknown; ${ALLOWED}; ` +
    "did you mean wasi:clocks/wall-clock?",
  ]],
  ["an import like no other", ["imports: [custom-host]"], [
    `app.yaml:9:15: app:f: import "custom-host" is unknown; ${ALLOWED}`,
  ]],
  ["a transport in the wrong case", ["transport: Payload"], [
    'app.yaml:9:16: app:f: transport must be a known transport, found "Payload"; ' +
    "allowed: payload, wasi-http; did you mean payload?",
  ]],
  ["negative pool fields", ["pool: {size: -1, workers: -2, buffer: -3, max_size: -4}"], [
    "app.yaml:9:18: app:f: pool.size must be 0 or more, found the number -1",
    "app.yaml:9:31: app:f: pool.workers must be 0 or more, found the number -2",
    "app.yaml:9:43: app:f: pool.buffer must be 0 or more, found the number -3",
    "app.yaml:9:57: app:f: pool.max_size must be 0 or more, found the number -4",
  ]],
  ["an unknown type of pool", ["pool: {type: burst}"], [
    'app.yaml:9:18: app:f: pool.type must be a known type of pool, found "burst"; ' +
    "allowed: inline, lazy, static, adaptive",
  ]],
  ["workers without a size", ["pool: {workers: 4}"], [
    "app.yaml:9:12: app:f: pool.size must be 1 or more where pool.workers is set, found workers: 4 and no size",
  ]],
  ["workers without a size, even in a static pool", ["pool: {type: static, workers: 8, size: 0}"], [
    "app.yaml:9:38: app:f: pool.size must be 1 or more where pool.workers is set, found workers: 8 and size: 0",
  ]],
  ["a negative time limit", ["limits: {max_execution_ms: -1}"], [
    "app.yaml:9:32: app:f: limits.max_execution_ms must be 0 or more, found the number -1",
  ]],
  ["a memory limit that is no number", ["limits:", "  max_memory_bytes: 64MB"], [
    'app.yaml:10:25: app:f: limits.max_memory_bytes must be a whole number, found "64MB"',
  ]],
  ["a broken number", ["limits: {max_execution_ms: 1.5, max_memory_bytes: .inf}"], [
    "app.yaml:9:32: app:f: limits.max_execution_ms must be a whole number, found the number 1.5",
    "app.yaml:9:55: app:f: limits.max_memory_bytes must be a whole number, found the number .inf",
    `app.yaml:9:55: app:f: limits.max_memory_bytes must be ${Number.MAX_SAFE_INTEGER} or less, found the number .inf`,
  ]],
  ["a relative working directory", ["wasi: {cwd: data}"], [
    'app.yaml:9:17: app:f: wasi.cwd must be an absolute guest path, like "/data", found "data"',
  ]],
  ["a variable without the name of an id", ["wasi:", "  env:", "    - {id: 'app:', name: A}"], [
    "app.yaml:11:16: app:f: wasi.env[0].id must be an id: namespace:name, or {ns, name}; the name is missing, " +
    'found "app:"',
  ]],
  ["a variable with a blank name", ["wasi:", "  env:", "    - {id: a, name: '  '}"], [
    'app.yaml:11:25: app:f: wasi.env[0].name must be a name, not blank and without =, found "  "',
  ]],
  ["a variable that no environment can hold", ["wasi:", "  env:", "    - {id: a, name: A=B}"], [
    'app.yaml:11:25: app:f: wasi.env[0].name must be a name, not blank and without =, found "A=B"',
  ]],
  [
    "a variable given twice after trimming",
    [
      "wasi:",
      "  env:",
      "    - {id: a, name: HOME}",
      "    - {id: b, name: ' HOME'}",
      "    - {id: c, name: home}",
    ],
    ['app.yaml:12:25: app:f: wasi.env[1].name " HOME", which is "HOME", is already given at app.yaml:11:25'],
  ],
  ["a mount without an id", ["wasi:", "  mounts:", "    - {fs: {ns: app, name: ''}, guest: /a}"], [
    'app.yaml:11:32: app:f: wasi.mounts[0].fs.name must not be empty, found ""',
  ]],
  ["a mount with a blank guest path", ["wasi:", "  mounts:", "    - fs: a", "      guest: ' '"], [
    'app.yaml:12:18: app:f: wasi.mounts[0].guest must be an absolute guest path, like "/data", found " "',
  ]],
  ["a mount with a relative guest path", ["wasi:", "  mounts:", "    - fs: a", "      guest: data"], [
    'app.yaml:12:18: app:f: wasi.mounts[0].guest must be an absolute guest path, like "/data", found "data"',
  ]],
  [
    "mounts that are the same after cleaning",
    [
      "wasi:",
      "  mounts:",
      "    - {fs: a, guest: /a/}",
      "    - {fs: a, guest: /b/../a}",
      "    - {fs: a, guest: /a/b}",
    ],
    ['app.yaml:12:26: app:f: wasi.mounts[1].guest "/b/../a", which is "/a", is already given at app.yaml:11:26'],
  ],
  ["an unknown isolation", ["isolation: worker"], [
    'app.yaml:9:16: app:f: isolation must be a known isolation, found "worker"; allowed: auto, process, inline',
  ]],
  ["a word for true", ["strict: yes"], [
    'app.yaml:9:13: app:f: strict must be true or false, found "yes"',
  ]],
  ["a map where a list belongs", ["imports: {wasi: cli}"], [
    "app.yaml:9:14: app:f: imports must be a list of names, found a map",
  ]],
  ["a list where a map belongs", ["wasi: []"], [
    "app.yaml:9:11: app:f: wasi must be a map, found an empty list",
  ]],
  ["a scalar where a map belongs", ["pool: inline"], [
    'app.yaml:9:11: app:f: pool must be a map, found "inline"',
  ]],
  ["unquoted arguments", ["wasi:", "  args: [a, 1, true, ~]"], [
    'app.yaml:10:17: app:f: wasi.args[1] must be a string, found the number 1; write "1" in quotes',
    'app.yaml:10:20: app:f: wasi.args[2] must be a string, found the boolean true; write "true" in quotes',
    "app.yaml:10:26: app:f: wasi.args[3] must be a string, found nothing",
  ]],
  ["unknown fields, which the format ignores", ["transprt: payload", "wasi: {mount: []}"], [
    'app.yaml:9:5: app:f: "transprt" is no known field; did you mean transport?',
    'app.yaml:10:12: app:f: "wasi.mount" is no known field; did you mean mounts?',
  ]],
  ["a text from another file", ["wit: file://f.wit"], [
    'app.yaml:9:10: entries[0].wit: "file://f.wit" cannot be read: there are no files where this is read',
  ]],
  ["a placeholder", ["wasi: {args: ['${env:HOME}', '${USER|me}', '$HOME']}"], [
    "app.yaml:9:19: app:f: ${env:HOME} has no value: there are no variables where this is read; " +
    "to do without, write ${env:HOME|default}",
  ]],
  ["a command on a function", ["meta: {command: {name: f}}"], [
    "app.yaml:9:12: warning: app:f: meta.command works on process.* entries only and is ignored on function.wasm",
  ]],
];

for (const [rule, lines, said] of CASES) {
  Deno.test(`a *.wasm entry is told of ${rule}`, () => assert.deepEqual(problems(wasm(...lines)), said));
}

Deno.test("all required fields are reported, in order, not only the first", () => {
  const text = "namespace: app\nentries:\n  - name: f\n    kind: process.wasm\n    hash:\n";
  assert.deepEqual(problems(text), [
    "app.yaml:3:5: app:f: fs is missing: the fs.directory entry that holds the module",
    "app.yaml:3:5: app:f: path is missing: the module's file inside fs",
    "app.yaml:3:5: app:f: method is missing: the export to call",
    "app.yaml:5:5: app:f: hash is missing: sha256: and the module's digest, 64 lower-case hexadecimal digits",
  ]);
});

Deno.test("a misspelt required field is named where the right one is missing", () => {
  assert.deepEqual(problems(wasm().replace("method:", "metod:")), [
    'app.yaml:3:5: app:f: method is missing: the export to call; is it what "metod" was meant to be?',
    'app.yaml:8:5: app:f: "metod" is no known field; did you mean method?',
  ]);
});

Deno.test("a hash is sha256: and 64 lower-case digits, and nothing else", () => {
  const wrong = [
    "md5:00",
    HASH.slice(0, -1),
    `${HASH}0`,
    HASH.toUpperCase(),
    HASH.slice(7),
    HASH.replace("a", "A"),
  ];
  for (const hash of wrong) {
    assert.deepEqual(problems(wasm().replace(HASH, `"${hash}"`)), [
      `app.yaml:7:11: app:f: hash must be sha256: and 64 lower-case hexadecimal digits, found "${hash}"`,
    ]);
  }
  assert.deepEqual(problems(wasm()), []);
});

Deno.test("a path stays inside its file system", () => {
  const cases: [path: string, said: string | undefined][] = [
    ["/a/../../x", "leads out of the directory that fs names"],
    ["..", "leads out of the directory that fs names"],
    ["a/../../a", "leads out of the directory that fs names"],
    ["/", "names the directory that fs names, not a file in it"],
    ["a/..", "names the directory that fs names, not a file in it"],
    ["a\\..\\..\\x", "must not contain backslashes or null characters; separate folders by /"],
    ["/a/../x", undefined],
    ["./x.wasm", undefined],
    ["..x/y", undefined],
  ];
  for (const [path, said] of cases) {
    const expected = said === undefined ? [] : [`app.yaml:6:11: app:f: path ${JSON.stringify(path)} ${said}`];
    assert.deepEqual(problems(wasm().replace("/f.wasm", JSON.stringify(path))), expected);
  }
});

Deno.test("empty optional strings and null fields are as good as absent", () => {
  assert.deepEqual(problems(wasm("transport: ''", "pool: {type: ''}", "wasi:", "limits: ~", "imports:")), []);
});

Deno.test("a command needs a name, and meta must be a map", () => {
  const process = (meta: string) => wasm(meta).replace("function.wasm", "process.wasm");
  assert.deepEqual(problems(process("meta: {command: {short: hi}}")), [
    "app.yaml:9:21: app:f: meta.command.name is missing: the name of the command",
  ]);
  assert.deepEqual(problems(process("meta: {command: go}")), [
    'app.yaml:9:21: app:f: meta.command must be a map, found "go"',
  ]);
  assert.deepEqual(problems(process("meta: [command]")), [
    "app.yaml:9:11: app:f: meta must be a map, found a list",
  ]);
});
