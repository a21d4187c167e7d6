/** Becoming a confined program. */
import assert from "node:assert/strict";
import { type ConfineReport, SandboxError } from "../../src/sandbox/mod.ts";
import { exec } from "../../src/sandbox/exec.ts";
import { type Kernel, SystemCallError } from "../../src/sandbox/libc.ts";
import { inRepository } from "../support/airlock.ts";
import type { Told } from "./child.ts";
import { linux, NOTHING, outcome, RUN, script, temporary } from "./support.ts";

const ignore = !linux;

/** A process that confines itself and becomes another. */
function become(
  confinement: object,
  words: readonly string[],
  options: Deno.CommandOptions = {},
): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: [...RUN, script, "become", JSON.stringify({ ...NOTHING, ...confinement }), ...words],
    stdout: "piped",
    stderr: "piped",
    ...options,
  }).spawn();
}

Deno.test({
  name: "the new program has the process id, the directory, its own arguments and no variables but its own",
  ignore,
  async fn() {
    await using directory = await temporary();
    const process = become({ read: ["/proc"] }, ["tell", "a b", "ü", ""], {
      cwd: directory.path,
      env: { SECRET: "x" },
    });
    const { stdout, stderr, code } = await outcome(process);
    assert.equal(code, 0, stderr);
    const told: Told = JSON.parse(stdout);
    assert.equal(told.pid, process.pid);
    assert.equal(told.cwd, directory.path);
    assert.deepEqual(told.args, ["a b", "ü", ""]);
    assert.equal(told.env.GIVEN, "yes");
    // Deno adds to its own.
    const names = Object.keys(told.env).filter((name) => !/^DENO_|^PATH$/.test(name));
    assert.deepEqual(names, ["GIVEN"]);
  },
});

Deno.test({
  name: "the new program can gain no privilege, dumps no core, and runs under one filter",
  ignore,
  async fn() {
    const { stdout, stderr } = await outcome(become({ read: ["/proc"] }, ["tell"]));
    const { status }: Told = JSON.parse(stdout || JSON.stringify({ status: stderr }));
    assert.equal(status.NoNewPrivs, "1");
    assert.equal(status.Seccomp, "2");
    assert.equal(status.Seccomp_filters, "1");
    // CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER and CAP_NET_BIND_SERVICE at most.
    for (const set of ["CapPrm", "CapEff", "CapInh", "CapAmb"]) {
      assert.equal(BigInt(`0x${status[set]}`) & ~0x40en, 0n, set);
    }
    const limits = await outcome(become({ read: ["/proc"] }, ["read", "/proc/self/limits"]));
    assert.match(limits.stdout, /Max core file size +0 +0 /);
  },
});

Deno.test({
  name: "files that the process was started with are not passed on, the standard streams are",
  ignore,
  async fn() {
    await using directory = await temporary();
    const leak = `${directory.path}/leak`;
    const words = [...RUN, script, "become", JSON.stringify({ ...NOTHING, read: ["/proc"] }), "tell"];
    const quoted = words.map((word) => `'${word}'`).join(" ");
    // bash does not mark a redirected descriptor to be closed.
    const plain = `'${Deno.execPath()}' run --allow-all '${script}' tell 8>'${leak}'`;
    const confined = `'${Deno.execPath()}' ${quoted} 8>'${leak}'`;
    const run = async (line: string): Promise<Told> =>
      JSON.parse(
        (await outcome(new Deno.Command("bash", { args: ["-c", line], stdout: "piped", stderr: "piped" })))
          .stdout,
      );
    assert.ok(Object.values((await run(plain)).files).includes(leak), "it would be passed on");
    const { files } = await run(confined);
    assert.ok(!Object.values(files).includes(leak), JSON.stringify(files));
    assert.ok(["0", "1", "2"].every((name) => name in files));
  },
});

Deno.test({
  name: "the exit code, standard input and standard output are those of the new program",
  ignore,
  async fn() {
    assert.equal((await outcome(become({}, ["exit", "7"]))).code, 7);
    const process = become({}, ["echo"], { stdin: "piped" });
    const writer = process.stdin.getWriter();
    await writer.write(new TextEncoder().encode("through and through"));
    await writer.close();
    assert.equal((await outcome(process)).stdout, "through and through");
  },
});

