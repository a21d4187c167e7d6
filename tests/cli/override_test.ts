/** `-o`: values in the place of those that entries have, on every command that loads a configuration. */
import assert from "node:assert/strict";
import { Runtime } from "../../mod.ts";
import { airlock, assertOutcome } from "../support/airlock.ts";
import { component, entry, hashOf, HEAD, project } from "../support/project.ts";

const calculator = component("examples/calculator/calculator.wasm");
const add = { path: "c.wasm", hash: await hashOf(calculator), method: "add" };

Deno.test("run calls the entry that the overrides make of it", async () => {
  await using folder = await project({
    "app.yaml": HEAD.replace("directory: .", "directory: nowhere") + entry({ ...add, method: "sub" }),
    "wasm/c.wasm": calculator,
  });
  const start = { cwd: folder.directory };
  const words = ["app.yaml", "it", "20", "22"];
  const overrides = ["-o", "app:files:directory=wasm", "--override=app:it:method=add"];
  assertOutcome(await airlock(["run", ...overrides, ...words], start), { stdout: "42\n" });
  assertOutcome(await airlock(["run", "--override", "app:it:methd=add", ...words], start), {
    stderr: '-o app:it:methd:1:1: app:it:methd: "methd" is no known field; did you mean method?\n',
    code: 2,
  });
  const { code, stderr } = await airlock(["run", "-o"], start);
  assert.equal(code, 2);
  assert.match(stderr, /^airlock: -o needs namespace:entry:field=value\n/);
});

Deno.test("a runtime takes overrides as the command line does", async () => {
  await using runtime = await Runtime.load("examples/calculator/app.yaml", {
    overrides: ["demo:divide:method=add"],
  });
  assert.equal(await runtime.call("demo:divide", 20, 22), 42);
});

Deno.test("list, check and permissions take overrides too", async () => {
  await using folder = await project({ "app.yaml": HEAD + entry(add), "c.wasm": calculator });
  const start = { cwd: folder.directory };
  const overrides = ["-o", "app:it:imports=x", "--override", "app:it:method=sub"];
  for (const command of ["list", "check", "permissions"]) {
    const { code, stderr } = await airlock([command, ...overrides, "app.yaml"], start);
    assert.deepEqual([code, stderr], [
      2,
      '-o app:it:imports:1:1: app:it: imports must be a list of names, found "x"\n',
    ], command);
  }
  const { stdout } = await airlock(["list", "-o", "app:it:method=sub", "app.yaml"], start);
  assert.match(stdout, /^app:it +function\.wasm +sub +-$/m);
});

Deno.test("a list is set by a JSON array or a flow list, where the field is one of lists", async () => {
  const data = "  - {name: data, kind: fs.directory, directory: .}\n";
  await using folder = await project({
    "app.yaml": HEAD + data + entry(add),
    "c.wasm": calculator,
  });
  const start = { cwd: folder.directory };
  const rows: readonly (readonly [override: string, imports: string])[] = [
    ['app:it:imports=["wasi:cli"]', "wasi:cli"],
    ["app:it:imports=[wasi:cli, 'wasi:random']", "wasi:cli wasi:random"],
    [' app:it:imports = \n["wasi:cli",\n"wasi:io"] ', "wasi:cli wasi:io"],
    ["app:it:imports=[]", "-"],
    // Texts are texts, whatever they look like.
    ["app:it:meta.note=[a, b", "-"],
    ['app:it:meta.list=["a"]', "-"],
  ];
  for (const [override, imports] of rows) {
    const { code, stdout, stderr } = await airlock(["list", "-o", override, "app.yaml"], start);
    assert.deepEqual([code, stderr], [0, ""], override);
    assert.equal(/^app:it +\S+ +add +(.*)$/m.exec(stdout)?.[1], imports, override);
  }
  const words = (field: string, value: string) => ["-o", `app:it:${field}=${value}`];
  const { stdout } = await airlock([
    ...["permissions", "--format", "json", "app.yaml", "it"],
    ...words("imports", "[wasi:filesystem, wasi:http, wasi:io, wasi:sockets]"),
    ...words("wasi.mounts", "[{fs: data, guest: /d, read_only: true}]"),
    ...words("wasi.network.allow", '["http://127.0.0.1:81"]'),
    ...words("require", "[deno]"),
  ], start);
  const { guest } = JSON.parse(stdout).entries[0];
  assert.deepEqual([guest.read, guest.write, guest.net], [[folder.directory], [], ["127.0.0.1:81"]]);
});

