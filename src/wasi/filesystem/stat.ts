/**
 * `record descriptor-stat`, from what Deno says of a file.
 *
 * @module
 */
import { type Datetime, datetime } from "../clocks/wall.ts";
import type { DescriptorStat, DescriptorType } from "./types.ts";

/**
 * `enum descriptor-type`. Of a socket, `unknown`: it has a case for them, but what adapts preview 1, which nearly every
 * toolchain links into its components, traps on that one (`unreachable!()`; preview 1 tells stream sockets and datagram
 * sockets apart, and this does not). One socket in a directory would end every guest that lists it; and a guest can open
 * none in any case.
 */
export function typeOf(info: Deno.FileInfo): DescriptorType {
  if (info.isFile) return "regular-file";
  if (info.isDirectory) return "directory";
  if (info.isSymlink) return "symbolic-link";
  if (info.isFifo) return "fifo";
  if (info.isSocket) return "unknown";
  if (info.isCharDevice) return "character-device";
  if (info.isBlockDevice) return "block-device";
  return "unknown";
}

/**
 * `record descriptor-stat`. Deno keeps times as `Date`: whole milliseconds, and whole seconds for the status change.
 * A time that the platform does not keep is absent.
 */
export function statOf(info: Deno.FileInfo): DescriptorStat {
  const stat: DescriptorStat = {
    type: typeOf(info),
    linkCount: BigInt(info.nlink ?? 1),
    size: BigInt(info.size),
  };
  if (info.atime !== null) stat.dataAccessTimestamp = fromDate(info.atime);
  if (info.mtime !== null) stat.dataModificationTimestamp = fromDate(info.mtime);
  if (info.ctime !== null) stat.statusChangeTimestamp = fromDate(info.ctime);
  return stat;
}

function fromDate(date: Date): Datetime {
  return datetime(BigInt(date.getTime()) * 1_000_000n);
}
