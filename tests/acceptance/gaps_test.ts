/** What the original runtime left undone: the entries of `app/src/test/gaps`. */
import assert from "node:assert/strict";
import { Runtime } from "../../mod.ts";
import { Service } from "../cli/serve_support.ts";
import { inRepository } from "../support/airlock.ts";
import { call, type Case, table } from "./cases.ts";

const APP = "tests/acceptance/app";
const gap = (name: string) => `app.test.gaps:${name}`;

const UNDECLARED: Case = {
  title: "A call of an undeclared file system traps, and names the line that would allow it",
  id: gap("read_undeclared"),
  args: ["hello.txt"],
  rejects: {
    name: "CapabilityError",
    asked: "wasi:filesystem/preopens@0.2.6#get-directories",
    allowed: [],
    wall: "link",
  },
  says:
    /^airlock: CapabilityError: wasi:filesystem\/preopens@0\.2\.6#get-directories .*gaps\/_index\.yaml:\d+:\d+\): imports: \[wasi:filesystem\]\n$/,
  code: 1,
};

/** More than 16 flat parameters, the extremes of each type. */
const MANY = [
  255,
  -128,
  65535,
  -32768,
  4294967295,
  -2147483648,
  18446744073709551615n,
  -9223372036854775808n,
  0.5,
  -0.25,
  true,
  "é",
  1,
  2,
  3,
  "p",
  "q",
];

const ACCOUNT = {
  name: "Ada",
  role: "power-user",
  rights: { read: true, writeAll: true, execute: false },
  history: [
    ["guest", { read: true, writeAll: false, execute: false }],
    ["admin", { read: false, writeAll: false, execute: true }],
  ],
  successor: "admin",
};

const UNSET =
  /^airlock: EnvironmentError: \S+gaps\/_index\.yaml:\d+:\d+: app\.test\.gaps:required_environment requires UNSET, /;

table(APP, [
  {
    title: "An import that no host provides traps when it is called, by its name",
    id: gap("compute_using_host"),
    args: [1, 2],
    rejects: { name: "CapabilityError", asked: "test:minimal/host@0.1.0#add", wall: "link" },
    says: /^airlock: CapabilityError: test:minimal\/host@0\.1\.0#add is not granted/,
    code: 1,
  },
  UNDECLARED,
  {
    title: "A file of a mount is read",
    id: gap("read"),
    args: ["hello.txt"],
    returns: "Hello from a mount.\n",
    prints: '{"ok":"Hello from a mount.\\n"}',
  },
  {
    title: "A path out of a mount leads nowhere",
    id: gap("read"),
    args: ["../gaps.wasm"],
    rejects: { name: "ComponentError", payload: "not-permitted" },
    prints: '{"err":"not-permitted"}',
    code: 1,
  },
  {
    title: "A file system without mounts holds nothing",
    id: gap("read_unmounted"),
    args: ["hello.txt"],
    rejects: { name: "ComponentError", payload: "no-entry" },
    prints: '{"err":"no-entry"}',
    code: 1,
  },
  {
    title: "A read-only mount takes no new file",
    id: gap("create_read_only"),
    args: ["new.txt", "text"],
    rejects: { name: "ComponentError", payload: "read-only" },
    prints: '{"err":"read-only"}',
    code: 1,
  },
  {
    title: "A read-only mount keeps its files",
    id: gap("create_read_only"),
    args: ["hello.txt", "text"],
    rejects: { name: "ComponentError", payload: "read-only" },
    prints: '{"err":"read-only"}',
    code: 1,
  },
  {
    title: "Mounts are listed in the order of their names",
    id: gap("mounts"),
    returns: ["/a", "/b"],
    prints: '["/a","/b"]',
  },
  {
    title: "A loop without end is killed when its time is up",
    id: gap("spin"),
    rejects: { name: "LimitError", limit: "max_execution_ms", value: 300 },
    says:
      /^airlock: LimitError: app\.test\.gaps:spin ran longer than limits\.max_execution_ms: 300 allows\n$/,
    code: 124,
  },
  {
    title: "A text after a suspension is whole",
    id: gap("greet_after"),
    args: ["Ada", 20],
    returns: "Hello, Ada!",
    prints: "Hello, Ada!",
  },
  {
    title: "More than 16 flat parameters arrive",
    id: gap("many"),
    args: MANY,
    words: MANY.map(String),
    returns: MANY.map(String).join(" "),
    prints: MANY.map(String).join(" "),
  },
  {
    title: "Enums and flags in records, tuples and options come back",
    id: gap("echo_account"),
    args: [ACCOUNT],
    returns: ACCOUNT,
    words: [
      '{"name":"Ada","role":"power-user","rights":["read","write-all"],' +
      '"history":[["guest",{"read":true}],["admin",["execute"]]],"successor":"admin"}',
    ],
    prints: '{"name":"Ada","role":"power-user","rights":{"read":true,"write-all":true,"execute":false},' +
      '"history":[["guest",{"read":true,"write-all":false,"execute":false}],' +
      '["admin",{"read":false,"write-all":false,"execute":true}]],"successor":"admin"}',
  },
  {
    title: "A guest that asks for another version gets random bytes",
    id: gap("random_bytes"),
    args: [8n],
    words: ["8"],
    returns(value: unknown) {
      assert.ok(value instanceof Uint8Array);
      assert.equal(value.length, 8);
    },
    prints: /^\[\d+(,\d+){7}\]$/,
  },
  {
    title: "A guest that asks for another version gets the declared arguments",
    id: gap("arguments"),
    returns: ["one", "two words"],
    prints: '["one","two words"]',
  },
  {
    title: "An exit that is ok is the code 0",
    id: gap("leave"),
    args: [true],
    rejects: { name: "ExitError", exitCode: 0 },
    code: 0,
  },
  {
    title: "An exit that is err is the code 1",
    id: gap("leave"),
    args: [false],
    rejects: { name: "ExitError", exitCode: 1 },
    code: 1,
  },
  {
    title: "Without declared variables there are none",
    id: gap("no_environment"),
    returns: [],
    prints: "[]",
  },
  { title: "Without declared arguments there are none", id: gap("no_arguments"), returns: [], prints: "[]" },
  {
    title: "Without a declared working directory it is the root",
    id: gap("working_directory"),
    returns: "/",
    prints: '"/"',
  },
  {
    title: "Variables come by their names in order, with their defaults",
    id: gap("environment"),
    returns: [["LEVEL", "quiet"], ["WORD", "Hello"]],
    prints: '[["LEVEL","quiet"],["WORD","Hello"]]',
  },
  {
    title: "A variable without value that may be missing is left out",
    id: gap("unset_environment"),
    returns: [],
    prints: "[]",
  },
  {
    title: "A variable without value that is required fails the call",
    id: gap("required_environment"),
    rejects: { name: "EnvironmentError" },
    says: UNSET,
    code: 2,
  },
]);

