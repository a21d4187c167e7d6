/** `watch: true`: whatever an application was loaded from, however it is written, a change of it is in force soon. */
import assert from "node:assert/strict";
import { Runtime, type RuntimeEvent } from "../../mod.ts";
import { Interest } from "../../src/runtime/watch_interest.ts";
import { component, entry, hashOf, HEAD, project } from "../support/project.ts";
import { answers, type Changing, changing } from "./reload_support.ts";
import { Log } from "./serve_support.ts";

/** Waits until an entry is told to have changed so many times. */
async function changed(app: Pick<Changing, "events">, id: string, times = 1): Promise<void> {
  const count = () =>
    app.events.all.filter((event) =>
      event.type === "reloaded" && [...event.changed, ...event.added].includes(id)
    ).length;
  await app.events.find(() => count() >= times);
}

const WATCH = { watch: true };

Deno.test("a file that is written is loaded; one that is broken changes nothing until it is put right", async () => {
  await using app = await changing(answers("a", 1), {}, WATCH);
  await app.write(answers("a", 2));
  await changed(app, "app:a");
  assert.equal(await app.runtime.call("a"), 2);
  await app.write("  - {name: a, kind: function.wa\n");
  const text = await app.warnings.find((text) =>
    text.startsWith("what was in force still is: ConfigError: ")
  );
  assert.match(text, /app\.yaml:\d+:\d+: /);
  assert.equal(await app.runtime.call("a"), 2);
  await app.write(answers("a", 3));
  await changed(app, "app:a", 2);
  assert.equal(await app.runtime.call("a"), 3);
});

Deno.test("editors that write another file and put it in the place of the first are watched on", async () => {
  await using app = await changing(answers("a", 1), {}, WATCH);
  const { directory } = app;
  for (const n of [2, 3, 4]) {
    await Deno.writeTextFile(`${directory}/.app.yaml.swp`, HEAD + answers("a", n));
    await Deno.rename(`${directory}/.app.yaml.swp`, `${directory}/app.yaml`);
    await changed(app, "app:a", n - 1);
    assert.equal(await app.runtime.call("a"), n);
  }
  // Or remove it first.
  await Deno.remove(`${directory}/app.yaml`);
  await app.warnings.find((text) => text.includes("cannot be read"));
  await app.write(answers("a", 5));
  await changed(app, "app:a", 4);
});

Deno.test("texts that an index file names, and files of variables for its placeholders", async () => {
  const text = (n: number) => `(module (func (export "f") (result i32) i32.const ${n}))`;
  const entries =
    `  - {name: a, kind: function.wat, method: f, wit: "f: func() -> s32;", source: "file://text/a.wat"}\n` +
    "  - {name: values, kind: env.storage.file, file_path: values}\n" +
    "  - {name: number, kind: env.variable, variable: NUMBER, storage: values}\n" +
    answers("b", 0).replace("i32.const 0", "i32.const ${env:NUMBER}");
  const files = { "text/a.wat": text(1), "values": "NUMBER=1\n" };
  await using app = await changing(entries, files, WATCH);
  assert.deepEqual([await app.runtime.call("a"), await app.runtime.call("b")], [1, 1]);
  await Deno.writeTextFile(`${app.directory}/text/a.wat`, text(2));
  await changed(app, "app:a");
  await Deno.writeTextFile(`${app.directory}/values`, "NUMBER=2\n");
  await changed(app, "app:b");
  assert.deepEqual([await app.runtime.call("a"), await app.runtime.call("b")], [2, 2]);
});

