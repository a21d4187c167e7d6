/**
 * Binaries: what `deno compile` is given and makes of it, everywhere; and what they do, where their base binary is at hand,
 * since `deno compile` downloads that at its first use.
 */
import assert from "node:assert/strict";
import { airlock, assertOutcome, type Outcome } from "../support/airlock.ts";
import { component, entry, hashOf, HEAD, type Project, project } from "../support/project.ts";
import { run, Staged } from "./compile_support.ts";
import { Service } from "./serve_support.ts";

/** `deno compile` appends a program to any file that is a program. Deno's own does not look for one, and so will not run it. */
const ANY_BASE = { DENORT_BIN: Deno.execPath() };

/** What has to be set so that the real base binary is used; `undefined`: it would have to be downloaded. */
const BASE: Readonly<Record<string, string>> | undefined = (() => {
  const given = Deno.env.get("DENORT_BIN");
  if (given !== undefined) return { DENORT_BIN: given };
  const cache = Deno.env.get("DENO_DIR") ??
    `${Deno.env.get("XDG_CACHE_HOME") ?? `${Deno.env.get("HOME")}/.cache`}/deno`;
  try {
    Deno.statSync(`${cache}/dl/release/v${Deno.version.deno}/denort-${Deno.build.target}.zip`);
    return {};
  } catch {
    return undefined;
  }
})();

/** A test of binaries that run. */
function withBase(name: string, fn: (env: Readonly<Record<string, string>>) => Promise<void>): void {
  Deno.test(name, async () => {
    if (BASE === undefined) {
      return console.log("skipped: there is no base binary of deno compile here; DENORT_BIN may name one");
    }
    await fn(BASE);
  });
}

/** Compiles a binary. */
async function compile(
  args: readonly string[],
  output: string,
  env: Readonly<Record<string, string>>,
): Promise<Outcome> {
  return await airlock(["compile", ...args, "-o", output], { env });
}

const SHELL = component("tests/guests/shell/shell.wasm");

/** A configuration of everything that a binary has a way of its own for. */
async function application(): Promise<Project> {
  const shell = {
    ...{
      kind: "process.wasm",
      path: "shell.wasm",
      hash: await hashOf(SHELL),
      method: "wasi:cli/run@0.2.3#run",
    },
    imports: "[wasi:cli, wasi:io, wasi:clocks, wasi:random, wasi:filesystem]",
  };
  const spin = component("tests/guests/endless/endless.wasm");
  return await project({
    "app.yaml": HEAD +
      "  - {name: os, kind: env.storage.os}\n  - {name: code, kind: env.variable, variable: CODE, storage: os}\n" +
      entry({ ...shell, name: "here", wasi: "{env: [{id: code, name: CODE}]}" }) +
      entry({ ...shell, name: "there", isolation: "process", require: "[deno, os]" }) +
      entry({
        path: "spin.wasm",
        hash: await hashOf(spin),
        name: "spin",
        method: "spin",
        limits: "{max_execution_ms: 1000}",
      }),
    "shell.wasm": SHELL,
    "spin.wasm": spin,
  });
}

/** What `deno compile` has written down in a binary: JSON, behind the base binary. */
function metadataOf(
  binary: Uint8Array<ArrayBuffer>,
): { readonly permissions: unknown; readonly entrypoint_key: string } {
  const text = new TextDecoder("latin1").decode(binary);
  const start = text.lastIndexOf('{"argv":');
  assert.ok(start > 0, "there is a program in it");
  for (let depth = 0, at = start;; at++) {
    if (text[at] === "{") depth++;
    else if (text[at] === "}" && --depth === 0) return JSON.parse(text.slice(start, at + 1));
    assert.ok(at < text.length);
  }
}

