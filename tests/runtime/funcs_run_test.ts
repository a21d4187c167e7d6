/** Calls of other entries from the command line and from a server, and what is said of them. */
import assert from "node:assert/strict";
import { Service } from "../cli/serve_support.ts";
import { airlock, type Outcome, shell } from "../support/airlock.ts";
import { entry, HEAD, type Project, project } from "../support/project.ts";
import { func, FUNCS, funcs, load, REST } from "./funcs_support.ts";

const RUN = "wasi:cli/run@0.2.3#run";
const ISOLATIONS = ["inline", "process", "auto"] as const;

async function app(entries: string): Promise<Project> {
  return await project({ "funcs.wasm": FUNCS, "app.yaml": HEAD + entries });
}

function run({ directory }: Project, words: readonly string[], stdin?: string): Promise<Outcome> {
  return airlock(["run", ...words], { cwd: directory, ...stdin !== undefined && { stdin } });
}

for (const isolation of ISOLATIONS) {
  Deno.test(`run of a program that calls others: its streams are its own: ${isolation}`, async () => {
    const entries = [
      await func(RUN, { name: "main", kind: "process.wasm", isolation }),
      await funcs(["echo", "print", "fail"], { isolation }),
    ];
    await using folder = await app(entries.join(""));
    const told = (outcome: Outcome) => [outcome.code, outcome.stdout, outcome.stderr];
    assert.deepEqual(told(await run(folder, ["app.yaml", "main", "echo", "a word"])), [0, "a word", ""]);
    assert.deepEqual(told(await run(folder, ["app.yaml", "main", "echo"], "from\nstdin\n")), [
      0,
      "from\nstdin\n",
      "",
    ]);
    assert.deepEqual(told(await run(folder, ["app.yaml", "main", "print"], "words ")), [
      0,
      "0",
      "words words ",
    ]);
    assert.deepEqual(told(await run(folder, ["app.yaml", "main", "fail", "why"])), [1, "", "why"]);
    assert.deepEqual(told(await run(folder, ["app.yaml", "main"])), [1, "", ""]);
  });

  Deno.test(`run of a function that calls others prints its result: ${isolation}`, async () => {
    await using folder = await app(await funcs(["hand", "echo", "trap", "add"], { isolation }));
    const ok = await run(folder, ["app.yaml", "hand", "echo", "a word"]);
    assert.deepEqual([ok.code, ok.stdout, ok.stderr], [0, '{"ok":"a word"}\n', ""]);
    const err = await run(folder, ["app.yaml", "hand", "trap", ""]);
    assert.equal(err.code, 1);
    assert.equal(err.stdout, '{"err":"Internal: app:trap trapped: wasm trap: unreachable"}\n');
    assert.match(
      err.stderr,
      /^airlock: app:trap, called by app:hand: Trap: wasm trap: unreachable\n( {4}at .*\n)+$/,
    );
    const usage = await run(folder, ["app.yaml", "hand", "one"]);
    assert.deepEqual([usage.code, usage.stdout], [2, ""]);
    assert.match(usage.stderr, /hand takes 2 arguments/);
  });
}

Deno.test("run of an entry that calls others keeps its limit and its exit code", async () => {
  const entries = [
    await func("hand", { limits: "{max_execution_ms: 300}" }),
    await func("leave", { imports: `[funcs, ${REST}]` }),
    await funcs(["wait"]),
  ];
  await using folder = await app(entries.join(""));
  const late = await run(folder, ["app.yaml", "hand", "wait", "3600000"]);
  assert.equal(late.code, 124);
  assert.match(late.stderr, /app:hand ran longer than limits\.max_execution_ms: 300 allows/);
  assert.equal((await run(folder, ["app.yaml", "leave", "false"])).code, 1);
});

