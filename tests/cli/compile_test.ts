/**
 * `compile`: staged programs under their own flags. The binary itself is in `compile_binary_test.ts`.
 */
import assert from "node:assert/strict";
import { component, entry, hashOf, HEAD, type Project, project } from "../support/project.ts";
import { assertOutcome, inRepository } from "../support/airlock.ts";
import { func, FUNCS } from "../runtime/funcs_support.ts";
import { Staged } from "./compile_support.ts";

const linux = Deno.build.os === "linux";

/** What is allowed to everybody: nothing. */
const NOTHING = ["--allow-import=none.invalid:0"];

const RUN = {
  kind: "process.wasm",
  method: "wasi:cli/run@0.2.3#run",
  imports: "[wasi:cli, wasi:io, wasi:clocks, wasi:random, wasi:filesystem]",
};

/** An entry that is a program of `tests/guests`. */
async function program(guest: string, fields: Readonly<Record<string, string>> = {}): Promise<string> {
  const hash = await hashOf(component(`tests/guests/${guest}/${guest}.wasm`));
  return entry({ ...RUN, name: guest, path: `${guest}.wasm`, hash, ...fields });
}

/** A project with some of these. */
async function programs(
  entries: string,
  guests: readonly string[],
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<Project> {
  const modules = guests.map((guest) =>
    [`${guest}.wasm`, component(`tests/guests/${guest}/${guest}.wasm`)] as const
  );
  return await project({ "app.yaml": HEAD + entries, ...Object.fromEntries(modules), ...files });
}

/** Every file that a run of a staged program asks Deno for: its own, and these. */
async function readsOf(staged: Staged, args: readonly string[]): Promise<string[]> {
  const file = await Deno.makeTempFile({ prefix: "airlock-uses-" });
  try {
    assert.equal((await staged.run(args, { env: { DENO_AUDIT_PERMISSIONS: file } })).code, 0);
    const lines = (await Deno.readTextFile(file)).split("\n").filter((line) => line !== "");
    assert.ok(lines.length > 0, "Deno wrote down what was asked for");
    const uses = lines.map((line): { permission: string; value: string } => JSON.parse(line));
    return uses.map(({ permission, value }) => `${permission} ${value}`);
  } finally {
    await Deno.remove(file);
  }
}

/** What a script may read that is run with the flags of a program. */
async function readable(staged: Staged, paths: readonly string[]): Promise<string[]> {
  const script = `${staged.directory}/probe.js`;
  await Deno.writeTextFile(
    script,
    `for (const path of Deno.args) try { Deno.statSync(path); console.log(path); } catch (error) {
       if (!(error instanceof Deno.errors.NotCapable)) throw error; }`,
  );
  const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
    args: [...staged.words.slice(0, -1), script, ...paths],
    ...{ cwd: "/", stdin: "null" },
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "");
}

Deno.test("hello, compiled, prints what `run` does, and no other file is readable", async () => {
  await using staged = await Staged.of(["examples/hello/app.yaml"]);
  assert.deepEqual(staged.flags, NOTHING);
  assertOutcome(await staged.run(["hello", "Ada"]), {
    stdout:
      /^arguments: 2\n {2}hello\n {2}Ada\nenvironment: 2\n {2}GREETING=Hello\n {2}LANG=en\ntime: \S+\n$/,
  });
  assertOutcome(await staged.run(["run", "demo:hello-ada", "Bob"]), {
    stdout: /^arguments: 2\n {2}hello\n {2}Ada\nenvironment: 0\ntime: \S+\n$/,
  });
  const files = [
    "/etc/passwd",
    inRepository("examples/hello/app.yaml"),
    inRepository("examples/hello/hello.wasm"),
  ];
  assert.deepEqual(await readable(staged, files), []);
  const own = [`${staged.directory}/config/app.yaml`, `${staged.directory}/manifest.json`];
  assert.deepEqual(await readable(staged, own), own);
  for (const use of await readsOf(staged, ["hello"])) {
    assert.ok(use.startsWith(`read ${staged.directory}/`), use);
  }
});

