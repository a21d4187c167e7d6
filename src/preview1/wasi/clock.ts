/**
 * `clock_*`: {@link https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#clock_res_get}
 *
 * @module
 */
import * as monotonic from "../../wasi/clocks/monotonic.ts";
import * as wall from "../../wasi/clocks/wall.ts";
import type { Work } from "./enter.ts";
import { Errno } from "./errno.ts";
import { Failure } from "./failure.ts";
import type { Guest } from "./guest.ts";

/** The clocks that there are. Of CPU time the process has but its own, which it shares with other guests. */
export const Clockid = Object.freeze({ realtime: 0, monotonic: 1 });

const SECOND = 1_000_000_000n;

/** Nanoseconds since 1970. */
export function realtime(): bigint {
  return nanoseconds(wall.now());
}

/** `clock_res_get` and `clock_time_get`. A clock that is not there is `inval`. */
export function clock(guest: Guest): Record<string, Work> {
  const { memory, told } = guest;
  return {
    clock_res_get(id: number, out: number) {
      guest.need("clocks", "wasi:clocks", "clock_res_get");
      told?.used(interfaceOf(id), "resolution");
      const resolution = select(id, () => nanoseconds(wall.resolution()), monotonic.resolution);
      memory.storeU64(out, resolution, "clock_res_get");
      return Errno.success;
    },
    clock_time_get(id: number, _precision: bigint, out: number) {
      guest.need("clocks", "wasi:clocks", "clock_time_get");
      told?.used(interfaceOf(id), "now");
      memory.storeU64(out, select(id, realtime, monotonic.now), "clock_time_get");
      return Errno.success;
    },
  };
}

function select(id: number, ofWall: () => bigint, ofMonotonic: () => bigint): bigint {
  if (id === Clockid.monotonic) return ofMonotonic();
  if (id === Clockid.realtime) return ofWall();
  throw new Failure("inval");
}

function nanoseconds({ seconds, nanoseconds }: wall.Datetime): bigint {
  return seconds * SECOND + BigInt(nanoseconds);
}

/** The host's interface of a clock. */
export function interfaceOf(id: number): string {
  return id === Clockid.realtime ? "wasi:clocks/wall-clock" : "wasi:clocks/monotonic-clock";
}
