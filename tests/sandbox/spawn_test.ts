/** Starting a confined process from one that is not. */
import assert from "node:assert/strict";
import { LAUNCH_FAILED, probe, runtimeVariables } from "../../src/sandbox/mod.ts";
import { inRepository } from "../support/airlock.ts";
import type { Told } from "./child.ts";
import { linux, NOTHING, outcome, RUN, start, temporary } from "./support.ts";

const ignore = !linux;

/** Waits until a process writes, and says what. */
async function firstWord(process: Deno.ChildProcess): Promise<string> {
  const reader = process.stdout.getReader();
  const { value } = await reader.read();
  reader.releaseLock();
  return new TextDecoder().decode(value).trim();
}

/** Waits until there is no such process. */
async function gone(pid: number): Promise<void> {
  for (let i = 0; i < 1000; i++) {
    // One that nobody has waited for is gone too.
    const state = await Deno.readTextFile(`/proc/${pid}/stat`).then(
      (text) => text.split(") ")[1]?.[0],
      () => "X",
    );
    if (state === "Z" || state === "X") return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.fail(`process ${pid} is still there after 10 s`);
}

Deno.test({
  name: "on this machine the whole wall stands, or what is missing has a reason",
  ignore,
  async fn() {
    const report = await probe();
    const all = [...report.raised, ...report.unavailable.map(({ measure }) => measure)].sort();
    assert.deepEqual(all, [
      "abstract-sockets",
      "capabilities",
      "devices",
      "files",
      "no-core-dumps",
      "no-new-privileges",
      "signals",
      "system-calls",
      "tcp-ports",
      "truncate",
    ]);
    for (const { reason } of report.unavailable) assert.ok(reason.length > 10);
    if (report.landlock >= 6) assert.deepEqual(report.unavailable, []);
  },
});

Deno.test({
  name: "the child is the process that was started, with its own variables and none of the host's",
  ignore,
  async fn() {
    const process = start(["tell"], {
      confinement: { ...NOTHING, read: ["/proc"] },
      env: { ...runtimeVariables(), A: "ü=1" },
    });
    const { code, stdout, stderr } = await outcome(process);
    assert.equal(code, 0, stderr);
    const told: Told = JSON.parse(stdout);
    assert.equal(told.pid, process.pid);
    // Deno adds to its own.
    const { DENO_NODE_SHIM_ACTIVE: _shim, PATH: _path, ...env } = told.env;
    assert.deepEqual(env, { ...runtimeVariables(), A: "ü=1" });
    assert.equal(told.status.NoNewPrivs, "1");
  },
});

Deno.test({
  name: "bytes go in and out as they are, and its exit code comes back",
  ignore,
  async fn() {
    const process = start(["echo"], { stdin: "piped" });
    const bytes = crypto.getRandomValues(new Uint8Array(50_000));
    const writer = process.stdin.getWriter();
    void writer.write(bytes).then(() => writer.close());
    const { code, stdout } = await process.output();
    assert.equal(code, 0);
    assert.deepEqual(stdout, bytes);
    assert.equal((await start(["exit", "3"]).output()).code, 3);
  },
});

Deno.test({
  name: "it can be killed",
  ignore,
  async fn() {
    const process = start(["loop"]);
    await firstWord(process);
    process.kill("SIGKILL");
    assert.equal((await process.status).signal, "SIGKILL");
    await process.stdout.cancel();
    await process.stderr.cancel();
  },
});

Deno.test({
  name: "it ends when its host does, however the host ends",
  ignore,
  async fn() {
    const host = new Deno.Command(Deno.execPath(), {
      args: [...RUN, inRepository("tests/sandbox/host.ts")],
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const pid = Number(await firstWord(host));
    assert.ok(pid > 0 && pid !== host.pid);
    Deno.kill(pid, "SIGCONT"); // It is there.
    host.kill("SIGKILL");
    await host.status;
    await host.stdout.cancel();
    await gone(pid);
  },
});

Deno.test({
  name: "the kernel ends it at its time limit, even if it never gives way",
  ignore,
  async fn() {
    const process = start(["loop"], { milliseconds: 500 });
    const timer = setTimeout(() => process.kill("SIGKILL"), 20_000);
    const { signal } = await process.output();
    clearTimeout(timer);
    assert.equal(signal, "SIGALRM");
  },
});

Deno.test({
  name: "a fence that cannot be raised is said on standard error, and nothing starts",
  ignore,
  async fn() {
    await using directory = await temporary();
    await Deno.symlink("/", `${directory.path}/link`);
    const { code, stdout, stderr } = await outcome(
      start(["exit", "0"], { confinement: { ...NOTHING, read: [`${directory.path}/link`] } }),
    );
    assert.equal(code, LAUNCH_FAILED);
    assert.equal(stdout, "");
    assert.match(stderr, /^airlock: the OS wall cannot be raised: .*link leads through a symbolic link/);
  },
});

Deno.test({
  name: "a program that is not there is said, and nothing starts",
  ignore,
  async fn() {
    const { code, stderr } = await outcome(start([], { path: "/nonexistent" }));
    assert.equal(code, LAUNCH_FAILED);
    assert.match(stderr, /\/nonexistent cannot be executed: execve: ENOENT/);
  },
});

Deno.test({
  name: "two children are fenced from each other",
  ignore,
  async fn() {
    const victim = start(["sleep"]);
    const pid = await firstWord(victim);
    // It may look at the other's files in /proc, as far as rules go.
    const { code, stderr } = await outcome(
      start(["read", `/proc/${pid}/environ`], { confinement: { ...NOTHING, read: ["/proc"] } }),
    );
    assert.equal(code, 1);
    assert.match(stderr, /PermissionDenied/);
    victim.kill("SIGKILL");
    await victim.output().catch(() => {});
  },
});

Deno.test({
  name: "a host without native code starts a confined child",
  ignore,
  async fn() {
    const args = [
      "run",
      "--quiet",
      "--no-prompt",
      "--no-config",
      `--allow-run=${Deno.execPath()}`,
      "--allow-read",
    ];
    const { code, stdout, stderr } = await outcome(
      new Deno.Command(Deno.execPath(), {
        args: [...args, inRepository("tests/sandbox/host.ts"), "exit", "5"],
        stdout: "piped",
        stderr: "piped",
      }),
    );
    assert.equal(code, 5, stderr + stdout);
  },
});

/** A host whose kernel has no Landlock. */
function withoutLandlock(words: readonly string[]): Deno.Command {
  const args = [...RUN, inRepository("tests/sandbox/host.ts"), "--without-landlock", ...words];
  return new Deno.Command(Deno.execPath(), { args, stdout: "piped", stderr: "piped" });
}

Deno.test({
  name: "where a part of the wall is missing, a child that needs the whole does not start",
  ignore,
  async fn() {
    const { code, stderr } = await outcome(withoutLandlock(["exit", "0"]));
    assert.equal(code, LAUNCH_FAILED);
    assert.match(
      stderr,
      /^airlock: the OS wall cannot be raised: the kernel does not hold files \(this kernel has no Landlock/,
    );
    // The filter holds these on its own.
    assert.ok(!/signals|abstract-sockets|tcp-ports|system-calls/.test(stderr), stderr);
  },
});

Deno.test({
  name: "where a part of the wall is missing, a child that does without starts behind the rest",
  ignore,
  async fn() {
    assert.equal((await outcome(withoutLandlock(["--partly", "exit", "5"]))).code, 5);
    const { code, stderr } = await outcome(withoutLandlock(["--partly", "deno", "help"]));
    assert.equal(code, 1);
    assert.match(stderr, /PermissionDenied/);
  },
});

Deno.test({
  name: "a child whose host is gone already does not start",
  ignore,
  async fn() {
    const order = JSON.stringify({ confinement: NOTHING, life: { parent: 1 }, whole: true });
    const args = [...RUN, inRepository("src/sandbox/launch.ts"), order];
    const { code, stderr } = await outcome(
      new Deno.Command(Deno.execPath(), { args, stdout: "piped", stderr: "piped" }),
    );
    assert.equal(code, LAUNCH_FAILED);
    assert.match(stderr, /the process that asked for this one has ended/);
  },
});