Deno.test("calculator, compiled: values, errors and exit codes are those of `run`", async () => {
  await using staged = await Staged.of(["examples/calculator/app.yaml"]);
  assert.deepEqual(staged.flags, NOTHING);
  assertOutcome(await staged.run(["add", "20", "22"]), { stdout: "42\n" });
  assertOutcome(await staged.run(["summarize", "[2, 4]"]), {
    stdout: '{"count":2,"mean":3,"smallest":2,"largest":4}\n',
  });
  assertOutcome(await staged.run(["divide", "7", "0"]), {
    stdout: '{"err":{"code":2,"message":"division by zero"}}\n',
    code: 1,
  });
  assertOutcome(await staged.run(["add", "20"]), { stderr: /^airlock: ArgumentError: .*\n$/, code: 2 });
  assert.deepEqual(
    await readable(staged, ["/etc/passwd", inRepository("examples/calculator/calculator.wasm")]),
    [],
  );
  for (const use of await readsOf(staged, ["add", "1", "2"])) {
    assert.ok(use.startsWith(`read ${staged.directory}/`), use);
  }
});

Deno.test("a service, compiled: it serves at the address that was baked in, and at no other", async () => {
  await using staged = await Staged.of(["examples/http-service/app.yaml", "--port", "0"]);
  assert.deepEqual(staged.flags, ["--allow-net=127.0.0.1:0", ...NOTHING]);
  {
    await using service = await staged.serve();
    assert.equal(await (await fetch(`${service.url}/?name=Ada`)).text(), "Hello, Ada!\n");
    service.signal("SIGTERM");
    assert.equal((await service.end()).code, 0);
  }
  assertOutcome(await staged.run(["serve", "--port", "18080"]), {
    stderr:
      /^airlock: NotCapable: app\.yaml:\d+:\d+: demo:hello asks for more than was compiled into this program, which lacks --allow-net=127\.0\.0\.1:18080; compile it again\n$/,
    code: 2,
  });
});

const SERVICE = `  - {name: gateway, kind: http.service, addr: "127.0.0.1:0"}
  - {name: api, kind: http.router, prefix: /api, meta: {server: gateway}}
  - {name: get-add, kind: http.endpoint, meta: {router: api, options: {args: "path.a, path.b"}}, method: GET, path: "/add/{a}/{b}", func: add}
  - {name: public, kind: fs.directory, directory: public}
  - {name: pages, kind: http.static, meta: {server: gateway}, path: /, fs: public}
`;

Deno.test("an application, compiled: its service, its routes and its files", async () => {
  const bytes = component("examples/calculator/calculator.wasm");
  const add = entry({ name: "add", path: "calculator.wasm", hash: await hashOf(bytes), method: "add" });
  await using folder = await project({
    "app.yaml": HEAD + add + SERVICE,
    "calculator.wasm": bytes,
    "public/index.html": "Hello\n",
    "other": "",
  });
  await using staged = await Staged.of([`${folder.directory}/app.yaml`]);
  assert.deepEqual(staged.flags, [
    `--allow-read=${folder.directory}/public`,
    "--allow-net=127.0.0.1:0",
    ...NOTHING,
  ]);
  assert.deepEqual(await readable(staged, [`${folder.directory}/app.yaml`, `${folder.directory}/other`]), []);
  await using service = await staged.serve();
  assert.equal(await (await fetch(`${service.url}/api/add/20/22`)).text(), "42");
  assert.equal(await (await fetch(`${service.url}/`)).text(), "Hello\n");
  assertOutcome(await staged.run(["add", "1", "2"]), { stdout: "3\n" });
});

Deno.test("a mount is where it was declared, and a link in it leads nowhere else", async () => {
  await using folder = await project({
    "app.yaml": Deno.readTextFileSync(inRepository("examples/compiled/app.yaml")),
    "lines.wasm": component("examples/compiled/lines.wasm"),
    "data/two": "1\n2\n",
  });
  await using outside = await project({ "secret": "\n" });
  const mounted = `${folder.directory}/data`;
  await Deno.symlink(`${outside.directory}/secret`, `${mounted}/link`);
  const args = [`${folder.directory}/app.yaml`, "--override", "demo:lines:wasi.cwd=/"];
  await using staged = await Staged.of([...args, "--at", mounted]);
  assert.deepEqual(staged.flags, [`--allow-read=${mounted}`, ...NOTHING]);
  assertOutcome(await staged.run(["lines", "two", "link", `../../${outside.directory}/secret`]), {
    stdout: "2 two\n",
    stderr: /^link: cannot be opened\n\S+ cannot be opened\n$/,
    code: 1,
  });
});

