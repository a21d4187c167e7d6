/** The README is true: its examples give what it shows, and it names what there is. */
import assert from "node:assert/strict";
import * as library from "../mod.ts";
import { airlock, assertOutcome, environment, inRepository, repository } from "./support/airlock.ts";
import { component, project } from "./support/project.ts";
import { blocks, perform, steps } from "./support/transcript.ts";

const readme = Deno.readTextFileSync(inRepository("README.md"));
const config = JSON.parse(Deno.readTextFileSync(inRepository("deno.json"))) as {
  readonly imports: Record<string, string>;
  readonly exports: Record<string, string>;
  readonly tasks: Record<string, string | { readonly command: string }>;
  readonly compilerOptions: Record<string, unknown>;
};
const all = blocks(readme);
const of = (language: string) => all.filter((block) => block.language === language);

const transcripts = of("console");
for (const block of transcripts) {
  Deno.test(`README.md:${block.line}: the commands print what is shown`, async () => {
    const expected = steps(block);
    assert.ok(expected.length > 0);
    const found = await perform(expected);
    assert.deepEqual(expected.map(({ command }, i) => ({ command, output: found[i] })), expected);
  });
}

Deno.test("the README has examples of every kind", () => {
  for (const language of ["console", "ts", "yaml", "sh"]) assert.ok(of(language).length > 0, language);
  assert.equal(all.length * 2, [...readme.matchAll(/^```/gm)].length, "every fence was understood");
});

/** What a snippet prints: what the comments after its calls of console.log say. */
const printed = (snippet: string) =>
  [...snippet.matchAll(/^console\.log\(.*\); \/\/ (.*)$/gm)].map((match) => `${match[1]}\n`).join("");

Deno.test("the TypeScript of the README is typed, and runs", async (t) => {
  const snippets = of("ts");
  const imports = Object.fromEntries(
    Object.entries(config.exports).map(([name, path]) => [
      `@airlock/runtime${name.slice(1)}`,
      new URL(path, new URL("../", import.meta.url)).href,
    ]),
  );
  const { compilerOptions } = config;
  await using folder = await project({
    "deno.lock": Deno.readTextFileSync(new URL("../deno.lock", import.meta.url)),
    "deno.json": JSON.stringify({ compilerOptions, imports: { ...config.imports, ...imports } }),
    ...Object.fromEntries(snippets.map(({ line, text }) => [`line_${line}.ts`, text])),
  });
  const files = snippets.map(({ line }) => `${folder.directory}/line_${line}.ts`);
  const deno = async (...args: string[]) => {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [args[0]!, "--quiet", "--config", `${folder.directory}/deno.json`, ...args.slice(1)],
      cwd: repository,
      env: { NO_COLOR: "1" },
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { code, stdout: text(stdout), stderr: text(stderr) };
  };
  assertOutcome(await deno("check", ...files), {});
  for (const [i, { line, text }] of snippets.entries()) {
    await t.step(`README.md:${line}`, async () => {
      assert.notEqual(printed(text), "", "it shows what it prints");
      assertOutcome(await deno("run", "--no-prompt", "--allow-read=examples", files[i]!), {
        stdout: printed(text),
      });
    });
  }
});

for (const block of of("yaml")) {
  Deno.test(`README.md:${block.line}: the configuration runs`, async () => {
    await using folder = await project({
      "app.yaml": block.text,
      "calculator.wasm": component("examples/calculator/calculator.wasm"),
    });
    const outcome = await airlock(["run", "app.yaml", "demo:add", "20", "22"], { cwd: folder.directory });
    assertOutcome(outcome, { stdout: "42\n" });
  });
}

Deno.test("the commands for a fresh machine are tasks of deno.json", () => {
  const named = [...readme.matchAll(/^npx -y deno@([\d.]+) task (\w+)/gm)];
  assert.deepEqual(named.map((match) => match[2]), ["demo", "test"]);
  for (const [, version, task] of named) {
    assert.ok(config.tasks[task!], `there is no task ${task}`);
    assert.equal(version, "2.9.6");
  }
  const ci = Deno.readTextFileSync(inRepository(".ci/run"));
  for (const [line] of named) assert.ok(ci.includes(line), `.ci/run does not call ${line}`);
});

Deno.test("the demo is the main job: two components, called from YAML entries", async () => {
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "demo"],
    cwd: repository,
    clearEnv: true,
    env: environment(),
  }).output();
  assert.equal(code, 0);
  assert.match(new TextDecoder().decode(stdout), /^arguments: 2\n {2}hello\n {2}Ada\n[^]*time: \S+\n42\n$/);
});

Deno.test("every task that the README names exists", () => {
  const tasks = [...readme.matchAll(/`deno task (\S+)`/g)].map((match) => match[1]!);
  assert.ok(tasks.length > 0);
  for (const task of tasks) assert.ok(config.tasks[task], `there is no task ${task}`);
});

Deno.test("the table of commands is the list that --help prints", async () => {
  const { stdout } = await airlock(["--help"]);
  const printed = [...stdout.matchAll(/^ {2}(\w+) </gm)].map((match) => match[1]!);
  const section = readme.slice(readme.indexOf("\n## Commands"), readme.indexOf("\n## As a library"));
  const listed = [...section.matchAll(/^\| `(\w+) /gm)].map((match) => match[1]!);
  assert.deepEqual(listed, printed);
});

Deno.test("every error class that the library exports is named, and no other", () => {
  const exported = Object.entries(library).filter(([, value]) =>
    typeof value === "function" && value.prototype instanceof Error
  ).map(([name]) => name).concat("Trap").sort();
  const sentence = /Every error is a class with a stable `name` and `code`:([^]*?)\.\s/.exec(readme)![1]!;
  const named = [...sentence.matchAll(/`(\w+)`/g)].map((match) => match[1]!).sort();
  assert.deepEqual(named, [...new Set(exported)]);
});

Deno.test("every file that the README names is there", () => {
  const links = [...readme.matchAll(/\]\((?!#|https?:)([^)#]+)/g)].map((match) => match[1]!);
  const paths = [...readme.matchAll(/`((?:src|tests|examples)\/[\w./-]+)`/g)].map((match) => match[1]!);
  for (const path of [...links, ...paths]) assert.ok(Deno.statSync(inRepository(path)), path);
});
