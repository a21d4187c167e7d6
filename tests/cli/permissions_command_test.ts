/** `permissions`: what it prints, and that what it prints works where it is pasted. */
import assert from "node:assert/strict";
import { airlock, assertOutcome, environment, has, inRepository } from "../support/airlock.ts";
import { component, entry, hashOf, HEAD, project } from "../support/project.ts";

const unix = Deno.build.os !== "windows";
const paths = component("tests/guests/paths/paths.wasm");
const hash = await hashOf(paths);

/** An entry named `it`: a program that reads and writes the files that its words name. */
function program(fields: Readonly<Record<string, string>> = {}, name = "it"): string {
  return entry({
    ...{ kind: "process.wasm", path: "paths.wasm", hash, method: "wasi:cli/run@0.2.3#run" },
    ...{ imports: "[wasi:cli, wasi:io, wasi:clocks, wasi:filesystem]", ...fields },
  }).replace("- name: it", `- name: ${name}`);
}

const CONFIG = `${HEAD}  - {name: data, kind: fs.directory, directory: data}
  - {name: logs, kind: fs.directory, directory: logs}
  - {name: os, kind: env.storage.os}
  - {name: dot, kind: env.storage.file, file_path: .env}
  - {name: all, kind: env.storage.router, storages: [dot, os]}
  - {name: token, kind: env.variable, variable: TOKEN, storage: all}
${
  program({
    imports: "[wasi:cli, wasi:io, wasi:clocks, wasi:filesystem, wasi:sockets]",
    wasi: "{env: [{id: token, name: API_TOKEN, required: true}], " +
      "mounts: [{fs: data, guest: /data, read_only: true}, {fs: logs, guest: /logs}], " +
      'network: {allow: ["tcp://127.0.0.1:7", "https://api.example.com"]}}',
  })
}${program({ imports: "[]" }, "pure")}`;

const FILES = { "app.yaml": CONFIG, "paths.wasm": paths, "data/a": "text", "logs/b": "" };

const OS = /\nos: {3}(can be raised here: [a-z, -]+(; not available: .*)?|not (asked|available): .*)\n$/;

Deno.test("the table says what, where, which walls, and what a process needs", async () => {
  await using folder = await project(FILES);
  const { code, stdout, stderr } = await airlock(["permissions", "app.yaml"], {
    cwd: folder.directory,
    flags: [`--allow-read=${folder.directory}`],
  });
  assert.deepEqual([code, stderr], [0, ""]);
  const flags =
    "--allow-read=DIR/.env,DIR/app.yaml,DIR/data,DIR/logs,DIR/paths.wasm --allow-write=DIR/logs " +
    "--allow-net=127.0.0.1:7 --allow-env=TOKEN --allow-import=none.invalid:0";
  const text = stdout.replaceAll(folder.directory, "DIR").replaceAll(/ {3,}/g, "  ");
  assert.equal(
    text,
    `app:it  process.wasm  app.yaml:10:5
  has arguments, standard streams, an exit code  -  link
  handles streams  -  link
  waits  -  link
  reads the time, sets timers  -  link
  reads variables  API_TOKEN  link, deno
  reads files  /data (on the host DIR/data)  link, deno+
  reads and changes files  /logs (on the host DIR/logs)  link, deno+
  reaches by tcp  127.0.0.1, port 7, and listens there  link, deno+
  deno+ allows more:
  DIR/data: Deno follows a symbolic link that lies in it wherever the link leads
  DIR/logs: Deno follows a symbolic link that lies in it wherever the link leads
  tcp://127.0.0.1:7: Deno does not tell tcp from other protocols, nor connecting from listening
  does not work in a process with these permissions:
  Deno makes symbolic links only for a process that may read and write everything
  run itself reads:
  DIR/.env
  DIR/app.yaml
  DIR/paths.wasm
  run itself looks up the variables:
  TOKEN
  deno run --no-prompt:
  ${flags}

app:pure  process.wasm  app.yaml:18:5
  may do nothing but compute  -  link, deno, os
  run itself reads:
  DIR/app.yaml
  DIR/paths.wasm
  deno run --no-prompt:
  --allow-read=DIR/app.yaml,DIR/paths.wasm --allow-import=none.invalid:0

link: holds wherever the guest runs
deno: holds in a process that is started with these flags
os:  not asked: this process may not start another one, which could try (--allow-run)
`,
  );
});

