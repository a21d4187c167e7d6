/** Every folder of `examples/` is complete and runs; every guest has a test. */
import assert from "node:assert/strict";
import { load } from "../src/registry/load.ts";
import { isWasm } from "../src/registry/entry.ts";
import { isHandler } from "../src/compartment/method.ts";
import { Service } from "./cli/serve_support.ts";
import { airlock, assertOutcome, type Expected, has, inRepository } from "./support/airlock.ts";
import { component, hashOf } from "./support/project.ts";
import { blocks, perform, steps } from "./support/transcript.ts";
import { relative, walk } from "./support/tree.ts";

/** A call of every entry: its arguments, and what is expected. */
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
  hello: {
    "demo:hello": [["a"], {
      stdout:
        /^arguments: 2\n {2}hello\n {2}a\nenvironment: 2\n {2}GREETING=Hello\n {2}LANG=en\ntime: \S+\n$/,
    }],
    "demo:hello-ada": [["a"], { stdout: /^arguments: 2\n {2}hello\n {2}Ada\nenvironment: 0\ntime: \S+\n$/ }],
  },
};

/** What is asked of every entry that is served, and what comes of it. */
const REQUESTS: Readonly<Record<string, Readonly<Record<string, readonly [path: string, text: string]>>>> = {
  "http-service": { "demo:hello": ["/?name=Ada", "Hello, Ada!\n"] },
};

const folders = (directory: string) =>
  [...Deno.readDirSync(inRepository(directory))].filter((entry) => entry.isDirectory).map(({ name }) => name)
    .sort();

const DEFAULT_URL = "http://127.0.0.1:8080";

/** A time of day, whichever it is. */
const timeless = (text: string) => text.replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, "<time>");

const examples = folders("examples");

Deno.test("every example has calls here, and there is one for every call", () => {
  assert.deepEqual(examples, [...new Set([...Object.keys(CALLS), ...Object.keys(REQUESTS)])].sort());
});

for (const example of examples) {
  const folder = `examples/${example}`;

  Deno.test(`${folder} is complete: what it is, its source, how it is built, and the hashes it declares`, async () => {
    const files = [...walk(inRepository(folder))].map((file) => relative(inRepository(folder), file));
    for (const file of ["README.md", "app.yaml", "build.sh"]) {
      assert.ok(files.includes(file), `${folder}/${file}`);
    }
    assert.ok((Deno.statSync(inRepository(`${folder}/build.sh`)).mode! & 0o100) !== 0, "build.sh can be run");
    const components = files.filter((file) => file.endsWith(".wasm"));
    assert.ok(components.length > 0);
    const declared = new Map(
      load(inRepository(`${folder}/app.yaml`)).entries().filter(isWasm).map((
        entry,
      ) => [entry.file, entry.hash]),
    );
    for (const file of components) {
      const hash = await hashOf(component(`${folder}/${file}`));
      assert.equal(declared.get(inRepository(`${folder}/${file}`)), hash, `the hash of ${file}`);
    }
    assert.equal(declared.size, components.length, "every declared file is here");
  });

  const entries = load(inRepository(`${folder}/app.yaml`)).entries().filter(isWasm);
  const ids = entries.filter(({ method }) => !isHandler(method)).map(({ id }) => id);
  const served = entries.filter(({ method }) => isHandler(method)).map(({ id }) => id);

  Deno.test(`every entry of ${folder} has a call or a request here`, () => {
    assert.deepEqual(Object.keys(CALLS[example] ?? {}).sort(), ids.toSorted());
    assert.deepEqual(Object.keys(REQUESTS[example] ?? {}).sort(), served.toSorted());
  });

  for (const id of served) {
    const [path, text] = REQUESTS[example]?.[id] ?? ["/", ""];
    Deno.test(`${folder}: ${id} answers ${path}`, async () => {
      await using service = await Service.start([`${folder}/app.yaml`, id]);
      assert.equal(await (await fetch(service.url + path)).text(), text);
    });
  }

  for (const id of ids) {
    const call = CALLS[example]?.[id];
    if (!call) continue;
    Deno.test(`${folder}: ${id} ${call[0].join(" ")}`, async () => {
      assertOutcome(await airlock(["run", `${folder}/app.yaml`, id, ...call[0]]), call[1]);
    });
  }

  for (const block of blocks(Deno.readTextFileSync(inRepository(`${folder}/README.md`)))) {
    const transcript = steps(block);
    if (transcript.length === 0) continue;
    Deno.test(`${folder}/README.md:${block.line}: the commands print what is shown`, async () => {
      // Those of a service speak of the port that it has by default; here it has any.
      const asks = transcript.some(({ command }) => command.includes(DEFAULT_URL));
      if (asks && !await has("curl")) return console.log("skipped: curl is not installed");
      await using service = asks ? await Service.start([`${folder}/app.yaml`]) : undefined;
      const commands = transcript.map((step) => ({
        ...step,
        command: service ? step.command.replaceAll(DEFAULT_URL, service.url) : step.command,
      }));
      const found = await perform(commands);
      assert.deepEqual(
        transcript.map(({ command }, i) => ({ command, output: timeless(found[i]!) })),
        transcript.map(({ command, output }) => ({ command, output: timeless(output) })),
      );
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
