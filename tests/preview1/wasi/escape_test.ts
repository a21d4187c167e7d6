/** Paths that lead out of a mount: no function follows one, and nothing out there is read or changed. */
import assert from "node:assert/strict";
import { box, CREAT, DIRECTORY, type Driver, mounted, READ, TRUNC, WRITE } from "./support.ts";

/** Links in the mount, to what is out of it. */
const LINKS: Readonly<Record<string, string>> = {
  file: "../outside/secret",
  directory: "../outside",
  parent: "..",
  deep: "below/../../outside/secret",
  twice: "file",
  "below/up": "../twice",
  "below/parent": "../..",
  dangling: "../outside/none",
  slash: "../outside/",
  "loop-a": "loop-b",
  "loop-b": "loop-a",
  proc: "/proc/self/root",
};

function fill(outside: string, root: string): void {
  Deno.mkdirSync(`${outside}/outside/inner`, { recursive: true });
  Deno.writeTextFileSync(`${outside}/outside/secret`, "secret");
  Deno.mkdirSync(`${root}/below`);
  Deno.writeTextFileSync(`${root}/plain`, "plain");
  for (const [name, target] of Object.entries(LINKS)) Deno.symlinkSync(target, `${root}/${name}`);
  Deno.symlinkSync(`${outside}/outside/secret`, `${root}/absolute`);
  Deno.symlinkSync(`${outside}/outside`, `${root}/absolute-directory`);
}

function paths(outside: string): string[] {
  const through = [...Object.keys(LINKS), "absolute", "absolute-directory"].flatMap((link) => [
    `${link}/.`,
    `${link}/secret`,
    `${link}/outside/secret`,
    `${link}/../outside/secret`,
    `${link}/etc/passwd`,
    `./${link}/`,
  ]);
  return [
    "..",
    "../",
    "../outside/secret",
    "./../outside/secret",
    "below/../../outside/secret",
    "below//..//..//outside//secret",
    "plain/../../outside/secret",
    "none/../../outside/secret",
    "/",
    "/etc/passwd",
    "//etc/passwd",
    "/data/../outside/secret",
    outside,
    `${outside}/outside/secret`,
    "../".repeat(40) + "etc/passwd",
    "below/../".repeat(40) + "../outside/secret",
    ...through,
  ];
}

/** Every function that takes a path, with one that would lead out. A number is a descriptor that was got. */
function attempts(guest: Driver, path: string): Record<string, number | string> {
  const put = () => guest.put(path), room = () => guest.room(256);
  const open = (oflags: number, rights: number, lookup = 1) =>
    guest.tryOpen(path, { oflags, rights, lookup });
  return {
    read: open(0, READ),
    nofollow: open(0, READ, 0),
    write: open(0, WRITE),
    create: open(CREAT, WRITE),
    truncate: open(TRUNC, READ),
    directory: open(DIRECTORY, 0),
    stat: guest.call("path_filestat_get", 3, 1, ...put(), room()),
    touch: guest.call("path_filestat_set_times", 3, 1, ...put(), 0n, 0n, 5),
    mkdir: guest.call("path_create_directory", 3, ...put()),
    readlink: guest.call("path_readlink", 3, ...put(), room(), 256, room()),
    link: guest.call("path_link", 3, 1, ...put(), 3, ...guest.put(`new-${guest.room(1)}`)),
    "link to": guest.call("path_link", 3, 0, ...guest.put("plain"), 3, ...put()),
    symlink: guest.call("path_symlink", ...guest.put("plain"), 3, ...put()),
    rename: guest.call("path_rename", 3, ...put(), 3, ...guest.put(`new-${guest.room(1)}`)),
    "rename to": guest.call("path_rename", 3, ...guest.put("plain"), 3, ...put()),
    unlink: guest.call("path_unlink_file", 3, ...put()),
    rmdir: guest.call("path_remove_directory", 3, ...put()),
  };
}

/** All that is there, with contents, times and targets of links. */
function picture(directory: string): string[] {
  return [...Deno.readDirSync(directory)].flatMap(({ name, isDirectory, isSymlink }) => {
    const path = `${directory}/${name}`;
    if (isSymlink) return [`${path} -> ${Deno.readLinkSync(path)}`];
    const { mtime, nlink } = Deno.statSync(path);
    if (isDirectory) return [`${path}/ ${mtime!.getTime()}`, ...picture(path)];
    return [`${path} ${mtime!.getTime()} ${nlink} ${Deno.readTextFileSync(path)}`];
  }).sort();
}

Deno.test("no path leads out of a mount, by any function", () => {
  const ends = new Set<string>();
  let tried = 0;
  // The host's own paths stand in for each try's.
  for (const path of paths("{outside}")) {
    // Anew for each: removing and renaming a link itself is no escape, and would leave the next path without it.
    using place = box();
    fill(place.outside, place.root);
    const before = picture(`${place.outside}/outside`);
    using guest = mounted(place.root);
    const text = path.replaceAll("{outside}", place.outside);
    for (const [act, end] of Object.entries(attempts(guest, text))) {
      tried++;
      if (typeof end === "number") assert.fail(`${act} ${text} gave descriptor ${end}`);
      assert.notEqual(end, "success", `${act} ${text}`);
      ends.add(end);
    }
    assert.deepEqual(picture(`${place.outside}/outside`), before, text);
  }
  assert.ok(tried > 1400, `${tried}`);
  assert.ok(ends.has("perm"));
});

