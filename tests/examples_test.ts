/** Every folder of `examples/` is complete, and everything in it runs: each entry, each command and snippet of a README. */
import assert from "node:assert/strict";
import { isHandler } from "../src/compartment/method.ts";
import { isWasm } from "../src/registry/entry.ts";
import { load } from "../src/registry/load.ts";
import { Service } from "./cli/serve_support.ts";
import { runCompiled, startPeers } from "./examples/peers.ts";
import { replaced, restored, workplace } from "./examples/workplace.ts";
import { airlock, assertOutcome, environment, type Expected, has, inRepository } from "./support/airlock.ts";
import { component, hashOf } from "./support/project.ts";
import { blocks, perform, steps } from "./support/transcript.ts";
import { relative, walk } from "./support/tree.ts";

/** Calls of entries: their arguments, and what is expected. Entries that a README calls may be left out. */
const CALLS: Readonly<
  Record<string, Readonly<Record<string, readonly [args: readonly string[], expected: Expected]>>>
> = {
  calculator: {
    "demo:add": [["20", "22"], { stdout: "42\n" }],
    "demo:divide": [["7", "0"], { stdout: '{"err":{"code":2,"message":"division by zero"}}\n', code: 1 }],
    "demo:factorial": [["20"], { stdout: '{"ok":"2432902008176640000"}\n' }],
    "demo:summarize": [["[2, 4]"], { stdout: '{"count":2,"mean":3,"smallest":2,"largest":4}\n' }],
    "demo:round": [["2.5", "up"], { stdout: "3\n" }],
    "demo:format": [["-255", '["hexadecimal"]'], { stdout: "-ff\n" }],
    "demo:join": [['["a", "b"]', "-"], { stdout: "a-b\n" }],
    "demo:area": [['{"circle": 0}'], { stdout: "0\n" }],
    "demo:bounds": [["[]"], { stdout: "null\n" }],
  },
  filesystem: {
    "demo:digest": [["/letters"], { stderr: "usage: digest <from> <to>\n", code: 1 }],
  },
  funcs: {
    "demo:slug": [["  Éva, Nagy-Kiss "], { stdout: '{"ok":"va-nagy-kiss"}\n' }],
    "demo:code": [["8"], { stdout: /^\d{8}\n$/ }],
  },
  hello: {
    "demo:hello": [["a"], {
      stdout:
        /^arguments: 2\n {2}hello\n {2}a\nenvironment: 2\n {2}GREETING=Hello\n {2}LANG=en\ntime: \S+\n$/,
    }],
    "demo:hello-ada": [["a"], { stdout: /^arguments: 2\n {2}hello\n {2}Ada\nenvironment: 0\ntime: \S+\n$/ }],
  },
  "http-app": {
    "demo:count": [["é\nb c"], { stdout: '{"lines":2,"words":3,"characters":5}\n' }],
    "demo:repeat": [["ab", "101"], { stdout: '{"err":"100 times at most"}\n', code: 1 }],
  },
  "plugin-host": {
    "plugins:typography": [["a -- b --- c ..."], { stdout: "a – b — c …\n" }],
    "plugins:counter": [["a b"], { stdout: "a b (2 words)\n" }],
  },
  poll: {
    "demo:schedule": [["[]"], { stdout: "[]\n" }],
  },
  wasi1: {
    "demo:total": [["/data/sales.csv", "profit"], { stderr: "no such column\n", code: 1 }],
  },
};

/** What is asked of every entry that is served, and what comes of it. */
const REQUESTS: Readonly<Record<string, Readonly<Record<string, readonly [path: string, text: string]>>>> = {
  "http-service": { "demo:hello": ["/?name=Ada", "Hello, Ada!\n"] },
};

/** What is different in every run, and what takes its place. */
const VARYING: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, "<time>"],
  [/lift-off at \d{10},/g, "lift-off at <time>,"],
  [/^[\w-]{20}$/gm, "<password>"],
  [/ada-lovelace\/\d{6}"/g, 'ada-lovelace/<code>"'],
];

