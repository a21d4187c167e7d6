/** What `compile` refuses, and what compiled programs do. */
import assert from "node:assert/strict";
import { airlock, assertOutcome, type Expected, type Row, table } from "../support/airlock.ts";
import { component, entry, hashOf, HEAD, type Project, project } from "../support/project.ts";
import { Staged } from "./compile_support.ts";

const HELLO = "examples/hello/app.yaml";
const lines = component("examples/compiled/lines.wasm");
const hash = await hashOf(lines);

/** An entry with a mount. */
function reader(fields: Readonly<Record<string, string>> = {}): string {
  const all = {
    name: "lines",
    kind: "process.wasm",
    path: "lines.wasm",
    hash,
    method: "_start",
    imports: "[wasi1]",
  };
  return entry({ ...all, wasi: "{mounts: [{fs: data, guest: /}]}", ...fields });
}

const DATA = "  - {name: data, kind: fs.directory, directory: data}\n";

async function application(entries: string): Promise<Project> {
  return await project({ "app.yaml": HEAD + entries, "lines.wasm": lines, "data/a": "\n", "more/b": "\n\n" });
}

/** What a program says that was not compiled for what is asked of it now. */
const lacks = (who: string, flags: string): Expected => ({
  stderr:
    `airlock: NotCapable: ${who} asks for more than was compiled into this program, which lacks ${flags}; ` +
    "compile it again\n",
  code: 2,
});

Deno.test("a configuration that was changed to need more is refused, whichever way it needs it", async () => {
  await using folder = await application(DATA + reader());
  const { directory } = folder;
  await using staged = await Staged.of([`${directory}/app.yaml`]);
  assertOutcome(await staged.run(["lines", "a"]), { stdout: "1 a\n" });
  const who = "app.yaml:5:5: app:lines";
  const more = `${directory}/more`;
  const overrides: readonly (readonly [override: string, flags: string])[] = [
    ["app:data:directory=more", `--allow-read=${more} --allow-write=${more}`],
    ["app:data:directory=.", `--allow-read=${directory} --allow-write=${directory}`],
    ["app:data:directory=/", `--allow-read=/ --allow-write=/`],
    ["app:lines:isolation=process", "--allow-env=AIRLOCK_JOB --allow-run=/proc/self/exe --allow-ffi"],
    ["app:lines:limits.max_execution_ms=1", "--allow-env=AIRLOCK_JOB --allow-run=/proc/self/exe --allow-ffi"],
  ];
  for (const [override, flags] of overrides) {
    const allowed = override.endsWith("=/") ? ["-o", "app:lines:allow_system=true"] : [];
    assertOutcome(await staged.run(["-o", override, ...allowed, "lines", "a"]), lacks(who, flags));
  }
  // The file itself, which in a binary nobody changes.
  staged.edit("config/app.yaml", (text) => text.replace("directory: data", "directory: more"));
  assertOutcome(await staged.run(["lines", "b"]), lacks(who, `--allow-read=${more} --allow-write=${more}`));
});

Deno.test("a configuration that was changed to need less gets less", async () => {
  await using folder = await application(DATA + reader());
  await using staged = await Staged.of([`${folder.directory}/app.yaml`]);
  const without = await staged.run(["-o", "app:lines:wasi.mounts=", "lines", "a"]);
  assert.notEqual(without.code, 0);
  await Deno.mkdir(`${folder.directory}/data/below`);
  await Deno.writeTextFile(`${folder.directory}/data/below/c`, "\n\n\n");
  assertOutcome(await staged.run(["-o", "app:data:directory=data/below", "lines", "c", "../a"]), {
    stdout: "3 c\n",
    stderr: "../a: cannot be opened\n",
    code: 1,
  });
});

