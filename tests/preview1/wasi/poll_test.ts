/** `poll_oneoff`: clocks, files, streams, and what is wrong with each. */
import assert from "node:assert/strict";
import { box, CREAT, Driver, mounted, READ, WRITE } from "./support.ts";

type Subscription =
  | { readonly clock: number; readonly timeout: bigint; readonly absolute?: boolean; readonly flags?: number }
  | { readonly read: number }
  | { readonly write: number }
  | { readonly tag: number };

interface Polled {
  readonly userdata: bigint;
  readonly error: number;
  readonly type: number;
  readonly bytes: bigint;
  readonly flags: number;
}

/** Puts subscriptions into memory, their userdata 100, 101, … */
function put(guest: Driver, subscriptions: readonly Subscription[]): number {
  const at = guest.room(subscriptions.length * 48), { view } = guest;
  subscriptions.forEach((subscription, i) => {
    const here = at + i * 48;
    view.setBigUint64(here, BigInt(100 + i), true);
    if ("tag" in subscription) view.setUint8(here + 8, subscription.tag);
    else if ("clock" in subscription) {
      view.setUint32(here + 16, subscription.clock, true);
      view.setBigUint64(here + 24, subscription.timeout, true);
      view.setUint16(here + 40, subscription.flags ?? (subscription.absolute ? 1 : 0), true);
    } else {
      view.setUint8(here + 8, "read" in subscription ? 1 : 2);
      view.setUint32(here + 16, "read" in subscription ? subscription.read : subscription.write, true);
    }
  });
  return at;
}

/** The events, or an errno. */
async function poll(guest: Driver, ...subscriptions: Subscription[]): Promise<Polled[] | string> {
  const input = put(guest, subscriptions);
  const output = guest.room(subscriptions.length * 32), out = guest.room(4);
  const errno = await guest.wait("poll_oneoff", input, output, subscriptions.length, out);
  return errno === "success" ? events(guest, output, guest.u32(out)) : errno;
}

function events(guest: Driver, at: number, count: number): Polled[] {
  return Array.from({ length: count }, (_, i) => ({
    userdata: guest.u64(at + i * 32),
    error: guest.view.getUint16(at + i * 32 + 8, true),
    type: guest.view.getUint8(at + i * 32 + 10),
    bytes: guest.u64(at + i * 32 + 16),
    flags: guest.view.getUint16(at + i * 32 + 24, true),
  }));
}

function clockEvent(index: number): Polled {
  return { userdata: BigInt(100 + index), error: 0, type: 0, bytes: 0n, flags: 0 };
}

const BADF = 8, INVAL = 28;

function now(guest: Driver, id: number): bigint {
  const out = guest.room(8);
  guest.ok("clock_time_get", id, 0n, out);
  return guest.u64(out);
}

for (const [clock, name] of [[0, "real"], [1, "monotonic"]] as const) {
  for (const absolute of [false, true]) {
    Deno.test(`a guest sleeps by the ${name} clock, ${absolute ? "until a time" : "for a time"}, and never too short`, async () => {
      using guest = new Driver();
      const start = now(guest, clock), monotonic = now(guest, 1), length = 20_000_000n;
      let others = 0;
      const timer = setInterval(() => others++, 1);
      const found = await poll(guest, { clock, timeout: absolute ? start + length : length, absolute });
      clearInterval(timer);
      assert.deepEqual(found, [clockEvent(0)]);
      // Real time may be set while one sleeps; a little before the time would still be too soon.
      assert.ok(now(guest, 1) - monotonic >= length - 2_000_000n);
      assert.ok(others > 0, "the process went on");
    });
  }
}

Deno.test("a time of 0, or in the past, is there at once", async () => {
  using guest = new Driver();
  for (const clock of [0, 1]) {
    assert.deepEqual(await poll(guest, { clock, timeout: 0n }), [clockEvent(0)]);
    assert.deepEqual(await poll(guest, { clock, timeout: 1n, absolute: true }), [clockEvent(0)]);
  }
});

Deno.test("of several times only those are told that have come, in the order of the subscriptions", async () => {
  using guest = new Driver();
  const far = { clock: 1, timeout: (1n << 64n) - 1n } as const;
  assert.deepEqual(
    await poll(guest, far, { clock: 1, timeout: 1_000_000n }, {
      clock: 0,
      timeout: 1n << 62n,
      absolute: true,
    }),
    [clockEvent(1)],
  );
  assert.deepEqual(
    await poll(guest, { clock: 1, timeout: 0n }, far, { clock: 0, timeout: 0n }),
    [clockEvent(0), clockEvent(2)],
  );
});

Deno.test("files are ready at once, and say how much is left", async () => {
  using place = box();
  using guest = mounted(place.root);
  const fd = guest.open("f", { oflags: CREAT });
  await guest.write(fd, "0123456789");
  guest.ok("fd_seek", fd, 4n, 0, guest.room(8));
  assert.deepEqual(await poll(guest, { read: fd }, { write: fd }, { clock: 1, timeout: 1n << 60n }), [
    { userdata: 100n, error: 0, type: 1, bytes: 6n, flags: 0 },
    { userdata: 101n, error: 0, type: 2, bytes: 1n, flags: 0 },
  ]);
  guest.ok("fd_seek", fd, 100n, 0, guest.room(8));
  assert.deepEqual(await poll(guest, { read: fd }), [{
    userdata: 100n,
    error: 0,
    type: 1,
    bytes: 0n,
    flags: 1,
  }]);
});

