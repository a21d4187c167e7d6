/** The network on the command line: `exec --net`, and what `check` says of `wasi.network`. */
import assert from "node:assert/strict";
import { airlock, assertOutcome, type Expected, table } from "../support/airlock.ts";
import { component, entry, hashOf, HEAD, project } from "../support/project.ts";

const LOOKUP = "tests/guests/lookup/lookup.wasm";
const PROXY = "tests/guests/proxy/proxy.wasm";
const HELLO = "examples/hello/hello.wasm";
/** A process that may reach nobody, whatever the guest may. */
const READ_ONLY = ["--allow-read"];

const usage = (message: string): Expected => ({
  stderr:
    `airlock: ${message}\nusage: exec <file.wasm|file.wat> [options] [-- args…] (\`exec --help\` tells more)\n`,
  code: 2,
});

table("exec with a --net that is none", [
  [["exec", LOOKUP, "--net"], usage("Option '--net <value>' argument missing")],
  [["exec", LOOKUP, "--net", ""], usage("--net : the host is missing")],
  [
    ["exec", LOOKUP, "--net", "localhost", "--net", "ws://a.example"],
    usage("--net ws://a.example: the scheme ws is none of http, https, tcp, udp"),
  ],
  [
    ["exec", LOOKUP, "--net", "10.0.0.1/8"],
    usage("--net 10.0.0.1/8: the address has bits beyond its prefix length: the range is 10.0.0.0/8"),
  ],
  [["exec", LOOKUP, "--net-private"], usage("--net-private says nothing without --net")],
  [["exec", LOOKUP, "--net-pravite"], usage("unknown option --net-pravite; did you mean --net-private?")],
]);

table("exec without --net has no network", [
  [["exec", LOOKUP, "--", "localhost"], {
    stderr:
      /CapabilityError: wasi:sockets\/[^ ]+ is not granted: the link refuses it; to allow it, give --net <host>, or declare/,
    code: 1,
  }],
]);

table("exec --net allows what its rules name, and nothing else", [
  [["exec", LOOKUP, "--net", "localhost", "--net-private", "--", "localhost"], {
    stdout: /^localhost:.* 127\.0\.0\.1/,
  }],
  [["exec", LOOKUP, "--net", "localhost:1", "--net", "127.0.0.1", "--net", "::1", "--", "localhost"], {
    stdout: /^localhost:.* 127\.0\.0\.1/,
  }],
  [["exec", LOOKUP, "--net", "localhost", "--", "localhost"], { stdout: "localhost: access-denied\n" }],
  [["exec", LOOKUP, "--net", "https://localhost", "--net-private", "--", "localhost"], {
    stdout: /^localhost: access-denied/,
  }],
  [["exec", LOOKUP, "--net", "*.localhost", "--net-private", "--", "localhost"], {
    stdout: /^localhost: access-denied/,
  }],
  [["exec", LOOKUP, "--net", "127.0.0.1", "--", "127.0.0.1"], { stdout: "127.0.0.1: 127.0.0.1\n" }],
]);

Deno.test("exec --net never gives what the process does not have", async () => {
  const options = ["--net", "localhost", "--net-private", "--isolation", "inline"];
  const args = ["exec", LOOKUP, ...options, "--", "localhost"];
  const { stdout, code } = await airlock(args, { flags: READ_ONLY });
  assert.match(stdout, /^localhost: access-denied/);
  assert.equal(code, 0);
  const scoped = await airlock(args, { flags: [...READ_ONLY, "--allow-net=localhost"] });
  assertOutcome(scoped, { stdout: /^localhost:.* 127\.0\.0\.1/ });
});