Deno.test("values of this machine that lead elsewhere are refused", async () => {
  const variable =
    "  - {name: os, kind: env.storage.os}\n  - {name: where, kind: env.variable, variable: WHERE, storage: os}\n";
  await using folder = await application(
    variable + DATA.replace("directory: data", 'directory: "${env:WHERE}"') + reader(),
  );
  const { directory } = folder;
  await using staged = await Staged.of([`${directory}/app.yaml`], { env: { WHERE: "data" } });
  assert.deepEqual(staged.manifest.permissions.env, ["WHERE"]);
  assertOutcome(await staged.run(["lines", "a"], { env: { WHERE: "data" } }), { stdout: "1 a\n" });
  assertOutcome(
    await staged.run(["lines", "b"], { env: { WHERE: "more" } }),
    lacks("app.yaml:7:5: app:lines", `--allow-read=${directory}/more --allow-write=${directory}/more`),
  );
});

Deno.test("a module that is not the one that was declared does not run", async () => {
  await using folder = await application(DATA + reader());
  await using staged = await Staged.of([`${folder.directory}/app.yaml`]);
  const [file] = Object.values(staged.manifest.modules);
  const path = `${staged.directory}/${file}`;
  const bytes = await Deno.readFile(path);
  bytes[bytes.length - 1]! ^= 1;
  await Deno.writeFile(path, bytes);
  const outcome = await staged.run(["lines", "a"]);
  assert.match(
    outcome.stderr,
    /^airlock: IntegrityError: app\.yaml:\d+:\d+: .* expected sha256:\w+, found sha256:/,
  );
  assert.deepEqual([outcome.code, outcome.stdout], [2, ""]);
  const other = `sha256:${"0".repeat(64)}`;
  assertOutcome(await staged.run(["-o", `app:lines:hash=${other}`, "lines", "a"]), {
    stderr: `-o app:lines:hash:1:1: app:lines names a module that was not compiled in: ${other}\n`,
    code: 2,
  });
});

Deno.test("an entry that is gone from the configuration is missed", async () => {
  await using folder = await application(DATA + reader());
  await using staged = await Staged.of([`${folder.directory}/app.yaml`]);
  staged.edit("config/app.yaml", (text) => text.replace("name: lines", "name: lined"));
  assertOutcome(await staged.run(["lines", "a"]), {
    stderr:
      "airlock: EntryError: app:lines was compiled in, and the configuration does not declare it any more\n",
    code: 2,
  });
});

Deno.test("compile checks modules: nothing is written if one is wrong", async () => {
  await using folder = await application(DATA + reader());
  await Deno.writeFile(`${folder.directory}/lines.wasm`, new Uint8Array(8));
  const stage = `${folder.directory}/staged`;
  const args = ["compile", `${folder.directory}/app.yaml`, "--stage", stage];
  const outcome = await airlock(args);
  assert.match(
    outcome.stderr,
    /^airlock: IntegrityError: .*app\.yaml:9:11: .*lines\.wasm is not the file that was declared/,
  );
  assert.deepEqual([outcome.code, outcome.stdout], [2, ""]);
  assert.throws(() => Deno.statSync(stage), Deno.errors.NotFound);
});