Deno.test("input is waited for, output is ready, and the time runs out meanwhile", async () => {
  let arrive: (count: number) => void = () => {};
  using guest = new Driver({
    stdin: {
      read: (into) => {
        into[0] = 33;
        return new Promise((resolve) => arrive = resolve);
      },
    },
  });
  assert.deepEqual(await poll(guest, { read: 0 }, { write: 1 }), [{
    ...{ userdata: 101n, error: 0, type: 2, bytes: 1n, flags: 0 },
  }]);
  assert.deepEqual(await poll(guest, { read: 0 }, { clock: 1, timeout: 1_000_000n }), [clockEvent(1)]);
  const polling = poll(guest, { read: 0 }, { clock: 1, timeout: 60_000_000_000n });
  setTimeout(() => arrive(1), 1);
  assert.deepEqual(await polling, [{ userdata: 100n, error: 0, type: 1, bytes: 1n, flags: 0 }]);
  assert.equal(await guest.read(0), "!");
});

Deno.test("a loop of polls without a timeout does not keep input from coming", async () => {
  using guest = new Driver({ stdin: "x" });
  const input = put(guest, [{ read: 0 }, { clock: 1, timeout: 0n }]);
  const output = guest.room(64), out = guest.room(4);
  for (let rounds = 0; rounds < 1e6; rounds++) {
    await guest.okay("poll_oneoff", input, output, 2, out);
    if (events(guest, output, guest.u32(out)).some(({ type }) => type === 1)) return;
  }
  assert.fail("input never came");
});

Deno.test("what is wrong with one subscription is told in its event", async () => {
  using place = box();
  Deno.writeTextFileSync(`${place.root}/f`, "abc");
  using guest = mounted(place.root);
  const reader = guest.open("f", { rights: READ }), writer = guest.open("f", { rights: WRITE });
  const bad = (index: number, error: number, type: number) => (
    { userdata: BigInt(100 + index), error, type, bytes: 0n, flags: 0 }
  );
  assert.deepEqual(
    await poll(
      guest,
      { read: 99 },
      { write: 99 },
      { read: 3 },
      { read: writer },
      { write: reader },
      { read: 1 },
      { write: 0 },
      { clock: 2, timeout: 0n },
      { clock: 9, timeout: 0n },
      { clock: 1, timeout: 0n, flags: 2 },
      { clock: 1, timeout: 0n },
    ),
    [
      bad(0, BADF, 1),
      bad(1, BADF, 2),
      bad(2, BADF, 1),
      bad(3, BADF, 1),
      bad(4, BADF, 2),
      bad(5, BADF, 1),
      bad(6, BADF, 2),
      bad(7, INVAL, 0),
      bad(8, INVAL, 0),
      bad(9, INVAL, 0),
      clockEvent(10),
    ],
  );
  guest.ok("fd_fdstat_set_rights", reader, BigInt(READ), 0n);
  assert.deepEqual(await poll(guest, { read: reader }, { clock: 1, timeout: 0n }), [
    bad(0, 76, 1),
    clockEvent(1),
  ]);
});

Deno.test("a call that can wait for nothing ends with an errno itself", async () => {
  using guest = new Driver();
  assert.equal(await poll(guest), "inval");
  assert.equal(await poll(guest, { read: 99 }, { write: 99 }), "badf");
  assert.equal(await poll(guest, { clock: 3, timeout: 0n }), "inval");
  assert.equal(await poll(guest, { clock: 1, timeout: 0n }, { tag: 3 }), "inval");
  assert.equal(await poll(guest, { tag: 255 }), "inval");
});

Deno.test("events may be written over the subscriptions", async () => {
  using guest = new Driver();
  const input = put(guest, [{ clock: 1, timeout: 0n }, { clock: 1, timeout: 0n }, { write: 1 }]);
  const out = guest.room(4);
  await guest.okay("poll_oneoff", input, input, 3, out);
  assert.deepEqual(events(guest, input, guest.u32(out)).map(({ userdata }) => userdata), [100n, 101n, 102n]);
});

Deno.test("many subscriptions are served, too many are nomem", async () => {
  using guest = new Driver();
  const count = 65_536,
    at = guest.room((count + 1) * 48),
    output = guest.room((count + 1) * 32),
    out = guest.room(4);
  await guest.okay("poll_oneoff", at, output, count, out);
  assert.equal(guest.u32(out), count);
  assert.equal(await guest.wait("poll_oneoff", at, output, count + 1, out), "nomem");
});

Deno.test("a guest that is given up while it sleeps leaves no timer behind", () => {
  const guest = new Driver();
  const sleeping = poll(guest, { clock: 1, timeout: 3_600_000_000_000n });
  sleeping.catch(() => {});
  // The test runner fails a test that leaves a timer.
  guest.host.release();
});
