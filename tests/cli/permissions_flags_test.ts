/** What `permissions --format flags` prints, pasted after `deno run`: with it the entry runs, or is served. */
import assert from "node:assert/strict";
import { airlock, assertOutcome } from "../support/airlock.ts";
import { component, entry, hashOf, HEAD, project } from "../support/project.ts";
import { Service } from "./serve_support.ts";

const linux = Deno.build.os === "linux";
const FILES = {
  "hello.wasm": component("examples/hello/hello.wasm"),
  "calculator.wasm": component("examples/calculator/calculator.wasm"),
  "service.wasm": component("examples/http-service/service.wasm"),
  "data/a": "text",
  "public/page.txt": "a page",
};
const hash = {
  hello: await hashOf(FILES["hello.wasm"]),
  calculator: await hashOf(FILES["calculator.wasm"]),
  service: await hashOf(FILES["service.wasm"]),
};

const STORAGES = `  - {name: data, kind: fs.directory, directory: data}
  - {name: public, kind: fs.directory, directory: public}
  - {name: os, kind: env.storage.os}
  - {name: dot, kind: env.storage.file, file_path: .env}
  - {name: all, kind: env.storage.router, storages: [dot, os]}
  - {name: token, kind: env.variable, variable: TOKEN, storage: all}
`;

const add = (fields: Readonly<Record<string, string>> = {}) =>
  entry({ path: "calculator.wasm", hash: hash.calculator, method: "add", ...fields });
const hello = (fields: Readonly<Record<string, string>> = {}) =>
  entry({
    ...{ kind: "process.wasm", path: "hello.wasm", hash: hash.hello, method: "wasi:cli/run@0.2.3#run" },
    ...{ imports: "[wasi:cli, wasi:io, wasi:clocks, wasi:filesystem]", ...fields },
  });
const handler = (fields: Readonly<Record<string, string>> = {}) =>
  entry({
    ...{ path: "service.wasm", hash: hash.service, method: "wasi:http/incoming-handler#handle" },
    ...{ imports: "[wasi:cli, wasi:io, wasi:clocks, wasi:http]", wasi: "{network: {allow: []}}", ...fields },
  });

async function flagsOf(config: string, name?: string): Promise<string[]> {
  const { code, stdout, stderr } = await airlock([
    "permissions",
    config,
    ...name ? [name] : [],
    "--format",
    "flags",
  ]);
  assert.equal(code, 0, stderr);
  return stdout.trim().split(" ");
}

const RUN = `--allow-run=${Deno.execPath()}`;

/** Entries that are run, and whether that takes a process of the guest's own. */
const ROWS: readonly (readonly [name: string, entry: string, starts: boolean])[] = [
  ["pure", add(), false],
  ["inline", add({ isolation: "inline" }), false],
  ["isolation: process", add({ isolation: "process" }), true],
  ["a time limit", add({ limits: "{max_execution_ms: 60000}" }), true],
  ["a memory limit", add({ limits: "{max_memory_bytes: 67108864}" }), false],
  ["a class of workers", add({ pool: "{worker_class: a, size: 1}" }), true],
  ["require: [deno]", add({ require: "[deno]" }), true],
  ...linux ? [["require: [os]", add({ require: "[os]" }), true] as const] : [],
  [
    "mounts, variables and a network",
    hello({
      imports: "[wasi:cli, wasi:io, wasi:clocks, wasi:filesystem, wasi:sockets]",
      wasi: "{env: [{id: token, name: T, required: true}], mounts: [{fs: data, guest: /data}], " +
        'network: {allow: ["tcp://127.0.0.1:7", "example.com:80"]}}',
    }),
    false,
  ],
  [
    "the same with a time limit",
    hello({
      imports: "[wasi:cli, wasi:io, wasi:clocks, wasi:filesystem, wasi:sockets]",
      wasi: "{env: [{id: token, name: T, required: true}], mounts: [{fs: data, guest: /data}], " +
        'network: {allow: ["tcp://127.0.0.1:7", "example.com:80"]}}',
      limits: "{max_execution_ms: 60000}",
    }),
    true,
  ],
  ["everybody", hello({ imports: "[wasi:cli, wasi:io, wasi:clocks, wasi:filesystem, wasi:sockets]" }), false],
  [
    "a text with a time limit",
    entry({
      ...{
        kind: "function.wat",
        method: "two",
        wit: "'two: func() -> u32'",
        limits: "{max_execution_ms: 60000}",
      },
      source: "'(module (func (export \"two\") (result i32) i32.const 2))'",
    }).replace("    fs: files\n", ""),
    true,
  ],
];