Deno.test("what a program cannot hold is not compiled", async () => {
  const rows: readonly (readonly [entries: string, args: readonly string[], message: RegExp])[] = [
    [
      DATA + reader({ isolation: "process" }),
      ["--target", "aarch64-apple-darwin"],
      /UnsupportedError: app\.yaml:5:5: app:lines asks for isolation: process, and a compiled program starts itself on Linux only, not on aarch64-apple-darwin/,
    ],
    [
      DATA.replace("directory: data", "directory: /") + reader({ allow_system: "true" }),
      [],
      /UnsupportedError: app\.yaml:5:5: app:lines: the mount of \/ at \/ shows the program's own files/,
    ],
    [
      DATA.replace("directory: data", "directory: ../data") + reader(),
      ["--at", "."],
      /UnsupportedError: app\.yaml:4:5: app:data names \.\.\/data, outside of the project: with --at \. that would be anywhere/,
    ],
    [
      reader({ name: "all", imports: "[wasi1, wasi:sockets]", wasi: "{}" }) +
      reader({
        ...{
          name: "some",
          imports: "[wasi1, wasi:sockets]",
          wasi: '{network: {allow: ["tcp://127.0.0.1:1"]}}',
        },
        require: "[deno]",
      }),
      [],
      /UnsupportedError: app\.yaml:\d+:5: app:some: its process may do more than is granted \(Deno's wall\): net: all of it, and not only 127\.0\.0\.1:1; it requires that wall/,
    ],
  ];
  for (const [entries, args, message] of rows) {
    await using folder = await application(entries);
    const { code, stderr, stdout } = await airlock([
      ...["compile", `${folder.directory}/app.yaml`, "--stage", `${folder.directory}/staged`],
      ...args,
    ]);
    assert.match(stderr, message);
    assert.deepEqual([code, stdout], [2, ""]);
  }
});

Deno.test("a stage that a mount shows is remarked when it is written: what is there, and what to do", async () => {
  await using folder = await application(DATA + reader());
  const { directory } = folder;
  await Deno.symlink("data", `${directory}/link`);
  const stage = async (at: string, ...more: string[]) => {
    const { code, stderr } = await airlock(["compile", "app.yaml", ...more, "--stage", at], {
      cwd: directory,
    });
    assert.equal(code, 0, stderr);
    return stderr.split("\n").filter((line) => line.startsWith("airlock: "));
  };
  const shows = (folder: string, who: string, more = "") =>
    `airlock: app.yaml:5:5: app:lines: the mount of ${directory}/data at / shows ${directory}/${folder}: ${who} ` +
    "refuses to call it, since its own files are there; a binary does not; to run it as it is, name a folder " +
    `outside of ${directory}/data${more}`;
  const started = `started in ${directory}, the staged program`;
  assert.deepEqual(await stage("data/a.out"), [shows("data/a.out", "the staged program")]);
  assert.deepEqual(await stage("link/b/b.out"), [shows("link/b/b.out", "the staged program")]);
  assert.deepEqual(await stage("data/c.out", "--at", "."), [
    shows("data/c.out", started, ", or start it elsewhere"),
  ]);
  assert.deepEqual(await stage("data/d.out", "--at", "/srv/elsewhere"), []);
  assert.deepEqual(await stage("data2", "--at", "."), []);
});

Deno.test("a stage among the index files of a directory is refused: it would declare everything a second time", async () => {
  await using folder = await application(DATA + reader());
  const { directory } = folder;
  await using other = await project({});
  for (const at of [[], ["--at", "."], ["--at", "/srv/elsewhere"]]) {
    for (const config of [".", directory]) {
      const args = ["compile", config, ...at, "--stage"];
      const { code, stderr, stdout } = await airlock([...args, "out/new"], { cwd: directory });
      assert.equal(
        stderr.split("\n")[0],
        `airlock: --stage out/new: it is in ${directory}, where every index file counts: the copies in it ` +
          "would declare all entries a second time; name a folder outside of that",
      );
      assert.deepEqual([code, stdout], [2, ""], stderr);
      assert.throws(() => Deno.statSync(`${directory}/out`), Deno.errors.NotFound);
      const elsewhere = await airlock([...args, `${other.directory}/${crypto.randomUUID()}`], {
        cwd: directory,
      });
      assert.equal(elsewhere.code, 0, elsewhere.stderr);
    }
  }
});

Deno.test("where a wall is wider than what is granted, compile says so", async () => {
  const network = (allow: string) => ({
    imports: "[wasi1, wasi:sockets]",
    wasi: `{network: {allow: ${allow}}}`,
  });
  await using folder = await application(
    reader({ name: "all", ...network('["*"]') }) +
      reader({ name: "some", ...network('["tcp://127.0.0.1:1"]') }),
  );
  const args = ["compile", `${folder.directory}/app.yaml`, "--stage", `${folder.directory}/staged`];
  const { code, stderr } = await airlock(args);
  assert.equal(code, 0);
  assert.match(
    stderr,
    /^airlock: app\.yaml:\d+:5: app:some: its process may do more than is granted \(Deno's wall\): net: all of it, and not only 127\.0\.0\.1:1$/m,
  );
});

const usage = (message: string): Expected => ({
  stderr: new RegExp(
    `^airlock: ${
      message.replaceAll(/[.()[\]]/g, "\\$&")
    }\\nusage: compile \\[options\\] <config> -o <file> \\(\`compile --help\` tells more\\)\\n$`,
  ),
  code: 2,
});

const ROWS: readonly Row[] = [
  [["compile"], usage("missing <config>")],
  [["compile", HELLO], usage("missing -o <file>")],
  [["compile", HELLO, "x"], usage('unexpected argument "x"')],
  [["compile", HELLO, "-o", "examples/none/app"], {
    stderr: /^airlock: -o examples\/none\/app: there is no directory \/.*\/examples\/none\n/,
    code: 2,
  }],
  [["compile", HELLO, "-o", "/tmp"], usage("-o /tmp: that is a directory")],
  [["compile", HELLO, "-o", "/tmp/a", "--target", "x86_64-linux"], {
    stderr: /^airlock: --target x86_64-linux: there are x86_64-unknown-linux-gnu, /,
    code: 2,
  }],
  [["compile", HELLO, "-o", "/tmp/a", "--at", "data"], {
    stderr:
      /^airlock: --at data: an absolute path is expected, or \. for the directory that it is started in\n/,
    code: 2,
  }],
  [["compile", HELLO, "-o", "/tmp/a", "--port", "x"], usage("--port x: expected a number from 0 to 65535")],
  [["compile", HELLO, "-o", "/tmp/a", "--entry", "helo"], {
    stderr: /^airlock: EntryError: no entry "helo"; known: demo:hello, .*; did you mean hello\?\n$/,
    code: 2,
  }],
  [["compile", HELLO, "-o", "/tmp/a", "--entry", "settings"], {
    stderr:
      /^airlock: EntryError: demo:settings is env\.storage\.static and cannot be run; entries that can: /,
    code: 2,
  }],
  [["compile", "no.yaml", "-o", "/tmp/a"], {
    stderr: "no.yaml:1:1: cannot be read: No such file or directory (os error 2)\n",
    code: 2,
  }],
  [["compile", HELLO, "--stage", "src"], {
    stderr: /^airlock: --stage .*\/src: it is not empty: it has \S+\n/,
    code: 2,
  }],
];

table("compile", ROWS);

Deno.test("the command line of a compiled program: what is wrong, and where help is", async () => {
  await using staged = await Staged.of([HELLO]);
  const rows: readonly (readonly [args: readonly string[], expected: Expected])[] = [
    [[], { stderr: /^Usage: main\.js \[-o <override>\] <entry> \[args…\]\n/, code: 2 }],
    [["--help"], { stdout: /^Usage: main\.js .*\n[^]*Exit codes: the guest's own; / }],
    [["help"], { stdout: /^Usage: main\.js / }],
    [["--version"], { stdout: /^main\.js, compiled by airlock \d+\.\d+\.\d+\n$/ }],
    [["permissions"], { stdout: "--allow-import=none.invalid:0\n" }],
    [["list"], { stdout: /^ENTRY[^]*\ndemo:hello-ada [^]*\nCOMMAND[^]*\nhello / }],
    [["--fly"], {
      stderr: /^airlock: unknown option --fly; options are .*\n`main\.js --help` tells more\n$/,
      code: 2,
    }],
    [["list", "x"], { stderr: /unexpected argument "x"/, code: 2 }],
    [["run"], { stderr: /missing <entry>; there are demo:hello, demo:hello-ada/, code: 2 }],
    [["helo"], { stderr: /^airlock: EntryError: no entry "helo"; .*; did you mean hello\?\n$/, code: 2 }],
    [["serve"], { stderr: /^airlock: EntryError: no entry can be served/, code: 2 }],
    [["serve", "--fly"], { stderr: /unknown option --fly/, code: 2 }],
    [["-o", "x", "hello"], { stderr: /an override is namespace:entry:field=value, found "x"/, code: 2 }],
    // What belongs to the guest is not read.
    [["hello", "--help"], { stdout: /^arguments: 2\n {2}hello\n {2}--help\n/ }],
  ];
  for (const [args, expected] of rows) {
    assertOutcome(await staged.run(args), expected);
  }
});
