/** What the process needs of Deno: read access to what is named, and nothing else, not even to be asked about. */
import assert from "node:assert/strict";
import { airlock, assertOutcome, commandLine, environment, has, inRepository } from "../support/airlock.ts";
import { component, entry, hashOf, HEAD, project } from "../support/project.ts";

/** One line of Deno's own log of every permission that a process uses or is denied. */
interface Access {
  readonly permission: string;
  readonly value?: string;
}

/** Runs a command under exact flags; what it printed, and which permissions it used or asked for. */
async function audited(args: readonly string[], flags: readonly string[], cwd?: string) {
  const log = await Deno.makeTempFile();
  try {
    const outcome = await airlock(args, { flags, env: { DENO_AUDIT_PERMISSIONS: log }, ...(cwd && { cwd }) });
    const lines = (await Deno.readTextFile(log)).split("\n").filter(Boolean);
    return { outcome, used: lines.map((line) => JSON.parse(line) as Access) };
  } finally {
    await Deno.remove(log);
  }
}

/** What was used, without repetition, in alphabetical order. */
const summary = (used: readonly Access[]) =>
  [...new Set(used.map(({ permission, value }) => `${permission} ${value}`))].sort();

Deno.test("the log of permissions sees what a process asks for", async () => {
  const { used } = await audited(["inspect", "examples/hello/hello.wasm"], ["-A"]);
  assert.ok(summary(used).includes("read examples/hello/hello.wasm"));
});

Deno.test("run reads the configuration and the module, looks for wippy.lock where it may, and that is all", async () => {
  const directory = inRepository("examples/hello");
  const flags = [`--allow-read=${directory}`];
  const { outcome, used } = await audited(["run", "examples/hello/app.yaml", "hello", "Ada"], flags);
  assertOutcome(outcome, {
    stdout: /^arguments: 2\n {2}hello\n {2}Ada\nenvironment: 2\n {2}GREETING=Hello\n {2}LANG=en\ntime: /,
  });
  assert.deepEqual(summary(used), [
    `read ${directory}/hello.wasm`,
    `read ${directory}/wippy.lock`,
    "read examples/hello/app.yaml",
  ]);
});

Deno.test("run needs no more than the very files", async () => {
  const files = ["app.yaml", "hello.wasm"].map((name) => inRepository(`examples/hello/${name}`));
  const { outcome, used } = await audited(["run", files[0]!, "hello"], [`--allow-read=${files.join(",")}`]);
  assertOutcome(outcome, { stdout: /^arguments: 1\n {2}hello\n/ });
  assert.deepEqual(summary(used), files.map((file) => `read ${file}`));
});

for (
  const [args, file] of [
    [["exec", "FILE", "--invoke", "greet", "--", "Ada"], "tests/guests/js/calculator.wasm"],
    [["exec", "FILE", "--env", "A=1", "--", "x"], "tests/guests/shell/shell.wasm"],
    [["exec", "FILE"], "tests/guests/zig/lines.wasm"],
    [["inspect", "FILE"], "tests/guests/kinds/kinds.wasm"],
    [["types", "FILE"], "tests/guests/kinds/kinds.wasm"],
    [["list", "FILE"], "examples/calculator/app.yaml"],
  ] as const
) {
  Deno.test(`${args[0]} of ${file} reads that file and asks for nothing else`, async () => {
    const path = inRepository(file);
    const words = args.map((word) => word === "FILE" ? path : word);
    const { outcome, used } = await audited(words, [`--allow-read=${path}`]);
    assert.deepEqual([outcome.code, outcome.stderr], [0, ""]);
    assert.deepEqual(summary(used), [`read ${path}`]);
  });
}

Deno.test({
  name: "run asks for nothing at a terminal either, where Deno would prompt",
  ignore: Deno.build.os !== "linux" || !await has("script"),
  fn: async () => {
    const path = inRepository("examples/hello");
    const command = commandLine(["run", `${path}/app.yaml`, "hello"], [`--allow-read=${path}`])
      .filter((word) => word !== "--no-prompt").map((word) => `'${word}'`).join(" ");
    // A prompt would wait for its answer.
    const { code, stdout } = await new Deno.Command("timeout", {
      args: ["-s", "KILL", "20", "script", "-qec", command, "/dev/null"],
      clearEnv: true,
      env: environment(),
      stdin: "null",
    }).output();
    const lines = new TextDecoder().decode(stdout).replaceAll("\r", "").split("\n");
    assert.deepEqual([code, lines.slice(0, 2)], [0, ["arguments: 1", "  hello"]]);
  },
});

Deno.test("help needs no permission at all", async () => {
  const { outcome, used } = await audited(["--help"], []);
  assert.equal(outcome.code, 0);
  assert.deepEqual(used, []);
});

Deno.test("without permission to read, the file and the flag are named", async () => {
  await using folder = await project({
    "c.wasm": component("examples/calculator/calculator.wasm"),
    "app.yaml": HEAD + entry({
      ...{
        path: "c.wasm",
        hash: await hashOf(component("examples/calculator/calculator.wasm")),
        method: "add",
      },
    }),
  });
  const { directory } = folder;
  const config = `${directory}/app.yaml`;
  assertOutcome(await airlock(["run", config, "it", "1", "2"], { flags: [] }), {
    stderr:
      `${config}:1:1: cannot be read: Requires read access to "${config}", run again with --allow-read=${config}\n`,
    code: 2,
  });
  assertOutcome(await airlock(["run", config, "it", "1", "2"], { flags: [`--allow-read=${config}`] }), {
    stderr: `airlock: NotCapable: ${config}:4:5: this process may not do all that app:it declares; ` +
      `add --allow-read=${directory}/c.wasm\n`,
    code: 2,
  });
});
