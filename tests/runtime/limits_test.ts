/** `limits.max_memory_bytes` of an entry, seen from its caller. */
import assert from "node:assert/strict";
import { LimitError, Runtime, type Stdio, Trap } from "../../mod.ts";
import { component, entry, hashOf, HEAD, project } from "../support/project.ts";
import { inRepository } from "../support/airlock.ts";
import { Collector } from "./support.ts";

const PAGE = 65536;
const WASI = "[wasi:cli, wasi:io, wasi:clocks, wasi:filesystem, wasi:random]";

/** An application of one entry, `it`, for a component and with these fields. */
async function app(
  bytes: Uint8Array<ArrayBuffer>,
  fields: Readonly<Record<string, string>>,
  stdout?: Stdio["stdout"],
): Promise<{ readonly runtime: Runtime } & AsyncDisposable> {
  const all = {
    path: "guest.wasm",
    hash: await hashOf(bytes),
    imports: WASI,
    isolation: "inline",
    ...fields,
  };
  const folder = await project({ "guest.wasm": bytes, "app.yaml": HEAD + entry(all) });
  const runtime = await Runtime.load(`${folder.directory}/app.yaml`, { stdio: stdout ? { stdout } : {} });
  return {
    runtime,
    async [Symbol.asyncDispose]() {
      await runtime[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

const hungry = component("tests/guests/hungry/hungry.wasm");
const program = { kind: "process.wasm", method: "wasi:cli/run@0.2.3#run" };

/** What the program in C prints of itself: how many bytes it could take, the first time and the second. */
async function taken(limit: number, piece: number): Promise<number[]> {
  const stdout = new Collector();
  await using it = await app(hungry, { ...program, limits: `{max_memory_bytes: ${limit}}` }, stdout);
  await it.runtime.call("it", piece);
  return [...stdout.text.matchAll(/^(\d+) bytes, then ENOMEM$/gm)].map(([, bytes]) => Number(bytes));
}

for (const [limit, piece] of [[1 << 20, 1000], [16 << 20, 100_000], [64 << 20, 1_000_000]] as const) {
  Deno.test(`malloc returns NULL at ${limit} bytes, and the program goes on`, async () => {
    const [first, second, ...more] = await taken(limit, piece);
    assert.deepEqual(more, []);
    assert.equal(first, second, "what was given back can be taken again");
    assert.ok(first! <= limit, `${first}`);
    // Beside what it takes there are its stack, its data and the adapter's page, and the last piece that did not fit.
    assert.ok(first! > limit - 5 * PAGE - 2 * piece, `${first}`);
  });
}

Deno.test("a limit that the program cannot even begin with is a LimitError, before anything of it has run", async () => {
  const stdout = new Collector();
  await using it = await app(hungry, { ...program, limits: "{max_memory_bytes: 131072}" }, stdout);
  for (let i = 0; i < 2; i++) {
    const error = await it.runtime.call("it", 1000).then(() => assert.fail("it ran"), (e: unknown) => e);
    assert.ok(error instanceof LimitError, String(error));
    assert.deepEqual([error.code, error.limit, error.value], ["limit", "max_memory_bytes", 131072]);
    assert.ok(error.asked! > 131072);
  }
  assert.equal(stdout.text, "");
});

Deno.test("each of the instances that run at once has the limit for itself", async () => {
  const kinds = component("tests/guests/kinds/kinds.wasm");
  const fields = { method: "test:kinds/work@0.1.0#grow", pool: "{type: static, size: 4, workers: 4}" };
  await using it = await app(kinds, { ...fields, limits: `{max_memory_bytes: ${21 * PAGE}}` });
  const calls = Array.from({ length: 20 }, (_, i) => it.runtime.call("it", i % 2 === 0 ? 3 : 4));
  assert.deepEqual(await Promise.all(calls), Array.from({ length: 20 }, (_, i) => i % 2 === 0 ? 17 : -1));
});

Deno.test("a guest in JavaScript that runs out of memory traps, and the next call works", async () => {
  const js = component("tests/guests/js/calculator.wasm");
  await using it = await app(js, { method: "greet", limits: `{max_memory_bytes: ${256 * PAGE}}` });
  assert.equal(await it.runtime.call("it", "Ada"), "Hello, Ada!");
  for (let i = 0; i < 2; i++) {
    const error = await it.runtime.call("it", "x".repeat(256 * PAGE)).then(String, (e: unknown) => e);
    assert.ok(error instanceof Trap, String(error));
  }
  assert.equal(await it.runtime.call("it", "Ada"), "Hello, Ada!");
});

Deno.test("what no limit can hold for is not run without one, and the error names the file", async () => {
  // (component (core module (type (array (mut i64)))))
  // deno-fmt-ignore
  const bytes = Uint8Array.of(
    0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00,
    0x01, 0x0e, 0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x04, 0x01, 0x5e, 0x7e, 0x01,
  );
  await using it = await app(bytes, { method: "f", limits: "{max_memory_bytes: 1000000}" });
  const error = await it.runtime.call("it").then(() => assert.fail("it ran"), (e: unknown) => e);
  assert.ok(error instanceof LimitError, String(error));
  assert.match(
    error.message,
    /app\.yaml:\d+:\d+: .*guest\.wasm: the core module at byte 10 has types of garbage/,
  );
});

Deno.test("the process grows by no more than the limit and a constant", async () => {
  const limit = 64 << 20, constant = 96 << 20;
  const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", inRepository("tests/runtime/limits_child.ts"), String(limit)],
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  const { before, after } = JSON.parse(new TextDecoder().decode(stdout));
  assert.ok(after - before > limit / 2, "the guest did take it");
  assert.ok(after - before < limit + constant, `${after - before}`);
});
