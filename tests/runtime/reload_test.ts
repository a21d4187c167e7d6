/** `Runtime.reload`: what has changed is in force at once, what has not stays, and what is wrong changes nothing. */
import assert from "node:assert/strict";
import { ConfigError, EntryError, IntegrityError } from "../../mod.ts";
import { starter } from "../../src/compartment/start.ts";
import { load as loadRegistry } from "../../src/registry/load.ts";
import { Live } from "../../src/runtime/live.ts";
import { inRepository } from "../support/airlock.ts";
import { component, entry, hashOf, HEAD, project } from "../support/project.ts";
import { func, FUNCS } from "./funcs_support.ts";
import { answers, changing, web } from "./reload_support.ts";
import { it } from "./support.ts";

Deno.test("the next call is of the new version; what has not changed is not told of", async () => {
  await using app = await changing(answers("a", 1) + answers("b", 1) + answers("c", 1));
  const { runtime } = app;
  assert.deepEqual([await runtime.call("a"), await runtime.call("b")], [1, 1]);
  // Comments and the order of entries are no changes, though everything stands on another line.
  await app.write(`  # a comment\n${answers("d", 4)}${answers("b", 1)}${answers("a", 2)}`);
  const changes = await runtime.reload();
  assert.deepEqual(changes, { changed: ["app:a"], added: ["app:d"], removed: ["app:c"] });
  assert.deepEqual([await runtime.call("a"), await runtime.call("b"), await runtime.call("d")], [2, 1, 4]);
  await assert.rejects(runtime.call("c"), EntryError);
  assert.deepEqual(runtime.entries().map(({ name }) => name), ["files", "d", "b", "a"]);
  const { time: _, ...event } = await app.events.find(({ type }) => type === "reloaded");
  assert.deepEqual(event, { type: "reloaded", ...changes });
  assert.deepEqual(await runtime.reload(), { changed: [], added: [], removed: [] });
  assert.equal(
    app.events.all.filter(({ type }) => type === "reloaded").length,
    1,
    "nothing is nothing to tell",
  );
});

Deno.test("an entry changes with what it names: directories, variables, storages", async () => {
  const head = "  - {name: data, kind: fs.directory, directory: ., mode: MODE}\n" +
    "  - {name: values, kind: env.storage.static, values: {at: VALUE}}\n" +
    "  - {name: router, kind: env.storage.router, storages: [values]}\n" +
    "  - {name: variable, kind: env.variable, variable: at, storage: router}\n";
  const program = await it("shell", "wasi:cli/run@0.2.3#run", {
    name: "program",
    wasi: "{env: [{id: variable, name: X}], mounts: [{fs: data, guest: /data}]}",
  });
  const version = (mode: string, value: string) =>
    head.replace("MODE", mode).replace("VALUE", value) + program;
  const shell = component("tests/guests/shell/shell.wasm");
  await using app = await changing(version('"0755"', "one"), { "shell.wasm": shell });
  await app.write(version('"0755"', "two"));
  assert.deepEqual((await app.runtime.reload()).changed, ["app:values", "app:program"]);
  await app.write(version('"0555"', "two"));
  assert.deepEqual((await app.runtime.reload()).changed, ["app:data", "app:program"]);
});

for (const isolation of ["inline", "process"]) {
  Deno.test(`calls that are under way end as they began: ${isolation}`, async () => {
    const sleeper = { "sleeper.wasm": component("tests/guests/sleeper/sleeper.wasm") };
    const version = (method: string) => it("sleeper", method, { name: "greets", isolation });
    await using app = await changing(await version("greet-after"), sleeper);
    const { runtime } = app;
    assert.equal(await runtime.call("greets", "Ada", 0), "Hello, Ada!");
    const slow = runtime.call("greets", "Ada", 3_000);
    await app.write(await version("add"));
    await runtime.reload();
    assert.equal(
      await runtime.call("greets", 20, 22),
      42,
      "the new version answers while the old one is at it",
    );
    assert.equal(app.events.all.filter(({ type }) => type === "call-ended").length, 2);
    assert.equal(await slow, "Hello, Ada!");
  });

  Deno.test(`a caller that has not changed calls what has: ${isolation}`, async () => {
    const version = async (method: string) =>
      await func("hand", { isolation }) + await func(method, { name: "callee", isolation });
    await using app = await changing(await version("echo"), { "funcs.wasm": FUNCS });
    assert.equal(await app.runtime.call("hand", "callee", "21"), "21");
    await app.write(await version("twice"));
    assert.deepEqual((await app.runtime.reload()).changed, ["app:callee"]);
    assert.equal(await app.runtime.call("hand", "callee", "21"), "42");
  });
}