Deno.test("an override that is no list where there must be one says what was found", async () => {
  await using folder = await project({ "app.yaml": HEAD + entry(add), "c.wasm": calculator });
  const rows: readonly (readonly [override: string, said: string | RegExp])[] = [
    ["imports=wasi:cli", 'imports must be a list of names, found "wasi:cli"'],
    ["imports=", 'imports must be a list of names, found ""'],
    ["imports={a: b}", 'imports must be a list of names, found "{a: b}"'],
    [
      "imports=[wasi:cli",
      /^imports: must be a list, like \["a", "b"\], found "\[wasi:cli": unreadable YAML: .+$/,
    ],
    [
      'imports=["wasi:cli"] x',
      /^imports: must be a list, like .*, found "\[\\"wasi:cli\\"\] x": unreadable YAML: .+$/,
    ],
    ["imports=[a]\n---\n[b]", /^imports: must be a list, .*: a second YAML document begins after this/],
    [
      "imports=[*a]",
      /^imports: must be a list, .*found "\[\*a\]": unreadable YAML: the alias \*a names no anchor/,
    ],
    ["imports=[a]: b", /^imports: must be a list, .*found "\[a\]: b": a key must be a string, found a list$/],
    [`imports=${"[".repeat(100_000)}`, /^imports: must be a list, .*found "\[{79}…": unreadable YAML: .+$/],
    ["imports=[7]", /^imports\[0\] must be .*, found the number 7$/],
    ["wasi.network.allow=[[a]]", /^wasi\.network\.allow\[0\] must be .*, found a list$/],
  ];
  for (const [override, said] of rows) {
    const [field] = override.split("=");
    const { code, stderr } = await airlock(["check", "-o", `app:it:${override}`, "app.yaml"], {
      cwd: folder.directory,
    });
    const place = `-o app:it:${field}:1:1: app:it:`;
    assert.ok(stderr.startsWith(place), stderr);
    const rest = stderr.slice(place.length, stderr.indexOf("\n")).trimStart();
    if (typeof said === "string") assert.equal(rest, said);
    else assert.match(rest, said);
    assert.equal(code, 2, override);
  }
});

Deno.test("serve takes overrides of a configuration, and of a file none", async () => {
  assertOutcome(await airlock(["serve", "-o", "a:b:c=d", "examples/http-service/service.wasm"]), {
    stderr: /^airlock: --override is of a configuration\n/,
    code: 2,
  });
  assertOutcome(await airlock(["serve", "-o", "demo:none:c=d", "examples/http-service/app.yaml"]), {
    stderr: /^-o demo:none:c:1:1: demo:none:c: no entry declares demo:none/,
    code: 2,
  });
});

const SERVICE = `  - {name: web, kind: http.service, addr: "[::1]:8443"}
  - {name: api, kind: http.router, meta: {server: web}, prefix: /api}
  - {name: e, kind: http.endpoint, meta: {router: api}, path: "/add/{a}", method: POST, func: it}
  - {name: s, kind: http.static, meta: {server: web}, path: /files/, fs: files}
`;

Deno.test("list shows commands, and what answers which requests", async () => {
  await using folder = await project({
    "app.yaml": HEAD + SERVICE + entry(add) +
      entry({ name: "p", kind: "process.wasm", ...add, meta: "{command: {name: c, short: Adds}}" }),
  });
  const { code, stdout } = await airlock(["list", "app.yaml"], { cwd: folder.directory });
  assert.equal(code, 0);
  assert.equal(
    stdout.slice(stdout.indexOf("\n\n") + 2),
    `COMMAND        ENTRY
c        Adds  app:p

METHOD  PATH          ADDRESS            ENTRY
POST    /api/add/{a}  http://[::1]:8443  app:it
GET     /files/       http://[::1]:8443  app:s
`,
  );
});

Deno.test("permissions names what a load reads: texts, and variables in placeholders", async () => {
  await using folder = await project({
    "app.yaml": HEAD + `  - {name: os, kind: env.storage.os}
  - {name: v, kind: env.variable, variable: AIRLOCK_METHOD, storage: os}
` + entry({ ...add, method: "${env:AIRLOCK_METHOD}", meta: "{note: file://note.txt}" }),
    "c.wasm": calculator,
    "note.txt": "a note",
  });
  const { directory } = folder;
  const env = { AIRLOCK_METHOD: "add" };
  const { stdout } = await airlock(["permissions", "--format", "flags", "app.yaml", "it"], {
    cwd: directory,
    env,
  });
  assert.match(stdout, /--allow-env=AIRLOCK_METHOD\b/);
  assert.match(stdout, /\/note\.txt\b/);
  // With these, and no more, it runs.
  const flags = stdout.trim().split(" ").filter((word) => word.startsWith("--allow-"));
  const words = ["run", `${directory}/app.yaml`, "it", "1", "2"];
  assertOutcome(await airlock(words, { env, flags }), { stdout: "3\n" });
  const narrow = flags.filter((flag) => !flag.includes("AIRLOCK_METHOD"));
  assertOutcome(await airlock(words, { env, flags: narrow }), {
    stderr:
      /cannot be read: app:os \(env\.storage\.os\): this process may not read the environment variable AIRLOCK_METHOD; add --allow-env=AIRLOCK_METHOD/,
    code: 2,
  });
});

Deno.test("a directory that asks for it is made by a run, and not by a check", async () => {
  await using folder = await project({
    "app.yaml": HEAD + "  - {name: data, kind: fs.directory, directory: deep/data, auto_init: true}\n" +
      entry({ ...add, imports: "[wasi:filesystem]", wasi: "{mounts: [{fs: data, guest: /data}]}" }),
    "c.wasm": calculator,
  });
  const start = { cwd: folder.directory };
  const there = () => Deno.stat(`${folder.directory}/deep/data`).then(() => true, () => false);
  assert.equal((await airlock(["check", "app.yaml"], start)).code, 0);
  assert.equal(await there(), false);
  assertOutcome(await airlock(["run", "app.yaml", "it", "1", "2"], start), { stdout: "3\n" });
  assert.equal(await there(), true);
});
