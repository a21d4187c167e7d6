/**
 * `poll_oneoff`: {@link https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#poll_oneoff}
 *
 * @module
 */
import { turn } from "../../wasi/io/turn.ts";
import { type Waitable, whenAny } from "../../wasi/io/waitable.ts";
import type { Work } from "./enter.ts";
import { Errno } from "./errno.ts";
import { Failure } from "./failure.ts";
import type { Guest } from "./guest.ts";
import { Event, Subscription } from "./layout.ts";
import type { GuestMemory } from "./memory.ts";
import { subscribe, type Subscribed } from "./subscription.ts";

/** More at once, and there is no memory for them: no table holds nearly as many descriptors. */
const MAX_SUBSCRIPTIONS = 65_536;

/**
 * Waiting for the first of several events.
 *
 * What is wrong with one subscription is told in its event; a call none of whose subscriptions can be waited for ends
 * with the first one's errno itself.
 */
export function poll(guest: Guest): Record<string, Work> {
  const { memory } = guest;
  return {
    poll_oneoff(input: number, output: number, count: number, out: number) {
      guest.need("poll", "wasi:poll", "poll_oneoff");
      guest.told?.used("wasi:io/poll", "poll");
      if (count === 0) throw new Failure("inval");
      memory.check(input, count * Subscription.size, Subscription.align, "poll_oneoff");
      memory.check(output, count * Event.size, Event.align, "poll_oneoff");
      if (count > MAX_SUBSCRIPTIONS) throw new Failure("nomem");
      const all: Subscribed[] = [];
      for (let i = 0; i < count; i++) all.push(subscribe(guest, input + i * Subscription.size));
      const first = all[0]!;
      if (all.every(({ errno }) => errno !== Errno.success)) return first.errno;
      const done = () => {
        memory.storeU32(out, store(memory, output, all), "poll_oneoff");
        return Errno.success;
      };
      if (all.some(isReady)) return turn()?.then(done) ?? done();
      return whenAny(all.map(({ event }) => event!)).then(done);
    },
  };
}

/** What failed, and what never makes one wait, has no event to wait for. */
function isReady({ event }: { readonly event: Waitable | undefined }): boolean {
  return event === undefined || event.ready();
}

/** Writes an event for each subscription that is ready, in their order; says how many. */
function store(memory: GuestMemory, output: number, all: readonly Subscribed[]): number {
  const { u8, dv } = memory.views;
  let count = 0;
  for (const subscribed of all) {
    if (!isReady(subscribed)) continue;
    const { userdata, tag, errno, state } = subscribed;
    const { bytes, flags } = errno === Errno.success ? state() : { bytes: 0n, flags: 0 };
    const at = output + count++ * Event.size;
    u8.fill(0, at, at + Event.size);
    dv.setBigUint64(at + Event.userdata, userdata, true);
    dv.setUint16(at + Event.error, errno, true);
    dv.setUint8(at + Event.type, tag);
    dv.setBigUint64(at + Event.nbytes, bytes, true);
    dv.setUint16(at + Event.flags, flags, true);
  }
  return count;
}
