/**
 * Attempts to get out of a mount. Beside the mount lies a canary with everything an attempt could want: a file, a
 * directory with a file, an empty directory. Nothing of it may be read, and nothing about it may change.
 */
import assert from "node:assert/strict";
import {
  BOTH,
  CREATE,
  FOLLOW,
  outcome,
  picture,
  READ,
  readAll,
  type Sandbox,
  sandbox,
  WRITE,
} from "./filesystem_support.ts";

const SECRET = "canary, not to be read";

/** Names that lead out of `root`, by text or by link. Each has `secret` (a file), `full` and `empty` below it. */
const WAYS_OUT: readonly string[] = [
  "..",
  "../canary",
  "./../canary",
  "../root/../canary",
  "dir/../../canary",
  "dir/./..//../canary",
  "dir/nested/../../../canary",
  "/",
  "ABSOLUTE",
  "//ABSOLUTE",
  "up",
  "up/",
  "up/.",
  "up/../canary",
  "upDeep",
  "upViaDir",
  "dir/up",
  "dir/nested/up",
  "absolute",
  "absolute/",
  "absolute/.",
  "chain1",
  "chain1/",
  "dir/../chain1",
  "toParent/canary",
  "toParent/root/../canary",
  "dirlink/../../canary",
  "dirlink/up",
  "hardlinked",
  "selfParent/canary",
  "dotted",
  "slashed",
  "procRoot",
  "procCwd",
];

function fill(root: string): void {
  const outside = root.slice(0, root.lastIndexOf("/"));
  Deno.mkdirSync(`${outside}/canary/full`, { recursive: true });
  Deno.mkdirSync(`${outside}/canary/empty`);
  Deno.writeTextFileSync(`${outside}/canary/secret`, SECRET);
  Deno.writeTextFileSync(`${outside}/canary/full/secret`, SECRET);
  Deno.mkdirSync(`${root}/dir/nested`, { recursive: true });
  Deno.writeTextFileSync(`${root}/file`, "mine");
  const links: [name: string, target: string][] = [
    ["up", "../canary"],
    ["upDeep", "dir/nested/../../../canary"],
    ["upViaDir", "dir/../../canary"],
    ["dir/up", "../../canary"],
    ["dir/nested/up", "../../../canary"],
    ["absolute", `${outside}/canary`],
    ["chain1", "chain2"],
    ["chain2", "dir/chain3"],
    ["dir/chain3", "../chain4"],
    ["chain4", "dir/../chain5/."],
    ["chain5", "../canary/"],
    ["toParent", ".."],
    ["dirlink", "dir"],
    ["selfParent", "../root/.."],
    ["dotted", "../canary/."],
    ["slashed", "..//canary///"],
    ["procRoot", `/proc/self/root${outside}/canary`],
    ["procCwd", "/proc/self/cwd"],
    // To the file itself, and to nothing.
    ["secretLink", "../canary/secret"],
    ["secretAbsolute", `${outside}/canary/secret`],
    ["secretChain", "secretLink"],
    ["newOutside", "../canary/new"],
    ["newAbsolute", `${outside}/canary/new`],
    ["newChain", "dir/newChain2"],
    ["dir/newChain2", "../newOutside"],
  ];
  for (const [name, target] of links) Deno.symlinkSync(target, `${root}/${name}`);
  Deno.linkSync(`${root}/up`, `${root}/hardlinked`);
}

/** Paths to one thing of the canary, by every way. */
function outTo(box: Sandbox, name: string): string[] {
  const ways = WAYS_OUT.map((way) => way.replace("ABSOLUTE", `${box.outside}/canary`));
  const paths = ways.flatMap((way) => [`${way}/${name}`, `${way}/./${name}`, `${way}/full/../${name}`]);
  return name === "" ? ways : paths;
}

const SECRETS = ["secretLink", "secretAbsolute", "secretChain", "dir/../secretLink"];
const NEWS = ["newOutside", "newAbsolute", "newChain", "dir/newChain2"];

/** Runs every attempt; none may succeed, and the canary stays as it was. */
function attemptAll(run: (box: Sandbox, refused: (path: string, call: () => unknown) => void) => void): void {
  using box = sandbox(false, fill);
  const canary = `${box.outside}/canary`;
  const before = picture(canary);
  let attempts = 0;
  run(box, (path, call) => {
    attempts++;
    const code = outcome(call);
    assert.notEqual(code, "ok", path);
    assert.ok(
      ["not-permitted", "no-entry", "loop", "exist", "busy", "not-directory"].includes(code),
      `${path}: ${code}`,
    );
  });
  assert.ok(attempts > 10, "there were attempts");
  assert.deepEqual(picture(canary), before);
  assert.deepEqual([...Deno.readDirSync(box.outside)].map(({ name }) => name).sort(), ["canary", "root"]);
}

Deno.test("no path reads a file outside, whatever it is opened for", () => {
  attemptAll((box, refused) => {
    for (const path of [...outTo(box, "secret"), ...outTo(box, "full/secret"), ...SECRETS]) {
      for (const how of [{}, FOLLOW]) {
        for (const flags of [{}, READ, WRITE, BOTH]) {
          for (const open of [{}, CREATE, { truncate: true }, { create: true, truncate: true }]) {
            refused(path, () => box.dir.openAt(how, path, open, flags));
          }
        }
      }
    }
  });
});

