/** Pipes, closed streams and signals, around the whole command. */
import assert from "node:assert/strict";
import { assertOutcome, commandLine, environment, repository, shell } from "../support/airlock.ts";

const unix = Deno.build.os !== "windows";
const test = (name: string, fn: () => Promise<void>) => Deno.test({ name, ignore: !unix, fn });
const KINDS = "tests/guests/kinds/kinds.wasm";
const work = (what: string) => `airlock exec ${KINDS} --invoke test:kinds/work@0.1.0#${what}`;

test("a result of 20 MB comes through a pipe to a slow reader, every byte of it", async () => {
  const script = `${work("repeat")} -- 0123456789 2000000 | { sleep 0.3; md5sum; }; echo "\${PIPESTATUS[0]}"`;
  const { stdout } = await shell(script);
  const expected = await shell("yes 0123456789 | head -n 2000000 | tr -d '\\n' | { cat; echo; } | md5sum");
  assert.equal(stdout, `${expected.stdout}0\n`);
});

test("a guest's own output of many lines comes through a pipe, every one of them", async () => {
  const lines = "airlock exec tests/guests/zig/lines.wasm";
  const { stdout, stderr } = await shell(
    `seq 1 3000 | ${lines} | { sleep 0.2; tail -n +2; } | sed 's/^\\([0-9]*\\): \\1$/same/' | sort | uniq -c`,
  );
  assert.equal(stderr, "");
  assert.equal(stdout.trim(), "3000 same");
});

test("a reader that goes away is no failure of ours", async () => {
  assertOutcome(
    await shell(`${work("repeat")} -- 0123456789 1000000 | head -c 10; echo " \${PIPESTATUS[0]}"`),
    {
      stdout: "0123456789 0\n",
    },
  );
});

test("closed outputs take everything", async () => {
  assertOutcome(await shell(`${work("repeat")} -- x 3 >&-`), {});
  assertOutcome(await shell(`${work("trap")} 2>&-`), { code: 1 });
  assertOutcome(await shell("airlock --help >&- 2>&-"), {});
});

test("an exit code survives output that nobody reads", async () => {
  const program = "airlock exec tests/guests/shell/shell.wasm --env CODE=7";
  assertOutcome(await shell(`${program} </dev/null | true; exit "\${PIPESTATUS[0]}"`), { code: 7 });
});

test("standard input that nobody closes does not keep a guest that has ended", async () => {
  const child = spawn(
    ["exec", "tests/guests/sleeper/sleeper.wasm", "--invoke", "add", "--", "1", "2"],
    "piped",
  );
  const timer = setTimeout(() => child.kill("SIGKILL"), 20_000);
  const { success } = await child.status;
  clearTimeout(timer);
  await child.stdin.close();
  assert.ok(success, "it ended by itself");
});

function spawn(args: readonly string[], stdin: "null" | "piped"): Deno.ChildProcess {
  const [program, ...rest] = commandLine(args);
  const options = { args: rest, cwd: repository, clearEnv: true, env: environment(), stdin };
  return new Deno.Command(program!, { ...options, stdout: "null", stderr: "null" }).spawn();
}

/** Starts a guest that says nothing, gives it time to run, and sends it a signal. */
async function interrupted(args: readonly string[], signal: Deno.Signal) {
  const child = spawn(args, "null");
  await new Promise((resolve) => setTimeout(resolve, 600));
  const start = performance.now();
  child.kill(signal);
  const status = await child.status;
  return { status, ms: performance.now() - start };
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  test(`${signal} ends a guest that computes, and one that waits, at once`, async () => {
    const outcomes = await Promise.all([
      interrupted(["exec", KINDS, "--invoke", "test:kinds/work@0.1.0#spin"], signal),
      interrupted(
        ["exec", "tests/guests/sleeper/sleeper.wasm", "--invoke", "trap-after", "--", "60000"],
        signal,
      ),
    ]);
    for (const { status, ms } of outcomes) {
      assert.equal(status.signal, signal);
      assert.ok(ms < 2000, `it took ${ms} ms`);
    }
  });
}