Deno.test("links that lead out are seen, moved and removed as links", () => {
  using place = box();
  fill(place.outside, place.root);
  using guest = mounted(place.root);
  const out = guest.room(256), size = guest.room(4);
  guest.ok("path_readlink", 3, ...guest.put("file"), out, 256, size);
  assert.equal(guest.text(out, guest.u32(size)), "../outside/secret");
  assert.equal(
    guest.call("path_readlink", 3, ...guest.put("absolute"), out, 256, size),
    "perm",
    "the host's own path",
  );
  guest.ok("path_rename", 3, ...guest.put("directory"), 3, ...guest.put("moved"));
  guest.ok("path_unlink_file", 3, ...guest.put("moved"));
  assert.equal(Deno.readTextFileSync(`${place.outside}/outside/secret`), "secret");
});

Deno.test("a directory that is swapped for a link under an open descriptor leads nowhere else", () => {
  using place = box();
  fill(place.outside, place.root);
  Deno.writeTextFileSync(`${place.root}/below/secret`, "mine");
  using guest = mounted(place.root);
  const dir = guest.open("below", { oflags: DIRECTORY, rights: 0 });
  // Someone beside the guest.
  Deno.renameSync(`${place.root}/below`, `${place.root}/gone`);
  Deno.symlinkSync("../outside", `${place.root}/below`);
  assert.equal(guest.tryOpen("secret", { dir }), "noent");
  assert.equal(guest.call("fd_readdir", dir, guest.room(256), 256, 0n, guest.room(4)), "noent");
  assert.equal(guest.call("path_unlink_file", dir, ...guest.put("secret")), "noent");
  assert.equal(Deno.readTextFileSync(`${place.outside}/outside/secret`), "secret");
});

Deno.test("a guest cannot make itself a way out: absolute links are refused, others not followed out", () => {
  using place = box();
  fill(place.outside, place.root);
  using guest = mounted(place.root);
  assert.equal(guest.call("path_symlink", ...guest.put("/etc"), 3, ...guest.put("etc")), "perm");
  guest.ok("path_symlink", ...guest.put("../../outside/secret"), 3, ...guest.put("below/out"));
  assert.equal(guest.tryOpen("below/out"), "perm");
  const dir = guest.open("below", { oflags: DIRECTORY, rights: 0 });
  // A directory is a root of its own: what lies in the mount, but above it, is out of it.
  assert.equal(guest.tryOpen("../plain", { dir }), "perm");
  guest.ok("path_rename", 3, ...guest.put("below"), 3, ...guest.put("elsewhere"));
  assert.equal(guest.tryOpen("../plain", { dir }), "perm");
});

Deno.test("nothing changes in a read-only mount, and everything can be read", async () => {
  using place = box();
  fill(place.outside, place.root);
  const before = picture(place.root);
  using guest = mounted(place.root, { readOnly: true });
  const ends: Record<string, unknown> = {
    write: guest.tryOpen("plain", { rights: WRITE }),
    create: guest.tryOpen("new", { oflags: CREAT, rights: READ }),
    "create what is there": guest.tryOpen("plain", { oflags: CREAT, rights: READ }),
    truncate: guest.tryOpen("plain", { oflags: TRUNC, rights: READ }),
    mkdir: guest.call("path_create_directory", 3, ...guest.put("d")),
    rmdir: guest.call("path_remove_directory", 3, ...guest.put("below")),
    unlink: guest.call("path_unlink_file", 3, ...guest.put("plain")),
    rename: guest.call("path_rename", 3, ...guest.put("plain"), 3, ...guest.put("p")),
    link: guest.call("path_link", 3, 0, ...guest.put("plain"), 3, ...guest.put("p")),
    symlink: guest.call("path_symlink", ...guest.put("plain"), 3, ...guest.put("p")),
    touch: guest.call("path_filestat_set_times", 3, 0, ...guest.put("plain"), 0n, 0n, 5),
  };
  const fd = guest.open("plain", { rights: READ });
  ends["touch what is open"] = guest.call("fd_filestat_set_times", fd, 0n, 0n, 5);
  ends["cut what is open"] = guest.call("fd_filestat_set_size", fd, 0n);
  ends["write what is open"] = await guest.write(fd, "x");
  for (const [act, end] of Object.entries(ends)) assert.equal(end, "rofs", act);
  assert.equal(await guest.read(fd), "plain");
  assert.deepEqual(picture(place.root), before);
});

Deno.test("a read-only mount inside a writable one stays so, and nothing is moved or linked out of it", () => {
  using place = box();
  fill(place.outside, place.root);
  Deno.writeTextFileSync(`${place.root}/below/f`, "f");
  const before = picture(`${place.root}/below`);
  using guest = mounted(place.root, {
    grant: {
      mounts: [
        { guest: "/data", host: place.root, readOnly: false },
        { guest: "/data/below", host: `${place.root}/below`, readOnly: true },
      ],
    },
  });
  assert.equal(guest.tryOpen("below/f", { rights: WRITE }), "rofs");
  assert.equal(guest.call("path_rename", 3, ...guest.put("below/f"), 3, ...guest.put("f")), "rofs");
  assert.equal(guest.call("path_link", 4, 0, ...guest.put("f"), 3, ...guest.put("f")), "rofs");
  assert.equal(guest.call("path_rename", 4, ...guest.put("f"), 3, ...guest.put("f")), "rofs");
  assert.equal(guest.call("path_rename", 3, ...guest.put("below"), 3, ...guest.put("b")), "rofs");
  assert.deepEqual(picture(`${place.root}/below`), before);
});
