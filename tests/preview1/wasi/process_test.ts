/** Arguments, variables, clocks, random bytes, exit, yield, sockets: what needs no file. */
import assert from "node:assert/strict";
import { ExitError } from "../../../src/wasi/mod.ts";
import { Trap } from "../../../src/component/error.ts";
import { Driver } from "./support.ts";

/** The texts of `*_get`, each up to its NUL, by the pointers that were written. */
function texts(
  guest: Driver,
  name: "args" | "environ",
): { readonly sizes: [number, number]; readonly all: string[] } {
  const out = guest.room(16);
  guest.ok(`${name}_sizes_get`, out, out + 8);
  const [count, size] = [guest.u32(out), guest.u32(out + 8)];
  const pointers = guest.room(count * 4 + 4), buffer = guest.room(size + 1);
  guest.bytes[buffer + size] = 0xaa;
  guest.ok(`${name}_get`, pointers, buffer);
  assert.equal(guest.bytes[buffer + size], 0xaa, "nothing behind the buffer");
  const all = Array.from({ length: count }, (_, i) => {
    const at = guest.u32(pointers + i * 4);
    return guest.text(at, guest.bytes.indexOf(0, at) - at);
  });
  return { sizes: [count, size], all };
}

Deno.test("args and environ give what the grant says, byte for byte", () => {
  using guest = new Driver({ grant: { args: ["prog", "", "zwei ü €"], env: [["A", "1=2"], ["EMPTY", ""]] } });
  assert.deepEqual(texts(guest, "args"), { sizes: [3, 5 + 1 + 12], all: ["prog", "", "zwei ü €"] });
  assert.deepEqual(texts(guest, "environ"), { sizes: [2, 6 + 7], all: ["A=1=2", "EMPTY="] });
});

Deno.test("without arguments and variables the lists are empty, and nothing is written", () => {
  using guest = new Driver();
  assert.deepEqual(texts(guest, "args"), { sizes: [0, 0], all: [] });
  assert.deepEqual(texts(guest, "environ"), { sizes: [0, 0], all: [] });
});

Deno.test("clocks: real time is real, the monotonic clock never goes back, others are inval", () => {
  using guest = new Driver();
  const out = guest.room(8);
  const time = (id: number) => {
    guest.ok("clock_time_get", id, 0n, out);
    return guest.u64(out);
  };
  const before = BigInt(Date.now()) * 1_000_000n;
  const real = time(0);
  const after = BigInt(Date.now() + 1) * 1_000_000n;
  assert.ok(before <= real && real <= after, `${before} <= ${real} <= ${after}`);
  let last = time(1);
  for (let i = 0; i < 1000; i++) {
    const now = time(1);
    assert.ok(now >= last);
    last = now;
  }
  for (const id of [0, 1]) {
    guest.ok("clock_res_get", id, out);
    assert.ok(guest.u64(out) > 0n);
  }
  for (const id of [2, 3, 4, -1]) {
    assert.equal(guest.call("clock_time_get", id, 0n, out), "inval");
    assert.equal(guest.call("clock_res_get", id, out), "inval");
  }
});

Deno.test("random_get fills exactly what was asked for, however long", () => {
  using guest = new Driver();
  for (const length of [0, 1, 7, 65_536, 65_537, 300_000]) {
    const at = guest.room(length + 16);
    guest.ok("random_get", at + 8, length);
    const bytes = guest.bytes.slice(at, at + length + 16);
    assert.ok(bytes.subarray(0, 8).every((byte) => byte === 0), "nothing before");
    assert.ok(bytes.subarray(length + 8).every((byte) => byte === 0), "nothing behind");
    if (length >= 65_536) {
      // Sixteen zero bytes in a row anywhere are one chance in 2^100 or so.
      const inner = bytes.subarray(8, length + 8);
      for (let i = 0; i + 16 <= length; i += 16) {
        assert.ok(inner.subarray(i, i + 16).some((byte) => byte !== 0));
      }
    }
  }
});

Deno.test("proc_exit ends the guest with its code, of which the low byte counts", () => {
  for (const [code, expected] of [[0, 0], [1, 1], [126, 126], [255, 255], [256, 0], [-1, 255]] as const) {
    using guest = new Driver();
    assert.throws(
      () => guest.call("proc_exit", code),
      (error) => error instanceof ExitError && error.exitCode === expected,
    );
    assert.ok(guest.host.ended instanceof ExitError);
  }
});

Deno.test("a guest that catches its end reaches no function any more", async () => {
  using exited = new Driver();
  assert.throws(() => exited.call("proc_exit", 3), ExitError);
  const out = exited.room(8);
  assert.throws(() => exited.call("clock_time_get", 0, 0n, out), ExitError);
  await assert.rejects(exited.write(1, "still here"), ExitError);
  assert.equal(exited.stdout.text, "");
  assert.equal(exited.u64(out), 0n);

  using trapped = new Driver();
  assert.throws(() => trapped.call("clock_time_get", 0, 0n, 0x7fff_fff8), Trap);
  assert.throws(() => trapped.call("random_get", out, 1), Trap);
  assert.ok(trapped.host.ended instanceof Trap);
});

Deno.test("sockets: no descriptor is one, and a number that is not open is badf", async () => {
  using guest = new Driver({ packages: ["wasi1", "wasi:sockets"] });
  const iovs = guest.vectors([guest.room(8), 8]);
  for (const [fd, errno] of [[0, "notsock"], [2, "notsock"], [3, "badf"], [-1, "badf"]] as const) {
    assert.equal(guest.call("sock_accept", fd, 4, 8), errno);
    assert.equal(await guest.wait("sock_recv", fd, ...iovs, 1, 8, 16), errno);
    assert.equal(await guest.wait("sock_send", fd, ...iovs, 0, 8), errno);
    assert.equal(guest.call("sock_shutdown", fd, 1), errno);
  }
  assert.equal(guest.call("sock_shutdown", 0, 4), "inval");
  assert.equal(guest.call("sock_accept", 0, 32, 8), "inval");
});

Deno.test("sched_yield lets others run, at the latest after a while", async () => {
  using guest = new Driver();
  let ran = false;
  setImmediate(() => ran = true);
  for (let i = 0; i < 1000 && !ran; i++) await guest.okay("sched_yield");
  assert.ok(ran);
});
