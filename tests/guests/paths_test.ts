/** Where paths lead: the current directory, mounts within mounts. */
import assert from "node:assert/strict";
import { assertOutcome } from "../support/airlock.ts";
import { project } from "../support/project.ts";
import { configured, exec, run } from "./run.ts";

/** Two directories: one is mounted at a path within the other's mount, where the other has a directory of its own. */
const FILES = { "outer/top": "top", "outer/in/hidden": "hidden", "inner/file": "inner" };
const MOUNTS = [{ directory: "outer", guest: "/m" }, { directory: "inner", guest: "/m/in" }];

const WORDS = [
  ...[
    "cwd",
    "cat=m/top",
    "cd=/m",
    "cwd",
    "cat=top",
    "cat=./top",
    "cat=./././top",
    "cat=/m/top",
    "cat=//m//top",
  ],
  ...["cat=in/file", "cat=in/hidden", "ls=/m/in", "cat=../top", "cat=../m/top", "cat=/m/../m/top", "ls=/"],
  ...[
    "put=new",
    "put=in/new",
    "cd=in",
    "cwd",
    "cat=file",
    "cat=new",
    "cat=../top",
    "cd=none",
    "cd=file",
    "cwd",
  ],
];

const EXPECTED = `\
here: /
m/top: "top"
cd=/m: ok
here: /m
top: "top"
./top: "top"
./././top: "top"
/m/top: "top"
//m//top: "top"
in/file: "inner"
in/hidden: ENOENT
/m/in: . .. file
../top: EPERM
../m/top: EPERM
/m/../m/top: EPERM
/: ENOTCAPABLE
new: ok
in/new: ok
cd=in: ok
here: /m/in
file: "inner"
new: "put"
../top: EPERM
cd=none: ENOENT
cd=file: ENOTDIR
here: /m/in
`;

Deno.test("relative paths, the current directory, and a mount within a mount", async () => {
  await using folder = await project(FILES);
  const { directory } = folder;
  const dirs = [`${directory}/outer::/m`, `${directory}/inner::/m/in`];
  assertOutcome(await exec("paths", WORDS, { dirs }), { stdout: EXPECTED });
  assert.equal(await Deno.readTextFile(`${directory}/outer/new`), "put");
  assert.equal(await Deno.readTextFile(`${directory}/inner/new`), "put");
});

Deno.test("the same by an entry and its mounts", async () => {
  await using folder = await configured("paths", MOUNTS, FILES);
  assertOutcome(await run(folder, WORDS), { stdout: EXPECTED });
  assert.equal(await Deno.readTextFile(`${folder.directory}/inner/new`), "put");
});

Deno.test("a mount at / is the guest's root, and others stand beside what is in it", async () => {
  await using folder = await project(FILES);
  const { directory } = folder;
  const words = ["cat=/top", "cat=top", "cat=/other/file", "cat=/../top", "cat=/in/hidden", "put=/other/new"];
  assertOutcome(
    await exec("paths", words, { dirs: [`${directory}/outer::/`, `${directory}/inner::/other:ro`] }),
    {
      stdout: '/top: "top"\ntop: "top"\n/other/file: "inner"\n/../top: EPERM\n/in/hidden: "hidden"\n' +
        "/other/new: EROFS\n",
    },
  );
});

Deno.test("one directory under two names is one directory", async () => {
  await using folder = await project(FILES);
  const dirs = [
    `${folder.directory}/inner::/a`,
    `${folder.directory}/inner::/b`,
    `${folder.directory}/inner::/c:ro`,
  ];
  assertOutcome(await exec("paths", ["put=/a/x", "cat=/b/x", "put=/b/x", "cat=/c/x", "put=/c/x"], { dirs }), {
    stdout: '/a/x: ok\n/b/x: "put"\n/b/x: ok\n/c/x: "put"\n/c/x: EROFS\n',
  });
});
