/**
 * `filestat`: {@link https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#filestat}
 *
 * @module
 */
import type { DescriptorStat, NewTimestamp } from "../../wasi/filesystem/types.ts";
import { Failure } from "./failure.ts";
import { Filetype } from "./filetype.ts";
import { areKnown, Fstflag, FSTFLAGS } from "./flags.ts";
import { Filestat } from "./layout.ts";
import type { GuestMemory } from "./memory.ts";

const SECOND = 1_000_000_000n;

/** The host's devices are not the guest's to know: all of its files are on one. */
const DEVICE = 1n;

/**
 * Writes what is known of a file.
 *
 * @param ino Stands for the file as long as it is there: of what `wasi:filesystem` knows, the lower half of its hash.
 */
export function storeFilestat(
  memory: GuestMemory,
  out: number,
  stat: DescriptorStat,
  ino: bigint,
  what: string,
): void {
  memory.check(out, Filestat.size, Filestat.align, what);
  const { dv } = memory.views;
  dv.setBigUint64(out + Filestat.dev, DEVICE, true);
  dv.setBigUint64(out + Filestat.ino, ino, true);
  dv.setUint8(out + Filestat.filetype, Filetype[stat.type]);
  dv.setBigUint64(out + Filestat.nlink, stat.linkCount, true);
  dv.setBigUint64(out + Filestat.length, stat.size, true);
  dv.setBigUint64(out + Filestat.atim, timestamp(stat.dataAccessTimestamp), true);
  dv.setBigUint64(out + Filestat.mtim, timestamp(stat.dataModificationTimestamp), true);
  dv.setBigUint64(out + Filestat.ctim, timestamp(stat.statusChangeTimestamp), true);
}

/** Writes what there is to say of something that is no file: its type. */
export function storeType(memory: GuestMemory, out: number, filetype: number, what: string): void {
  memory.check(out, Filestat.size, Filestat.align, what);
  const { u8, dv } = memory.views;
  u8.fill(0, out, out + Filestat.size);
  dv.setUint8(out + Filestat.filetype, filetype);
}

/** Nanoseconds; 0 for a time that the host does not keep. One that a `u64` cannot hold is `overflow`. */
function timestamp(time: DescriptorStat["dataAccessTimestamp"]): bigint {
  if (time === undefined) return 0n;
  const ns = time.seconds * SECOND + BigInt(time.nanoseconds);
  if (ns !== BigInt.asUintN(64, ns)) throw new Failure("overflow");
  return ns;
}

/**
 * The two times of `fd_filestat_set_times` and `path_filestat_set_times`.
 *
 * @param flags `fstflags`: which of them, and whether to now.
 * @throws {Failure} `inval`: a time that is both given and now.
 */
export function newTimes(
  atim: bigint,
  mtim: bigint,
  flags: number,
): [access: NewTimestamp, modification: NewTimestamp] {
  if (!areKnown(flags, FSTFLAGS)) throw new Failure("inval");
  return [
    newTime(atim, (flags & Fstflag.atim) !== 0, (flags & Fstflag.atimNow) !== 0),
    newTime(mtim, (flags & Fstflag.mtim) !== 0, (flags & Fstflag.mtimNow) !== 0),
  ];
}

function newTime(time: bigint, given: boolean, now: boolean): NewTimestamp {
  if (given && now) throw new Failure("inval");
  if (now) return { tag: "now" };
  if (!given) return { tag: "no-change" };
  const ns = BigInt.asUintN(64, time);
  return { tag: "timestamp", val: { seconds: ns / SECOND, nanoseconds: Number(ns % SECOND) } };
}