for (const [name, text, starts] of ROWS) {
  Deno.test(`the printed flags are enough, and say whether a process is started: ${name}`, async () => {
    await using folder = await project({ ...FILES, "app.yaml": HEAD + STORAGES + text });
    const config = `${folder.directory}/app.yaml`;
    const flags = await flagsOf(config, "it");
    assert.equal(flags.includes(RUN), starts, flags.join(" "));
    const words = text.includes("calculator") ? ["20", "22"] : [];
    const start = { flags, env: { TOKEN: "secret" } };
    const { code, stdout, stderr } = await airlock(["run", config, "it", ...words], start);
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      text.includes("calculator") ? /^42\n$/ : text.includes("function.wat") ? /^2\n$/ : /^arguments: 1\n/,
    );
    if (!starts) return;
    const fewer = await airlock(["run", config, "it", ...words], {
      ...start,
      flags: flags.filter((f) => f !== RUN),
    });
    assert.notEqual(fewer.code, 0);
    assert.ok(fewer.stderr.includes(RUN), fewer.stderr);
  });
}

/** An application behind a port: a function, a handler in a process of its own, files, and a process beside them. */
const APPLICATION = `${HEAD}${STORAGES}
  - {name: web, kind: http.service, addr: "127.0.0.1:0", lifecycle: {requires: [ticker]}}
  - {name: api, kind: http.router, meta: {server: web}, prefix: /api}
  - {name: add_ep, kind: http.endpoint, meta: {router: api}, path: /add, method: POST, func: add}
  - {name: any_ep, kind: http.endpoint, meta: {router: api}, path: /any, method: GET, func: any}
  - {name: files_of, kind: http.static, meta: {server: web}, path: /files/, fs: public}
  - {name: host, kind: process.host, host: {workers: 4}}
  - {name: ticker, kind: process.service, process: greeter, host: host, input: [word]}
${add({ name: "add", limits: "{max_execution_ms: 60000}" })}${
  handler({ name: "any", isolation: "process" })
}${hello({ name: "greeter", wasi: "{env: [{id: token, name: T}], mounts: [{fs: data, guest: /data}]}" })}`;

