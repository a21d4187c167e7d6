/** What an entry asks for and the process may not do: one message, before anything runs. */
import assert from "node:assert/strict";
import { airlock, assertOutcome } from "../support/airlock.ts";
import { component, entry, hashOf, HEAD, project } from "../support/project.ts";

const hello = component("examples/hello/hello.wasm");
const hash = await hashOf(hello);

function program(
  wasi: string,
  imports = "wasi:cli, wasi:io, wasi:clocks, wasi:filesystem",
  more = "",
): string {
  return entry({
    ...{ kind: "process.wasm", path: "hello.wasm", hash, method: "wasi:cli/run@0.2.3#run" },
    // In this process: another one needs permissions for itself.
    ...{ imports: `[${imports}]`, wasi, isolation: "inline" },
  }) + more;
}

const NETWORK = "wasi:cli, wasi:io, wasi:clocks, wasi:filesystem, wasi:sockets, wasi:http";

const STORAGES = `  - {name: data, kind: fs.directory, directory: data}
  - {name: os, kind: env.storage.os}
  - {name: none, kind: env.storage.memory}
  - {name: fixed, kind: env.storage.static, values: {FIXED: f, EMPTY: ""}}
  - {name: dot, kind: env.storage.file, file_path: .env}
  - {name: os-first, kind: env.storage.router, storages: [none, os, dot]}
  - {name: fixed-first, kind: env.storage.router, storages: [fixed, os]}
  - {name: dot-first, kind: env.storage.router, storages: [dot, os]}
  - {name: plain, kind: env.variable, variable: PLAIN, storage: os, default: p}
  - {name: routed, kind: env.variable, variable: ROUTED, storage: os-first, default: r}
  - {name: fixed-one, kind: env.variable, variable: FIXED, storage: fixed-first}
  - {name: not-fixed, kind: env.variable, variable: LOOSE, storage: fixed-first, default: l}
  - {name: in-file, kind: env.variable, variable: IN_FILE, storage: dot-first, default: i}
`;

/** Runs the entry where the process may read the configuration, the module and what is given; what it says. */
async function run(text: string, flags: readonly string[] = []) {
  await using folder = await project({
    "app.yaml": HEAD + STORAGES + text,
    "hello.wasm": hello,
    "data/a": "",
    ".env": "IN_FILE=here\n",
  });
  const { directory } = folder;
  const own = [`--allow-read=${directory}/app.yaml,${directory}/hello.wasm`];
  const given = flags.map((flag) => flag.replaceAll("DIR", directory));
  const outcome = await airlock(["run", `${directory}/app.yaml`, "it"], { flags: [...own, ...given] });
  return { ...outcome, stderr: outcome.stderr.replaceAll(directory, "DIR") };
}

const refusal = (advice: string) => ({
  stderr:
    `airlock: NotCapable: DIR/app.yaml:17:5: this process may not do all that app:it declares; ${advice}\n`,
  code: 2,
});

interface Row {
  readonly name: string;
  readonly entry: string;
  readonly flags?: readonly string[];
  /** What is to be added; nothing: it runs. */
  readonly add?: string;
}

const mounted = "mounts: [{fs: data, guest: /data}]";
const variables = (...ids: string[]) =>
  `env: [${ids.map((id) => `{id: ${id}, name: ${id.replace("-", "_")}}`).join(", ")}]`;
const network = (...rules: string[]) => `network: {allow: ${JSON.stringify(rules)}}`;

