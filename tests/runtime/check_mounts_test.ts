/** `check`: directories that a guest may write to and that hold what decides about the next run. */
import assert from "node:assert/strict";
import { Runtime } from "../../mod.ts";
import { airlock, environment, inRepository } from "../support/airlock.ts";
import { component, entry, hashOf, HEAD, project } from "../support/project.ts";

const hello = component("examples/hello/hello.wasm");
const hash = await hashOf(hello);

interface Mounting {
  /** `wasi.mounts`, of directories `files` (that of the configuration), `data`, and `given`. */
  readonly mounts: string;
  /** The directory `given`. */
  readonly given?: string;
  /** Variables of the process that checks. */
  readonly env?: Readonly<Record<string, string>>;
  /** Its permissions; by default all. */
  readonly flags?: readonly string[];
  /** Links to make: name and target. */
  readonly links?: readonly (readonly [string, string])[];
  readonly config?: string;
}

/** What `check` remarks about some mounts: lines without their place, without the unused imports of the guest. */
async function remarks(
  { mounts, given = "data", env = {}, flags = ["-A"], links = [], config = "app.yaml" }: Mounting,
) {
  const text = `${HEAD}  - {name: data, kind: fs.directory, directory: data}
  - {name: dot, kind: env.storage.file, file_path: conf/.env}
  - {name: given, kind: fs.directory, directory: ${JSON.stringify(given)}}
${
    entry({
      ...{ kind: "process.wasm", path: "hello.wasm", hash, method: "wasi:cli/run@0.2.3#run" },
      ...{
        imports: "[wasi:cli, wasi:io, wasi:clocks, wasi:filesystem]",
        wasi: `{mounts: [${mounts}]}`,
      },
    })
  }`;
  await using folder = await project({ [config]: text, "hello.wasm": hello, "data/a": "" });
  const { directory } = folder;
  for (const [name, target] of links) await Deno.symlink(target, `${directory}/${name}`);
  const child = inRepository("tests/runtime/check_mounts_child.ts");
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", ...flags, child, config, directory, JSON.stringify(env)],
    cwd: directory,
    clearEnv: true,
    env: environment(),
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  const lines = new TextDecoder().decode(stdout).replaceAll(directory, "DIR");
  const advice = /; mount another directory, or declare read_only: true$/;
  return lines.split("\n").filter(Boolean).map((line) => line.replace(/^app:it /, "").replace(advice, ""));
}

const cache = { DENO_DIR: "/nowhere/deno" };

Deno.test("a writable mount that holds the configuration and the module is remarked upon", async () => {
  assert.deepEqual(await remarks({ mounts: "{fs: files, guest: /all}", env: cache }), [
    "may write to /all (DIR) and so change DIR/app.yaml, the configuration",
    "may write to /all (DIR) and so change DIR/hello.wasm, the module of app:it",
    "may write to /all (DIR) and so change DIR/conf/.env, which app:dot reads variables from",
  ]);
});

Deno.test("one that is read-only, or holds neither, is not", async () => {
  for (const mounts of ["{fs: files, guest: /all, read_only: true}", "{fs: data, guest: /data}", ""]) {
    assert.deepEqual(await remarks({ mounts, env: cache }), [], mounts);
  }
  const around = "{fs: files, guest: /all}, {fs: data, guest: /all/conf, read_only: true}";
  const found = await remarks({ mounts: around, env: cache, config: "data/app.yaml" });
  assert.deepEqual(found, [
    "may write to /all (DIR) and so change DIR/hello.wasm, the module of app:it",
    "may write to /all (DIR) and so change DIR/conf/.env, which app:dot reads variables from",
  ]);
});

Deno.test("links are looked through: of the mount, and of what it holds", async () => {
  assert.deepEqual(
    await remarks({ mounts: "{fs: given, guest: /g}", given: "way", links: [["way", "."]], env: cache }),
    [
      "may write to /g (DIR/way) and so change DIR/app.yaml, the configuration",
      "may write to /g (DIR/way) and so change DIR/hello.wasm, the module of app:it",
      "may write to /g (DIR/way) and so change DIR/conf/.env, which app:dot reads variables from",
    ],
  );
  // The link itself can be replaced, wherever it leads.
  const found = await remarks({
    ...{ mounts: "{fs: data, guest: /data}", env: { DENO_DIR: "data/cache" } },
    links: [["data/cache", "/nowhere"]],
  });
  assert.deepEqual(found, [
    "may write to /data (DIR/data) and so change DIR/data/cache, Deno's cache of code",
  ]);
});

Deno.test("Deno's cache, wherever the environment says that it is", async () => {
  const home = (await Deno.realPath("/")) + "nowhere";
  const linux = Deno.build.os === "linux";
  const rows: readonly (readonly [env: Readonly<Record<string, string>>, given: string, found: string])[] = [
    [{ DENO_DIR: "data/deno" }, "data", "DIR/data/deno"],
    [{ DENO_DIR: `${home}/d`, HOME: "/else" }, home, `${home}/d`],
    ...linux
      ? [[{ DENO_DIR: "", XDG_CACHE_HOME: `${home}/x`, HOME: "/else" }, home, `${home}/x/deno`]] as const
      : [],
    ...linux
      ? [[{ DENO_DIR: "", XDG_CACHE_HOME: "", HOME: home }, home, `${home}/.cache/deno`]] as const
      : [],
  ];
  for (const [env, given, path] of rows) {
    const shown = given === "data" ? "DIR/data" : given;
    assert.deepEqual(await remarks({ mounts: "{fs: given, guest: /g}", given, env }), [
      `may write to /g (${shown}) and so change ${path}, Deno's cache of code`,
    ]);
  }
});

