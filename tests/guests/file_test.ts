/** Reading, writing, seeking, changing the size. */
import assert from "node:assert/strict";
import { assertOutcome } from "../support/airlock.ts";
import { project } from "../support/project.ts";
import { exec, unix } from "./run.ts";

Deno.test({ name: "read, write, seek, size and sync do what Linux does", ignore: !unix }, async () => {
  await using folder = await project({});
  // Where Linux differs, it is the adapter of preview 1: it takes one part of a vector a call, cannot allocate, keeps
  // its own place in a file, and knows a descriptor that is no file as a bad one.
  assertOutcome(await exec("file", ["all", "/box"], { dirs: [`${folder.directory}::/box`] }), {
    stdout: `\
write: 10
where: 10
read at the end: 0
back: 6
read: 67
pread: 123
where: 8
pwrite: 2
where: 8
pread at the end: 0
pread beyond: 0
pread before: EINVAL
seek before the start: EINVAL
seek by nothing known: EINVAL
seek from the end: 7
read: 789
read none: 0
write none: 0
hole: seek: 14
hole: write: 3
hole: 0123AB6789....end
readv: 2
writev: 3
shorten: ok
size: 5
lengthen: ok
lengthened: one3A...
shorten below zero: EINVAL
allocate: ENOTSUP
size: 8
sync: ok
sync data: ok
advise: ok
unlink an open file: ok
read what is gone: still
read it by another: still
write to it: 1
it is gone: ENOENT
place of one: 3
place of the other: 0
read a directory as a file: EBADF
write a directory as a file: EBADF
shorten a directory: EBADF
sync a directory: EBADF
`,
  });
  assert.equal(await Deno.readTextFile(`${folder.directory}/file`), "one3A\0\0\0");
});

Deno.test(
  { name: "offsets beyond 4 GiB are as good as any, and those near 2^63 are refused", ignore: !unix },
  async () => {
    await using folder = await project({});
    assertOutcome(await exec("file", ["large", "/box"], { dirs: [`${folder.directory}::/box`] }), {
      stdout: `\
pwrite at 5 GiB: 3
size: 5368709123
pread at 5 GiB: far
seek: 5368709121
read: ar
in the hole: ...
lengthen to 6 GiB: ok
size: 6442450944
pwrite at 2^62: EFBIG
lengthen to 2^62: EFBIG
pread at 2^62: 0
seek to 2^62: 4611686018427387904
read at 2^62: 0
size: 6442450944
empty: ok
`,
    });
  },
);

Deno.test("a file of 64 MiB is copied, every byte of it", async () => {
  await using folder = await project({});
  const { directory } = folder;
  const bytes = new Uint8Array(64 << 20);
  for (let i = 0; i < bytes.length; i++) bytes[i] = (i * 2654435761) >>> 24;
  await Deno.writeFile(`${directory}/from`, bytes);
  assertOutcome(
    await exec("file", ["copy", "/box", "from", "to"], { dirs: [`${directory}::/box`] }),
    { stdout: `copied: ${bytes.length}\n` },
  );
  const copy = await Deno.readFile(`${directory}/to`);
  assert.equal(copy.length, bytes.length);
  assert.equal(copy.findIndex((byte, i) => byte !== bytes[i]), -1, "the first byte that differs");
});
