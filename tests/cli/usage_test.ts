/** Help, unknown words, and files that are no components: what a newcomer meets first. */
import assert from "node:assert/strict";
import { airlock, assertOutcome, inRepository, table } from "../support/airlock.ts";
import { component, project } from "../support/project.ts";

/** Every command, with the first line of its help, which is also its usage. */
const USAGE: Readonly<Record<string, string>> = {
  run: "run [--root <dir>] [-o <override>] [--audit <file>] <config> <entry> [args…]",
  exec: "exec <file.wasm|file.wat> [options] [-- args…]",
  serve: "serve [options] <config> [entry]",
  list: "list [--root <dir>] [-o <override>] <config>",
  check: "check [--root <dir>] [-o <override>] <config>",
  permissions:
    "permissions [--root <dir>] [-o <override>] [--format table|flags|json|deno-json] <config> [entry]",
  inspect: "inspect [--wit] <file.wasm|file.wat>",
  types: "types [--async | --sync] <file.wasm|file.wat>",
  audit: "audit <file…>",
  compile: "compile [options] <config> -o <file>",
};

const HELP = `Airlock runs WebAssembly components with exactly the capabilities they declare.

Commands:
  run <config> <entry> [args…]      call an entry and print its result
  exec <file> [-- args…]            run a component, a core module or text with no config
  serve <config> [entry]            answer HTTP requests, and run services
  list <config>                     entries and named commands
  check <config>                    everything that can be known without running
  permissions <config> [entry]      what each entry may touch, and which wall holds it
  inspect <file>                    imports and exports as WIT, sha256, an entry to paste
  types <file>                      TypeScript declarations of imports and exports
  audit <file…>                     the smallest grant that would have sufficed
  compile <config> -o <file>        a binary with its permissions baked in

\`<command> --help\` tells more of one. Exit codes: the guest's own; 1 for a trap or an err result;
2 for wrong usage, configuration or integrity; 124 where its time was up.
`;

table("help", [
  [["--help"], { stdout: HELP }],
  [["-h"], { stdout: HELP }],
  [["help"], { stdout: HELP }],
  [[], { stderr: HELP, code: 2 }],
]);

for (const command of Object.keys(USAGE)) {
  Deno.test(`${command} --help starts with how to use it, and -h anywhere before -- is the same`, async () => {
    const [long, short, after] = await Promise.all([
      airlock([command, "--help"]),
      airlock([command, "-h"]),
      airlock([command, "x", "-h"]),
    ]);
    assertOutcome(long, { stdout: /^[^]+\n$/ });
    assert.equal(long.stdout.split("\n")[0], USAGE[command]);
    assert.ok(long.stdout.split("\n").every((line) => line.length <= 110), "no line is too long");
    assert.deepEqual(short, long);
    assert.deepEqual(after, long);
  });
}

const usage = (command: string, message: string) => ({
  stderr: `airlock: ${message}\nusage: ${USAGE[command]} (\`${command} --help\` tells more)\n`,
  code: 2,
});
const SHELL = "tests/guests/shell/shell.wasm";