Deno.test("no path opens or lists a directory outside", () => {
  attemptAll((box, refused) => {
    for (const path of [...outTo(box, ""), ...outTo(box, "full"), ...outTo(box, "full/")]) {
      for (const open of [{}, { directory: true }]) {
        refused(path, () => box.dir.openAt(FOLLOW, path, open, READ));
      }
    }
  });
});

Deno.test("no path says anything about what is outside", () => {
  attemptAll((box, refused) => {
    for (const path of [...outTo(box, "secret"), ...outTo(box, "full"), ...SECRETS]) {
      refused(path, () => box.dir.statAt(FOLLOW, path));
      refused(path, () => box.dir.metadataHashAt(FOLLOW, path));
      refused(path, () => box.dir.setTimesAt(FOLLOW, path, { tag: "now" }, { tag: "now" }));
    }
    for (const path of outTo(box, "secret")) {
      // The same whether or not it exists: a difference would be an answer.
      const missing = path.replace(/secret$/, "missing");
      assert.equal(outcome(() => box.dir.statAt({}, path)), outcome(() => box.dir.statAt({}, missing)), path);
      refused(path, () => box.dir.readlinkAt(path));
    }
  });
});

Deno.test("no path creates anything outside", () => {
  attemptAll((box, refused) => {
    const { dir } = box;
    for (const path of [...outTo(box, "new"), ...NEWS]) {
      for (const how of [{}, FOLLOW]) {
        refused(path, () => dir.openAt(how, path, CREATE, WRITE));
        refused(path, () => dir.openAt(how, path, { create: true, exclusive: true }, WRITE));
      }
      refused(path, () => dir.createDirectoryAt(path));
      refused(path, () => dir.symlinkAt("x", path));
      refused(path, () => dir.linkAt({}, "file", dir, path));
      if (!NEWS.includes(path)) refused(path, () => dir.renameAt("file", dir, path));
    }
  });
});

Deno.test("no path removes or takes in anything from outside", () => {
  attemptAll((box, refused) => {
    const { dir } = box;
    for (const path of [...outTo(box, "secret"), ...outTo(box, "full/secret")]) {
      refused(path, () => dir.unlinkFileAt(path));
      refused(path, () => dir.renameAt(path, dir, "stolen"));
      for (const how of [{}, FOLLOW]) refused(path, () => dir.linkAt(how, path, dir, "stolen"));
    }
    for (const path of outTo(box, "empty")) {
      refused(path, () => dir.removeDirectoryAt(path));
      refused(path, () => dir.renameAt(path, dir, "stolen"));
    }
    for (const path of SECRETS) refused(path, () => dir.linkAt(FOLLOW, path, dir, "stolen"));
  });
});

Deno.test("links that lead out can be renamed, linked and removed themselves, and lead nowhere still", () => {
  using box = sandbox(false, fill);
  const { dir } = box;
  const before = picture(`${box.outside}/canary`);
  dir.renameAt("secretLink", dir, "dir/moved");
  dir.renameAt("dir/moved", dir, "back");
  dir.linkAt({}, "back", dir, "twice");
  dir.renameAt("dir/nested/up", dir, "dir/shallow");
  for (const path of ["back", "twice", "dir/shallow/secret"]) {
    assert.equal(outcome(() => dir.openAt(FOLLOW, path, {}, READ)), "not-permitted", path);
  }
  dir.unlinkFileAt("twice");
  dir.unlinkFileAt("up");
  dir.renameAt("file", dir, "secretAbsolute");
  assert.equal(readAll(dir.openAt({}, "secretAbsolute", {}, READ)), "mine");
  assert.deepEqual(picture(`${box.outside}/canary`), before);
});

Deno.test("a guest's own links upward are made, and followed no further than its directory", () => {
  attemptAll((box, refused) => {
    const { dir } = box;
    for (
      const target of [
        "..",
        "../",
        "../canary",
        "../canary/secret",
        "dir/../../canary/secret",
        "../root/file",
      ]
    ) {
      dir.symlinkAt(target, "mine");
      for (const path of ["mine", "mine/", "mine/.", "mine/secret"]) {
        refused(path, () => dir.openAt(FOLLOW, path, {}, READ));
        refused(path, () => dir.statAt(FOLLOW, path));
      }
      dir.unlinkFileAt("mine");
    }
    for (const target of ["/", "/etc/passwd", "//etc", `${box.outside}/canary/secret`]) {
      refused(target, () => dir.symlinkAt(target, "mine"));
    }
  });
});

Deno.test("a descriptor below the mount is a fence of its own", () => {
  using box = sandbox(false, fill);
  using below = box.dir.openAt({}, "dir", {}, READ);
  assert.equal(outcome(() => below.openAt({}, "../file", {}, READ)), "not-permitted");
  assert.equal(outcome(() => below.openAt({}, "nested/../../file", {}, READ)), "not-permitted");
  box.dir.symlinkAt("../file", "dir/toFile");
  assert.equal(outcome(() => below.openAt(FOLLOW, "toFile", {}, READ)), "not-permitted");
  assert.equal(outcome(() => box.dir.openAt(FOLLOW, "dir/toFile", {}, READ)), "ok");
});

Deno.test("errors say nothing but their code", () => {
  using box = sandbox(false, fill);
  for (const path of ["missing", "../canary/secret", "secretAbsolute", "a".repeat(300), "file/x"]) {
    try {
      box.dir.openAt(FOLLOW, path, {}, READ);
      assert.fail("it was opened");
    } catch (error) {
      assert.ok(error instanceof Error);
      assert.doesNotMatch(error.message, /airlock_fs|canary|\//);
    }
  }
});