Deno.test("a process that may start others tries the kernel's wall, and says what came of it", async () => {
  await using folder = await project(FILES);
  const { code, stdout } = await airlock(["permissions", "app.yaml", "it"], { cwd: folder.directory });
  assert.equal(code, 0);
  assert.match(stdout, OS);
  const raised = /can be raised here: .*\bfiles\b/.test(stdout);
  assert.equal(/reads files .* link, deno\+, os$/m.test(stdout), raised);
  assert.equal(
    stdout.includes("os+ allows more:\n    the kernel tells TCP ports apart"),
    /link, deno\+, os\+$/m.test(stdout),
  );
  assert.ok(!stdout.includes("app:pure"));
});

Deno.test("json is what its help says", async () => {
  await using folder = await project(FILES);
  const { directory } = folder;
  const outcome = await airlock(["permissions", `${directory}/app.yaml`, "--format", "json"], {
    flags: [`--allow-read=${directory}`],
  });
  const found = JSON.parse(outcome.stdout);
  assert.deepEqual(Object.keys(found), ["version", "os", "entries"]);
  assert.deepEqual([found.version, found.os.raised, typeof found.os.why], [1, [], "string"]);
  const [it, pure] = found.entries;
  const scope = {
    read: [],
    write: [],
    net: [],
    env: [],
    sys: [],
    run: [],
    ffi: [],
    import: [],
    wider: [],
    narrower: [],
  };
  const files = [`${directory}/app.yaml`, `${directory}/paths.wasm`];
  assert.deepEqual(pure, {
    id: "app:pure",
    kind: "process.wasm",
    at: `${directory}/app.yaml:18:5`,
    isolation: "auto",
    permissions: [],
    guest: scope,
    run: { ...scope, read: files },
    flags: [`--allow-read=${files.join(",")}`, "--allow-import=none.invalid:0"],
  });
  assert.deepEqual(Object.keys(it), Object.keys(pure));
  assert.deepEqual(it.permissions.at(-1), {
    what: "reaches by tcp",
    where: "127.0.0.1, port 7, and listens there",
    walls: { link: "exact", deno: "wider", os: "none" },
  });
  assert.deepEqual([it.guest.read, it.guest.write, it.guest.net, it.guest.env], [
    [`${directory}/data`, `${directory}/logs`],
    [`${directory}/logs`],
    ["127.0.0.1:7"],
    [],
  ]);
  assert.deepEqual(it.run.env, ["TOKEN"]);
});

Deno.test("flags and deno-json of all entries: one process for any of them, a set for each", async () => {
  await using folder = await project(FILES);
  const of = async (...args: string[]) => {
    const { stdout } = await airlock(["permissions", "app.yaml", ...args], { cwd: folder.directory });
    return stdout.replaceAll(folder.directory, "DIR");
  };
  assert.equal(
    await of("--format=flags", "pure"),
    "--allow-read=DIR/app.yaml,DIR/paths.wasm --allow-import=none.invalid:0\n",
  );
  assert.equal(await of("--format=flags"), await of("--format=flags", "it"));
  const sets = JSON.parse(await of("--format=deno-json"));
  assert.deepEqual(Object.keys(sets.permissions), ["app:it", "app:pure"]);
  assert.deepEqual(sets.permissions["app:pure"], {
    read: ["DIR/app.yaml", "DIR/paths.wasm"],
    import: ["none.invalid:0"],
  });
});

const WORDS = ["cat=/data/a", "put=/logs/b", "put=/data/a"];
const DONE = /^\/data\/a: "text"\n\/logs\/b: ok\n\/data\/a: EROFS\n$/;