for (const isolation of linux ? ["inline", "process"] : ["inline"]) {
  Deno.test(`a mount that is a link leads where it led when the program was compiled: ${isolation}`, async () => {
    await using folder = await project({ "one/a": "\n", "two/a": "\n\n" });
    const { directory } = folder;
    await Deno.symlink("one", `${directory}/data`);
    await using staged = await Staged.of([
      ...["examples/compiled/app.yaml", "--at", `${directory}/data`],
      ...["--override", `demo:lines:isolation=${isolation}`],
    ]);
    assertOutcome(await staged.run(["lines", "a"]), { stdout: "1 a\n" });
    await Deno.remove(`${directory}/data`);
    await Deno.symlink("two", `${directory}/data`);
    assertOutcome(await staged.run(["lines", "a"]), {
      stderr:
        /^airlock: NotCapable: .* asks for more than was compiled .* lacks --allow-read=\/.*\/two; compile it/,
      code: 2,
    });
  });
}

Deno.test("--at .: what is declared relative to the project is where the program is started", async () => {
  await using staged = await Staged.of(["examples/compiled/app.yaml", "--at", "."]);
  assert.deepEqual(staged.flags, ["--allow-read=.", ...NOTHING]);
  await using here = await project({ "a": "\n", "b/c": "\n\n" });
  await using there = await project({ "a": "\n\n\n" });
  assertOutcome(await staged.run(["lines", "a", "b/c"], { cwd: here.directory }), { stdout: "1 a\n2 b/c\n" });
  assertOutcome(await staged.run(["lines", "a"], { cwd: there.directory }), { stdout: "3 a\n" });
  // There, its own files would be shown to the guest.
  const { code, stderr } = await staged.run(["lines", "a"], { cwd: staged.directory });
  const own = staged.directory;
  assert.equal(
    stderr,
    `airlock: CapabilityError: a look at the program's own files in ${own}, which the mount of ${own} at / ` +
      "(demo:lines) would show, is not granted: the link refuses it; mount another directory, or start the " +
      "program in a directory that they are not in, or move their folder\n",
  );
  assert.equal(code, 1);
});

Deno.test({
  name: "a guest in a process of its own: the program becomes that, confined, and with variables of its own",
  ignore: !linux,
  async fn() {
    const shell = await program("shell", {
      isolation: "process",
      require: "[deno, os]",
      wasi: "{env: [{id: code, name: CODE}]}",
    });
    const code =
      "  - {name: os, kind: env.storage.os}\n  - {name: code, kind: env.variable, variable: CODE, storage: os}\n";
    await using folder = await programs(code + shell, ["shell"]);
    await using staged = await Staged.of([`${folder.directory}/app.yaml`]);
    assert.deepEqual(staged.flags, [
      "--allow-env=AIRLOCK_JOB*,CODE",
      "--allow-run=/proc/self/exe",
      ...NOTHING,
      "--allow-ffi",
    ]);
    assertOutcome(await staged.run(["shell", "a"], { stdin: "one\n", env: { CODE: "7", OTHER: "x" } }), {
      stdout: "argument 0: shell\nargument 1: a\nvariable: CODE=7\ninput: one\n",
      code: 7,
    });
    // While it waits for its input, the kernel tells of it.
    const child = new Deno.Command(Deno.execPath(), {
      args: [...staged.words, "shell"],
      ...{ cwd: "/", stdin: "piped", stdout: "null" },
    }).spawn();
    // It confines itself first, and becomes the guest's process then.
    await until(() => {
      const words = Deno.readTextFileSync(`/proc/${child.pid}/cmdline`).split("\0");
      return words.at(-2) === "--airlock=guest-run" || undefined;
    });
    const status = Deno.readTextFileSync(`/proc/${child.pid}/status`);
    assert.match(status, /^NoNewPrivs:\t1$/m);
    assert.match(status, /^Seccomp:\t2$/m);
    await child.stdin.close();
    assert.equal((await child.status).code, 0);
  },
});