const ROWS: readonly Row[] = [
  { name: "nothing", entry: program("{}") },
  {
    name: "everything at once",
    entry: program(
      `{${mounted}, ${variables("plain", "in-file")}, ${network("a.example:1", "10.0.0.0/8:2")}}`,
      NETWORK,
    ),
    add: "--allow-read=DIR/.env,DIR/data --allow-write=DIR/data " +
      "--allow-net=0.0.0.0:0,10.0.0.0/8:2,a.example:1 --allow-env=IN_FILE,PLAIN",
  },
  {
    name: "what is missing of a list",
    entry: program(`{${mounted}, ${variables("plain", "routed")}}`),
    flags: ["--allow-read=DIR/data", "--allow-env=PLAIN"],
    add: "--allow-read=DIR/.env --allow-write=DIR/data --allow-env=ROUTED",
  },
  {
    name: "a directory above is enough",
    entry: program(`{${mounted}}`),
    flags: ["--allow-read=DIR", "--allow-write=DIR"],
  },
  {
    name: "a read-only mount",
    entry: program("{mounts: [{fs: data, guest: /data, read_only: true}]}"),
    add: "--allow-read=DIR/data",
  },
  {
    name: "a mount that no package uses is looked at all the same",
    entry: program(`{${mounted}}`, "wasi:cli, wasi:io, wasi:clocks"),
    flags: ["--allow-write"],
    add: "--allow-read=DIR/data",
  },
  { name: "a variable", entry: program(`{${variables("plain")}}`), add: "--allow-env=PLAIN" },
  {
    name: "a variable that is looked for in memory first",
    entry: program(`{${variables("routed")}}`),
    add: "--allow-read=DIR/.env --allow-env=ROUTED",
  },
  { name: "a variable that has a fixed value", entry: program(`{${variables("fixed-one")}}`) },
  {
    name: "a variable that has none there",
    entry: program(`{${variables("not-fixed")}}`),
    add: "--allow-env=LOOSE",
  },
  {
    name: "a variable in a file",
    entry: program(`{${variables("in-file")}}`),
    add: "--allow-read=DIR/.env --allow-env=IN_FILE",
  },
  {
    name: "a variable that may not have to be looked for in the second place",
    entry: program(`{${variables("in-file")}}`),
    flags: ["--allow-read=DIR/.env"],
  },
  {
    name: "a variable that the process may look for where it is looked for first",
    entry: program(`{${variables("plain")}}`),
    flags: ["--allow-env=PLAIN"],
  },
  { name: "a network that nothing declares", entry: program("{}", NETWORK) },
  {
    name: "a network of everybody",
    entry: program("{network: {private: true}}", NETWORK),
    add: "--allow-net; and give no --allow-net with a list",
  },
  {
    name: "a network of everybody, given some",
    entry: program("{network: {}}", NETWORK),
    flags: ["--allow-net=a"],
    add: "--allow-net; and give no --allow-net with a list",
  },
  { name: "a network of nobody", entry: program("{network: {allow: []}}", NETWORK) },
  { name: "a network that no package uses", entry: program(`{${network("a.example")}}`) },
  {
    name: "hosts, given everybody",
    entry: program(`{${network("a.example:1")}}`, NETWORK),
    flags: ["--allow-net"],
  },
  {
    name: "hosts, given these",
    entry: program(`{${network("tcp://a.example:1", "tcp://*.b.example:1", "tcp://10.0.0.0/8:2")}}`, NETWORK),
    flags: ["--allow-net=a.example:1,*.b.example:1,10.0.0.0/8:2"],
  },
  {
    name: "hosts, given others",
    entry: program(`{${network("tcp://a.example:1", "tcp://*.b.example:1", "tcp://10.0.0.0/8:2")}}`, NETWORK),
    flags: ["--allow-net=a.example:2,b.example:1,10.0.0.0/9:2"],
    add: "'--allow-net=*.b.example:1,10.0.0.0/8:2,a.example:1'",
  },
];

for (const { name, entry, flags, add } of ROWS) {
  Deno.test(`what a process lacks: ${name}`, async () => {
    const outcome = await run(entry, flags);
    if (add === undefined) assertOutcome(outcome, { stdout: /^arguments: 1\n/ });
    else assertOutcome(outcome, refusal(`add ${add}`));
  });
}

Deno.test("what was added is enough", async () => {
  for (let { entry, flags = [], add } of ROWS) {
    if (add === undefined) continue;
    const [more, only] = add.replaceAll("'", "").split("; and ");
    const added = more!.split(" ");
    if (only !== undefined) flags = [];
    const { stderr } = await run(entry, [...flags, ...added]);
    assert.doesNotMatch(stderr, /NotCapable|may not read/);
  }
});

Deno.test("what a --deny flag forbids is told apart: adding would not help", async () => {
  const both = program(`{${variables("plain", "routed")}}`);
  assertOutcome(
    await run(both, ["--deny-env=PLAIN"]),
    refusal(
      "add --allow-read=DIR/.env --allow-env=ROUTED; and a --deny flag forbids it what --allow-env=PLAIN would allow",
    ),
  );
  assertOutcome(
    await run(both, ["--allow-env", "--deny-env=PLAIN"]),
    refusal("add --allow-read=DIR/.env; and a --deny flag forbids it what --allow-env=PLAIN would allow"),
  );
});

Deno.test("nothing of the module is read before", async () => {
  const outcome = await run(program(`{${mounted}}`).replace(hash, `sha256:${"0".repeat(64)}`));
  assert.match(outcome.stderr, /NotCapable/);
});
