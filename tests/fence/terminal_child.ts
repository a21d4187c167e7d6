/** Tries every call that changes a directory, in a mount of the directory that is named, and prints what each ends with. */
import type { Descriptor } from "../../src/wasi/filesystem/descriptor.ts";
import { outcome, preopens } from "../wasi/filesystem_support.ts";

const data = `${Deno.args[0]}/data`;
const [dir] = preopens([
  { guest: "/", host: data, readOnly: false },
  { guest: "/inner", host: `${data}/inner`, readOnly: false },
]);

const NOW = { tag: "now" } as const, WRITE = { write: true }, READ = { read: true };

/** Each in an order in which it can succeed after the ones before it. */
const ACTS: Readonly<Record<string, (dir: Descriptor) => unknown>> = {
  "open-at, created": (dir) => dir.openAt({}, "new", { create: true }, WRITE),
  "open-at, created for reading": (dir) => dir.openAt({}, "more", { create: true }, READ),
  "open-at, to write": (dir) => dir.openAt({}, "file", {}, WRITE),
  "open-at, truncated": (dir) => dir.openAt({}, "file", { truncate: true }, READ),
  "create-directory-at": (dir) => dir.createDirectoryAt("directory"),
  "remove-directory-at": (dir) => dir.removeDirectoryAt("empty"),
  "set-times-at": (dir) => dir.setTimesAt({}, "file", NOW, NOW),
  "set-times-at, of a link": (dir) => dir.setTimesAt({}, "link", NOW, NOW),
  "set-times-at, followed": (dir) => dir.setTimesAt({ symlinkFollow: true }, "link", NOW, NOW),
  "link-at": (dir) => dir.linkAt({}, "file", dir, "hard"),
  "rename-at": (dir) => dir.renameAt("old", dir, "renamed"),
  "symlink-at": (dir) => dir.symlinkAt("file", "soft"),
  "unlink-file-at": (dir) => dir.unlinkFileAt("gone"),
  "unlink-file-at, of a link": (dir) => dir.unlinkFileAt("old-link"),
};

const found: Record<string, string> = {};
for (const where of ["part", "rest"]) {
  const below = dir!.openAt({}, where, { directory: true }, READ);
  for (const [name, act] of Object.entries(ACTS)) found[`${name} in ${where}`] = outcome(() => act(below));
}
console.log(JSON.stringify(found));