Deno.test("the printed flags of a service are enough to serve it, and all that it needs is in the table", async () => {
  await using folder = await project({ ...FILES, "app.yaml": APPLICATION });
  const { directory } = folder;
  const config = `${directory}/app.yaml`;
  const flags = await flagsOf(config, "web");
  assert.deepEqual(flags, [
    `--allow-read=${
      ["app.yaml", ".env", "calculator.wasm", "data", "hello.wasm", "public", "service.wasm"]
        .map((name) => `${directory}/${name}`).sort().join(",")
    }`,
    `--allow-write=${directory}/data`,
    "--allow-net=127.0.0.1:0",
    "--allow-env=TOKEN",
    RUN,
    "--allow-import=none.invalid:0",
  ]);
  {
    await using running = await Service.start([config, "web"], flags);
    const answers = async (path: string, init?: RequestInit) =>
      await (await fetch(running.url + path, init)).text();
    assert.equal(await answers("/api/add", { method: "POST", body: "[20, 22]" }), "42");
    assert.equal(await answers("/api/any?name=Ada"), "no such page\n");
    assert.equal(await answers("/files/page.txt"), "a page");
    await running.until(/arguments: 2/);
  }
  const { stdout } = await airlock(["permissions", config, "web"], { flags: [`--allow-read=${directory}`] });
  const lines = stdout.replaceAll(directory, "DIR").replaceAll(/ {2,}/g, "  ").split("\n");
  assert.match(lines[0]!, /^app:web {2}http\.service {2}DIR\/app\.yaml:\d+:5$/);
  assert.deepEqual(lines.slice(1, 6), [
    "  listens  127.0.0.1, any port  deno",
    "  shows files  /files/ (on the host DIR/public)  link, deno+",
    "  runs  app:add  link",
    "  runs  app:any  link",
    "  runs  app:greeter  link",
  ]);
  assert.ok(
    stdout.includes(
      `  run itself starts, for the guest and with its permissions only:\n    ${Deno.execPath()}\n`,
    ),
  );
  // A set for each, and flags for all of them.
  const sets =
    JSON.parse((await airlock(["permissions", config, "--format", "deno-json"])).stdout).permissions;
  assert.deepEqual(Object.keys(sets), ["app:web", "app:ticker", "app:add", "app:any", "app:greeter"]);
  assert.deepEqual(sets["app:web"].net, ["127.0.0.1:0"]);
  assert.deepEqual([sets["app:ticker"].net, sets["app:ticker"].env], [undefined, ["TOKEN"]]);
  assert.deepEqual(await flagsOf(config), flags);
});

Deno.test("the printed flags of a handler are enough to serve it, at the port where it listens", async () => {
  await using folder = await project({ ...FILES, "app.yaml": HEAD + handler() });
  const flags = await flagsOf(`${folder.directory}/app.yaml`, "it");
  assert.ok(flags.includes("--allow-net=127.0.0.1:8080"), flags.join(" "));
  // Somebody else may have that port here.
  const free = flags.map((flag) => flag.replace(":8080", ":0"));
  await using running = await Service.start([`${folder.directory}/app.yaml`], free);
  assert.match(await (await fetch(`${running.url}/?name=Ada`)).text(), /Ada/);
});

Deno.test("run of a service says how it is started; of what never runs, that it cannot be", async () => {
  await using folder = await project({ ...FILES, "app.yaml": APPLICATION });
  const start = { cwd: folder.directory };
  const said = (id: string, kind: string) => ({
    stderr:
      `airlock: EntryError: ${id} is ${kind}, which is served, and not called: \`serve app.yaml ${id}\` starts it\n`,
    code: 2,
  });
  assertOutcome(await airlock(["run", "app.yaml", "web"], start), said("app:web", "http.service"));
  assertOutcome(
    await airlock(["run", "app.yaml", "app:ticker"], start),
    said("app:ticker", "process.service"),
  );
  for (const command of ["run", "permissions"]) {
    const { code, stderr } = await airlock([command, "app.yaml", "api"], start);
    assert.equal(code, 2);
    assert.match(
      stderr,
      /^airlock: EntryError: app:api is http\.router and cannot be run; entries that can: app:add, /,
    );
  }
  const served = await airlock(["serve", "app.yaml", "app:ticker"], {
    ...start,
    flags: await flagsOf(`${folder.directory}/app.yaml`, "ticker"),
  });
  assert.match(served.stderr, /arguments: 2/);
});

Deno.test("what runs in this process only is held by no kernel's wall, and the table does not say so", async () => {
  const rows: readonly (readonly [isolation: string, entry: string])[] = ["inline", "auto", "process"]
    .flatMap(
      (isolation) => [
        [isolation, add({ isolation })] as const,
        [isolation, hello({ isolation, wasi: "{mounts: [{fs: data, guest: /data}]}" })] as const,
      ],
    );
  for (const [isolation, text] of rows) {
    await using folder = await project({ ...FILES, "app.yaml": HEAD + STORAGES + text });
    const { stdout } = await airlock(["permissions", "app.yaml", "it"], { cwd: folder.directory });
    const raised = /can be raised here: .*\bfiles\b/.test(stdout) && stdout.includes("tcp-ports");
    if (!raised && isolation !== "inline") continue;
    const claimed = stdout.split("\n").some((line) => /^ {2}\S.* (link|deno\+?), os\+?$/.test(line));
    assert.equal(claimed, isolation !== "inline", `${isolation}\n${stdout}`);
  }
});

