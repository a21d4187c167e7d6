/** `exec --dir` and `wasi.mounts`: the directories given, nothing above or beside them. */
import assert from "node:assert/strict";
import { airlock, assertOutcome, inRepository } from "../support/airlock.ts";
import { component, entry, hashOf, HEAD, project } from "../support/project.ts";

const unix = Deno.build.os !== "windows";
const test = (name: string, fn: () => Promise<void>) => Deno.test({ name, ignore: !unix, fn });

/** A program whose words are done in turn: `cat=path`, `put=path`, `ls=path`. */
const PATHS = inRepository("tests/guests/paths/paths.wasm");

/** A directory with a file, a way out of it, and something beside it. */
async function place() {
  const folder = await project({ "inside/a": "text of a", "outside/secret": "secret" });
  await Deno.symlink("../outside/secret", `${folder.directory}/inside/out`);
  return folder;
}

test("--dir gives a directory under the guest's name for it, and nothing else", async () => {
  await using folder = await place();
  const words = [
    "cat=/data/a",
    "cat=/data/out",
    "cat=/data/../outside/secret",
    "cat=/etc/passwd",
    "put=/data/new",
  ];
  const outcome = await airlock([
    "exec",
    PATHS,
    "--dir",
    `${folder.directory}/inside::/data`,
    "--",
    ...words,
  ]);
  assertOutcome(outcome, {
    stdout: '/data/a: "text of a"\n/data/out: EPERM\n/data/../outside/secret: EPERM\n' +
      "/etc/passwd: ENOTCAPABLE\n/data/new: ok\n",
  });
  assert.equal(await Deno.readTextFile(`${folder.directory}/inside/new`), "put");
});

test("--dir with :ro gives it for reading", async () => {
  await using folder = await place();
  const words = ["cat=/data/a", "put=/data/new", "put=/data/a"];
  const outcome = await airlock([
    "exec",
    PATHS,
    "--dir",
    `${folder.directory}/inside::/data:ro`,
    "--",
    ...words,
  ]);
  assertOutcome(outcome, { stdout: /^\/data\/a: "text of a"\n\/data\/new: E\w+\n\/data\/a: EROFS\n$/ });
  assert.deepEqual([...Deno.readDirSync(`${folder.directory}/inside`)].map(({ name }) => name).sort(), [
    "a",
    "out",
  ]);
});

test("several directories are each under its own name", async () => {
  await using folder = await place();
  const dirs = ["--dir", `${folder.directory}/inside::/in`, "--dir", `${folder.directory}/outside::/out:ro`];
  const outcome = await airlock([
    "exec",
    PATHS,
    ...dirs,
    "--",
    "cat=/in/a",
    "cat=/out/secret",
    "cat=/in/out",
  ]);
  assertOutcome(outcome, { stdout: '/in/a: "text of a"\n/out/secret: "secret"\n/in/out: EPERM\n' });
});

test("without --dir there is nothing", async () => {
  const outcome = await airlock(["exec", PATHS, "--", "cat=/etc/passwd", "ls=/", "cat=a"]);
  assertOutcome(outcome, { stdout: "/etc/passwd: ENOTCAPABLE\n/: ENOTCAPABLE\na: ENOTCAPABLE\n" });
});

test("mounts of an entry work under permissions for exactly the files, the directory and its name", async () => {
  const bytes = component("tests/guests/paths/paths.wasm");
  await using folder = await place();
  const { directory } = folder;
  await Deno.writeFile(`${directory}/paths.wasm`, bytes);
  await Deno.writeTextFile(
    `${directory}/app.yaml`,
    `${HEAD}  - {name: inside, kind: fs.directory, directory: inside}\n` +
      entry({
        ...{
          kind: "process.wasm",
          path: "paths.wasm",
          hash: await hashOf(bytes),
          method: "wasi:cli/run@0.2.3#run",
        },
        ...{
          imports: "[wasi:cli, wasi:io, wasi:clocks, wasi:filesystem]",
          wasi: "{mounts: [{fs: inside, guest: /data}]}",
        },
      }),
  );
  const read = `--allow-read=${directory}/app.yaml,${directory}/paths.wasm,${directory}/inside`;
  const words = ["run", `${directory}/app.yaml`, "it", "cat=/data/a", "put=/data/new", "cat=/data/out"];
  assertOutcome(await airlock(words, { flags: [read] }), {
    stderr:
      `airlock: NotCapable: ${directory}/app.yaml:5:5: this process may not do all that app:it declares; ` +
      `add --allow-write=${directory}/inside\n`,
    code: 2,
  });
  // A wall that holds alone: what the guest is given and the process may not is refused to the guest, by no prompt.
  const direct = [
    "exec",
    `${directory}/paths.wasm`,
    "--dir",
    `${directory}/inside::/data`,
    "--",
    ...words.slice(3),
  ];
  assertOutcome(await airlock(direct, { flags: [read] }), {
    stdout: /^\/data\/a: "text of a"\n\/data\/new: E\w+\n\/data\/out: EPERM\n$/,
  });
  assertOutcome(await airlock(words, { flags: [read, `--allow-write=${directory}/inside`] }), {
    stdout: '/data/a: "text of a"\n/data/new: ok\n/data/out: EPERM\n',
  });
});