Deno.test("a mount inside of Deno's cache is as bad", async () => {
  await using folder = await project({ "npm/x": "" });
  const found = await remarks({
    mounts: "{fs: given, guest: /g}",
    given: `${folder.directory}/npm`,
    env: { DENO_DIR: folder.directory },
  });
  assert.deepEqual(found, [
    `may write to /g (${folder.directory}/npm) and so change ${folder.directory}, Deno's cache of code`,
  ]);
});

Deno.test("the program that runs Airlock, and Airlock itself", async () => {
  const program = Deno.execPath().replace(/\/[^/]*$/, "");
  const held = await remarks({ mounts: "{fs: given, guest: /g}", given: program, env: cache });
  assert.deepEqual(held, [
    `may write to /g (${program}) and so change ${Deno.execPath()}, the program that runs Airlock`,
  ]);
  const inside = await remarks({
    mounts: "{fs: given, guest: /g}",
    given: inRepository("src/wasi"),
    env: cache,
  });
  assert.deepEqual(inside, [
    `may write to /g (${inRepository("src/wasi")}) and so change ${inRepository("src")}, Airlock itself`,
  ]);
  const around = await remarks({ mounts: "{fs: given, guest: /g}", given: inRepository(""), env: cache });
  assert.deepEqual(around.map((line) => line.replace(/^.* and so change /, "")), [
    `${inRepository("src")}, Airlock itself`,
    `${inRepository("dist")}, Airlock itself`,
    `${inRepository("deno.json")}, which says where Airlock's packages come from`,
  ]);
});

Deno.test("where the cache is cannot be asked without permission: then that is said, and nothing prompts", async () => {
  const flags = ["--allow-read"];
  const mounts = "{fs: data, guest: /data}";
  const names = { linux: "DENO_DIR, XDG_CACHE_HOME, HOME", windows: "DENO_DIR, LOCALAPPDATA" };
  const unread = names[Deno.build.os as keyof typeof names] ?? "DENO_DIR, HOME";
  assert.deepEqual(await remarks({ mounts, flags }), [
    "whether a writable mount holds Deno's cache of code was not checked: this process may not read " +
    `${unread}; add --allow-env=${unread.replaceAll(" ", "")}`,
  ]);
  assert.deepEqual(await remarks({ mounts, flags: [...flags, "--allow-env=DENO_DIR"], env: cache }), []);
  assert.deepEqual(await remarks({ mounts: "{fs: data, guest: /data, read_only: true}", flags }), []);
});

Deno.test("check tells of mounts without a file system, and of variables without an environment", async () => {
  const all = { path: "hello.wasm", hash, method: "wasi:cli/run@0.2.3#run", imports: "[wasi:io]" };
  await using folder = await project({
    "hello.wasm": hello,
    "data/a": "",
    "app.yaml": `${HEAD}  - {name: data, kind: fs.directory, directory: data}
  - {name: os, kind: env.storage.os}
  - {name: v, kind: env.variable, variable: V, storage: os}
${entry({ ...all, wasi: "{env: [{id: v, name: V}], mounts: [{fs: data, guest: /d}]}" })}`,
  });
  const { stderr } = await airlock(["check", "app.yaml"], { cwd: folder.directory });
  for (const [field, name, place] of [["mounts", "wasi:filesystem", "14:51"], ["env", "wasi:cli", "14:23"]]) {
    const line =
      `app.yaml:${place}: warning: app:it declares wasi.${field}, but not ${name}, which would use it\n`;
    assert.ok(stderr.includes(line), stderr);
  }
  assert.match(stderr, /1 entries checked|entries checked: ok/);
});

Deno.test("check tells of mounts", async () => {
  await using folder = await project({
    "hello.wasm": hello,
    "app.yaml": HEAD + entry({
      ...{ path: "hello.wasm", hash, method: "wasi:cli/run@0.2.3#run" },
      ...{
        imports: "[wasi:cli, wasi:io, wasi:clocks, wasi:filesystem]",
        wasi: "{mounts: [{fs: files, guest: /d}]}",
      },
    }),
  });
  const { stderr } = await airlock(["check", "app.yaml"], { cwd: folder.directory });
  assert.match(
    stderr,
    /^app\.yaml:11:26: warning: app:it may write to \/d .* the configuration; mount another directory/m,
  );
});

Deno.test("a guest that may write where index files are read from is told of, and then nothing is watched", async () => {
  const text = `${HEAD}  - {name: drop, kind: fs.directory, directory: up}
${
    entry({
      ...{ kind: "process.wasm", path: "hello.wasm", hash, method: "wasi:cli/run@0.2.3#run" },
      ...{ imports: "[wasi:filesystem]", wasi: "{mounts: [{fs: drop, guest: /up}]}" },
    })
  }`;
  await using folder = await project({ "app.yaml": text, "hello.wasm": hello, "up/a": "" });
  const { directory } = folder;
  const { stderr } = await airlock(["check", directory]);
  assert.match(stderr, /may write to \/up \(.*\/up\) and so change .*, where every index file counts/);
  await assert.rejects(
    Runtime.load(directory, { watch: true, onWarning() {} }),
    /may write to .*\/up, where every index file counts: that is not watched/s,
  );
});