/** What `check` prints about one entry of a component, without the count at the end. */
async function check(
  path: string,
  imports: string,
  wasi: string | undefined,
  method = "wasi:cli/run@0.2.3#run",
): Promise<string[]> {
  const bytes = component(path);
  const fields = {
    path: "it.wasm",
    hash: await hashOf(bytes),
    method,
    imports,
    ...wasi !== undefined && { wasi },
  };
  await using folder = await project({ "it.wasm": bytes, "app.yaml": HEAD + entry(fields) });
  const { code, stderr } = await airlock(["check", "app.yaml"], { cwd: folder.directory });
  assert.equal(code, 0, stderr);
  return stderr.split("\n").filter((line) => /wasi\.network|network|allows "/.test(line));
}

const BASE = "wasi:cli, wasi:io, wasi:clocks, wasi:filesystem";

Deno.test("check says which network is unrestricted, at the import, with the line to add", async () => {
  assert.deepEqual(await check(LOOKUP, `[${BASE}, wasi:sockets]`, undefined), [
    "app.yaml:10:64: warning: app:it declares wasi:sockets and no wasi.network: its network is unrestricted; " +
    'to restrict it, declare wasi.network.allow: ["db.example.com:5432"]',
  ]);
  assert.deepEqual(await check(LOOKUP, `[${BASE}, wasi:http, wasi:sockets]`, "{cwd: /}"), [
    "app.yaml:10:64: warning: app:it declares wasi:http and wasi:sockets and no wasi.network: " +
    'its network is unrestricted; to restrict it, declare wasi.network.allow: ["https://api.example.com"]',
  ]);
  assert.deepEqual(await check(LOOKUP, `[${BASE}, wasi:sockets]`, "{network: {allow: ['db:5432']}}"), []);
  assert.deepEqual(await check(LOOKUP, `[${BASE}, wasi:sockets]`, "{network: {}}"), []);
  assert.deepEqual(await check(HELLO, `[${BASE}]`, undefined), []);
});

Deno.test("check finds no network in what answers requests and makes none", async () => {
  const handle = "wasi:http/incoming-handler@0.2.3#handle";
  const imports = (more: string) => `[wasi:cli, wasi:io, wasi:clocks, ${more}]`;
  assert.deepEqual(await check(PROXY, imports("wasi:http"), undefined, handle), []);
  const [warning] = await check(PROXY, imports("wasi:http, wasi:sockets"), undefined, handle);
  assert.match(warning!, /its network is unrestricted/);
});

Deno.test("check says which fence stands around nothing", async () => {
  assert.deepEqual(await check(HELLO, `[${BASE}]`, "{network: {allow: ['db:5432']}}"), [
    "app.yaml:11:22: warning: app:it declares wasi.network, but neither wasi:sockets nor wasi:http, which would use it",
  ]);
});

Deno.test("check says which rules nothing can use", async () => {
  const rules = (...texts: string[]) =>
    `{network: {allow: [${texts.map((text) => `'${text}'`).join(", ")}]}}`;
  assert.deepEqual(
    await check(
      LOOKUP,
      `[${BASE}, wasi:sockets]`,
      rules("https://a.example", "tcp://a.example", "a.example:443"),
    ),
    [
      'app.yaml:11:22: warning: app:it allows "https://a.example", which no declared package can use; ' +
      "it is for imports: [wasi:http]",
    ],
  );
  const leadsHome = (text: string) =>
    `app.yaml:11:22: warning: app:it allows "${text}", which leads to a private address and is refused; ` +
    "declare private: true or allow 127.0.0.1 or ::1";
  assert.deepEqual(
    await check(LOOKUP, `[${BASE}, wasi:sockets]`, rules("localhost:5432", "*.localhost", "10.0.0.0/8")),
    [leadsHome("localhost:5432"), leadsHome("*.localhost")],
  );
  assert.deepEqual(
    await check(LOOKUP, `[${BASE}, wasi:sockets]`, rules("localhost:5432", "127.0.0.0/8:5432")),
    [],
  );
  assert.deepEqual(
    await check(LOOKUP, `[${BASE}, wasi:sockets]`, rules("localhost:5432", "127.0.0.0/8:5433")),
    [leadsHome("localhost:5432")],
  );
  const both = `[${BASE}, wasi:sockets, wasi:http]`;
  assert.deepEqual(
    await check(LOOKUP, both, "{network: {private: true, allow: ['https://a.example', localhost]}}"),
    [],
  );
});
