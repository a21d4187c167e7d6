/** Services by the real command line: `serve` starts them, keeps them up and stops them; `run` and `list` know commands. */
import assert from "node:assert/strict";
import { airlock, assertOutcome, commandLine, environment, repository } from "../support/airlock.ts";
import { component, HEAD, project } from "../support/project.ts";
import { HOST, process, service } from "../runtime/supervise_support.ts";
import { answers, web } from "../runtime/reload_support.ts";
import { Service } from "./serve_support.ts";

const SLEEP = "test-sleep#sleep-ms";
const TRAP = "test:kinds/work@0.1.0#trap";
const PROGRAM = "wasi:cli/run@0.2.3#run";

const FILES = {
  "kinds.wasm": component("tests/guests/kinds/kinds.wasm"),
  "shell.wasm": component("tests/guests/shell/shell.wasm"),
  "sleeper.wasm": component("tests/guests/sleeper/sleeper.wasm"),
};

function application(entries: string) {
  return project({ ...FILES, "app.yaml": HEAD + entries });
}

/** Runs `serve` to its end, with something on its standard input. */
async function serve(path: string, stdin = "", flags?: readonly string[]) {
  const [program, ...args] = commandLine(["serve", path], flags);
  const child = new Deno.Command(program!, {
    args,
    cwd: repository,
    clearEnv: true,
    env: environment(),
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(stdin));
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

Deno.test("serve starts processes beside what listens; a guest that traps on every call keeps nobody from anything", async () => {
  await using folder = await application(
    HOST + answers("a", 1) + web(["a"]) + await process("sleeper", "sleeper", SLEEP) +
      await process("trapper", "kinds", TRAP, { isolation: "process" }) +
      service("lasting", "sleeper", "", "", "host: host, input: [3600000]") + service("bad", "trapper"),
  );
  await using running = await Service.start([`${folder.directory}/app.yaml`]);
  await running.until(/(app:bad failed: Trap: .*; it is started again in \d+ ms[^]*){3}/);
  assert.match(running.stderr, /; it is started again in \d+ ms \(restart 3\)$/m);
  for (let i = 0; i < 5; i++) assert.equal(await (await fetch(`${running.url}/a`)).text(), "1");
  running.signal("SIGTERM");
  assert.deepEqual(await running.end(), { code: 0, stdout: "" });
});

Deno.test("serve of services that come to an end ends with them; one that is given up is an exit code of 1", async () => {
  const program = HOST + await process("program", "shell", PROGRAM);
  await using good = await application(
    program + service("s", "program", "", "", "host: host, input: [word]"),
  );
  const done = await serve(`${good.directory}/app.yaml`);
  assertOutcome(done, { stderr: "argument 0: program\nargument 1: word\n" });
  const trapping = HOST + await process("trapper", "kinds", TRAP) +
    service("s", "trapper", "", "max_attempts: 1");
  await using bad = await application(trapping);
  assertOutcome(await serve(`${bad.directory}/app.yaml`), {
    code: 1,
    stderr: /^app:s failed: Trap: .*again in \d+ ms\napp:s failed: Trap: .*; it is not started again\n$/,
  });
  await using optional = await application(
    trapping.replace("max_attempts", "max_attempts").replace(
      "auto_start: true, restart",
      "auto_start: true, startup: optional, restart",
    ),
  );
  assert.equal((await serve(`${optional.directory}/app.yaml`)).code, 0);
});

Deno.test("a service that is required and cannot start is an error before anything runs", async () => {
  await using folder = await application(
    HOST + answers("a", 1) + web(["a"]) + await process("sleeper", "sleeper", SLEEP) +
      service("s", "sleeper", "", "", "host: host, input: [many]"),
  );
  const { code, stderr } = await serve(`${folder.directory}/app.yaml`);
  assert.equal(code, 2);
  assert.match(stderr, /app\.yaml:\d+:\d+: app:s: input does not fit: /);
});

Deno.test("the process of a terminal.host has the real streams", async () => {
  await using folder = await application(
    "  - {name: terminal, kind: terminal.host, lifecycle: {auto_start: true}}\n" +
      await process("program", "shell", PROGRAM) +
      service("s", "program", "", "", "host: terminal, input: [Ada]"),
  );
  assertOutcome(await serve(`${folder.directory}/app.yaml`, "one\ntwo\n"), {
    stdout: "argument 0: program\nargument 1: Ada\ninput: one\ninput: two\n",
  });
});

Deno.test("serve --port without anything that listens is wrong", async () => {
  await using folder = await application(
    HOST + await process("sleeper", "sleeper", SLEEP) +
      service("s", "sleeper", "", "", "host: host, input: [1]"),
  );
  const outcome = await airlock(["serve", `${folder.directory}/app.yaml`, "--port", "0"]);
  assertOutcome(outcome, {
    code: 2,
    stderr:
      "airlock: ListenError: nothing listens at the address that is given: none of 1 services is an http.service\n",
  });
});

Deno.test("a process with a command is run by that, with its arguments, and listed", async () => {
  await using folder = await application(
    await process("greeter", "sleeper", "greet-after", {
      meta: "{command: {name: greet, short: Greets somebody after a while}}",
      isolation: "auto",
    }) + await process("program", "shell", PROGRAM, { meta: "{command: {name: show}}" }),
  );
  const path = `${folder.directory}/app.yaml`;
  assertOutcome(await airlock(["run", path, "greet", "Ada", "1"]), { stdout: "Hello, Ada!\n" });
  assertOutcome(await airlock(["run", path, "show", "one", "--two"]), {
    stdout: "argument 0: show\nargument 1: one\nargument 2: --two\n",
  });
  const { stdout } = await airlock(["list", path]);
  assert.match(stdout, /^COMMAND\s+ENTRY\n/m);
  assert.match(stdout, /^greet\s+Greets somebody after a while\s+app:greeter$/m);
  assert.match(stdout, /^show\s+app:program$/m);
});