/** Runs a line of bash in which a word is the path of Airlock's main module. */
async function bash(line: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await new Deno.Command("bash", {
    args: ["-c", line],
    clearEnv: true,
    env: environment({ TOKEN: "t" }),
  }).output();
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

/** A line of bash that runs an entry under some flags; paths in it are quoted. */
function running(flags: string, config: string): string {
  const [deno, main] = [Deno.execPath(), inRepository("main.ts")];
  return `'${deno}' run --quiet --no-prompt ${flags} '${main}' run "${config}" it ${WORDS.join(" ")}`;
}

Deno.test({
  name:
    "flags paste after deno run: with them the entry works, and without any one value of them it does not",
  ignore: !unix,
  fn: async () => {
    await using folder = await project(FILES);
    const config = `${folder.directory}/app.yaml`;
    const { stdout: line } = await airlock(["permissions", config, "it", "--format", "flags"]);
    assertOutcome(await bash(running(line.trim(), config)), { stdout: DONE });
    const flags = line.trim().split(" ").map((flag) => flag.split("=") as [string, string]);
    assert.deepEqual(flags.map(([flag]) => flag), [
      ...["--allow-read", "--allow-write", "--allow-net", "--allow-env", "--allow-import"],
    ]);
    const without: string[] = [];
    for (const [flag, list] of flags.slice(0, -1)) {
      for (const value of list.split(",")) {
        const rest = list.split(",").filter((other) => other !== value).join(",");
        const fewer = flags.flatMap(([name, list]) =>
          name === flag ? (rest === "" ? [] : [`${name}=${rest}`]) : [`${name}=${list}`]
        );
        const { code, stdout, stderr } = await bash(running(fewer.join(" "), config));
        assert.deepEqual([code, stdout], [2, ""], `${flag} ${value}`);
        assert.ok(stderr.includes(value) && stderr.includes(flag), stderr);
        without.push(value.slice(value.lastIndexOf("/") + 1));
      }
    }
    assert.deepEqual(without, [
      ".env",
      "app.yaml",
      "data",
      "logs",
      "paths.wasm",
      "logs",
      "127.0.0.1:7",
      "TOKEN",
    ]);
    // The last one takes something away: what may be imported without it.
    const asked = (flags: string) =>
      bash(
        `'${Deno.execPath()}' run --no-config --no-prompt ${flags} - <<< ` +
          `'console.log(Deno.permissions.querySync({ name: "import", host: "jsr.io:443" }).state)'`,
      );
    assert.equal((await asked(flags.at(-1)!.join("="))).stdout, "prompt\n");
    assert.equal((await asked("")).stdout, "granted\n");
  },
});

Deno.test({
  name: "with these flags nothing prompts at a terminal either, where Deno would ask",
  ignore: Deno.build.os !== "linux" || !await has("script"),
  fn: async () => {
    await using folder = await project(FILES);
    const config = `${folder.directory}/app.yaml`;
    const { stdout: line } = await airlock(["permissions", config, "it", "--format", "flags"]);
    const command = running(line.trim(), config).replace(" --no-prompt ", " ");
    // A prompt would wait for its answer.
    const { code, stdout } = await new Deno.Command("timeout", {
      args: ["-s", "KILL", "60", "script", "-qec", command, "/dev/null"],
      clearEnv: true,
      env: environment({ TOKEN: "t" }),
      stdin: "null",
    }).output();
    const text = new TextDecoder().decode(stdout).replaceAll("\r", "");
    assert.deepEqual([code, DONE.test(text)], [0, true], text);
  },
});

Deno.test({
  name: "flags paste whatever files are called, and are one line",
  ignore: !unix,
  fn: async () => {
    const odd = 'it\'s $HOME `x` "q" [a]*!\n\u202e\\';
    const files = Object.entries(FILES).map(([name, content]) => [`${odd}/${name}`, content]);
    await using folder = await project(Object.fromEntries(files));
    const config = `${folder.directory}/${odd}/app.yaml`;
    const { stdout: line } = await airlock(["permissions", config, "it", "--format", "flags"]);
    assert.match(line, /^[\x20-\x7e]+\n$/);
    const script = running(line.trim(), "$CONFIG");
    const { code, stdout } = await new Deno.Command("bash", {
      args: ["-c", script],
      clearEnv: true,
      env: environment({ TOKEN: "t", CONFIG: config }),
    }).output();
    assert.deepEqual([code, DONE.test(new TextDecoder().decode(stdout))], [0, true]);
  },
});

Deno.test("deno-json pastes into deno.json: deno run -P=<id> runs the entry, even where a path has a comma", async () => {
  const files = Object.entries(FILES).map(([name, content]) => [`a,b/${name}`, content]);
  await using folder = await project(Object.fromEntries(files));
  const config = `${folder.directory}/a,b/app.yaml`;
  const { stdout } = await airlock(["permissions", config, "--format", "deno-json"]);
  // Airlock's own, with the sets pasted.
  const own = JSON.parse(await Deno.readTextFile(inRepository("deno.json")));
  const file = `${folder.directory}/deno.json`;
  const lock = `${folder.directory}/deno.lock`;
  await Deno.copyFile(inRepository("deno.lock"), lock);
  const run = async (text: unknown, set: string) => {
    await Deno.writeTextFile(
      file,
      JSON.stringify({ imports: own.imports, nodeModulesDir: "none", ...text as object }),
    );
    return await airlock(["run", config, "it", ...WORDS], {
      flags: [`--config=${file}`, `--lock=${lock}`, `-P=${set}`],
      env: { TOKEN: "t" },
    });
  };
  const { permissions } = JSON.parse(stdout);
  assertOutcome(await run({ permissions }, "app:it"), { stdout: DONE });
  assert.equal((await run({ permissions }, "app:pure")).code, 2);
  for (const kind of ["read", "write", "net", "env"]) {
    const { [kind]: _, ...fewer } = permissions["app:it"];
    assert.equal((await run({ permissions: { "app:it": fewer } }, "app:it")).code, 2, kind);
  }
});

Deno.test("what Deno's flags cannot name is an error as flags, and said in the other formats", async () => {
  await using folder = await project({ "a,b/app.yaml": HEAD + program() });
  const config = `${folder.directory}/a,b/app.yaml`;
  const { code, stdout, stderr } = await airlock(["permissions", config, "--format=flags"]);
  assert.deepEqual([code, stdout], [2, ""]);
  assert.match(
    stderr,
    /^airlock: ScopeError: Deno's flags cannot name \/.*a,b\/app\.yaml, since they separate/,
  );
  assert.match(
    (await airlock(["permissions", config])).stdout,
    /cannot name a path with a comma; see deno-json\n/,
  );
  const json = await airlock(["permissions", config, "--format=json"]);
  assert.equal(JSON.parse(json.stdout).entries[0].flags, null);
});

Deno.test("a directory of files, and a root that is found, are among what run reads", async () => {
  await using folder = await project({
    "wippy.lock": "directories: {src: ./src}\n",
    "src/one.yaml": CONFIG,
    "src/paths.wasm": paths,
    "paths.wasm": paths,
    "data/a": "text",
    "logs/b": "",
  });
  const { directory } = folder;
  const flagsOf = async (...args: string[]) =>
    (await airlock(["permissions", "--format=flags", ...args], { cwd: directory })).stdout.trim().split(" ");
  const run = async (config: string, flags: string[]) =>
    await airlock(["run", config, "it", ...WORDS], { flags, env: { TOKEN: "t" } });
  const [read] = await flagsOf("src/one.yaml", "it");
  const files = ["/.env", "/data", "/logs", "/paths.wasm", "/src/one.yaml", "/wippy.lock"];
  assert.equal(read, `--allow-read=${files.map((file) => directory + file).join(",")}`);
  // Without wippy.lock, other directories would be meant: those below src.
  assertOutcome(await run(`${directory}/src/one.yaml`, await flagsOf("src/one.yaml", "it")), {
    stdout: DONE,
  });
  assert.deepEqual((await flagsOf(".", "it"))[0], `--allow-read=${directory}`);
  assertOutcome(await run(directory, await flagsOf(".", "it")), { stdout: DONE });
  const [rooted] = await flagsOf("--root", directory, "src/one.yaml", "it");
  assert.ok(!rooted!.includes("wippy.lock"));
});

Deno.test("names that a terminal would obey are shown, and JSON stays JSON", async () => {
  await using folder = await project({
    "app.yaml": HEAD + '  - {name: d, kind: fs.directory, directory: "x\\e[2J\\u202e"}\n' +
      program({ wasi: "{mounts: [{fs: d, guest: /d}]}" }),
  });
  for (const format of ["table", "flags", "json", "deno-json"]) {
    const args = ["permissions", `${folder.directory}/app.yaml`, "--format", format];
    const { code, stdout, stderr } = await airlock(args, { flags: [`--allow-read=${folder.directory}`] });
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /^[\n\x20-\x7e]*$/, format);
    if (format.endsWith("json")) assert.ok(JSON.stringify(JSON.parse(stdout)).includes("x\\u001b[2J\u202e"));
  }
});

Deno.test("a configuration without entries to run has no permissions", async () => {
  await using folder = await project({ "app.yaml": HEAD });
  const outcome = await airlock(["permissions", "app.yaml", "--format=flags"], { cwd: folder.directory });
  assertOutcome(outcome, { stdout: "--allow-import=none.invalid:0\n" });
});

Deno.test("wrong usage says what is right", async () => {
  await using folder = await project({ "app.yaml": HEAD });
  const rows: readonly (readonly [string[], RegExp])[] = [
    [[], /^airlock: missing <config>\nusage: permissions \[--root <dir>\]/],
    [["app.yaml", "--format", "yaml"], /^airlock: --format yaml: there are table, flags, json, deno-json\n/],
    [["app.yaml", "it", "more"], /^airlock: unexpected argument "more"\n/],
    [["app.yaml", "it"], /^airlock: EntryError: no entry "it"/],
    [["app.yaml", "files"], /^airlock: EntryError: app:files is fs\.directory and cannot be run/],
    [["app.yaml", "--formt"], /^airlock: unknown option --formt; did you mean --format\?/],
  ];
  for (const [args, stderr] of rows) {
    assertOutcome(await airlock(["permissions", ...args], { cwd: folder.directory }), { stderr, code: 2 });
  }
});
