/** The application of the original's tutorial: one component in Rust, called, run as commands and asked by HTTP. */
import assert from "node:assert/strict";
import { Service } from "../cli/serve_support.ts";
import { airlock, assertOutcome } from "../support/airlock.ts";
import { type Case, table } from "./cases.ts";

const APP = "tests/acceptance/tutorial";
const wasm = (name: string) => `demo.wasm:${name}`;
const size = Deno.statSync(new URL("tutorial/src/demo/wasm/demo_component.wasm", import.meta.url)).size;

/** What is in the directory that the guest sees, as the guest writes it. */
const LISTING = new RegExp(
  `^file   +\\d+  _index\\.yaml\nfile   +${size}  demo_component\\.wasm\n?$`,
);

const listing: Case["returns"] = (text: unknown) => assert.match(text as string, LISTING);

table(APP, [
  {
    title: "Rust greets",
    id: wasm("greet_function"),
    args: ["World"],
    returns: "Hello, World!",
    prints: "Hello, World!",
  },
  { title: "Rust adds", id: wasm("add_function"), args: [6, 7], returns: 13, prints: "13" },
  { title: "Rust counts", id: wasm("fibonacci_function"), args: [10], returns: 55n, prints: "55" },
  {
    title: "Rust counts beyond what JSON holds",
    id: wasm("fibonacci_function"),
    args: [90],
    returns: 2880067194370816120n,
    prints: '"2880067194370816120"',
  },
  {
    title: "Rust's standard library lists a mount",
    id: wasm("list_files_function"),
    args: ["/data"],
    returns: listing,
    prints: LISTING,
  },
  {
    title: "Rust's standard library sees no other directory",
    id: wasm("list_files_function"),
    args: ["/"],
    returns: (text: unknown) => assert.match(text as string, /^cannot read \/: /),
    prints: /^cannot read \/: /,
  },
  {
    title: "A command greets",
    id: "greet",
    args: ["World"],
    returns: "Hello, World!",
    prints: "Hello, World!",
  },
  { title: "A command lists a mount", id: "ls", args: ["/data"], returns: listing, prints: LISTING },
]);

Deno.test("A command without its argument says which one", async () => {
  assertOutcome(await airlock(["run", APP, "greet"]), {
    code: 2,
    stderr: /greet takes 1 argument \(name\), got 0/,
  });
});

Deno.test("The commands are listed", async () => {
  const { code, stdout } = await airlock(["list", APP]);
  assert.equal(code, 0);
  assert.match(stdout, /^greet +Greet somebody +demo\.cli:greet$/m);
  assert.match(stdout, /^ls +List the files of a directory +demo\.cli:ls$/m);
});

Deno.test("A body names whom to greet", async () => {
  await using service = await Service.start([APP, "--host", "127.0.0.1"]);
  const response = await fetch(`${service.url}/greet`, { method: "POST", body: "World" });
  assert.equal(await response.text(), "Hello, World!");
  assert.equal(response.status, 200);
});
