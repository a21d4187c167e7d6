/** What is not run: another file than declared, a capability that was not, a fence that does not exist. */
import assert from "node:assert/strict";
import { SUPPORTED_KINDS } from "../../src/config/kinds.ts";
import { airlock, assertOutcome } from "../support/airlock.ts";
import { component, entry, hashOf, HEAD, project } from "../support/project.ts";

const calculator = component("examples/calculator/calculator.wasm");
const hello = component("examples/hello/hello.wasm");
const kinds = component("tests/guests/kinds/kinds.wasm");

/** Runs `it` of an index file that holds these entries, beside these files. */
async function runIt(
  files: Readonly<Record<string, string | Uint8Array>>,
  entries: string,
  args: readonly string[] = [],
) {
  await using folder = await project({ ...files, "app.yaml": HEAD + entries });
  const outcome = await airlock(["run", "app.yaml", "it", ...args], { cwd: folder.directory });
  const plain = (text: string) => text.replaceAll(folder.directory, "DIR");
  return { ...outcome, stdout: plain(outcome.stdout), stderr: plain(outcome.stderr) };
}

Deno.test("a file with another hash is an IntegrityError with both digests", async () => {
  const [actual, expected] = [await hashOf(calculator), `sha256:${"0".repeat(64)}`];
  const fields = { path: "calculator.wasm", hash: expected, method: "add" };
  assertOutcome(await runIt({ "calculator.wasm": calculator }, entry(fields), ["1", "2"]), {
    stderr:
      "airlock: IntegrityError: app.yaml:8:11: DIR/calculator.wasm is not the file that was declared: " +
      `expected ${expected}, found ${actual}. If the new file is meant, declare its hash\n`,
    code: 2,
  });
});

Deno.test("nothing of a file with another hash is decoded: what it contains makes no difference", async () => {
  const corrupt = calculator.slice(0, 1000);
  const declared = (hash: string) => entry({ path: "calculator.wasm", hash, method: "add" });
  const files = { "calculator.wasm": corrupt };
  // With the hash of the corrupt bytes, they are decoded and found corrupt…
  assertOutcome(await runIt(files, declared(await hashOf(corrupt)), ["1", "2"]), {
    stderr:
      /^airlock: DecodeError: app\.yaml:7:11: DIR\/calculator\.wasm is not a valid component: .* \(at byte \d+, .*\)\n$/,
    code: 2,
  });
  // …with the hash of the true file, that never comes up.
  assertOutcome(await runIt(files, declared(await hashOf(calculator)), ["1", "2"]), {
    stderr: /^airlock: IntegrityError: app\.yaml:8:11: [^]*\n$/,
    code: 2,
  });
});

Deno.test("one changed bit is another file", async () => {
  const changed = calculator.slice();
  changed[changed.length - 1]! ^= 1;
  const fields = { path: "c.wasm", hash: await hashOf(calculator), method: "add" };
  assertOutcome(await runIt({ "c.wasm": changed }, entry(fields), ["1", "2"]), {
    stderr: /IntegrityError/,
    code: 2,
  });
});

Deno.test("a file that is not there is named with the line that names it", async () => {
  const fields = { path: "sub/none.wasm", hash: await hashOf(calculator), method: "add" };
  assertOutcome(await runIt({}, entry(fields)), {
    stderr: "app.yaml:7:11: app:it names DIR/sub/none.wasm, which cannot be read: " +
      "No such file or directory (os error 2)\n",
    code: 2,
  });
});

Deno.test("a core module without the method is answered as a component is", async () => {
  const core = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
  const fields = { path: "core.wasm", hash: await hashOf(core), method: "run" };
  assertOutcome(await runIt({ "core.wasm": core }, entry(fields)), {
    stderr:
      "airlock: MethodError: app.yaml:9:13: app:it: the module exports no function run; it exports no functions\n",
    code: 2,
  });
});

