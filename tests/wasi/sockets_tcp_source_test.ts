/** How much a TCP connection keeps for a guest: driven by hand, with a socket that only counts. */
import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { TcpSink } from "../../src/wasi/sockets/tcp_sink.ts";
import { TcpSource } from "../../src/wasi/sockets/tcp_source.ts";
import { pattern } from "./sockets_support.ts";

/** The part of `net.Socket` that the streams use. */
class Counting extends EventEmitter {
  reading = false;
  changes = 0;
  destroyed = false;
  writableLength = 0;
  ended = false;
  written: Uint8Array[] = [];
  callbacks: (() => void)[] = [];

  resume() {
    this.changes++;
    this.reading = true;
  }
  pause() {
    this.changes++;
    this.reading = false;
  }
  write(bytes: Uint8Array, done: () => void) {
    this.written.push(bytes);
    this.writableLength += bytes.length;
    this.callbacks.push(() => {
      this.writableLength -= bytes.length;
      done();
    });
  }
  end() {
    this.ended = true;
  }
  /** The peer sends for as long as it is read. @returns How much. */
  flood(piece: Uint8Array): number {
    let sent = 0;
    while (this.reading) {
      this.emit("data", piece);
      sent += piece.length;
      assert.ok(sent < 1 << 24, "there is no end to it");
    }
    return sent;
  }
}

function sourceOf(size: number) {
  const socket = new Counting();
  const source = new TcpSource(socket as unknown as Socket, () => size, () => {});
  return { socket, source };
}

for (
  const [size, piece, most] of [
    [262_144, 65_536, 262_144],
    [262_144, 65_535, 327_680],
    [
      65_536,
      1,
      128,
    ],
    [4096, 65_536, 65_536],
    [262_144, 1000, 128_000],
  ] as const
) {
  Deno.test(`pieces of ${piece} for a buffer of ${size}: ${most} are kept at most`, () => {
    const { socket, source } = sourceOf(size);
    assert.ok(!socket.reading, "it does not read before the guest has it");
    source.start();
    const sent = socket.flood(pattern(piece));
    assert.ok(sent <= most && sent >= most - piece, `${sent} are kept`);
    const first = socket.changes;
    // It reads on when half of it is free, and not before.
    let read = 0;
    while (!socket.reading) {
      const part = source.read(Math.ceil(most / 16))!;
      assert.ok(part.length > 0);
      read += part.length;
    }
    assert.ok(read >= sent / 2 - 1 && read <= sent, `${read} of ${sent} were read before it went on`);
    assert.equal(socket.changes, first + 1);
  });
}

Deno.test("what is read is what came, whichever way it is read", () => {
  const { socket, source } = sourceOf(262_144);
  source.start();
  const sent = pattern(100_000);
  for (let at = 0; at < sent.length; at += 997) socket.emit("data", sent.subarray(at, at + 997));
  const found: number[] = [];
  for (let turn = 0; found.length < sent.length; turn++) {
    if (turn % 3 === 0) {
      const fill = source.direct(5000)!;
      const memory = new Uint8Array(fill.length);
      assert.equal(fill.write(memory), Math.min(5000, sent.length - found.length));
      found.push(...memory);
    } else if (turn % 3 === 1) found.push(...source.read(1234)!);
    else {
      const before = found.length;
      const count = source.skip(300)!;
      found.push(...sent.subarray(before, before + count));
    }
  }
  assert.deepEqual(Uint8Array.from(found), sent);
  assert.equal(source.direct(1), undefined);
  assert.equal(source.read(1)!.length, 0);
  socket.emit("end");
  assert.equal(source.read(1), null);
  assert.equal(source.skip(1), null);
});

Deno.test("a write is copied: neither the guest nor another connection can change it", () => {
  const sockets = [new Counting(), new Counting()];
  const sinks = sockets.map((socket) => new TcpSink(socket as unknown as Socket, () => 65_536, () => {}));
  const memory = pattern(1000);
  sinks[0]!.write(memory);
  sinks[1]!.write(memory.map((byte) => ~byte));
  memory.fill(0);
  assert.deepEqual(sockets[0]!.written[0]!.slice(), pattern(1000));
  assert.deepEqual(sockets[1]!.written[0]!.slice(), pattern(1000).map((byte) => ~byte));
});

Deno.test("full with its size on the way, ready when a write is over, flushed when all are", () => {
  const socket = new Counting();
  const sink = new TcpSink(socket as unknown as Socket, () => 4096, () => {});
  let wakes = 0;
  sink.watch(() => wakes++);
  assert.equal(sink.room(), 65_536);
  sink.write(pattern(4095));
  assert.equal(sink.room(), 65_536);
  sink.write(pattern(1));
  assert.equal(sink.room(), 0);
  assert.ok(!sink.ready());
  socket.callbacks.shift()!();
  assert.equal(wakes, 1);
  assert.ok(sink.room()! > 0);
  sink.flush();
  assert.equal(sink.room(), 0);
  socket.callbacks.shift()!();
  assert.ok(sink.ready());
  assert.equal(wakes, 2);
  sink.flush();
  assert.ok(sink.ready(), "there is nothing to flush");
  sink.shutdown();
  assert.ok(socket.ended);
  assert.equal(sink.room(), null);
});

Deno.test("between a failed write and its error there is no room, and then the error", () => {
  const socket = new Counting();
  const sink = new TcpSink(socket as unknown as Socket, () => 4096, () => {});
  socket.destroyed = true;
  assert.equal(sink.room(), 0);
  assert.ok(!sink.ready());
  sink.fail(new Error("broken"));
  assert.ok(sink.ready());
  assert.throws(() => sink.room(), /broken/);
  assert.equal(sink.room(), null);
});
