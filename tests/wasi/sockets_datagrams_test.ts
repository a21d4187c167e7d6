/** What a UDP socket keeps on either side: driven by hand. */
import assert from "node:assert/strict";
import { networkError } from "../../src/wasi/network/error.ts";
import { Inbox } from "../../src/wasi/sockets/inbox.ts";
import { Outbox } from "../../src/wasi/sockets/outbox.ts";
import { ipOf } from "./network_support.ts";

const FROM = { ip: ipOf("192.0.2.7"), port: 7 };
const OTHER = { ip: ipOf("192.0.2.7"), port: 8 };

function flood(inbox: Inbox, length: number, from = FROM): number {
  for (let count = 0;; count++) {
    if (!inbox.takes(from)) return count;
    inbox.put({ data: new Uint8Array(length).fill(count), from });
    assert.ok(count < 100_000, "there is no end to it");
  }
}

for (
  const [most, size, length, kept] of [
    [10, 1 << 20, 1, 10],
    [10, 1 << 20, 0, 10],
    [256, 10_000, 3000, 4],
    [256, 4096, 65_507, 1],
    [256, 262_144, 1000, 256],
  ] as const
) {
  Deno.test(`of datagrams of ${length} bytes, ${kept} are kept where ${most} or ${size} bytes may be`, () => {
    const inbox = new Inbox(most, () => size);
    assert.equal(flood(inbox, length), kept);
    const taken = inbox.take(1000);
    assert.equal(taken.length, kept);
    assert.ok(!inbox.ready);
    assert.equal(flood(inbox, length), kept, "taken, they leave their room");
  });
}

Deno.test("a peer leaves only its own datagrams, and their room", () => {
  const inbox = new Inbox(10, () => 1 << 20);
  for (let i = 0; i < 5; i++) {
    inbox.put({ data: Uint8Array.of(1), from: FROM });
    inbox.put({ data: Uint8Array.of(2), from: OTHER });
  }
  assert.ok(!inbox.takes(FROM));
  inbox.setPeer(OTHER);
  assert.ok(inbox.takes(OTHER) && !inbox.takes(FROM));
  assert.deepEqual(inbox.take(3).map(({ data }) => data[0]), [2, 2, 2]);
  inbox.setPeer(undefined);
  assert.ok(inbox.takes(FROM));
  assert.equal(inbox.take(10).length, 2);
});

Deno.test("a failure is told after what had come before it, once", () => {
  const inbox = new Inbox(10, () => 1000);
  let wakes = 0;
  inbox.arrived.watch(() => wakes++);
  inbox.put({ data: Uint8Array.of(1), from: FROM });
  inbox.put({ data: Uint8Array.of(2), from: FROM });
  assert.equal(wakes, 1);
  inbox.fail(networkError(new Error("broken")));
  assert.equal(inbox.take(10).length, 2);
  assert.ok(inbox.ready);
  assert.throws(() => inbox.take(10), { name: "NetworkError" });
  assert.deepEqual(inbox.take(10), []);
});

/** An outbox whose kernel does what the test says. */
function kernel(size = 1 << 20) {
  const given: { data: Uint8Array; done: (error: Error | null) => void }[] = [];
  const outbox = new Outbox((data, _to, done) => given.push({ data, done }), () => size);
  return { given, outbox };
}

Deno.test("datagrams are given to the kernel one after the other, in their order", () => {
  const { given, outbox } = kernel();
  const failed = () => assert.fail();
  for (let i = 0; i < 8; i++) outbox.send(new Uint8Array(1000 * i + 1).fill(i), FROM, failed);
  assert.equal(outbox.room, 64 - 8);
  for (let i = 0; i < 8; i++) {
    assert.equal(given.length, i + 1);
    given[i]!.done(null);
  }
  assert.deepEqual(given.map(({ data }) => data[0]), [0, 1, 2, 3, 4, 5, 6, 7]);
  assert.equal(outbox.room, 64);
});

Deno.test("there is room for so many, or for so many bytes", () => {
  const { given, outbox } = kernel(5000);
  for (let i = 0; i < 64; i++) outbox.send(Uint8Array.of(i), FROM, () => {});
  assert.equal(outbox.room, 0);
  while (given.length > 0) given.shift()!.done(null);
  outbox.send(new Uint8Array(4999), FROM, () => {});
  assert.equal(outbox.room, 63);
  outbox.send(new Uint8Array(1), FROM, () => {});
  assert.equal(outbox.room, 0);
});

Deno.test("what is sent is a copy, a failure is told to its sender, and the end is when all is out", () => {
  const { given, outbox } = kernel();
  const data = Uint8Array.of(1, 2, 3);
  const told: string[] = [];
  outbox.send(data, FROM, (error) => told.push(`first ${error.reason}`));
  outbox.send(data, FROM, (error) => told.push(`second ${error.reason}`));
  data.fill(0);
  assert.deepEqual(given[0]!.data, Uint8Array.of(1, 2, 3));
  outbox.whenEmpty(() => told.push("empty"));
  given[0]!.done(null);
  given[1]!.done(Object.assign(new Error(), { code: "EMSGSIZE" }));
  assert.deepEqual(told, ["second too-large", "empty"]);
  outbox.whenEmpty(() => told.push("still empty"));
  assert.equal(told.at(-1), "still empty");
});
