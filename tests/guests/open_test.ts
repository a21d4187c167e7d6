/** What each flag of open() does. */
import assert from "node:assert/strict";
import { assertOutcome } from "../support/airlock.ts";
import { project } from "../support/project.ts";
import { exec, unix } from "./run.ts";

Deno.test({ name: "open() does with each flag what Linux does", ignore: !unix }, async () => {
  await using folder = await project({ "old": "sixby\n", "below/.keep": "" });
  await Deno.symlink("old", `${folder.directory}/link`);
  assertOutcome(await exec("open", ["/box"], { dirs: [`${folder.directory}::/box`] }), {
    stdout: `\
missing: ENOENT
missing, to write: ENOENT
empty path: ENOENT
name of 256: ENAMETOOLONG
path of 5000: ENAMETOOLONG
create: ok
create again: ok
create exclusively: EEXIST
create another exclusively: ok
create exclusively over a link: EEXIST
create below nothing: ENOENT
create below a file: ENOTDIR
create with a slash: EISDIR
old before: 6
create old: ok
old after: 6
directory: ok
directory, not said so: ok
directory, to write: EISDIR
directory, to create: EISDIR
directory, to truncate: EISDIR
file as a directory: ENOTDIR
file with a slash: ENOTDIR
file with a dot: ENOTDIR
file with two dots: ENOTDIR
through a link: ok
through no link: ELOOP
write to one that reads: EBADF
close: ok
close again: EBADF
read from one that is closed: EBADF
read from one that writes: EBADF
append flag: 1
append: 3
append again: 1
old: "sixby
end!"
no more append: ok
write at the start: 1
old: "Sixby
end!"
truncate: ok
old truncated: 0
truncate through a link: ok
truncate nothing: ENOENT
`,
  });
  assert.equal(await Deno.readTextFile(`${folder.directory}/old`), "");
});