Deno.test("the printed flags are enough where directories, files and modules are links", async () => {
  const wasi = "{env: [{id: token, name: T, required: true}], mounts: [{fs: data, guest: /data}]}";
  for (const isolation of ["auto", "process"]) {
    await using folder = await project({ ...FILES, "elsewhere/a": "text", "values": "TOKEN=secret" });
    const { directory } = folder;
    await Deno.remove(`${directory}/data`, { recursive: true });
    for (
      const [link, to] of [["data", "elsewhere"], ["link.wasm", "hello.wasm"], [".env", "values"]] as const
    ) {
      await Deno.symlink(to, `${directory}/${link}`);
    }
    await Deno.writeTextFile(
      `${directory}/real.yaml`,
      HEAD + STORAGES + hello({ path: "link.wasm", wasi, isolation }),
    );
    await Deno.symlink("real.yaml", `${directory}/app.yaml`);
    const config = `${directory}/app.yaml`;
    const flags = await flagsOf(config, "it");
    assert.ok(
      flags.some((flag) => flag.startsWith("--allow-write=") && flag.includes("/elsewhere")),
      flags.join(" "),
    );
    assertOutcome(await airlock(["run", config, "it"], { flags }), {
      stdout: /^arguments: 1\n {2}it\nenvironment: 1\n {2}T=secret\n/,
    });
    // What is missing is said at once, and with that it runs.
    const less = flags.map((flag) => flag.replaceAll(/,[^,]*\/(elsewhere|hello\.wasm)/g, ""));
    const { code, stderr } = await airlock(["run", config, "it"], { flags: less });
    assert.equal(code, 2);
    const more = /; add (.*)\n$/.exec(stderr)?.[1]?.split(" ") ?? [];
    assertOutcome(await airlock(["run", config, "it"], { flags: [...less, ...more] }), {
      stdout: /^arguments: 1\n/,
    });
  }
});

Deno.test("the flags of all entries are enough for each, also where one may reach everybody and the others may not", async () => {
  const imports = "[wasi:cli, wasi:io, wasi:clocks, wasi:filesystem, wasi:sockets]";
  await using folder = await project({
    ...FILES,
    "app.yaml": HEAD + STORAGES + hello({ name: "everybody", imports }) +
      hello({ name: "nobody", wasi: "{mounts: [{fs: data, guest: /data}]}" }),
  });
  const config = `${folder.directory}/app.yaml`;
  const flags = await flagsOf(config);
  assert.ok(flags.includes("--allow-net") && flags.includes(RUN), flags.join(" "));
  for (const name of ["everybody", "nobody"]) {
    assert.ok(!(await flagsOf(config, name)).includes(RUN));
    assertOutcome(await airlock(["run", config, name], { flags }), { stdout: /^arguments: 1\n/ });
  }
});

Deno.test("files that a service reads for TLS are among what the printed flags name", async () => {
  const pem = (what: string) => `-----BEGIN ${what}-----\nAA==\n-----END ${what}-----\n`;
  const text = APPLICATION.replace(
    'addr: "127.0.0.1:0"',
    'addr: "127.0.0.1:0", tls: {mode: manual, cert: "file://cert.pem", key: "file://key.pem"}',
  );
  await using folder = await project({
    ...FILES,
    "app.yaml": text,
    "cert.pem": pem("CERTIFICATE"),
    "key.pem": pem("PRIVATE KEY"),
  });
  const flags = await flagsOf(`${folder.directory}/app.yaml`, "web");
  const read = flags.find((flag) => flag.startsWith("--allow-read="))!;
  assert.ok(read.includes("/cert.pem,") && read.includes("/key.pem,"), read);
});