/** Engines of other languages are inside these. */
const LARGE: ReadonlySet<string> = new Set(["http-service/service.wasm"]);

const MAX_GUEST = 150_000;
const MAX_LINES = 40;

/** What commands of READMEs ask for beside what this repository has. */
const PROGRAMS = ["curl", "go"];

const folders = (directory: string) =>
  [...Deno.readDirSync(inRepository(directory))].filter((entry) => entry.isDirectory).map(({ name }) => name)
    .sort();

/** A text as it is in any run. */
const timeless = (text: string) => VARYING.reduce((text, [from, to]) => text.replaceAll(from, to), text);

const examples = folders("examples");

Deno.test("every example has a README, and there is an example for all that is said here", () => {
  for (const name of [...Object.keys(CALLS), ...Object.keys(REQUESTS)]) {
    assert.ok(examples.includes(name), name);
  }
});

for (const example of examples) {
  const folder = `examples/${example}`;
  const files = [...walk(inRepository(folder))].map((file) => relative(inRepository(folder), file));
  const readme = Deno.readTextFileSync(inRepository(`${folder}/README.md`));
  const all = blocks(readme);
  const transcripts = all.filter((block) => steps(block).length > 0);
  const commands = transcripts.flatMap(steps).map(({ command }) => command);

  Deno.test(`${folder} is complete: what it is, its source, how it is built, and the hashes it declares`, async () => {
    assert.ok(readme.trimEnd().split("\n").length <= MAX_LINES, "its README is short");
    assert.equal(all.length * 2, [...readme.matchAll(/^```/gm)].length, "every fence was understood");
    assert.ok(transcripts.length > 0, "its README shows how it runs");
    const components = files.filter((file) => file.endsWith(".wasm"));
    if (components.length > 0) {
      assert.ok(
        (Deno.statSync(inRepository(`${folder}/build.sh`)).mode! & 0o100) !== 0,
        "build.sh can be run",
      );
    }
    const declared = new Map(
      load(inRepository(`${folder}/app.yaml`)).entries().filter(isWasm).filter(({ kind }) =>
        kind !== "function.wat"
      ).map((entry) => [entry.file, entry.hash]),
    );
    for (const file of components) {
      const bytes = component(`${folder}/${file}`);
      assert.equal(
        declared.get(inRepository(`${folder}/${file}`)),
        await hashOf(bytes),
        `the hash of ${file}`,
      );
      assert.ok(bytes.length <= MAX_GUEST || LARGE.has(`${example}/${file}`), `${file} is small`);
    }
    assert.equal(declared.size, components.length, "every declared file is here");
  });

  const entries = load(inRepository(`${folder}/app.yaml`)).entries().filter(isWasm);
  const served = entries.filter(({ method }) => isHandler(method)).map(({ id }) => id);

  Deno.test(`every entry of ${folder} is called or asked, by its README or here`, () => {
    const named = new Set(commands.flatMap((command) => /app\.yaml (\S+)/.exec(command)?.[1] ?? []));
    const known = new Set([...Object.keys(CALLS[example] ?? {}), ...Object.keys(REQUESTS[example] ?? {})]);
    const isShown = ({ id, command }: typeof entries[number]) =>
      named.has(id) || named.has(id.slice(id.indexOf(":") + 1)) || named.has(command?.name ?? "");
    const forgotten = entries.filter((entry) => !known.has(entry.id) && !isShown(entry));
    assert.deepEqual(forgotten.map(({ id }) => id), []);
    assert.deepEqual([...known].filter((id) => !entries.some((entry) => entry.id === id)), []);
  });

  for (const id of served) {
    const [path, text] = REQUESTS[example]?.[id] ?? ["/", ""];
    Deno.test(`${folder}: ${id} answers ${path}`, async () => {
      await using service = await Service.start([`${folder}/app.yaml`, id]);
      assert.equal(await (await fetch(service.url + path)).text(), text);
    });
  }

  for (const [id, [args, expected]] of Object.entries(CALLS[example] ?? {})) {
    Deno.test(`${folder}: ${id} ${args.join(" ")}`, async () => {
      assertOutcome(await airlock(["run", `${folder}/app.yaml`, id, ...args]), expected);
    });
  }

  Deno.test(`${folder}/README.md: the commands print what is shown`, async (t) => {
    for (const program of PROGRAMS) {
      const needed = commands.some((command) => new RegExp(`^(\\w+=\\S+ )*${program} `).test(command));
      if (needed && !await has(program)) return console.log(`skipped: ${program} is not installed`);
    }
    await using peers = await startPeers(all);
    if (peers.missing !== undefined) return console.log(`skipped: ${peers.missing} is not installed`);
    await using place = await workplace(example, peers.addresses);
    for (const block of transcripts) {
      await t.step(`line ${block.line}`, async () => {
        const shown = steps(block);
        const run = shown.map((step) => ({ ...step, command: replaced(step.command, peers.addresses) }));
        const found = await perform(run, place.directory);
        assert.deepEqual(
          shown.map(({ command }, i) => ({
            command,
            output: timeless(restored(found[i]!, peers.addresses)),
          })),
          shown.map(({ command, output }) => ({ command, output: timeless(output) })),
        );
      });
    }
  });

  if (commands.length > 0 && readme.includes(" compile ")) {
    Deno.test(`${folder}/README.md: what it compiles runs`, async () => {
      assert.ok(await runCompiled(all) > 0);
    });
  }

  const programs = files.filter((file) => file.endsWith(".ts"));
  const snippets = all.filter(({ language }) => language === "ts");
  if (programs.length + snippets.length > 0) {
    Deno.test(`${folder}: its TypeScript is typed, and the README's prints what it says`, async () => {
      await using place = await workplace(example, new Map());
      const deno = async (...args: string[]) => {
        const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
          args,
          cwd: place.directory,
          clearEnv: true,
          env: environment(),
        }).output();
        const text = new TextDecoder();
        return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
      };
      const written = snippets.map(({ line, text }) => [`line_${line}.ts`, text] as const);
      for (const [name, text] of written) await Deno.writeTextFile(`${place.directory}/${name}`, text);
      const names = [...written.map(([name]) => name), ...programs.map((file) => `${folder}/${file}`)];
      assertOutcome(await deno("check", "--quiet", ...names), {});
      for (const [name, text] of written) {
        const printed = [...text.matchAll(/^console\.log\(.*\); \/\/ (.*)$/gm)].map((match) =>
          `${match[1]}\n`
        );
        assert.ok(printed.length > 0, "it says what it prints");
        assertOutcome(await deno("run", "--quiet", "--no-prompt", "-A", name), { stdout: printed.join("") });
      }
    });
  }
}