Deno.test("a module that is replaced is no change, but what is wrong with it is said", async () => {
  const calculator = component("examples/calculator/calculator.wasm");
  const hash = await hashOf(calculator);
  const version = (more = {}) => entry({ name: "add", path: "m/x.wasm", hash, method: "add", ...more });
  await using app = await changing(version(), { "m/x.wasm": calculator }, WATCH);
  // It was not even called yet.
  const kinds = component("tests/guests/kinds/kinds.wasm");
  await Deno.writeFile(`${app.directory}/m/x.wasm`, kinds);
  await app.warnings.find((text) => /IntegrityError: .*app:add: .*x\.wasm is not the file/.test(text));
  await app.write(version({ hash: await hashOf(kinds), method: "test:kinds/work@0.1.0#repeat" }));
  await changed(app, "app:add");
  assert.equal(await app.runtime.call("add", "a", 2), "aa");
});

/** A runtime of a directory, and what has happened in it. */
async function directory(files: Readonly<Record<string, string>>) {
  const folder = await project(files);
  const events = new Log<RuntimeEvent>();
  const runtime = await Runtime.load(folder.directory, { watch: true, onWarning() {} });
  const stream = runtime.events({ refusals: false });
  const read = (async () => {
    for await (const event of stream) events.add(event);
  })();
  return {
    runtime,
    events,
    path: folder.directory,
    async [Symbol.asyncDispose]() {
      await runtime[Symbol.asyncDispose]();
      await read;
      await folder[Symbol.asyncDispose]();
    },
  };
}

const file = (namespace: string, entries: string) => `namespace: ${namespace}\nentries:\n${entries}`;

Deno.test("a directory gains files, and directories with files, and loses them", async () => {
  await using app = await directory({
    "app.yaml": file("app", answers("a", 1)),
    "node_modules/x/y.yaml": file("no", answers("a", 1)),
  });
  const { path, runtime, events } = app;
  await Deno.writeTextFile(`${path}/more.yml`, file("more", answers("b", 2)));
  await changed(app, "more:b");
  await Deno.mkdir(`${path}/deep/deeper`, { recursive: true });
  await Deno.writeTextFile(`${path}/deep/deeper/_index.yaml`, file("deep", answers("c", 3)));
  await changed(app, "deep:c");
  // That directory is watched by now as well.
  await Deno.writeTextFile(`${path}/deep/deeper/_index.yaml`, file("deep", answers("c", 4)));
  await changed(app, "deep:c", 2);
  assert.equal(await runtime.call("deep:c"), 4);
  await Deno.remove(`${path}/deep`, { recursive: true });
  await events.find((event) => event.type === "reloaded" && event.removed.includes("deep:c"));
  // What comes whole is found as well.
  await Deno.mkdir(`${path}/.new`);
  await Deno.writeTextFile(`${path}/.new/x.json`, JSON.stringify({ namespace: "json", entries: [] }));
  await Deno.writeTextFile(`${path}/.new/y.yaml`, file("y", answers("d", 5)));
  await Deno.rename(`${path}/.new`, `${path}/now`);
  await changed(app, "y:d");
});

Deno.test("of a project with a lock file, its sources count, and the lock file", async () => {
  await using app = await directory({
    "wippy.lock": "directories: {src: ./src}\n",
    "src/app.yaml": file("app", answers("a", 1)),
    "other/app.yaml": file("app", answers("a", 9)),
  });
  await Deno.writeTextFile(`${app.path}/src/app.yaml`, file("app", answers("a", 2)));
  await changed(app, "app:a");
  await Deno.writeTextFile(`${app.path}/wippy.lock`, "directories: {src: ./other}\n");
  await changed(app, "app:a", 2);
  assert.equal(await app.runtime.call("a"), 9);
});

