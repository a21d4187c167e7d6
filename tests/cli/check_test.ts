/** `check`, and mounts of the system: what is known, and refused, without running anything. */
import assert from "node:assert/strict";
import { airlock, assertOutcome } from "../support/airlock.ts";
import { component, entry, hashOf, HEAD, project } from "../support/project.ts";

const calculator = component("examples/calculator/calculator.wasm");
const hello = component("examples/hello/hello.wasm");
const RUN = "wasi:cli/run@0.2.3#run";

async function check(files: Readonly<Record<string, string | Uint8Array>>, text: string) {
  await using folder = await project({ ...files, "app.yaml": text });
  const outcome = await airlock(["check", "app.yaml"], { cwd: folder.directory });
  return { ...outcome, stderr: outcome.stderr.replaceAll(folder.directory, "DIR") };
}

Deno.test("examples without an entry that shows a refusal have nothing to remark", async () => {
  for (const example of ["calculator", "compiled", "filesystem", "wat"]) {
    assertOutcome(await airlock(["check", `examples/${example}/app.yaml`]), {
      stderr: /^\d+ entries checked: ok\n$/,
      code: 0,
    });
  }
});

Deno.test("each entry's problem is named with its place, and all of them at once", async () => {
  const hash = await hashOf(calculator);
  const wrong = `sha256:${"0".repeat(64)}`;
  const of = (name: string, fields: Record<string, string>) =>
    entry(fields).replace("- name: it", `- name: ${name}`);
  const outcome = await check(
    { "c.wasm": calculator, "cut.wasm": calculator.slice(0, 999) },
    HEAD +
      of("fine", { path: "c.wasm", hash, method: "add" }) +
      of("changed", { path: "c.wasm", hash: wrong, method: "add" }) +
      of("absent", { path: "gone.wasm", hash, method: "add" }) +
      of("cut", { path: "cut.wasm", hash: await hashOf(calculator.slice(0, 999)), method: "add" }) +
      of("method", { path: "c.wasm", hash, method: "subtract" }),
  );
  assert.equal(outcome.code, 2);
  const lines = outcome.stderr.trimEnd().split("\n").filter((line) => line.startsWith("app.yaml"));
  assert.equal(lines.length, 4, outcome.stderr);
  const expected = [
    /^app\.yaml:\d+:\d+: DIR\/c\.wasm is not the file that was declared: expected sha256:0/,
    /^app\.yaml:\d+:\d+: .*DIR\/gone\.wasm/,
    /^app\.yaml:\d+:\d+: DIR\/cut\.wasm is not a valid component: .*at byte \d+/,
    /^app\.yaml:\d+:\d+: .*subtract/,
  ];
  lines.forEach((line, i) => assert.match(line, expected[i]!));
});

Deno.test("imports that are used and not declared, and declared and not used, are warnings", async () => {
  const hash = await hashOf(hello);
  const outcome = await check(
    { "hello.wasm": hello },
    HEAD + entry({
      path: "hello.wasm",
      hash,
      method: RUN,
      imports: "[wasi:cli, wasi:io, wasi:filesystem, wasi:random]",
    }),
  );
  assert.equal(outcome.code, 0);
  assert.match(
    outcome.stderr,
    /warning: .* imports .*wasi:clocks\/wall-clock@0\.2\.3, which are not declared/,
  );
  assert.equal(outcome.stderr.match(/ declared: calls of/g)?.length, 1, outcome.stderr);
  assert.match(outcome.stderr, /warning: .* declares wasi:random, which the component does not import/);
});

Deno.test("a mount of a directory of the system is refused at load, unless the entry says that it is meant", async () => {
  const hash = await hashOf(hello);
  for (const directory of ["/", "/proc", "/proc/self", "/sys", "/dev", "/dev/../proc/1"]) {
    const mounted = (more: string) =>
      `${HEAD}  - name: system\n    kind: fs.directory\n    directory: ${directory}\n` +
      entry({
        path: "hello.wasm",
        hash,
        method: RUN,
        imports: "[wasi:cli, wasi:io, wasi:clocks, wasi:filesystem]",
      })
        .trimEnd() +
      `\n    wasi: {mounts: [{fs: system, guest: /s}]}\n${more}`;
    const refused = await check({ "hello.wasm": hello }, mounted(""));
    assert.equal(refused.code, 2, directory);
    assert.match(
      refused.stderr,
      /^app\.yaml:\d+:\d+: .*wasi\.mounts shows the guest .*allow_system: true\n/,
    );
    const allowed = await check({ "hello.wasm": hello }, mounted("    allow_system: true\n"));
    assert.equal(allowed.code, 0, allowed.stderr);
  }
});

Deno.test("a mount that leads to the system through a link is refused as well", async () => {
  await using folder = await project({ "hello.wasm": hello });
  await Deno.symlink("/proc/self", `${folder.directory}/innocent`);
  const args = ["exec", "hello.wasm", "--dir", "innocent::/data"];
  const refused = await airlock(args, { cwd: folder.directory });
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /CapabilityError: the mount of .*\/proc\/\d+ .*--allow-system/);
  // Deno lets no process into /proc that has lists of permissions.
  const allowed = [...args, "--allow-system", "--isolation", "inline"];
  assert.equal((await airlock(allowed, { cwd: folder.directory })).code, 0);
});
