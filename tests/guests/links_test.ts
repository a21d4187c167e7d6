/** Hard and symbolic links. */
import { assertOutcome } from "../support/airlock.ts";
import { project } from "../support/project.ts";
import { exec, unix } from "./run.ts";

/** Deno lets only processes make symbolic links that may read and write everything. */
const INLINE = ["--isolation", "inline"];

Deno.test({ name: "links do what they do on Linux, but that none is absolute", ignore: !unix }, async () => {
  await using folder = await project({});
  assertOutcome(await exec("links", ["/box"], { dirs: [`${folder.directory}::/box`], options: INLINE }), {
    stdout: `\
link: ok
links of file: 2
link again: EEXIST
link nothing: ENOENT
link a directory: EPERM
link to below nothing: ENOENT
unlink: ok
links of hard: 1
the same file: 1
symlink: ok
soft -> hard
symlink again: EEXIST
symlink to nothing: ok
dangling -> none
symlink, an empty target: ENOENT
symlink, an absolute target: EPERM
symlink below: ok
directory/up -> ../hard
symlink with a slash: ENOENT
readlink of a file: EINVAL
readlink of a directory: EINVAL
readlink of nothing: ENOENT
readlink with room for two: 2
what fits: ....
open through a link: ok
open through one to nothing: ENOENT
create through one to nothing: ok
what it made: ok
stat follows: ok
a file: 1
lstat does not: ok
a link: 1
its size: 4
link of a link: ok
softer -> hard
linkat that follows: ok
links of hard: 2
rename a link: ok
renamed -> hard
unlink a link: ok
what it meant: ok
rmdir of a link: ENOTDIR
through a link to a directory: ok
unlink that link with a slash: ENOTDIR
unlink that link: ok
a loop: ELOOP
stat of a loop: ELOOP
lstat of a loop: ok
below a loop: ELOOP
one that means itself: ELOOP
a chain of 40: ok
a chain of 41: ELOOP
`,
  });
});
