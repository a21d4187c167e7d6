/** Paths that lead out of a mount: none is followed, by any call, and nothing out there changes. */
import assert from "node:assert/strict";
import { project } from "../support/project.ts";
import { exec, picture, unix } from "./run.ts";

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

/** Paths, most of them through those links. */
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
    "/work/../outside/secret",
    outside,
    `${outside}/secret`,
    "absolute",
    "absolute/",
    "absolute-directory/secret",
    "/proc/self/root/etc/passwd",
    "/proc/self/cwd",
    "../".repeat(40) + "etc/passwd",
    "below/../".repeat(40) + "../outside/secret",
    "../root-beside/secret",
    "..\\outside\\secret",
    "...",
    "n".repeat(60_000),
    "a/".repeat(30_000),
  ];
  for (const link of Object.keys(LINKS)) {
    found.push(`${link}/`, `${link}/.`, `${link}/..`, `${link}/secret`, `${link}/../outside/secret`, `${link}/new`);
    // The link itself may be looked at, moved and removed, as it lies within: only what it leads to is out of reach.
  }
  return found;
}

Deno.test({ name: "no path leads out: read, written, made, listed, linked, moved or removed", ignore: !unix }, async () => {
  await using folder = await project({
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
  const before = picture(directory).filter((line) => !line.startsWith("/root/"));

  const tried = paths(`${directory}/outside`);
  const { code, stdout, stderr } = await exec("escape", ["/work"], {
    dirs: [`${directory}/root::/work`],
    stdin: tried.join("\n") + "\n",
  });
  assert.equal(stderr, "");
  assert.equal(code, 0);
  const lines = stdout.trimEnd().split("\n");
  assert.equal(lines.pop(), "@@summary@@");
  assert.deepEqual(lines, []);
  assert.deepEqual(picture(directory).filter((line) => !line.startsWith("/root/")), before);
});