Deno.test("files behind links that are put in the place of others, as mounted configurations are", async () => {
  await using folder = await project({ "..one/app.yaml": HEAD + answers("a", 1) });
  const { directory } = folder;
  await Deno.symlink("..one", `${directory}/..data`);
  await Deno.symlink("..data/app.yaml", `${directory}/app.yaml`);
  const events = new Log<RuntimeEvent>();
  await using runtime = await Runtime.load(`${directory}/app.yaml`, { ...WATCH, onWarning() {} });
  void (async () => {
    for await (const event of runtime.events()) events.add(event);
  })();
  for (const [n, name] of [[2, "..two"], [3, "..three"]] as const) {
    await Deno.mkdir(`${directory}/${name}`);
    await Deno.writeTextFile(`${directory}/${name}/app.yaml`, HEAD + answers("a", n));
    await Deno.symlink(name, `${directory}/..next`);
    await Deno.rename(`${directory}/..next`, `${directory}/..data`);
    await changed({ events }, "app:a", n - 1);
    assert.equal(await runtime.call("a"), n);
  }
});

Deno.test("what else happens beside the files means nothing", async () => {
  await using folder = await project({ "a/app.yaml": "", "a/b/c.txt": "", "x/y.yaml": "" });
  const { directory } = folder;
  const interest = new Interest([`${directory}/a/app.yaml`, `${directory}/x/y.yaml`], [`${directory}/a`]);
  for (
    const [path, kind, expected] of [
      ["a/app.yaml", "modify", true],
      ["a/app.yaml", "access", false],
      ["a/app.yaml", "remove", true],
      ["a/.app.yaml.swp", "create", false],
      ["a/new.yaml", "create", true],
      ["a/new.JSON", "create", false],
      ["a/new.json", "rename", true],
      ["a/b", "remove", true],
      ["a/b/d.yml", "create", true],
      ["a/b/c.txt", "modify", false],
      ["x/y.yaml", "any", true],
      ["x/z.yaml", "create", false],
      ["x", "rename", true],
      ["z", "rename", false],
    ] as const
  ) {
    assert.equal(interest.has(`${directory}/${path}`, kind), expected, `${kind} ${path}`);
  }
  assert.deepEqual(interest.places.sort(), [`${directory}/a`, `${directory}/a/b`, `${directory}/x`]);
});

Deno.test("a change that came between loading and watching is seen", async () => {
  await using folder = await project({ "app.yaml": HEAD, "b.yaml": "", "t/x.txt": "" });
  const { directory } = folder;
  const path = (name: string) => `${directory}/${name}`;
  const interest = new Interest([path("app.yaml"), path("b.yaml")], [path("t")]);
  const before = interest.look(), now = Date.now();
  assert.deepEqual(interest.changedSince(before, 0), []);
  await Deno.writeTextFile(path("t/y.txt"), "what guests write beside index files");
  assert.deepEqual(interest.changedSince(before, now), []);
  await Deno.writeTextFile(path("b.yaml"), "longer");
  await Deno.writeTextFile(path("t/new.yaml"), "");
  await Deno.remove(path("app.yaml"));
  assert.deepEqual(interest.changedSince(before, now).sort(), ["app.yaml", "b.yaml", "t"].map(path));
  assert.deepEqual(interest.changedSince(interest.look(), now), [], "which has been looked at by now");
  // Of what was not looked at before, there is only the time of its change.
  const hour = new Date(now + 3_600_000);
  await Deno.utime(path("b.yaml"), hour, hour);
  assert.deepEqual(interest.changedSince(new Map(), now + 1_800_000), [path("b.yaml")]);
});

Deno.test("what comes back at the same path is watched again", async () => {
  await using app = await directory({ "app.yaml": file("app", answers("a", 1)) });
  const { path, events } = app;
  const at = `${path}/deep/app.yaml`;
  for (let n = 1; n <= 3; n++) {
    await Deno.mkdir(`${path}/deep`);
    await Deno.writeTextFile(at, file("deep", answers("b", n)));
    await changed(app, "deep:b", 2 * n - 1);
    await Deno.writeTextFile(at, file("deep", answers("b", -n)));
    await changed(app, "deep:b", 2 * n);
    await Deno.remove(`${path}/deep`, { recursive: true });
    const removed = () =>
      events.all.filter((event) => event.type === "reloaded" && event.removed.includes("deep:b"));
    await events.find(() => removed().length === n);
  }
});