/** The tests that speak of guests at all, beside this one. */
const tests = [...walk(inRepository("tests"))]
  .filter((file) => file.endsWith(".ts") && file !== import.meta.filename)
  .map((file) => ({ file, text: Deno.readTextFileSync(file) }))
  .filter(({ file, text }) => file.includes("/tests/guests/") || text.includes("guests")).map(({ text }) =>
    text
  );

/** The guests that one script builds: it names all of them. */
const script = Deno.readTextFileSync(inRepository("tests/guests/command.sh")).replaceAll("\\\n", " ");
const shared = new Set(/^\[ \$# -gt 0 \] \|\| set -- (.*)$/m.exec(script)![1]!.trim().split(/\s+/));

for (const guest of folders("tests/guests")) {
  Deno.test(`tests/guests/${guest} has a build script, and some test uses it`, () => {
    const files = [...Deno.readDirSync(inRepository(`tests/guests/${guest}`))].map(({ name }) => name);
    assert.ok(files.includes("build.sh") || shared.has(guest), "it has a script that builds it");
    assert.ok(files.some((name) => name.endsWith(".wasm")), "it was built");
    const named = new RegExp(`\\b${guest}/|["'\`]${guest}["'\`]`);
    assert.ok(tests.some((text) => named.test(text)), `no test names ${guest}`);
  });
}
