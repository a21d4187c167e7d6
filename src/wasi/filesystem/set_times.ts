/**
 * `set-times` and `set-times-at`.
 *
 * @module
 */
import type { OpenDirectory } from "./directory.ts";
import { attempt, failure } from "./error_code.ts";
import type { OpenFile } from "./file.ts";
import { locate } from "./resolve.ts";
import type { NewTimestamp, PathFlags } from "./types.ts";

/** The last whole millisecond that a `Date` can hold. */
const MAX_SECONDS = 8_640_000_000_000n;

/** `set-times`: `futimens`. */
export function setTimes(
  node: OpenDirectory | OpenFile,
  access: NewTimestamp,
  modification: NewTimestamp,
): void {
  if (node.readOnly) throw failure("read-only");
  apply(access, modification, () => node.info(), (a, m) => node.setTimes(a, m));
}

/** `set-times-at`: `utimensat`. */
export function setTimesAt(
  base: OpenDirectory,
  pathFlags: PathFlags,
  path: string,
  access: NewTimestamp,
  modification: NewTimestamp,
): void {
  if (base.readOnly) throw failure("read-only");
  const { path: found, info } = locate(base, path, pathFlags.symlinkFollow ?? false);
  if (base.mount.readOnlyAt(found)) throw failure("read-only");
  base.mount.checkWrite(found);
  const set = info!.isSymlink ? setLinkTimes : Deno.utimeSync;
  apply(access, modification, () => info!, (a, m) => attempt(() => set(found, a, m)));
}

/**
 * Deno sets both times at once, in whole milliseconds. A time that is to stay is set to what it is, which takes off
 * what it has beyond that.
 */
function apply(
  access: NewTimestamp,
  modification: NewTimestamp,
  info: () => Deno.FileInfo,
  set: (access: Date, modification: Date) => void,
): void {
  const [a, m] = [dateOf(access), dateOf(modification)];
  if (a === undefined && m === undefined) return;
  const now = a === undefined || m === undefined ? info() : undefined;
  set(a ?? now?.atime ?? new Date(), m ?? now?.mtime ?? new Date());
}

function dateOf(time: NewTimestamp): Date | undefined {
  if (time.tag === "no-change") return undefined;
  if (time.tag === "now") return new Date();
  const { seconds, nanoseconds } = time.val;
  if (nanoseconds >= 1_000_000_000) throw failure("invalid");
  if (seconds >= MAX_SECONDS) throw failure("invalid");
  return new Date(Number(seconds) * 1000 + Math.floor(nanoseconds / 1_000_000));
}

/** Only `node:fs` can do this, and it takes 20 ms to load: it is loaded when first needed. */
function setLinkTimes(path: string, access: Date, modification: Date): void {
  const { process } = globalThis as unknown as {
    process: { getBuiltinModule(name: "node:fs"): { lutimesSync(path: string, a: Date, m: Date): void } };
  };
  process.getBuiltinModule("node:fs").lutimesSync(path, access, modification);
}
