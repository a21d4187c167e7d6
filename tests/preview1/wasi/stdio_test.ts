/** Standard streams: a guest waits for them and the process does not. */
import assert from "node:assert/strict";
import type { Stdin } from "../../../src/wasi/mod.ts";
import { Driver, NONBLOCK } from "./support.ts";

/** Input that comes when a test says so. */
class Typed implements Stdin {
  #waiting: { readonly into: Uint8Array; readonly resolve: (count: number | null) => void } | undefined;
  reads = 0;

  read(into: Uint8Array): Promise<number | null> {
    this.reads++;
    return new Promise((resolve) => this.#waiting = { into, resolve });
  }

  type(text: string | null): void {
    const { into, resolve } = this.#waiting!;
    this.#waiting = undefined;
    if (text === null) return resolve(null);
    const bytes = new TextEncoder().encode(text);
    into.set(bytes);
    resolve(bytes.length);
  }
}

/** Output that takes so many bytes and then says that it is full. */
class Narrow {
  room = 0;
  text = "";
  closed = false;

  writeSync(bytes: Uint8Array): number {
    if (this.closed) throw new Deno.errors.BrokenPipe();
    if (this.room === 0) throw new Deno.errors.WouldBlock();
    const count = Math.min(this.room, bytes.length);
    this.room -= count;
    this.text += new TextDecoder().decode(bytes.subarray(0, count));
    return count;
  }
}

Deno.test("what a guest prints is out before the call returns, on either stream", async () => {
  using guest = new Driver();
  assert.equal(await guest.write(1, "out"), 3);
  assert.equal(await guest.write(2, "err"), 3);
  assert.deepEqual([guest.stdout.text, guest.stderr.text], ["out", "err"]);
  assert.equal(await guest.write(0, "x"), "badf");
  assert.equal(await guest.read(1), "badf");
  const out = guest.room(4);
  await guest.okay("fd_write", 1, ...guest.vectors(guest.put("a"), guest.put(""), guest.put("bc")), out);
  assert.equal(guest.u32(out), 3);
  await guest.okay("fd_write", 1, ...guest.vectors(), out);
  assert.equal(guest.u32(out), 0);
  assert.equal(guest.stdout.text, "outabc");
});

Deno.test("standard streams have no offset", () => {
  using guest = new Driver();
  const iovs = guest.vectors(guest.put("x")), out = guest.room(8);
  for (const fd of [0, 1, 2]) {
    assert.equal(guest.call("fd_seek", fd, 0n, 1, out), "spipe");
    assert.equal(guest.call("fd_tell", fd, out), "spipe");
    assert.equal(guest.call("fd_pread", fd, ...iovs, 0n, out), "spipe");
    assert.equal(guest.call("fd_pwrite", fd, ...iovs, 0n, out), "spipe");
  }
});

Deno.test("a guest that reads waits for input, and everything else goes on", async () => {
  const input = new Typed();
  using guest = new Driver({ stdin: input });
  const reading = guest.read(0, 5);
  let read = false;
  reading.then(() => read = true);
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal(read, false);
  input.type("hello");
  assert.equal(await reading, "hello");
  assert.equal(input.reads, 1, "nothing is read ahead");
});

Deno.test("several buffers are filled from one read, and the end is 0 for ever", async () => {
  using guest = new Driver({ stdin: "abcdef" });
  const one = guest.room(2), two = guest.room(10), out = guest.room(4);
  await guest.okay("fd_read", 0, ...guest.vectors([one, 2], [two, 0], [two, 10]), out);
  assert.equal(guest.u32(out), 6);
  assert.equal(guest.text(one, 2) + guest.text(two, 4), "abcdef");
  assert.equal(await guest.read(0), "");
  assert.equal(await guest.read(0), "");
});

Deno.test("a read of nothing returns at once, without input", async () => {
  using guest = new Driver({ stdin: new Typed() });
  const out = guest.room(4);
  await guest.okay("fd_read", 0, ...guest.vectors([8, 0]), out);
  assert.equal(guest.u32(out), 0);
});

Deno.test("the guest's memory may grow before input comes: it lands where it belongs", async () => {
  const input = new Typed();
  using guest = new Driver({ stdin: input });
  const buffer = guest.room(8), out = guest.room(4);
  const reading = guest.wait("fd_read", 0, ...guest.vectors([buffer, 8]), out);
  guest.memory.grow(10);
  input.type("late");
  assert.equal(await reading, "success");
  assert.equal(guest.text(buffer, guest.u32(out)), "late");
});

Deno.test("with nonblock, input that is not there is again, and comes all the same", async () => {
  const input = new Typed();
  using guest = new Driver({ stdin: input });
  guest.ok("fd_fdstat_set_flags", 0, NONBLOCK);
  assert.equal(await guest.read(0), "again");
  setTimeout(() => input.type("soon"), 1);
  // A loop of nothing but this must not keep the event loop from running.
  let said = "again", rounds = 0;
  while (said === "again" && rounds++ < 1e6) said = await guest.read(0);
  assert.equal(said, "soon");
});

Deno.test("a full pipe makes a guest wait, and all arrives in order", async () => {
  const narrow = new Narrow();
  using guest = new Driver({ stdout: narrow });
  const writing = (async () => {
    for (const word of ["one ", "two ", "three "]) {
      for (let left = word; left.length > 0;) {
        const count = await guest.write(1, left);
        assert.equal(typeof count, "number");
        left = left.slice(count as number);
      }
    }
  })();
  while (narrow.text.length < 14) {
    narrow.room = 3;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await writing;
  assert.equal(narrow.text, "one two three ");
});

Deno.test("with nonblock, a full pipe is again", async () => {
  const narrow = new Narrow();
  using guest = new Driver({ stdout: narrow });
  guest.ok("fd_fdstat_set_flags", 1, NONBLOCK);
  assert.equal(await guest.write(1, "first"), 5, "kept for the reader");
  assert.equal(await guest.write(1, "second"), "again");
  narrow.room = 100;
  let said: number | string = "again";
  for (let rounds = 0; said === "again" && rounds < 1e6; rounds++) said = await guest.write(1, "second");
  assert.equal(said, 6);
  assert.equal(narrow.text, "firstsecond");
});

Deno.test("output that nobody reads any more is pipe", async () => {
  const narrow = new Narrow();
  narrow.closed = true;
  using guest = new Driver({ stdout: narrow });
  assert.equal(await guest.write(1, "x"), "pipe");
  assert.equal(await guest.write(1, "x"), "pipe");
  assert.equal(await guest.write(2, "still there"), 11);
});

Deno.test("one write takes no more than there is room for, and copies none of what it leaves", async () => {
  using guest = new Driver();
  const bytes = new Uint8Array(200_000).fill(120);
  const count = await guest.write(1, bytes);
  assert.ok(typeof count === "number" && count > 0 && count <= bytes.length);
  assert.equal(guest.stdout.text.length, count);
});

Deno.test("a stream is a character device where it is a terminal, and unknown where not", () => {
  const terminal = { writeSync: (bytes: Uint8Array) => bytes.length, isTerminal: () => true };
  using guest = new Driver({ stdout: terminal });
  const out = guest.room(24);
  const types = [0, 1, 2].map((fd) => {
    guest.ok("fd_fdstat_get", fd, out);
    // By the lack of these libc tells a terminal from a device that is none.
    assert.equal(guest.u64(out + 8) & (1n << 2n | 1n << 5n), 0n);
    return guest.view.getUint8(out);
  });
  assert.deepEqual(types, [0, 2, 0]);
});

Deno.test("closing a standard stream closes it for the guest alone", async () => {
  using guest = new Driver();
  guest.ok("fd_close", 1);
  assert.equal(await guest.write(1, "x"), "badf");
  assert.equal(await guest.write(2, "y"), 1);
  guest.ok("fd_renumber", 2, 0);
  assert.equal(await guest.write(0, "z"), 1);
  assert.equal(guest.stderr.text, "yz");
});