Deno.test("exec has no other entries to call", async () => {
  await using folder = await app("");
  const outcome = await airlock(["exec", "funcs.wasm", "--invoke", "hand", "--", "a:b", "x"], {
    cwd: folder.directory,
  });
  assert.equal(outcome.code, 1);
  assert.match(outcome.stderr, /CapabilityError: wippy:runtime\/funcs@0\.1\.0#call-string is not granted/);
});

for (const isolation of ["inline", "process"] as const) {
  Deno.test(`a server's guest calls others while it answers: ${isolation}`, async () => {
    const entries = [
      await func("wasi:http/incoming-handler@0.2.3#handle", { name: "site", isolation }),
      await func("echo", { isolation }),
    ];
    await using app = await load(entries.join(""));
    await using server = await app.runtime.serve({ entry: "app:site", port: 0 });
    const base = `http://127.0.0.1:${server.addr.port}`;
    const answers = await Promise.all(Array.from({ length: 8 }, async (_, i) => {
      const response = await fetch(`${base}/page?n=${i}`);
      return [response.status, await response.text()];
    }));
    assert.deepEqual(answers, Array.from({ length: 8 }, (_, i) => [200, `/page?n=${i}`]));
  });

  Deno.test(`so does one of the command line: ${isolation}`, async () => {
    const entries = [
      await func("wasi:http/incoming-handler@0.2.3#handle", { name: "site", isolation }),
      await func("echo", { isolation }),
    ];
    await using folder = await app(entries.join(""));
    await using service = await Service.start([`${folder.directory}/app.yaml`]);
    const response = await fetch(`${service.url}/page`);
    assert.deepEqual([response.status, await response.text()], [200, "/page"]);
  });

  Deno.test(`an audit tells of the functions that were called, and the smallest grant has funcs: ${isolation}`, async () => {
    const entries = [await func("hand", { isolation }), await funcs(["echo", "fail"], { isolation })];
    await using folder = await app(entries.join(""));
    for (const words of [["echo", "x"], ["app:fail", "access"], ["other:gone", ""]]) {
      await run(folder, ["--audit", "audit.jsonl", "app.yaml", "hand", ...words]);
    }
    const lines = Deno.readTextFileSync(`${folder.directory}/audit.jsonl`).trimEnd().split("\n")
      .map((line) => JSON.parse(line)).filter((line) => line.interface !== undefined);
    const called = lines.filter(({ target }) => target !== undefined);
    const event = (target: string) => ({
      entry: "app:hand",
      interface: "wippy:runtime/funcs@0.1.0",
      function: "call-string",
      target,
      outcome: "used",
    });
    assert.deepEqual(called, ["app:echo", "app:fail", "other:gone"].map(event));
    assert.ok(lines.every(({ outcome }) => outcome === "used"), "an err of a function is no refusal");
    const { stdout } = await airlock(["audit", "audit.jsonl"], { cwd: folder.directory });
    assert.match(stdout, /^imports:\n {2}- funcs # called: app:echo, app:fail, other:gone\n/m);
    assert.match(stdout, /# - wasi:clocks # declared, never used/);
  });
}

Deno.test("permissions and check say what funcs comes to", async () => {
  const entries = [
    await func("hand", { imports: "[funcs]" }),
    await func("echo", {
      imports: "[wasi:cli, wasi:filesystem]",
      wasi: "{mounts: [{fs: files, guest: /data}]}",
    }),
    entry({
      ...{ name: "lone", path: "funcs.wasm", method: "echo", imports: "[wasi:cli]" },
      hash: /hash: (\S+)/.exec(await func("echo"))![1]!,
    }),
  ];
  await using folder = await app(entries.join(""));
  const at = { cwd: folder.directory };
  const table = await airlock(["permissions", "app.yaml", "hand"], at);
  assert.match(
    table.stdout,
    /calls other entries +every function of the application, each under its own grant/,
  );
  const checked = await airlock(["check", "app.yaml"], at);
  assert.match(
    checked.stdout + checked.stderr,
    /app\.yaml:\d+:\d+: warning: app:hand declares funcs: it may call every function of the application, each under that function's own grant: app:hand, app:echo, app:lone/,
  );
  // Whoever runs it runs what it calls.
  const flags = await shell(
    "airlock permissions app.yaml hand --format flags; airlock permissions app.yaml lone --format flags",
    at,
  );
  const [hand, lone] = flags.stdout.trim().split("\n");
  assert.ok(hand!.includes(`--allow-write=${folder.directory}`), hand);
  assert.ok(!lone!.includes("--allow-write"), lone);
  const args = ["run", "app.yaml", "hand", "echo", "exact"];
  const exact = await airlock(args, { ...at, flags: hand!.split(" ") });
  assert.deepEqual([exact.code, exact.stdout], [0, '{"ok":"exact"}\n'], exact.stderr);
});
