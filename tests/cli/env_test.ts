/** `wasi.env`, from a YAML file to a guest that prints what it sees. */
import assert from "node:assert/strict";
import { Runtime } from "../../mod.ts";
import { airlock, assertOutcome } from "../support/airlock.ts";
import { component, hashOf, HEAD, project } from "../support/project.ts";

const hello = component("examples/hello/hello.wasm");
const hash = await hashOf(hello);

/** A program that prints its environment, which is what these items say. */
function program(name: string, ...items: string[]): string {
  return `  - name: ${name}
    kind: process.wasm
    fs: files
    path: hello.wasm
    hash: ${hash}
    method: wasi:cli/run@0.2.3#run
    imports: [wasi:cli, wasi:io, wasi:clocks, wasi:filesystem]
    wasi:
      env:
${items.map((item) => `        - {${item}}\n`).join("")}`;
}

const CONFIG = `${HEAD}  - {name: os, kind: env.storage.os}
  - {name: dot, kind: env.storage.file, file_path: conf/.env}
  - {name: all, kind: env.storage.router, storages: [dot, os]}
  - {name: token, kind: env.variable, variable: TOKEN, storage: all}
  - {name: place, kind: env.variable, variable: PLACE, storage: os, default: /}
${program("one", "id: token, name: API_TOKEN, required: true")}${
  program("two", "id: place, name: Z", "id: token, name: A")
}`;

const files = { "app.yaml": CONFIG, "hello.wasm": hello };
const host = { TOKEN: "of the process", CANARY: "secret" };

/** What the program prints of its environment. */
function variables(stdout: string): string[] {
  const [, count, list] = /^environment: (\d+)\n((?: {2}.*\n)*)/m.exec(stdout) ?? [];
  const lines = (list ?? "").split("\n").filter(Boolean).map((line) => line.trim());
  assert.equal(lines.length, Number(count), stdout);
  return lines;
}

Deno.test("a guest sees the variables that its entry lists, and nothing else of the host's", async () => {
  await using folder = await project(files);
  const start = { cwd: folder.directory, env: { ...host, PLACE: "/of/mine" } };
  const one = await airlock(["run", "app.yaml", "one"], start);
  assert.deepEqual([one.code, one.stderr, variables(one.stdout)], [0, "", ["API_TOKEN=of the process"]]);
  const two = await airlock(["run", "app.yaml", "two"], start);
  assert.deepEqual(variables(two.stdout), ["A=of the process", "Z=/of/mine"]);
  for (const { stdout } of [one, two]) assert.ok(!stdout.includes("secret"));
});

Deno.test("a file comes before the process, where the router says so", async () => {
  await using folder = await project({ ...files, "conf/.env": "# mine\nTOKEN = of a file # really\n" });
  const { stdout } = await airlock(["run", "app.yaml", "one"], { cwd: folder.directory, env: host });
  assert.deepEqual(variables(stdout), ["API_TOKEN=of a file"]);
});

Deno.test("a required variable that is missing is named, with every place where it was looked for", async () => {
  await using folder = await project(files);
  const { directory } = folder;
  assertOutcome(await airlock(["run", "app.yaml", "one"], { cwd: directory }), {
    stderr:
      "airlock: EnvironmentError: app.yaml:18:16: app:one requires API_TOKEN, but app:token has neither a " +
      `value nor a default; looked for "TOKEN" in app:dot (env.storage.file): there is no file ` +
      `${directory}/conf/.env; app:os (env.storage.os): not set\n`,
    code: 2,
  });
});