Deno.test("what has not changed keeps its process; the process of what has ends", async () => {
  const fields = { isolation: "process", pool: "{type: static, size: 1}" };
  const version = async (method: string) =>
    await it("kinds", "test:kinds/work@0.1.0#repeat", { ...fields, name: "same" }) +
    await it("kinds", `test:kinds/work@0.1.0#${method}`, { ...fields, name: "other" });
  const folder = await project({
    "kinds.wasm": component("tests/guests/kinds/kinds.wasm"),
    "app.yaml": HEAD + await version("repeat"),
  });
  await using _ = folder;
  const path = `${folder.directory}/app.yaml`;
  const start = starter({ lacking() {} });
  const started: { readonly of: string | undefined; readonly ended: Promise<unknown> }[] = [];
  const load = () => loadRegistry(path);
  const live = new Live(load(), {
    start: () =>
      Promise.resolve(async (spec, onBytes) => {
        const child = await start(spec, onBytes);
        started.push({ of: spec.grant.holder, ended: child.ended });
        return child;
      }),
    stdio: {},
    terminal: {},
    warn() {},
    source: { load, paths: [path] },
  });
  assert.equal(await live.call("same", ["a", 2], {}), "aa");
  assert.equal(await live.call("other", ["a", 2], {}), "aa");
  await Deno.writeTextFile(path, HEAD + await version("sum"));
  await live.reload();
  assert.equal(await live.call("same", ["a", 2], {}), "aa");
  assert.equal(await live.call("other", [new Uint8Array([1, 2])], {}), 3n);
  assert.deepEqual(started.map(({ of }) => of), ["app:same", "app:other", "app:other"]);
  await started[1]!.ended;
  await live.close();
});

for (
  const [title, broken, expected] of [
    ["that is no YAML", "  - {name: a\n", ConfigError],
    ["with a reference to nothing", answers("a", 2) + web(["b"]), ConfigError],
    ["of two equal ids", answers("a", 2) + answers("a", 3), ConfigError],
    [
      "with two patterns in conflict",
      answers("a", 2) + web(["a"]) + web(["a"]).split("\n")[2]!.replace("name: a", "name: x") + "\n",
      ConfigError,
    ],
    [
      "whose text is no module",
      answers("a", 2).replace("i32.const", "i32.constant") + web(["a"]),
      ConfigError,
    ],
  ] as const
) {
  Deno.test(`a file ${title} changes nothing`, async () => {
    await using app = await changing(answers("a", 1) + web(["a"]));
    const { runtime } = app;
    await using services = await runtime.start();
    const url = `http://127.0.0.1:${services.addrs[0]!.port}/a`;
    assert.equal(await (await fetch(url)).text(), "1");
    await app.write(broken);
    await assert.rejects(runtime.reload(), (error) => {
      assert.ok(error instanceof expected, `${error}`);
      assert.match(error.message, /app\.yaml:\d+:\d+: /);
      return true;
    });
    const failed = await app.events.find(({ type }) => type === "reload-failed");
    assert.equal(failed.type === "reload-failed" && failed.error.name, "ConfigError");
    assert.equal(await runtime.call("a"), 1);
    assert.equal(await (await fetch(url)).text(), "1");
    await app.write(answers("a", 2) + web(["a"]));
    await runtime.reload();
    assert.equal(await (await fetch(url)).text(), "2", "and once it is put right, it is in force");
  });
}