Deno.test("a method that does not exist is answered by the list of those that do", async () => {
  const fields = { path: "c.wasm", hash: await hashOf(calculator), method: "ad" };
  assertOutcome(await runIt({ "c.wasm": calculator }, entry(fields)), {
    stderr:
      "airlock: MethodError: app.yaml:9:13: app:it: the component exports no function ad (did you mean add?); " +
      "it exports add, divide, factorial, summarize, round, format, join, " +
      "demo:calculator/shapes@0.1.0#area, demo:calculator/shapes@0.1.0#bounds\n",
    code: 2,
  });
});

const program = async (imports: string, more: Readonly<Record<string, string>> = {}) =>
  entry({
    ...{ kind: "process.wasm", path: "hello.wasm", hash: await hashOf(hello) },
    ...{ method: "wasi:cli/run@0.2.3#run", imports, ...more },
  });

Deno.test("an undeclared import traps when it is called, naming it and the line that would allow it", async () => {
  const outcome = await runIt({ "hello.wasm": hello }, await program("[wasi:cli, wasi:io, wasi:filesystem]"));
  assertOutcome(outcome, {
    stderr:
      "airlock: CapabilityError: wasi:clocks/wall-clock@0.2.3#now is not granted: the link refuses it; " +
      "to allow it, add wasi:clocks to the imports of app:it (app.yaml:10:5): " +
      "imports: [wasi:cli, wasi:io, wasi:filesystem, wasi:clocks]\n",
    stdout: "arguments: 1\n", // the C library writes its first line at once, and keeps the others
    code: 1,
  });
});

Deno.test("without any imports the line that would allow one is the entry's", async () => {
  const fields = { kind: "process.wasm", path: "hello.wasm", hash: await hashOf(hello) };
  const outcome = await runIt(
    { "hello.wasm": hello },
    entry({ ...fields, method: "wasi:cli/run@0.2.3#run" }),
  );
  assertOutcome(outcome, {
    stderr:
      /^airlock: CapabilityError: wasi:\S+ is not granted: the link refuses it; to allow it, add (wasi:\w+) to the imports of app:it \(app\.yaml:4:5\): imports: \[\1\]\n$/,
    code: 1,
  });
});

Deno.test("an undeclared import that is never called costs nothing, unless the entry is strict", async () => {
  const bytes = component("tests/guests/js/calculator.wasm");
  const all = "[wasi:cli, wasi:io, wasi:clocks, wasi:random]";
  const fields = { path: "js.wasm", hash: await hashOf(bytes), method: "add", imports: all };
  assertOutcome(await runIt({ "js.wasm": bytes }, entry(fields), ["20", "22"]), { stdout: "42\n" });
  assertOutcome(await runIt({ "js.wasm": bytes }, entry({ ...fields, strict: "true" }), ["20", "22"]), {
    stderr: "airlock: LinkError: app.yaml:10:5: app:it is strict and does not declare " +
      "wasi:filesystem/types@0.2.3, wasi:filesystem/preopens@0.2.3, wasi:http/types@0.2.3, " +
      "wasi:http/outgoing-handler@0.2.3; add wasi:filesystem, wasi:http to its imports\n",
    code: 2,
  });
});

Deno.test("a strict entry that declares all it imports runs", async () => {
  const outcome = await runIt(
    { "hello.wasm": hello },
    await program("[wasi:cli, wasi:io, wasi:clocks, wasi:filesystem]", { strict: "true" }),
  );
  assertOutcome(outcome, { stdout: /^arguments: 1\n {2}it\n/ });
});

Deno.test("what a strict entry cannot get from any host is said", async () => {
  const bytes = component("tests/guests/assemblyscript/words.wasm");
  const fields = { path: "w.wasm", hash: await hashOf(bytes), method: "greet", strict: "true" };
  assertOutcome(await runIt({ "w.wasm": bytes }, entry(fields), ["Ada"]), {
    stderr:
      "airlock: LinkError: app.yaml:4:5: app:it is strict and does not declare test:words/notes@0.1.0; " +
      "no host provides test:words/notes@0.1.0\n",
    code: 2,
  });
});

