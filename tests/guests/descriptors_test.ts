/** Too many descriptors, and directories that go away while they are used. */
import assert from "node:assert/strict";
import { assertOutcome, commandLine, environment, repository } from "../support/airlock.ts";
import { project } from "../support/project.ts";
import { exec, pathOf, unix } from "./run.ts";

Deno.test("a guest that opens in a loop gets an error at the cap, and one more for one that it closes", async () => {
  await using folder = await project({ "file": "" });
  assertOutcome(await exec("descriptors", ["open"], { dirs: [`${folder.directory}::/box`] }), {
    stdout: "opened: many\nrefused as out of memory: 1\none more after a drop: 1\nand another: 0\n",
  });
  // By libc, it is the adapter that has the lower cap.
  assertOutcome(await exec("descriptors", ["libc"], { dirs: [`${folder.directory}::/box`] }), {
    stdout: "the one too many: ENOMEM\nclose: ok\none more: ok\n",
  });
});

Deno.test(
  { name: "the cap is the guest's, not a limit of the host that it runs into", ignore: !unix },
  async () => {
    await using folder = await project({ "file": "" });
    const { directory } = folder;
    const words = commandLine(["exec", pathOf("descriptors"), "--dir", `${directory}::/box`, "--", "open"]);
    const output = await new Deno.Command("bash", {
      args: ["-c", `ulimit -n 300; exec ${words.map((word) => `'${word}'`).join(" ")}`],
      cwd: repository,
      clearEnv: true,
      env: environment(),
    }).output();
    const stdout = new TextDecoder().decode(output.stdout);
    assert.match(
      stdout,
      /refused as out of memory: 1\none more after a drop: 1\n/,
      new TextDecoder().decode(output.stderr),
    );
  },
);

/** Runs `gone`, and does something to the host once the guest has everything open. */
async function meanwhile(directory: string, change: () => Promise<void>): Promise<string> {
  const dirs = ["--dir", `${directory}/box::/box`, "--dir", `${directory}/other::/other`];
  const [deno, ...args] = commandLine(["exec", pathOf("descriptors"), ...dirs, "--", "gone"]);
  const child = new Deno.Command(deno!, {
    args,
    cwd: repository,
    clearEnv: true,
    env: environment(),
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = (await reader.read()).value!;
  await change();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode("now\n"));
  await writer.close();
  for (let part = await reader.read(); !part.done; part = await reader.read()) text += part.value;
  const { code } = await child.status;
  const stderr = await new Response(child.stderr).text();
  assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  return text;
}

const FILES = { "box/file": "text", "box/below/inner": "", "other/file": "" };

Deno.test(
  { name: "a directory that is removed: errors, open files go on, other mounts too", ignore: !unix },
  async () => {
    await using folder = await project(FILES);
    const { directory } = folder;
    const found = await meanwhile(directory, () => Deno.remove(`${directory}/box`, { recursive: true }));
    assert.equal(
      found,
      `\
before: ok
read the open file: 4
write the open file: 4
stat the open file: ok
stat the open directory: ok
open the file: ENOENT
create a file: ENOENT
create below: ENOENT
mkdir: ENOENT
stat: ENOENT
unlink: ENOENT
rename: ENOENT
opendir: ENOENT
the other mount: ok
`,
    );
  },
);

Deno.test(
  { name: "a directory that is replaced by a link out of it is not followed", ignore: !unix },
  async () => {
    await using folder = await project({ ...FILES, "secret/file": "SECRET", "secret/inner": "" });
    const { directory } = folder;
    const found = await meanwhile(directory, async () => {
      await Deno.rename(`${directory}/box/below`, `${directory}/moved`);
      await Deno.symlink(`${directory}/secret`, `${directory}/box/below`);
    });
    assert.match(found, /^create below: E\w+$/m);
    assert.deepEqual([...Deno.readDirSync(`${directory}/secret`)].map(({ name }) => name).sort(), [
      "file",
      "inner",
    ]);
  },
);