/** Asks until there is an answer. */
async function until<T>(ask: () => T | undefined): Promise<T> {
  for (let tries = 0; tries < 500; tries++) {
    const answer = ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("there was no answer");
}

Deno.test({
  name: "a time limit is held: the program starts itself, and kills that",
  ignore: !linux,
  async fn() {
    const bytes = component("tests/guests/endless/endless.wasm");
    const fields = { path: "endless.wasm", hash: await hashOf(bytes) };
    await using folder = await project({
      "app.yaml": HEAD +
        entry({ ...fields, name: "spin", method: "spin", limits: "{max_execution_ms: 1000}" }) +
        entry({ ...fields, name: "add", method: "add", limits: "{max_execution_ms: 60000}" }) +
        entry({ ...fields, name: "auto", method: "add" }),
      "endless.wasm": bytes,
    });
    await using staged = await Staged.of([`${folder.directory}/app.yaml`]);
    assertOutcome(await staged.run(["add", "1", "2"]), { stdout: "3\n" });
    assertOutcome(await staged.run(["auto", "1", "2"]), { stdout: "3\n" });
    assertOutcome(await staged.run(["spin"]), {
      stderr: "airlock: LimitError: app:spin ran longer than limits.max_execution_ms: 1000 allows\n",
      code: 124,
    });
  },
});

Deno.test({
  name: "requests to a guest in a process of its own",
  ignore: !linux,
  async fn() {
    await using staged = await Staged.of([
      "examples/http-service/app.yaml",
      ...["--port", "0", "--override", "demo:hello:isolation=process"],
    ]);
    await using service = await staged.serve();
    assert.equal(await (await fetch(`${service.url}/?name=Ada`)).text(), "Hello, Ada!\n");
    assert.equal(await (await fetch(`${service.url}/?name=Bob`)).text(), "Hello, Bob!\n");
  },
});

for (const isolation of linux ? ["inline", "process"] : ["inline"]) {
  Deno.test(`entries that call one another: ${isolation}`, async () => {
    const entries = [
      await func("hand", { isolation }),
      await func("echo", { isolation, imports: "[wasi:cli, wasi:io, wasi:clocks, wasi:http]" }),
    ];
    await using folder = await project({ "app.yaml": HEAD + entries.join(""), "funcs.wasm": FUNCS });
    await using staged = await Staged.of([`${folder.directory}/app.yaml`, "--entry", "hand"]);
    assert.deepEqual(staged.manifest.entries, ["app:hand", "app:echo"]);
    assertOutcome(await staged.run(["hand", "echo", "a word"]), { stdout: '{"ok":"a word"}\n' });
  });
}

Deno.test("a text is compiled in as the module that it says", async () => {
  const text =
    '(module (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))';
  const wat = "  - name: add\n    kind: function.wat\n    source: file://add.wat\n    method: add\n" +
    '    wit: "add: func(a: s32, b: s32) -> s32;"\n';
  await using folder = await project({ "app.yaml": HEAD + wat, "add.wat": text });
  await using staged = await Staged.of([`${folder.directory}/app.yaml`]);
  assert.deepEqual(Object.keys(staged.manifest.files).sort(), ["add.wat", "app.yaml"]);
  assertOutcome(await staged.run(["add", "20", "22"]), { stdout: "42\n" });
});

Deno.test("a whole project: its lock file, its settings and its index files, and nothing else of it", async () => {
  const bytes = component("examples/calculator/calculator.wasm");
  const add = entry({ name: "add", path: "calculator.wasm", hash: await hashOf(bytes), method: "divide" });
  await using folder = await project({
    "wippy.lock": "directories: {src: ./src}\n",
    ".wippy.yaml": "override:\n  app:add:method: add\n",
    "src/a/_index.yaml": HEAD.replace("directory: .", "directory: ./wasm") + add,
    "src/b/_index.json": '{"namespace": "other", "entries": []}',
    "src/package.json": '{"secret": "of somebody else"}',
    "wasm/calculator.wasm": bytes,
  });
  await using staged = await Staged.of([folder.directory]);
  assert.deepEqual(Object.keys(staged.manifest.files).sort(), [
    ".wippy.yaml",
    "src/a/_index.yaml",
    "src/b/_index.json",
    "wippy.lock",
  ]);
  assertOutcome(await staged.run(["add", "20", "22"]), { stdout: "42\n" });
});

Deno.test("--entry leaves the rest out: it is not there, and its module is not", async () => {
  const entries = await program("shell") + await program("file");
  await using folder = await programs(entries, ["shell", "file"]);
  await using staged = await Staged.of([`${folder.directory}/app.yaml`, "--entry", "shell"]);
  assert.equal([...Deno.readDirSync(`${staged.directory}/modules`)].length, 1);
  assertOutcome(await staged.run(["shell"]), { stdout: "argument 0: shell\n" });
  assertOutcome(await staged.run(["file"]), {
    stderr: 'airlock: EntryError: no entry "file"; known: app:shell\n',
    code: 2,
  });
});

Deno.test("the same application makes the same program", async () => {
  const listing = ({ directory, manifest }: Staged) => ({
    manifest,
    files: ["main.js", "manifest.json", "config/app.yaml"].map((name) =>
      Deno.readTextFileSync(`${directory}/${name}`)
    ),
  });
  await using one = await Staged.of(["examples/calculator/app.yaml"]);
  await using two = await Staged.of(["examples/calculator/app.yaml"]);
  assert.deepEqual(listing(one), listing(two));
});