Deno.test("a module that is not the declared one changes nothing, whether its entry has changed or not", async () => {
  const calculator = component("examples/calculator/calculator.wasm");
  const version = async (more = {}) =>
    entry({
      name: "add",
      path: "calculator.wasm",
      hash: await hashOf(calculator),
      method: "add",
      isolation: "inline",
      ...more,
    });
  await using app = await changing(await version(), { "calculator.wasm": calculator });
  const { runtime, directory } = app;
  assert.equal(await runtime.call("add", 20, 22), 42);
  await Deno.writeFile(`${directory}/calculator.wasm`, component("tests/guests/kinds/kinds.wasm"));
  const integrity = (error: unknown) => {
    assert.ok(error instanceof IntegrityError);
    assert.equal(error.actual.length, error.expected.length);
    assert.match(error.message, /^\S+app\.yaml:\d+:\d+: app:add: \S+calculator\.wasm is not the file/);
    return true;
  };
  await assert.rejects(runtime.reload(), integrity);
  await app.write(await version({ pool: "{type: inline}" }));
  await assert.rejects(runtime.reload(), integrity);
  assert.equal(await runtime.call("add", 20, 22), 42, "the old one is in force");
  await app.write(
    await version({
      hash: await hashOf(component("tests/guests/kinds/kinds.wasm")),
      method: "test:kinds/work@0.1.0#repeat",
    }),
  );
  await runtime.reload();
  assert.equal(await runtime.call("add", "a", 3), "aaa");
});

Deno.test("several modules that are not the declared ones are told of together", async () => {
  const wrong = { path: "x.wasm", hash: `sha256:${"0".repeat(64)}`, method: "f" };
  await using app = await changing(answers("a", 1), { "x.wasm": "x" });
  await app.write(entry({ name: "b", ...wrong }) + entry({ name: "c", ...wrong, path: "none.wasm" }));
  await assert.rejects(app.runtime.reload(), (error) => {
    assert.ok(error instanceof AggregateError);
    assert.deepEqual(error.errors.map(({ name }) => name), ["IntegrityError", "NotFound"]);
    assert.match(error.message, /IntegrityError: .*app:b: .*\nNotFound: .*app:c names /);
    return true;
  });
});

for (const isolation of ["inline", "process"]) {
  Deno.test(`no request is lost while versions follow one another: ${isolation}`, async () => {
    const version = (n: number) => answers("a", n, `isolation: ${isolation}`) + web(["a"]);
    await using app = await changing(version(0));
    const { runtime } = app;
    await using services = await runtime.start();
    const url = `http://127.0.0.1:${services.addrs[0]!.port}/a`;
    const VERSIONS = 5;
    let stop = false, requests = 0;
    const seen = new Set<number>();
    const client = async () => {
      let last = 0;
      // Until the last version has answered: each client sees all that come in order, and none comes back.
      while (!stop || last < VERSIONS) {
        const response = await fetch(url);
        assert.equal(response.status, 200);
        const answer = Number(await response.text());
        assert.ok(answer >= last, `${answer} after ${last}`);
        seen.add(last = answer);
        requests++;
      }
    };
    const clients = Promise.all(Array.from({ length: 6 }, client));
    for (let n = 1; n <= VERSIONS; n++) {
      const enough = requests + 20;
      while (requests < enough) await new Promise((resolve) => setTimeout(resolve, 5));
      await app.write(version(n));
      await runtime.reload();
    }
    stop = true;
    await clients;
    assert.deepEqual([...seen].sort(), Array.from({ length: VERSIONS + 1 }, (_, n) => n));
  });
}

Deno.test("a handler of requests is replaced as well; a stream that has begun goes on", async () => {
  const proxy = component("tests/guests/proxy/proxy.wasm");
  const version = async (more = {}) =>
    entry({
      name: "handler",
      path: "proxy.wasm",
      hash: await hashOf(proxy),
      method: "wasi:http/incoming-handler@0.2.3#handle",
      imports: "[wasi:io, wasi:cli, wasi:clocks, wasi:http]",
      isolation: "inline",
      ...more,
    });
  await using app = await changing(await version(), { "proxy.wasm": proxy });
  await using server = await app.runtime.serve({ port: 0 });
  const url = `http://127.0.0.1:${server.addr.port}`;
  const dripping = await fetch(`${url}/drip?lines=5&ms=60`);
  assert.equal(dripping.status, 200);
  await app.write(await version({ pool: "{type: lazy, max_size: 3}", isolation: "process" }));
  assert.deepEqual((await app.runtime.reload()).changed, ["app:handler"]);
  assert.equal(await (await fetch(`${url}/count`)).text(), "1");
  assert.equal((await dripping.text()).trim().split("\n").length, 5, "to its end");
});

