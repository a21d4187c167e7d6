/** `inspect` and `types`: what a component is, without running it. */
import assert from "node:assert/strict";
import { airlock, assertOutcome, has, inRepository } from "../support/airlock.ts";
import { component, hashOf, project } from "../support/project.ts";
import { relative, walk } from "../support/tree.ts";

const guests = inRepository("tests/guests");

/** Every component for which `wasm-tools component wit` was asked. */
const goldens = [...walk(guests)].filter((file) => file.endsWith(".wit.golden"))
  .map((file) => relative(inRepository(""), file.slice(0, -".wit.golden".length))).sort();

/** One of each toolchain; the others are compared in the same way by the tests of the engine, without a process. */
const TOOLCHAINS = [
  "tests/guests/shell/shell", // C and the official adapter
  "tests/guests/minimal/minimal", // C and wit-bindgen
  "tests/guests/zig/lines", // Zig
  "tests/guests/js/calculator", // componentize-js
  "tests/guests/assemblyscript/words", // AssemblyScript
  "tests/guests/resources/resources", // Rust
  "tests/guests/composed/composed", // wac
  "tests/guests/wit/full", // wasm-tools
];

const wasmTools = await has("wasm-tools");
if (!wasmTools) console.log("skipped: no comparison with the wasm-tools at hand, for there is none on PATH");

for (const name of TOOLCHAINS) {
  Deno.test(`inspect --wit ${name}.wasm prints what wasm-tools prints`, async () => {
    assert.ok(goldens.includes(name), `${name} has no golden`);
    const [ours, theirs] = await Promise.all([
      airlock(["inspect", "--wit", `${name}.wasm`]),
      wasmTools && new Deno.Command("wasm-tools", {
        args: ["component", "wit", inRepository(`${name}.wasm`)],
      }).output(),
    ]);
    assertOutcome(ours, { stdout: Deno.readTextFileSync(inRepository(`${name}.wit.golden`)) });
    if (theirs) assert.equal(ours.stdout, new TextDecoder().decode(theirs.stdout));
  });
}

Deno.test("inspect prints the WIT, the sha256 and an entry for each function", async () => {
  const bytes = component("examples/calculator/calculator.wasm");
  const hash = await hashOf(bytes);
  const file = "examples/calculator/calculator.wasm";
  const { stdout, ...rest } = await airlock(["inspect", file]);
  const wit = (await airlock(["inspect", "--wit", file])).stdout;
  const names = ["add", "divide", "factorial", "summarize", "round", "format", "join"];
  const methods = [...names, "demo:calculator/shapes@0.1.0#area", "demo:calculator/shapes@0.1.0#bounds"];
  const entries = methods.map((method) =>
    `- name: ${method.split("#").at(-1)}
  kind: function.wasm
  fs: files
  path: /calculator.wasm
  hash: ${hash}
  method: ${method}
  pool: {type: inline}
`
  );
  assertOutcome({ ...rest, stdout }, {
    stdout: `${wit}
// ${hash}  ${file}

# Entries to paste; \`files\` is an fs.directory that holds the file.
${entries.join("")}`,
  });
});

/** The entries that `inspect` prints, as the end of an index file. */
function pasted(stdout: string): string {
  const [, entries] = stdout.split(/^# Entries to paste.*\n/m);
  assert.ok(entries, "inspect printed entries");
  return `namespace: app\nentries:\n- {name: files, kind: fs.directory, directory: .}\n${entries}`;
}

const PASTED: readonly (readonly [path: string, args: readonly string[], stdout: string])[] = [
  ["examples/calculator/calculator.wasm", ["add", "20", "22"], "42\n"],
  ["tests/guests/js/calculator.wasm", ["greet", "Ada"], "Hello, Ada!\n"],
  ["tests/guests/zig/lines.wasm", ["run", "a"], "argument: run\nargument: a\n"],
  ["tests/guests/shell/shell.wasm", ["run"], "argument 0: run\n"],
  ["tests/guests/assemblyscript/words.wasm", ["reverse", "a b"], '["b","a"]\n'],
  ["tests/guests/composed/composed.wasm", ["store-add", "1", "2"], "3\n"],
  ["tests/guests/kinds/kinds.wasm", ["echo-many", "v1"], '{"v1":null}\n'],
];

for (const [path, args, stdout] of PASTED) {
  Deno.test(`the entries that inspect prints for ${path} run as they are`, async () => {
    // A name that means something in YAML if it is not in quotes.
    const file = "a: #1 [b].wasm";
    await using folder = await project({ [file]: component(path) });
    const start = { cwd: folder.directory };
    const printed = await airlock(["inspect", file], start);
    assert.equal(printed.stderr, "");
    await Deno.writeTextFile(`${folder.directory}/app.yaml`, pasted(printed.stdout));
    assertOutcome(await airlock(["run", "app.yaml", ...args], start), { stdout });
  });
}

Deno.test("what no host provides is said in the entry", async () => {
  const { stdout } = await airlock(["inspect", "tests/guests/assemblyscript/words.wasm"]);
  assert.match(stdout, /\n {2}# no host provides test:words\/notes@0\.1\.0: calls of it trap\n/);
});

Deno.test("types prints declarations that the checker accepts", async () => {
  const outcome = await airlock(["types", "examples/calculator/calculator.wasm"]);
  assertOutcome(outcome, { stdout: /^[^]*\bexport (interface|type) Exports\b/ });
  await using folder = await project({ "calculator.d.ts": outcome.stdout });
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["check", "--quiet", "--no-config", `${folder.directory}/calculator.d.ts`],
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
});
