/**
 * `subscription`: {@link https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#subscription}
 *
 * @module
 */
import { Deadline } from "../../wasi/clocks/deadline.ts";
import * as monotonic from "../../wasi/clocks/monotonic.ts";
import type { Waitable } from "../../wasi/io/waitable.ts";
import { Clockid, interfaceOf, realtime } from "./clock.ts";
import type { Entry } from "./entry.ts";
import { Errno, type Name } from "./errno.ts";
import { Failure } from "./failure.ts";
import { ABSTIME, areKnown } from "./flags.ts";
import type { Guest } from "./guest.ts";
import { Subscription } from "./layout.ts";
import { Right } from "./rights.ts";

/** {@link https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#eventtype} */
const Eventtype = Object.freeze({ clock: 0, fdRead: 1, fdWrite: 2 });

/** `fd_readwrite_hangup`: the other end is gone. Other hosts say so of the end of a file too, where a read gives nothing. */
const HANGUP = 1;

/** The end of `u64` time. */
const FOREVER = (1n << 64n) - 1n;

/** What the event of a descriptor says beside that it is ready. */
interface State {
  /** How many bytes can be read or written. */
  readonly bytes: bigint;
  /** `eventrwflags` */
  readonly flags: number;
}

/** Where it is not known how much: one byte at least. */
const SOME: State = { bytes: 1n, flags: 0 };
const NOTHING: State = { bytes: 0n, flags: 0 };

/** One subscription, out of the guest's memory. */
export interface Subscribed {
  readonly userdata: bigint;
  /** `eventtype` */
  readonly tag: number;
  /** What is wrong with it. */
  readonly errno: number;
  /** What to wait for; undefined where there is nothing to. */
  readonly event: Waitable | undefined;
  /** Asked once it is ready. */
  readonly state: () => State;
}

/**
 * Reads a subscription.
 *
 * @param at Where it lies; checked.
 * @throws {Failure} `inval`: it is none.
 * @throws {CapabilityError} It waits for what is not granted.
 */
export function subscribe(guest: Guest, at: number): Subscribed {
  const { dv } = guest.memory.views;
  const userdata = dv.getBigUint64(at + Subscription.userdata, true);
  const tag = dv.getUint8(at + Subscription.tag);
  const failed = (name: Name): Subscribed => ({
    userdata,
    tag,
    errno: Errno[name],
    event: undefined,
    state: () => NOTHING,
  });
  const waiting = (event: Waitable | undefined, state: () => State): Subscribed => ({
    userdata,
    tag,
    errno: Errno.success,
    event,
    state,
  });
  if (tag === Eventtype.clock) {
    guest.need("clocks", "wasi:clocks", "poll_oneoff");
    const event = deadline(guest, at);
    return event === undefined ? failed("inval") : waiting(event, () => NOTHING);
  }
  if (tag !== Eventtype.fdRead && tag !== Eventtype.fdWrite) throw new Failure("inval");
  let entry: Entry;
  try {
    entry = guest.table.get(dv.getUint32(at + Subscription.fd, true));
  } catch (error) {
    if (error instanceof Failure) return failed("badf");
    throw error;
  }
  if (entry.kind !== "file" && !guest.allowed.cli) guest.need("cli", "wasi:cli", "poll_oneoff");
  const subscribed = tag === Eventtype.fdRead ? reading(entry) : writing(entry);
  if (subscribed === undefined) return failed("badf");
  if ((entry.rights & Right.pollFdReadwrite) === 0) return failed("notcapable");
  return waiting(...subscribed);
}

/** The time of a clock's subscription; `undefined` for one that is not there. */
function deadline({ memory, timers, told }: Guest, at: number): Deadline | undefined {
  const { dv } = memory.views;
  const id = dv.getUint32(at + Subscription.id, true);
  const flags = dv.getUint16(at + Subscription.flags, true);
  if (!areKnown(flags, ABSTIME) || (id !== Clockid.realtime && id !== Clockid.monotonic)) return undefined;
  const timeout = dv.getBigUint64(at + Subscription.timeout, true);
  const absolute = (flags & ABSTIME) !== 0;
  told?.used(interfaceOf(id), "now");
  if (absolute && id === Clockid.realtime) return new Deadline(timeout, realtime, timers);
  const when = absolute ? timeout : monotonic.now() + timeout;
  return new Deadline(when < FOREVER ? when : FOREVER, monotonic.now, timers);
}

/** Files never make one wait. A descriptor that cannot be read is `undefined`. */
function reading(entry: Entry): [Waitable | undefined, () => State] | undefined {
  if (entry.kind === "input") return [entry.source, () => SOME];
  if (entry.kind !== "file" || !entry.file.flags.read) return undefined;
  return [undefined, () => {
    const left = BigInt(entry.file.size()) - BigInt(entry.offset);
    return left > 0n ? { bytes: left, flags: 0 } : { bytes: 0n, flags: HANGUP };
  }];
}

function writing(entry: Entry): [Waitable | undefined, () => State] | undefined {
  if (entry.kind === "output") return [entry.sink, () => SOME];
  return entry.kind === "file" && entry.file.flags.write ? [undefined, () => SOME] : undefined;
}
