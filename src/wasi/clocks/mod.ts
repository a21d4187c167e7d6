/**
 * `wasi:clocks` as import objects.
 *
 * @module
 */
import type { Grant } from "../../grant/grant.ts";
import type { Checked } from "../checked.ts";
import type { HostInterface } from "../imports.ts";
import * as monotonic from "./monotonic.ts";
import { type Timezone, timezone } from "./timezone.ts";
import * as wall from "./wall.ts";

type Monotonic = typeof import("@bytecodealliance/preview2-shim/interfaces/wasi-clocks-monotonic-clock");
type Wall = typeof import("@bytecodealliance/preview2-shim/interfaces/wasi-clocks-wall-clock");

/**
 * `wasi:clocks/monotonic-clock` for one guest.
 *
 * @param atEnd Takes what stops the timers of a guest that was given up while it waited.
 */
export function monotonicClockInterface(atEnd: (() => void)[]): HostInterface {
  const { now, resolution } = monotonic;
  const timers = new Set<() => void>();
  atEnd.push(() => timers.forEach((stop) => stop()));
  return {
    now,
    resolution,
    subscribeDuration: (when: bigint) => monotonic.subscribeDuration(when, timers),
    subscribeInstant: (when: bigint) => monotonic.subscribeInstant(when, timers),
  } satisfies Checked<Monotonic>;
}

/** `wasi:clocks/wall-clock`. */
export function wallClockInterface(): HostInterface {
  const { now, resolution } = wall;
  return { now, resolution } satisfies Checked<Wall>;
}

/** `wasi:clocks/timezone`, in the zone of the grant's variable `TZ`. */
export function timezoneInterface(grant: Grant): HostInterface {
  return { ...timezone(grant.env.find(([name]) => name === "TZ")?.[1]) } satisfies Timezone;
}
