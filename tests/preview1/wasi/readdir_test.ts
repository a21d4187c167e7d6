/** `fd_readdir`: entries, cookies, and the entry that does not fit. */
import assert from "node:assert/strict";
import { box, type Driver, mounted } from "./support.ts";

interface Entry {
  readonly name: string;
  readonly type: number;
  readonly ino: bigint;
  readonly next: bigint;
}

/** One call: the bytes that were written, all of the buffer looked at. */
function call(guest: Driver, size: number, cookie: bigint, fd = 3): Uint8Array {
  const buffer = guest.room(size + 8), out = guest.room(4);
  guest.bytes.fill(0xee, buffer, buffer + size + 8);
  guest.ok("fd_readdir", fd, buffer, size, cookie, out);
  const used = guest.u32(out);
  assert.ok(used <= size);
  assert.ok(
    guest.bytes.subarray(buffer + used, buffer + size + 8).every((byte) => byte === 0xee),
    "nothing behind",
  );
  return guest.bytes.slice(buffer, buffer + used);
}

/** The entries that are whole. */
function entries(bytes: Uint8Array): Entry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset), all: Entry[] = [];
  for (let at = 0; at + 24 <= bytes.length;) {
    const length = view.getUint32(at + 16, true);
    if (at + 24 + length > bytes.length) break;
    all.push({
      next: view.getBigUint64(at, true),
      ino: view.getBigUint64(at + 8, true),
      type: view.getUint8(at + 20),
      name: new TextDecoder().decode(bytes.subarray(at + 24, at + 24 + length)),
    });
    at += 24 + length;
  }
  return all;
}

/** As libc lists: from the last whole entry on, until a call does not fill the buffer. */
function list(guest: Driver, size: number, fd = 3, onEntry: (entry: Entry) => void = () => {}): Entry[] {
  const all: Entry[] = [];
  for (let cookie = 0n;;) {
    const bytes = call(guest, size, cookie, fd), found = entries(bytes);
    all.push(...found);
    found.forEach(onEntry);
    if (bytes.length < size) return all;
    assert.ok(found.length > 0, "the buffer holds an entry");
    cookie = found.at(-1)!.next;
  }
}

const NAMES = ["a", "bb", "ü€", "long".repeat(60), "d", "link"];

function fill(root: string): void {
  for (const name of NAMES.slice(0, 4)) Deno.writeTextFileSync(`${root}/${name}`, "");
  Deno.mkdirSync(`${root}/d`);
  Deno.symlinkSync("a", `${root}/link`);
}

Deno.test("every entry is listed once with its type and inode, whatever the size of the buffer", () => {
  using place = box();
  fill(place.root);
  using guest = mounted(place.root);
  const types: Record<string, number> = { ".": 3, "..": 3, d: 3, link: 7 };
  for (const size of [265, 300, 512, 4096]) {
    const all = list(guest, size);
    assert.deepEqual(all.map(({ name }) => name).sort(), [".", "..", ...NAMES].sort(), `${size} bytes`);
    assert.deepEqual(all.map(({ next }) => next), all.map((_, i) => BigInt(i + 1)));
    for (const { name, type, ino } of all) {
      assert.equal(type, types[name] ?? 4, name);
      if (name === "..") continue;
      const out = guest.room(64);
      guest.ok("path_filestat_get", 3, 0, ...guest.put(name), out);
      assert.equal(ino, guest.u64(out + 8), name);
    }
  }
});

Deno.test("the last entry is cut where the buffer ends, in the middle of its head or its name", () => {
  using place = box();
  fill(place.root);
  using guest = mounted(place.root);
  const whole = call(guest, 4096, 0n);
  for (let size = 0; size < whole.length; size++) {
    assert.deepEqual(call(guest, size, 0n), whole.slice(0, size), `${size} bytes`);
  }
});

Deno.test("a cookie goes on where it was given, back and forth; one behind the end finds nothing", () => {
  using place = box();
  fill(place.root);
  using guest = mounted(place.root);
  const all = entries(call(guest, 4096, 0n));
  for (const from of [5, 2, 7, 1, all.length]) {
    assert.deepEqual(entries(call(guest, 4096, BigInt(from))), all.slice(from), `from ${from}`);
  }
  for (const cookie of [100n, 1n << 40n, (1n << 64n) - 1n]) assert.equal(call(guest, 4096, cookie).length, 0);
});

Deno.test("a cookie works on a descriptor that has listed nothing yet", () => {
  using place = box();
  fill(place.root);
  using guest = mounted(place.root);
  const all = entries(call(guest, 4096, 0n));
  const fd = guest.open(".", { oflags: 2, rights: 0 });
  assert.deepEqual(entries(call(guest, 4096, 3n, fd)), all.slice(3));
});

Deno.test("a guest that removes what it is told of misses nothing, and cookie 0 looks again", () => {
  using place = box();
  for (let i = 0; i < 200; i++) Deno.writeTextFileSync(`${place.root}/file-${i}`, "");
  using guest = mounted(place.root);
  list(guest, 300, 3, ({ name }) => {
    if (!name.startsWith(".")) guest.ok("path_unlink_file", 3, ...guest.put(name));
  });
  assert.deepEqual([...Deno.readDirSync(place.root)], []);
  assert.deepEqual(list(guest, 300).map(({ name }) => name), [".", ".."]);
});

Deno.test("a name that no guest can spell fails the call that comes to it, and no other", () => {
  using place = box();
  Deno.writeTextFileSync(`${place.root}/fine`, "");
  const odd = new Deno.Command("python3", {
    args: ["-c", `open(${JSON.stringify(place.root)}.encode() + b"/\\xff", "w").close()`],
  }).outputSync();
  assert.ok(odd.success);
  using guest = mounted(place.root);
  const buffer = guest.room(4096), out = guest.room(4);
  assert.equal(guest.call("fd_readdir", 3, buffer, 4096, 0n, out), "ilseq");
  assert.deepEqual(entries(call(guest, 26, 0n)).map(({ name }) => name), ["."]);
});