for (
  const fields of [
    { isolation: "auto" },
    { isolation: "inline" },
    { isolation: "process" },
    { pool: "{type: lazy}" },
    { pool: "{type: adaptive}" },
    {
      pool: "{type: lazy, worker_class: wasm}",
    },
    { limits: "{}" },
    { limits: "{max_execution_ms: 60000}" },
  ]
) {
  Deno.test(`an entry that asks for ${JSON.stringify(fields)} runs`, async () => {
    const base = { path: "c.wasm", hash: await hashOf(calculator), method: "add" };
    assertOutcome(await runIt({ "c.wasm": calculator }, entry({ ...base, ...fields }), ["1", "2"]), {
      stdout: "3\n",
    });
  });
}

Deno.test("a package that is declared and has no host refuses by name when it is called", async () => {
  const bytes = component("tests/guests/assemblyscript/words.wasm");
  const fields = {
    path: "w.wasm",
    hash: await hashOf(bytes),
    method: "greet",
    imports: "[wasi:sockets, wasi:http, funcs]",
  };
  assertOutcome(await runIt({ "w.wasm": bytes }, entry(fields), ["Ada"]), { stdout: "Hello, Ada!\n" });
});

Deno.test("every problem of a configuration is said at once, each with its place", async () => {
  const outcome = await runIt(
    {},
    `  - name: a
    kind: function.wsam
  - name: b
    kind: function.wasm
    fs: fils
    path: ../b.wasm
    hash: sha256:12
    imports: [wasi:clock, 7]
    pool: {type: burst}
    limits: {max_execution_ms: soon}
  - name: b
    kind: fs.directory
    directory: .
  - kind: fs.directory
    mode: 0755
`,
  );
  assertOutcome(outcome, {
    stderr: `app.yaml:5:11: app:a: kind "function.wsam" is unknown; allowed: ${SUPPORTED_KINDS.join(", ")}; \
did you mean function.wasm?
app.yaml:6:5: app:b: method is missing: the export to call
app.yaml:8:9: app:b: fs names app:fils, which no entry declares; known: app:files; did you mean app:files?
app.yaml:9:11: app:b: path "../b.wasm" leads out of the directory that fs names
app.yaml:10:11: app:b: hash must be sha256: and 64 lower-case hexadecimal digits, found "sha256:12"
app.yaml:11:15: app:b: import "wasi:clock" is unknown; allowed: wasi:cli, wasi:io, wasi:poll, wasi:clocks, \
wasi:filesystem, wasi:random, wasi:sockets, wasi:http, funcs, wasi1; did you mean wasi:clocks?
app.yaml:11:27: app:b: imports[1] must be an id: namespace:name, or {ns, name}, found the number 7
app.yaml:12:18: app:b: pool.type must be a known type of pool, found "burst"; allowed: inline, lazy, static, adaptive
app.yaml:13:32: app:b: limits.max_execution_ms must be a whole number, found "soon"
app.yaml:14:5: app:b is already declared at app.yaml:6:5; rename one of the two
app.yaml:17:5: entries[4]: name is missing: every entry needs one
`,
    code: 2,
  });
});

Deno.test("a configuration that is no YAML is refused with the place of the mistake", async () => {
  const outcome = await runIt({}, "  - {name: x\n  - [\n");
  assert.equal(outcome.code, 2);
  assert.match(outcome.stderr, /^app\.yaml:\d+:\d+: \S/);
});

Deno.test("a trap says where in the guest it happened", async () => {
  const fields = { path: "k.wasm", hash: await hashOf(kinds), method: "test:kinds/work@0.1.0#trap" };
  assertOutcome(await runIt({ "k.wasm": kinds }, entry(fields)), {
    stderr: /^airlock: Trap: wasm trap: unreachable\n( {4}at \S+ at 0x[0-9a-f]+\n)+$/,
    code: 1,
  });
});
