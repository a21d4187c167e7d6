/** Directories: listing, making, moving, removing. */
import assert from "node:assert/strict";
import { assertOutcome } from "../support/airlock.ts";
import { project } from "../support/project.ts";
import { exec, picture, unix } from "./run.ts";

Deno.test({ name: "mkdir, rmdir, unlink and rename do what Linux does", ignore: !unix }, async () => {
  await using folder = await project({});
  assertOutcome(await exec("directory", ["change", "/box"], { dirs: [`${folder.directory}::/box`] }), {
    stdout: `\
mkdir: ok
mkdir again: EEXIST
mkdir over a file: EEXIST
mkdir below nothing: ENOENT
mkdir below a file: ENOTDIR
mkdir with a slash: ok
mkdir of here: EEXIST
rmdir of one that is not empty: ENOTEMPTY
rmdir of a file: ENOTDIR
rmdir of nothing: ENOENT
rmdir of here: EINVAL
rmdir of one ending in dots: ENOTEMPTY
unlink of a directory: EISDIR
unlink of nothing: ENOENT
unlink below a file: ENOTDIR
unlink with a slash: ENOTDIR
rmdir with a slash: ok
rename a file: ok
the old name: ENOENT
the new name: ok
rename over a file: ok
rename nothing: ENOENT
rename to below nothing: ENOENT
rename a file over a directory: EISDIR
rename a directory over a file: ENOTDIR
rename a directory over one that is full: ENOTEMPTY
rename a directory over one that is empty: ok
what was in it: ok
rename a directory into itself: EINVAL
rename to itself: ok
rename a file with a slash: ENOTDIR
rename a file to a slash: ENOTDIR
rename to another directory: ok
`,
  });
  assert.deepEqual(
    picture(folder.directory).map((line) => line.replace(/:? .*/, "")),
    ["/empty/", "/empty/inner", "/empty/second", "/full/", "/full/inner"],
  );
});

Deno.test({ name: "a listing has every entry with its kind, whatever its name", ignore: !unix }, async () => {
  const names = ["plain", "with space", "ünïcödé", "日本", "-dash", ".hidden", "n".repeat(255)];
  await using folder = await project(Object.fromEntries(names.map((name) => [name, ""])));
  const { directory } = folder;
  await Deno.mkdir(`${directory}/below`);
  await Deno.symlink("plain", `${directory}/link`);
  await Deno.symlink("nowhere", `${directory}/dangling`);
  const { stdout, code } = await exec("directory", ["list", "/box"], { dirs: [`${directory}::/box`] });
  assert.equal(code, 0);
  assert.deepEqual(
    stdout.trimEnd().split("\n").sort(),
    [
      ...names.map((name) => `${name}: file`),
      ...["below: directory", "link: link", "dangling: link", ".: directory", "..: directory"],
    ].sort(),
  );
});

// More in one directory is for the tests of the host: with each 100 entries, the adapter begins the listing again.
Deno.test("a directory of 2,000 entries is listed twice, then emptied while it is read", async () => {
  await using folder = await project({});
  const { directory } = folder;
  for (let i = 0; i < 2000; i++) Deno.writeFileSync(`${directory}/entry-${i}`, new Uint8Array());
  const dirs = [`${directory}::/box`];
  assertOutcome(await exec("directory", ["count", "/box"], { dirs }), {
    stdout: "entries: 2002\nentries again: 2002\n",
  });
  assertOutcome(await exec("directory", ["empty", "/box"], { dirs }), { stdout: "removed: 2000\n" });
  assert.deepEqual([...Deno.readDirSync(directory)], []);
});
