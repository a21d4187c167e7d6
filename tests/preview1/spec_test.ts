/** What a guest's process is told of a module that is in no file: bytes, and no permission more. */
import assert from "node:assert/strict";
import { Guest } from "../../src/compartment/guest.ts";
import { type GuestSpec, plainSpec, specOf } from "../../src/compartment/spec.ts";
import { denoArguments, readsOf, sourcesOf } from "../../src/compartment/start.ts";
import { withModule } from "../../src/compartment/wat.ts";
import { denied } from "../../src/grant/grant.ts";
import { thrown } from "./support.ts";

const TEXT = `(module (func (export "answer") (result i32) (i32.const 42)))`;

const spec: GuestSpec = {
  file: "app:answer",
  source: TEXT,
  hash: undefined,
  method: "answer",
  program: "answer",
  grant: { ...denied, holder: "app:answer" },
  strict: false,
  maxMemoryBytes: undefined,
  where: undefined,
};

Deno.test("text becomes bytes, and the spec of a file stays what it is", async () => {
  const whole = await withModule(spec);
  assert.equal(whole.source, undefined);
  assert.deepEqual([...whole.bytes!.subarray(0, 4)], [0, 0x61, 0x73, 0x6d]);
  const { source: _, ...inFile } = spec;
  assert.equal(await withModule(inFile), inFile);
});

Deno.test("a spec with bytes is plain data, and the same again at the other end", async () => {
  const whole = await withModule(spec);
  const told = JSON.parse(JSON.stringify(plainSpec(whole)));
  const { bytes, ...rest } = specOf(told);
  assert.deepEqual(bytes, whole.bytes);
  assert.equal(rest.method, "answer");
  const guest = await Guest.load(specOf(told));
  assert.equal(await guest.call([], { stdio: {} }), 42);
});

Deno.test("the process of a module that is in no file reads no file but its own program", async () => {
  const whole = await withModule(spec);
  assert.deepEqual(readsOf(whole), []);
  const allows = denoArguments(whole, "channel").filter((word) => word.startsWith("--allow-"));
  // Without this one Deno imports from some hosts.
  assert.deepEqual(allows, ["--allow-import=none.invalid:0"]);
  assert.ok(!sourcesOf(whole).includes("app:answer"));
  const inFile = { ...spec, source: undefined, file: "/srv/answer.wasm" };
  assert.deepEqual(readsOf(inFile), ["/srv/answer.wasm"]);
});

Deno.test("text is not run before it is a module", async () => {
  assert.match((await thrown(() => Guest.load(spec))).message, /has not become a module yet/);
});