Deno.test("What one entry declares does not leak into another", async () => {
  await using runtime = await Runtime.load(inRepository(APP));
  assert.equal(await runtime.call(gap("read"), "hello.txt"), "Hello from a mount.\n");
  await call(runtime, UNDECLARED);
  assert.equal(await runtime.call(gap("read"), "hello.txt"), "Hello from a mount.\n");
});

Deno.test("No state of a guest outlives a call", async () => {
  await using runtime = await Runtime.load(inRepository(APP));
  assert.deepEqual(await Promise.all([1, 2, 3].map(() => runtime.call(gap("count")))), [1, 1, 1]);
});

Deno.test("After a loop was killed, the entry takes the next call", async () => {
  await using runtime = await Runtime.load(inRepository(APP));
  for (let i = 0; i < 2; i++) await assert.rejects(runtime.call(gap("spin")), { name: "LimitError" });
});

Deno.test("A function that HTTP asks wants its arguments where nobody sends a body", async () => {
  await using runtime = await Runtime.load(inRepository(APP));
  await assert.rejects(runtime.call(gap("http_measure")), { name: "TypeError", message: /takes 1 argument/ });
});

/** A request, and the answer that is expected. */
interface Request {
  readonly title: string;
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  readonly status: number;
  readonly type: string | null;
  readonly text: string | RegExp;
}

const REQUESTS: readonly Request[] = [
  {
    title: "Octets are octets",
    method: "POST",
    path: "/gaps/reverse",
    body: "abc",
    status: 200,
    type: "application/octet-stream",
    text: "cba",
  },
  {
    title: "A result that is ok is JSON",
    method: "POST",
    path: "/gaps/measure",
    body: "Zoë",
    status: 200,
    type: "application/json",
    text: '{"ok":3}',
  },
  {
    title: "A record is JSON",
    method: "GET",
    path: "/gaps/status",
    status: 200,
    type: "application/json",
    text: '{"ok":true}',
  },
  {
    title: "Nothing is 204",
    method: "POST",
    path: "/gaps/nothing",
    status: 204,
    type: null,
    text: "",
  },
  {
    title: "An argument that is missing is 500",
    method: "POST",
    path: "/gaps/measure",
    status: 500,
    type: "text/plain; charset=utf-8",
    text: /1 argument/,
  },
  {
    title: "A trap is 500, and says what was asked",
    method: "GET",
    path: "/gaps/arguments",
    status: 500,
    type: "text/plain; charset=utf-8",
    text: /^(?!.*_index\.yaml).*wasi:cli\/environment@0\.2\.6#get-arguments/s,
  },
  {
    title: "A loop without end is 504 when its time is up",
    method: "POST",
    path: "/gaps/spin",
    status: 504,
    type: "text/plain; charset=utf-8",
    text: /max_execution_ms/,
  },
  {
    title: "What nobody declares is 404",
    method: "GET",
    path: "/gaps/none",
    status: 404,
    type: "text/plain; charset=utf-8",
    text: /./,
  },
  {
    title: "Another method is 405",
    method: "DELETE",
    path: "/gaps/status",
    status: 405,
    type: "text/plain; charset=utf-8",
    text: /./,
  },
];

Deno.test("By HTTP", async (t) => {
  await using service = await Service.start([APP, "--host", "127.0.0.1"]);
  for (const { title, method, path, body, status, type, text } of REQUESTS) {
    await t.step(title, async () => {
      const response = await fetch(service.url + path, { method, body: body ?? null });
      const found = await response.text();
      if (text instanceof RegExp) assert.match(found, text);
      assert.deepEqual(
        { status: response.status, type: response.headers.get("content-type"), text: found },
        { status, type, text: text instanceof RegExp ? found : text },
      );
    });
  }

  await t.step("Another method is told which there are", async () => {
    const response = await fetch(`${service.url}/gaps/status`, { method: "DELETE" });
    await response.body?.cancel();
    assert.equal(response.headers.get("allow"), "GET, HEAD, OPTIONS");
  });

  await t.step("A body that is no text arrives as its octets", async () => {
    const response = await fetch(`${service.url}/gaps/reverse`, {
      method: "POST",
      body: new Uint8Array([0, 1, 128, 255]),
    });
    assert.deepEqual([...await response.bytes()], [255, 128, 1, 0]);
  });
});
