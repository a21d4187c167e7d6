/** A read-only mount: nothing that could change anything succeeds, and nothing on disk changes. */
import assert from "node:assert/strict";
import { assertOutcome } from "../support/airlock.ts";
import { project } from "../support/project.ts";
import { configured, exec, picture, run, unix } from "./run.ts";

const FILES = {
  "held/file": "content",
  "held/directory/inner": "inner",
  "held/directory/deeper/inner": "deeper",
  "free/mine": "mine",
};

const EXPECTED = `\
create: EROFS
create to read: EROFS
create what is there: EROFS
create exclusively: EROFS
write: EROFS
read and write: EROFS
append: EROFS
truncate: EROFS
truncate to read: EROFS
write through a link: EROFS
create below: EROFS
mkdir: EROFS
rmdir: EROFS
unlink: EROFS
unlink a link: EROFS
rename: EROFS
rename over: EROFS
rename to itself: EROFS
link: EROFS
symlink: EROFS
utimensat: EROFS
utimensat of a link: EROFS
utimensat of here: EROFS
write what is open to read: EROFS
pwrite what is open to read: EROFS
ftruncate: EROFS
allocate: ENOTSUP
futimens: EROFS
create in what is open: EROFS
mkdir in what is open: EROFS
unlink in what is open: EROFS
futimens of what is open: EBADF
open deeper: ok
create deeper: EROFS
write deeper: EROFS
move out: EROFS
link out: EROFS
move in: EROFS
link in: EROFS
move over: EROFS
read: 7
stat: ok
readlink: 4
opendir: ok
`;

Deno.test(
  { name: "--dir with :ro: every mutating call is refused, nothing changes", ignore: !unix },
  async () => {
    await using folder = await project(FILES);
    const { directory } = folder;
    await Deno.symlink("file", `${directory}/held/link`);
    const before = picture(directory);
    const dirs = [`${directory}/held::/held:ro`, `${directory}/free::/free`];
    assertOutcome(await exec("readonly", ["/held", "/free"], { dirs }), { stdout: EXPECTED });
    assert.deepEqual(picture(directory), before);
  },
);

Deno.test({ name: "read_only of an entry: the same", ignore: !unix }, async () => {
  const mounts = [{ directory: "held", guest: "/held", readOnly: true }, {
    directory: "free",
    guest: "/free",
  }];
  await using folder = await configured("readonly", mounts, FILES);
  const { directory } = folder;
  await Deno.symlink("file", `${directory}/held/link`);
  const before = picture(directory);
  assertOutcome(await run(folder, ["/held", "/free"]), { stdout: EXPECTED });
  assert.deepEqual(picture(directory), before);
});

Deno.test(
  { name: "a read-only mount within one that may be written stays read-only", ignore: !unix },
  async () => {
    await using folder = await project(FILES);
    const { directory } = folder;
    await Deno.symlink("file", `${directory}/held/link`);
    const before = picture(`${directory}/held`);
    // The whole directory is mounted as well: through it, /all/held is the same read-only directory.
    const dirs = [`${directory}::/all`, `${directory}/held::/all/held:ro`, `${directory}/free::/free`];
    assertOutcome(await exec("readonly", ["/all/held", "/free"], { dirs }), { stdout: EXPECTED });
    assert.deepEqual(picture(`${directory}/held`), before);
  },
);
