/** What a text, or bytes, become on their way into a method of another entry, and what its result becomes on the way out. */
import assert from "node:assert/strict";
import { ComponentError } from "../../mod.ts";
import { Collector } from "./support.ts";
import { funcs, load } from "./funcs_support.ts";

const METHODS = [
  ...["hand", "hand-bytes", "echo", "echo-bytes", "nothing", "add", "twice", "mirror", "paint", "maybe"],
  ...["total", "fail", "fail-at", "fail-plainly", "trap", "leave", "print", "bulk"],
];

/** What the caller is told. */
async function told(call: Promise<unknown>): Promise<{ ok: unknown } | { err: unknown }> {
  try {
    return { ok: await call };
  } catch (error) {
    if (error instanceof ComponentError) return { err: error.payload };
    throw error;
  }
}

const TEXTS:
  readonly (readonly [target: string, input: string, { ok: string } | { err: string | RegExp }])[] = [
    ["echo", "Ada", { ok: "Ada" }],
    ["echo", "", { ok: "" }],
    ["echo", '"quoted" {}', { ok: '"quoted" {}' }],
    ["echo", "ünï💡", { ok: "ünï💡" }],
    ["echo-bytes", "ünï", { ok: "ünï" }],
    ["echo-bytes", "[1,2]", { ok: "[1,2]" }],
    ["nothing", "", { ok: "" }],
    ["nothing", "x", { err: "Invalid: app:nothing: it takes no argument, and was given one" }],
    ["add", "[20, 22]", { ok: "42" }],
    ["add", "[1]", {
      err: /^Invalid: app:add: it takes 2 arguments \(a: u32, b: u32\), to be given as a JSON array/,
    }],
    ["add", "20 22", { err: /^Invalid: app:add: it takes 2 arguments/ }],
    ["add", "[1, -1]", { err: /^Invalid: app:add: b is u32, got -1$/ }],
    ["add", '{"a": 1, "b": 2}', { err: /^Invalid: / }],
    ["twice", "9007199254740993", { ok: "18014398509481986" }],
    ["twice", "4611686018427387905", { ok: "9223372036854775810" }],
    ["twice", "x", { err: /^Invalid: app:twice: n is u64/ }],
    ["mirror", '{"x": 1, "y-axis": 2}', { ok: '{"x":-1,"y-axis":2}' }],
    ["mirror", '{"x": 1, "yAxis": 18446744073709551615}', { ok: '{"x":-1,"y-axis":"18446744073709551615"}' }],
    ["mirror", '{"x": 1}', { err: /^Invalid: app:mirror: p.y-axis is u64/ }],
    ["paint", "red", { ok: "light-green" }],
    ["paint", '"light-green"', { ok: "red" }],
    ["paint", "blue", { err: /^Invalid: app:paint: c is / }],
    ["maybe", "", { ok: "" }],
    ["maybe", "some", { ok: "some" }],
    ["total", "[1, 2, 4000000000]", { ok: "4000000003" }],
    ["fail", "for a reason", { err: "for a reason" }],
    ["fail", "access", { err: "access" }],
    ["fail-at", '{"x": 1, "y-axis": 2}', { err: '{"x":1,"y-axis":2}' }],
    ["fail-plainly", "", { err: "Unknown: app:fail-plainly returned err" }],
  ];

const BYTES: readonly (readonly [target: string, input: number[], { ok: number[] } | { err: string }])[] = [
  ["echo-bytes", [0, 255, 128], { ok: [0, 255, 128] }],
  ["echo-bytes", [], { ok: [] }],
  ["echo", [65, 195, 164], { ok: [65, 195, 164] }],
  ["echo", [255], { err: "Invalid: these bytes are no text: they are not UTF-8" }],
  ["nothing", [], { ok: [] }],
  ["add", [..."[1,2]"].map((c) => c.charCodeAt(0)), { ok: [51] }],
];

for (const isolation of ["inline", "process"]) {
  Deno.test(`a text becomes arguments, and a result a text: ${isolation}`, async () => {
    await using app = await load(await funcs(METHODS, { isolation }));
    for (const [target, input, expected] of TEXTS) {
      const is = await told(app.runtime.call("app:hand", `app:${target}`, input));
      const { ok, err } = { ok: undefined, err: undefined, ...is };
      const what = `${target}(${input})`;
      if ("ok" in expected) assert.deepEqual(is, expected, what);
      else if (typeof expected.err === "string") assert.deepEqual(is, expected, what);
      else {
        assert.equal(ok, undefined, what);
        assert.match(String(err), expected.err, what);
      }
    }
  });

  Deno.test(`bytes become arguments, and a result bytes: ${isolation}`, async () => {
    await using app = await load(await funcs(METHODS, { isolation }));
    for (const [target, input, expected] of BYTES) {
      const is = await told(app.runtime.call("app:hand-bytes", `app:${target}`, Uint8Array.from(input)));
      assert.deepEqual(is, "ok" in expected ? { ok: Uint8Array.from(expected.ok) } : expected, target);
    }
  });

  Deno.test(`a megabyte goes there and back, and more than 16 do not: ${isolation}`, async () => {
    await using app = await load(await funcs(METHODS, { isolation }));
    const MiB = 1024 * 1024;
    assert.deepEqual(await told(app.runtime.call("app:bulk", "app:echo-bytes", MiB)), { ok: MiB });
    assert.deepEqual(await told(app.runtime.call("app:bulk", "app:echo-bytes", 16 * MiB)), { ok: 16 * MiB });
    assert.deepEqual(await told(app.runtime.call("app:bulk", "app:echo-bytes", 16 * MiB + 1)), {
      err: "Invalid: the input is larger than 16777216 bytes",
    });
    assert.deepEqual(await told(app.runtime.call("app:hand", "app:echo", "ä".repeat(8 * MiB + 1))), {
      err: "Invalid: the input is larger than 16777216 bytes",
    });
  });
}

Deno.test("only a megabyte is read as JSON: it takes the time of everybody", async () => {
  await using app = await load(await funcs(METHODS, { isolation: "inline" }));
  const input = `[${"1,".repeat(600_000)}1]`;
  assert.deepEqual(await told(app.runtime.call("app:hand", "app:total", input)), {
    err: "Invalid: an input of more than 1048576 bytes is not read as JSON",
  });
  for (const deep of ["[".repeat(1_000_000), `${"[".repeat(500_000)}${"]".repeat(500_000)}`]) {
    const is = await told(app.runtime.call("app:hand", "app:total", deep));
    assert.match("err" in is ? String(is.err) : "", /^Invalid: /);
  }
});

Deno.test("a call's streams are not its caller's: it reads nothing, and prints where the runtime prints", async () => {
  const own = new Collector(), runtimes = new Collector();
  const entries = await funcs(["hand", "print"]);
  await using app = await load(entries, { stdio: { stdout: runtimes, stderr: runtimes } });
  const stdin = { read: () => assert.fail("the caller's input is read") };
  const stdio = { stdin, stdout: own, stderr: own };
  assert.equal(await app.runtime.invoke("app:hand", ["app:print", "words"], { stdio }), "0");
  assert.equal(own.text, "");
  assert.equal(runtimes.text, "wordswords");
});
