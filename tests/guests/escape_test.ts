/** Paths that lead out of a mount: none is followed, by any call, and nothing out there changes. */
import assert from "node:assert/strict";
import { shell } from "../support/airlock.ts";
import { type Project, project } from "../support/project.ts";
import { exec, pathOf, picture, unix } from "./run.ts";

/** Links in the mounted directory: to a file out of it, a directory out of it, and links to such. */
const LINKS: Readonly<Record<string, string>> = {
  "file": "../outside/secret",
  "directory": "../outside",
  "parent": "..",
  "deep": "below/../../outside/secret",
  "twice": "file",
  "thrice": "below/up",
  "below/up": "../twice",
  "below/parent": "../..",
  "by-way": "below/parent/outside/secret",
  "dangling": "../outside/none",
  "slash": "../outside/",
  "dot": "../outside/.",
  "loop-a": "loop-b",
  "loop-b": "loop-a",
  "self": "self",
  "self-below": "self-below/x",
};

/** Paths, most of them through those links. A link itself lies within: it may be moved and removed like any file. */
function paths(outside: string): string[] {
  const found = [
    "..",
    "../",
    "../.",
    "../outside",
    "../outside/secret",
    "./../outside/secret",
    "below/../../outside/secret",
    "below/../..",
    "below/./../../outside/secret",
    "below//..//..//outside//secret",
    "none/../../outside/secret",
    "plain/../../outside/secret",
    "/",
    "/etc/passwd",
    "//etc/passwd",
    "/box/../outside/secret",
    outside,
    `${outside}/secret`,
    "absolute/",
    "absolute-directory/secret",
    "/proc/self/root/etc/passwd",
    "/proc/self/cwd",
    "../".repeat(40) + "etc/passwd",
    "below/../".repeat(40) + "../outside/secret",
    "../root-beside/secret",
    "n".repeat(60_000),
    "a/".repeat(30_000),
  ];
  for (const link of Object.keys(LINKS)) {
    found.push(
      `${link}/`,
      `${link}/.`,
      `${link}/..`,
      `${link}/secret`,
      `${link}/../outside/secret`,
      `${link}/new`,
    );
  }
  return found;
}

/** `root`, which is to be mounted, and what is beside it. */
async function place(): Promise<Project> {
  const folder = await project({
    "outside/secret": "SECRET",
    "root-beside/secret": "SECRET",
    "root/below/.keep": "",
    "root/plain": "plain",
    "root/mine": "mine",
    "root/spare": "spare",
  });
  const { directory } = folder;
  for (const [name, target] of Object.entries(LINKS)) await Deno.symlink(target, `${directory}/root/${name}`);
  await Deno.symlink(`${directory}/outside/secret`, `${directory}/root/absolute`);
  await Deno.symlink(`${directory}/outside`, `${directory}/root/absolute-directory`);
  return folder;
}

/** All that the guest has no business with. */
function surroundings(directory: string): string[] {
  return picture(directory).filter((line) => !line.startsWith("/root/"));
}

Deno.test(
  { name: "no path leads out: read, written, made, listed, linked, moved or removed", ignore: !unix },
  async () => {
    await using folder = await place();
    const { directory } = folder;
    const before = surroundings(directory);

    const tried = paths(`${directory}/outside`);
    const { code, stdout, stderr } = await exec("escape", ["/box"], {
      dirs: [`${directory}/root::/box`],
      stdin: tried.join("\n") + "\n",
    });
    assert.equal(stderr, "");
    assert.equal(code, 0);
    const lines = stdout.trimEnd().split("\n");
    assert.match(lines.pop()!, new RegExp(`^${tried.length * 14} tried, ${tried.length * 14} failed$`));
    assert.deepEqual(lines, []);
    assert.deepEqual(surroundings(directory), before);
  },
);

Deno.test(
  { name: "no link is followed out, and names with dots or backslashes are names", ignore: !unix },
  async () => {
    await using folder = await place();
    const { directory } = folder;
    const before = surroundings(directory);
    const links = [...Object.keys(LINKS), "absolute", "absolute-directory"];
    const words = links.flatMap((link) => ["cat", "put", "ls"].map((verb) => `${verb}=/box/${link}`));
    const { stdout } = await exec("paths", words, { dirs: [`${directory}/root::/box`] });
    const lines = stdout.trimEnd().split("\n");
    assert.equal(lines.length, words.length);
    assert.deepEqual(lines.filter((line) => !/: (EPERM|ELOOP)$/.test(line)), []);
    assert.deepEqual(surroundings(directory), before);

    const names = ["...", "..\\outside\\secret", ".. ", "..x", "~"];
    const found = await exec("paths", names.flatMap((name) => [`put=/box/${name}`, `cat=/box/${name}`]), {
      dirs: [`${directory}/root::/box`],
    });
    assert.equal(found.stdout, names.map((name) => `/box/${name}: ok\n/box/${name}: "put"\n`).join(""));
    assert.deepEqual(surroundings(directory), before);
  },
);

Deno.test("a path that is no UTF-8 traps, and goes nowhere", async () => {
  await using folder = await project({ "root/plain": "plain" });
  const { stdout, stderr } = await shell(
    `printf '../\\377\\n' | airlock exec ${
      pathOf("escape")
    } --dir '${folder.directory}/root::/box' -- /box; echo $?`,
  );
  assert.equal(stdout, "1\n");
  assert.equal(stderr, "airlock: Trap: string is not valid UTF-8\n");
});