Deno.test("without permission to read a variable nothing prompts, and the flag is named", async () => {
  await using folder = await project(files);
  const { directory } = folder;
  const read = `--allow-read=${directory}`;
  const config = `${directory}/app.yaml`;
  const refusal = (where: string, name: string, variable: string, looked: string) => ({
    stderr:
      `airlock: EnvironmentError: ${config}:${where} asks for ${name}, but the value of ${variable} cannot ` +
      `be read; looked for ${looked}\n`,
    code: 2,
  });
  const none = `app:dot (env.storage.file): there is no file ${directory}/conf/.env`;
  const may = (name: string) =>
    `app:os (env.storage.os): this process may not read the environment variable ${name}; add --allow-env=${name}`;
  assertOutcome(
    await airlock(["run", config, "one"], { env: host, flags: [read] }),
    refusal("18:16: app:one", "API_TOKEN", "app:token", `"TOKEN" in ${none}; ${may("TOKEN")}`),
  );
  // What is asked for whatever the answers are is known before: then all of it is named at once.
  const lacking = (place: string, id: string, flag: string) => ({
    stderr:
      `airlock: NotCapable: ${config}:${place}: this process may not do all that ${id} declares; add ${flag}\n`,
    code: 2,
  });
  assertOutcome(
    await airlock(["run", config, "two"], { env: host, flags: [read, "--allow-env=TOKEN"] }),
    lacking("19:5", "app:two", "--allow-env=PLACE"),
  );
  const flags = [`--allow-read=${config},${directory}/hello.wasm`, "--allow-env=TOKEN"];
  assertOutcome(
    await airlock(["run", config, "one"], { env: host, flags }),
    lacking("9:5", "app:one", `--allow-read=${directory}/conf/.env`),
  );
});

Deno.test("a variable needs permission for its own name and no other", async () => {
  await using folder = await project(files);
  const { directory } = folder;
  const flags = [`--allow-read=${directory}`, "--allow-env=TOKEN"];
  const outcome = await airlock(["run", `${directory}/app.yaml`, "one"], { env: host, flags });
  assert.deepEqual([outcome.code, variables(outcome.stdout)], [0, ["API_TOKEN=of the process"]]);
});

Deno.test("list says where values come from, and no value", async () => {
  await using folder = await project({
    "app.yaml": CONFIG + "  - {name: s, kind: env.storage.static, values: {PASSWORD: secret}}\n",
  });
  const { directory } = folder;
  const { stdout } = await airlock(["list", "app.yaml"], { cwd: directory });
  const rows = stdout.split("\n").filter((line) => line.includes(" env.")).map((line) => line.split(/ {2,}/));
  assert.deepEqual(rows.map(([id, kind, what]) => `${id} ${kind} ${what}`), [
    "app:os env.storage.os -",
    `app:dot env.storage.file ${directory}/conf/.env`,
    "app:all env.storage.router app:dot app:os",
    "app:token env.variable TOKEN in app:all",
    "app:place env.variable PLACE in app:os",
    "app:s env.storage.static -",
  ]);
  assert.ok(!stdout.includes("secret"));
});

Deno.test("a library's calls look variables up each time, and a failed one leaves the entry as it was", async () => {
  await using folder = await project(files);
  const file = `${folder.directory}/conf/.env`;
  await Deno.mkdir(`${folder.directory}/conf`);
  let printed = "";
  const stdout = {
    writeSync(bytes: Uint8Array) {
      printed += new TextDecoder().decode(bytes);
      return bytes.length;
    },
  };
  await using runtime = await Runtime.load(`${folder.directory}/app.yaml`, { stdio: { stdout } });
  const seen = async () => {
    printed = "";
    await runtime.call("one");
    return variables(printed);
  };
  await Deno.writeTextFile(file, "TOKEN=1");
  assert.deepEqual(await seen(), ["API_TOKEN=1"]);
  await Deno.writeTextFile(file, "TOKEN=2");
  assert.deepEqual(await seen(), ["API_TOKEN=2"]);
  await Deno.remove(file);
  await assert.rejects(seen, { name: "EnvironmentError", code: "environment" });
  await Deno.writeTextFile(file, "TOKEN=3");
  assert.deepEqual(await seen(), ["API_TOKEN=3"]);
});