Deno.test("what is baked into a binary are the lists of the staged program, and nothing else", async () => {
  await using folder = await application();
  const config = `${folder.directory}/app.yaml`, output = `${folder.directory}/app`;
  await using staged = await Staged.of([config]);
  const outcome = await compile([config], output, ANY_BASE);
  assertOutcome(outcome, { stderr: /^\S+\/app: app:here, app:there, app:spin\n( {2}\S+\n)+$/ });
  assert.deepEqual(
    outcome.stderr.split("\n").slice(1, -1).map((line) => line.trim().replaceAll("'", "")),
    staged.flags,
  );
  const binary = await Deno.readFile(output);
  const { permissions, entrypoint_key } = metadataOf(binary);
  assert.equal(entrypoint_key, "main.js");
  const { read, write, net, env, run } = staged.manifest.permissions;
  assert.deepEqual(permissions, {
    allow_read: null,
    allow_write: null,
    allow_net: null,
    allow_env: env,
    allow_run: run,
    allow_ffi: [],
    allow_sys: null,
    allow_import: ["none.invalid:0"],
    ...{ deny_read: null, deny_write: null, deny_net: null, deny_env: null, deny_run: null, deny_ffi: null },
    ...{ deny_sys: null, deny_import: null, ignore_read: null, ignore_env: null },
    prompt: false,
  });
  assert.deepEqual([read, write, net, env, run], [[], [], [], ["AIRLOCK_JOB*", "CODE"], ["/proc/self/exe"]]);
  const text = new TextDecoder("latin1").decode(binary);
  for (const part of [SHELL, await Deno.readFile(config)]) {
    assert.ok(
      text.includes(new TextDecoder("latin1").decode(part)),
      "its modules and its configuration are in it",
    );
  }
});

Deno.test("what keeps deno compile from making a binary is shown", async () => {
  await using folder = await project({});
  const output = `${folder.directory}/app`;
  assertOutcome(await compile(["examples/hello/app.yaml"], output, { DENORT_BIN: "/nowhere/denort" }), {
    stderr:
      /Could not find denort at '\/nowhere\/denort'[^]*\nairlock: deno compile failed \(1\)\. .* DENORT_BIN, /,
    code: 1,
  });
  assert.deepEqual([...Deno.readDirSync(folder.directory)], []);
});

withBase("a binary calls entries, wherever it is, and reads nothing else", async (env) => {
  await using folder = await project({ "here/two": "1\n2\n" });
  const output = `${folder.directory}/lines`;
  assert.equal((await compile(["examples/compiled/app.yaml", "--at", "."], output, env)).code, 0);
  await Deno.rename(output, `${folder.directory}/moved`);
  const start = { cwd: `${folder.directory}/here` };
  assertOutcome(await run([`${folder.directory}/moved`, "lines", "two", "../moved", "/etc/passwd"], start), {
    stdout: "2 two\n",
    stderr: "../moved: cannot be opened\n/etc/passwd: cannot be opened\n",
    code: 1,
  });
  assertOutcome(await run([`${folder.directory}/moved`, "list"], start), { stdout: /^ENTRY/ });
});

withBase("the guests of a binary have processes of their own, confined and timed", async (env) => {
  await using folder = await application();
  const output = `${folder.directory}/app`;
  assert.equal((await compile([`${folder.directory}/app.yaml`], output, env)).code, 0);
  assertOutcome(await run([output, "here"], { env: { CODE: "3" } }), {
    stdout: "argument 0: here\nvariable: CODE=3\n",
    code: 3,
  });
  if (Deno.build.os !== "linux") return;
  for (const more of [{}, { TMPDIR: "/var/tmp" }]) {
    assertOutcome(await run([output, "there", "a"], { stdin: "one\n", env: more }), {
      stdout: "argument 0: there\nargument 1: a\ninput: one\n",
    });
  }
  assertOutcome(await run([output, "spin"]), {
    stderr: "airlock: LimitError: app:spin ran longer than limits.max_execution_ms: 1000 allows\n",
    code: 124,
  });
});

withBase("a binary serves", async (env) => {
  await using folder = await project({});
  const output = `${folder.directory}/app`;
  for (const isolation of Deno.build.os === "linux" ? ["inline", "process"] : ["inline"]) {
    const args = [
      "examples/http-service/app.yaml",
      "--port",
      "0",
      "--override",
      `demo:hello:isolation=${isolation}`,
    ];
    assert.equal((await compile(args, output, env)).code, 0);
    await using service = await Service.of([output, "serve"]);
    assert.equal(await (await fetch(`${service.url}/?name=Ada`)).text(), "Hello, Ada!\n");
  }
});