Deno.test("routes come and go; the address stays, whatever is declared now", async () => {
  await using app = await changing(answers("a", 1) + answers("b", 2) + web(["a"]));
  const { runtime, warnings } = app;
  await using services = await runtime.start();
  const { port } = services.addrs[0]!;
  const status = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    await response.body?.cancel();
    return response.status;
  };
  assert.deepEqual([await status("/a"), await status("/b")], [200, 404]);
  await app.write(answers("a", 1) + answers("b", 2) + web(["b"]));
  await runtime.reload();
  assert.deepEqual([await status("/a"), await status("/b")], [404, 200]);
  await app.write(answers("b", 2) + web(["b"], "127.0.0.1:1"));
  await runtime.reload();
  assert.equal(await status("/b"), 200);
  await warnings.find((text) =>
    text === "app:web listens where it did: to have it at 127.0.0.1:1 needs a restart"
  );
  await app.write(answers("b", 2));
  await runtime.reload();
  assert.equal(await status("/b"), 404);
  await warnings.find((text) => text === "app:web is gone, and listens until a restart: it answers 404");
  await app.write(
    answers("b", 2) + web(["b"]) + web(["b"]).split("\n")[0]!.replace("name: web", "name: more") + "\n",
  );
  await runtime.reload();
  assert.equal(await status("/b"), 200, "it is there again");
  await warnings.find((text) => text === "app:more listens after a restart, and not before");
});

Deno.test("two reloads at once follow one another, and none comes after the end", async () => {
  await using app = await changing(answers("a", 1));
  const { runtime } = app;
  await app.write(answers("a", 2));
  const [first, second] = await Promise.all([runtime.reload(), runtime.reload()]);
  assert.deepEqual([first.changed, second.changed], [["app:a"], []]);
  await runtime[Symbol.asyncDispose]();
  await assert.rejects(runtime.reload(), { name: "ClosedError" });
});

Deno.test("what would widen what this process may do is refused by name, where it was started with exact flags", async () => {
  const program = `
    import { Runtime } from ${JSON.stringify(inRepository("mod.ts"))};
    await using runtime = await Runtime.load(Deno.args[0], { onWarning() {} });
    console.log(await runtime.call("a"));
    await Deno.stdin.read(new Uint8Array(1));
    await runtime.reload().catch(({ name, message }) => console.log(name + ": " + message));
    console.log(await runtime.call("a"));
  `;
  await using folder = await project({
    "data/x": "",
    "app.yaml": HEAD + answers("a", 1),
    "program.ts": program,
  });
  const { directory } = folder;
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-prompt", "--cached-only", "--no-check", "--config", inRepository("deno.json")],
      ...[`--allow-read=${directory}/app.yaml`, `${directory}/program.ts`, `${directory}/app.yaml`],
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let stdout = (await reader.read()).value ?? "";
  const mounted = answers("a", 2, "imports: [wasi1], wasi: {mounts: [{fs: data, guest: /data}]}");
  await Deno.writeTextFile(
    `${directory}/app.yaml`,
    `${HEAD}  - {name: data, kind: fs.directory, directory: data}\n${mounted}`,
  );
  const writer = child.stdin.getWriter();
  await writer.write(new Uint8Array(1));
  await writer.close();
  for (let part; (part = await reader.read(), !part.done);) stdout += part.value;
  assert.equal((await child.status).code, 0);
  const refused = "this process may not do all that app:a declares; " +
    `add --allow-read=${directory}/data --allow-write=${directory}/data`;
  assert.equal(stdout, `1\nNotCapable: ${directory}/app.yaml:5:5: ${refused}\n1\n`);
});