table("wrong usage", [
  [["fly"], {
    stderr: `airlock: there is no command "fly"; commands are ${
      Object.keys(USAGE).join(", ")
    }\n\`--help\` lists the commands\n`,
    code: 2,
  }],
  [["constructor"], { stderr: /^airlock: there is no command "constructor"; commands are run, /, code: 2 }],
  [["ru"], { stderr: /^airlock: there is no command "ru"; commands are .*; did you mean run\?\n/, code: 2 }],
  [["--version"], { stdout: /^airlock \d+\.\d+\.\d+\n$/, code: 0 }],
  [["list"], usage("list", "missing <config>")],
  [["list", "a", "b"], usage("list", 'unexpected argument "b"')],
  [["list", "--all", "a"], usage("list", "unknown option --all; options are --root, --override")],
  [["list", "--root"], usage("list", "Option '--root <value>' argument missing")],
  [["list", "no.yaml"], {
    stderr: "no.yaml:1:1: cannot be read: No such file or directory (os error 2)\n",
    code: 2,
  }],
  [["check"], usage("check", "missing <config>")],
  [["check", "--strict", "a"], usage("check", "unknown option --strict; options are --root, --override")],
  [["inspect"], usage("inspect", "missing <file.wasm|file.wat>")],
  [["inspect", "a", "b"], usage("inspect", 'unexpected argument "b"')],
  [["inspect", "--wot", "a"], usage("inspect", "unknown option --wot; did you mean --wit?")],
  [["inspect", "-w", "a"], usage("inspect", "unknown option -w; options are --wit")],
  [["inspect", "no.wasm"], usage("inspect", "cannot read no.wasm: No such file or directory (os error 2)")],
  [["inspect", "src"], usage("inspect", "cannot read src: Is a directory (os error 21)")],
  [["types"], usage("types", "missing <file.wasm|file.wat>")],
  [["types", "no.wasm"], usage("types", "cannot read no.wasm: No such file or directory (os error 2)")],
  [["exec"], usage("exec", "missing <file.wasm|file.wat>")],
  [["exec", "--", "x"], usage("exec", "missing <file.wasm|file.wat>")],
  [["exec", "no.wasm"], usage("exec", "cannot read no.wasm: No such file or directory (os error 2)")],
  [["exec", SHELL, "x"], usage("exec", "arguments of the guest stand after --: -- x")],
  [["exec", SHELL, "--env"], usage("exec", "Option '--env <value>' argument missing")],
  [["exec", SHELL, "--env", "CODE"], usage("exec", "--env CODE: expected name=value")],
  [["exec", SHELL, "--env", "=1"], usage("exec", "--env =1: expected name=value")],
  [["exec", SHELL, "--env", "A=1", "--env", "A=2"], usage("exec", "--env A=2: A is already given")],
  [["exec", SHELL, "--evn", "A=1"], usage("exec", "unknown option --evn; did you mean --env?")],
  [["exec", SHELL, "--cwd", "a"], usage("exec", "--cwd a: a guest path is absolute")],
  [["exec", SHELL, "--dir", "src"], usage("exec", "--dir src: expected host::guest, or host::guest:ro")],
  [
    ["exec", SHELL, "--dir", "src::data"],
    usage("exec", "--dir src::data: the guest path data is not absolute"),
  ],
  [["exec", SHELL, "--dir", "no::/d"], usage("exec", "--dir no::/d: No such file or directory (os error 2)")],
  [
    ["exec", SHELL, "--dir", `${SHELL}::/d`],
    usage("exec", `--dir ${SHELL}::/d: ${inRepository(SHELL)} is not a directory`),
  ],
  [
    ["exec", SHELL, "--dir", "src::/d", "--dir", "tests::/d:ro"],
    usage("exec", "--dir tests::/d:ro: /d is already given"),
  ],
]);

/** Files that are no components, and what is said of each after its name. */
const BAD: readonly (readonly [name: string, content: string | Uint8Array, said: RegExp])[] = [
  [
    "empty.wasm",
    "",
    /DecodeError: .* is not a valid component: unexpected end \(at byte 0, reading magic header /,
  ],
  [
    "text.wasm",
    "hello",
    /DecodeError: .* is not a valid component: expected byte 0x00, found 0x68 \(at byte 0, /,
  ],
  [
    "magic.wasm",
    "\0asm",
    /DecodeError: .* is not a valid component: .*\(at byte 4, reading version and layer\)/,
  ],
  ["future.wasm", "\0asm\x0e\0\x01\0", /DecodeError: .* is not a valid component: .*\(at byte 4, /],
];

for (const command of ["exec", "inspect", "types"]) {
  Deno.test(`${command} names a file that is no component, and the byte where it is none`, async () => {
    await using folder = await project(Object.fromEntries(BAD));
    await Promise.all(BAD.map(async ([name, , said]) => {
      const outcome = await airlock([command, name], { cwd: folder.directory });
      assertOutcome(outcome, {
        stderr: new RegExp(`^airlock: ${said.source.replace(".*", name)}.*\\n$`),
        code: 2,
      });
    }));
  });
}

Deno.test("a truncated component is a DecodeError at a byte inside what is there, wherever it is cut", async () => {
  const whole = component("examples/calculator/calculator.wasm");
  const lengths = [9, 100, 5_000, 15_000, whole.length - 1];
  await using folder = await project(
    Object.fromEntries(lengths.map((length) => [`${length}.wasm`, whole.subarray(0, length)])),
  );
  for (const length of lengths) {
    const outcome = await airlock(["exec", `${length}.wasm`, "--invoke", "add", "--", "1", "2"], {
      cwd: folder.directory,
    });
    assertOutcome(outcome, {
      stderr: /^airlock: DecodeError: \d+\.wasm is not a valid component: .*\n$/,
      code: 2,
    });
    const offset = Number(/at byte (\d+),/.exec(outcome.stderr)?.[1]);
    assert.ok(offset <= length, `cut at ${length}, found at ${offset}: ${outcome.stderr}`);
  }
});

Deno.test("--version says the version of deno.json", async () => {
  const { version } = JSON.parse(Deno.readTextFileSync(new URL("../../deno.json", import.meta.url)));
  assertOutcome(await airlock(["--version"]), { stdout: `airlock ${version}\n` });
});
