// Limits of an entry, from outside: what the command line does with them and leaves behind.
import assert from "node:assert/strict";
import { airlock } from "../support/airlock.ts";
import { component, entry, hashOf, HEAD, project } from "../support/project.ts";

const bytes = component("tests/guests/endless/endless.wasm");
const hash = await hashOf(bytes);
const it = (more: Record<string, string>) => entry({ path: "endless.wasm", hash, ...more });

/** Processes that have a word among theirs. */
function processesWith(word: string): number[] {
  return [...Deno.readDirSync("/proc")].map(({ name }) => Number(name)).filter((pid) => {
    if (!Number.isInteger(pid)) return false;
    try {
      return Deno.readTextFileSync(`/proc/${pid}/cmdline`).includes(word);
    } catch {
      return false;
    }
  });
}

Deno.test("an endless loop ends within a second of its limit, with code 124, and no process is left", async () => {
  await using folder = await project({
    "endless.wasm": bytes,
    "app.yaml": HEAD + it({ method: "spin", limits: "{max_execution_ms: 500}" }),
  });
  // The loop is known by the folder of its module, which is an argument of its process.
  const begun = performance.now();
  const run = airlock(["run", `${folder.directory}/app.yaml`, "it"]);
  const { code, stdout, stderr } = await run;
  const took = performance.now() - begun;
  assert.deepEqual([code, stdout], [124, ""]);
  assert.match(stderr, /LimitError: app:it ran longer than limits.max_execution_ms: 500 allows/);
  console.log(`    ended after ${took.toFixed(0)} ms, starting included`);
  assert.ok(took >= 500);
  assert.deepEqual(processesWith(folder.directory), []);
});

Deno.test("a call that keeps its limit answers as any other", async () => {
  await using folder = await project({
    "endless.wasm": bytes,
    "app.yaml": HEAD + it({ method: "add", limits: "{max_execution_ms: 60000}" }),
  });
  const right = await airlock(["run", `${folder.directory}/app.yaml`, "it", "20", "22"]);
  assert.deepEqual(right, { code: 0, stdout: "42\n", stderr: "" });
  const wrong = await airlock(["run", `${folder.directory}/app.yaml`, "it", "20"]);
  assert.deepEqual([wrong.code, wrong.stdout], [2, ""]);
  assert.match(wrong.stderr, /add takes 2 arguments \(a, b\), got 1/);
});

Deno.test("a time limit that nothing could hold is refused, and the refusal says why", async () => {
  await using folder = await project({
    "endless.wasm": bytes,
    "app.yaml": HEAD + it({ method: "spin", isolation: "inline", limits: "{max_execution_ms: 500}" }),
  });
  const { code, stderr } = await airlock(["run", `${folder.directory}/app.yaml`, "it"]);
  assert.equal(code, 2);
  assert.match(stderr, /max_execution_ms and isolation: inline exclude each other/);
});