Deno.test({
  name: "the new program cannot execute another, where processes are not allowed",
  ignore,
  async fn() {
    const { code, stderr } = await outcome(become({}, ["deno", "--version"]));
    assert.equal(code, 1);
    assert.match(stderr, /PermissionDenied/);
  },
});

Deno.test({
  name: "where processes are allowed, what they start is confined as they are",
  ignore,
  async fn() {
    await using directory = await temporary();
    const secret = `${directory.path}/secret`;
    await Deno.writeTextFile(secret, "the secret");
    const words = ["deno", "run", "--quiet", "--no-config", "--allow-all", script, "read"];
    const ordinary = inRepository("tests/sandbox/child.ts");
    const process = (file: string) =>
      outcome(become({ processes: true, read: ["/proc", "/dev/null"] }, [...words, file]));
    assert.match((await process(ordinary)).stdout, /A process that does as its first word says/);
    const { code, stdout, stderr } = await process(secret);
    assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
    assert.match(stderr, /PermissionDenied/);
    assert.ok(!stderr.includes("the secret"));
  },
});

Deno.test({
  name: "a path that leads through a link is refused, and so is one that became one",
  ignore,
  async fn() {
    await using directory = await temporary();
    await Deno.symlink("/", `${directory.path}/link`);
    for (const path of [`${directory.path}/link`, `${directory.path}/link/usr`]) {
      const { code, stderr } = await outcome(become({ read: [path] }, ["exit", "0"]));
      assert.equal(code, 1);
      assert.match(stderr, /SandboxError: .* leads through a symbolic link/);
    }
  },
});

Deno.test({
  name: "a path that is not there allows nothing, and is reported",
  ignore,
  async fn() {
    await using directory = await temporary();
    const missing = `${directory.path}/missing`;
    const confinement = { ...NOTHING, read: [missing], readWrite: [`${missing}/below`] };
    const { stdout, stderr } = await outcome(
      new Deno.Command(Deno.execPath(), {
        args: [...RUN, script, "report", JSON.stringify(confinement)],
        stdout: "piped",
        stderr: "piped",
      }),
    );
    const report: ConfineReport = JSON.parse(stdout || JSON.stringify({ missing: stderr }));
    assert.deepEqual(report.missing, [missing, `${missing}/below`]);
  },
});

Deno.test({
  name: "without --allow-ffi nothing is raised and everything is reported, by name and with the reason",
  async fn() {
    const { stdout, stderr } = await outcome(
      new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "--quiet",
          "--no-prompt",
          "--no-config",
          "--allow-read",
          script,
          "report",
          JSON.stringify(NOTHING),
        ],
        stdout: "piped",
        stderr: "piped",
      }),
    );
    const report: ConfineReport = JSON.parse(stdout || JSON.stringify({ raised: [stderr] }));
    assert.deepEqual(report.raised, []);
    assert.equal(report.unavailable.length, 10);
    const reasons = new Set(report.unavailable.map(({ reason }) => reason));
    assert.equal(reasons.size, 1);
    assert.match([...reasons][0]!, linux ? /this process has no --allow-ffi/ : /Linux only/);
  },
});

Deno.test("a program that the kernel does not execute is an error that names it", () => {
  const kernel: Kernel = {
    arch: "x86_64",
    call(name) {
      if (name === "execve") throw new SystemCallError(name, 2);
      return 0;
    },
    pin: () => 1n,
  };
  assert.throws(() => exec(kernel, { path: "/nonexistent", args: ["x"], env: {} }), (error) => {
    assert.ok(error instanceof SandboxError);
    assert.equal(error.message, "/nonexistent cannot be executed");
    assert.equal((error.cause as Error).message, "execve: ENOENT");
    return true;
  });
});

Deno.test("a zero in an argument or a variable is no end of it: it is refused", () => {
  const kernel: Kernel = { arch: "x86_64", call: () => 0, pin: () => 1n };
  assert.throws(() => exec(kernel, { path: "/x", args: ["a\0b"], env: {} }), TypeError);
  assert.throws(() => exec(kernel, { path: "/x", args: [], env: { A: "a\0b" } }), TypeError);
});

Deno.test("where the files that must not be inherited cannot be closed, nothing is executed", () => {
  const kernel: Kernel = {
    arch: "x86_64",
    call(name) {
      if (name === "close_range") throw new SystemCallError(name, 38);
      return assert.fail(`${name} was called`);
    },
    pin: () => 1n,
  };
  assert.throws(() => exec(kernel, { path: "/x", args: [], env: {} }), SandboxError);
});
