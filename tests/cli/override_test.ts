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
