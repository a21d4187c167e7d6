/**
 * Looking at files through the kernel, for a process that may confine itself but that Deno does not let look: one that was
 * started with exact permissions, as a compiled program is. Deno shows most of `/proc` only to `--allow-all`.
 *
 * @module
 */
import { cString, type Kernel, SystemCallError } from "./libc.ts";

const AT_FDCWD = -100, O_RDONLY = 0, O_PATH = 0x20_0000, O_CLOEXEC = 0x8_0000;

/** The longest path that Linux knows, with its zero. */
const PATH_MAX = 4096;

/** More than this is no description of a process. */
const MOST_BYTES = 16 * 1024 * 1024;

/**
 * Where a path leads, links followed.
 *
 * @param kernel The kernel.
 * @param path Any path.
 * @returns `undefined` if nothing is there, or nothing that this user gets to.
 */
export function realPathOf(kernel: Kernel, path: string): string | undefined {
  const file = open(kernel, path, O_PATH);
  if (file === undefined) return undefined;
  try {
    const name = new ArrayBuffer(PATH_MAX);
    const length = kernel.call(
      "readlinkat",
      AT_FDCWD,
      cString(`/proc/self/fd/${file}`),
      name,
      name.byteLength,
    );
    return new TextDecoder().decode(new Uint8Array(name, 0, length));
  } finally {
    kernel.call("close", file);
  }
}

/**
 * The text of a file that says itself how long it is by ending, as those of `/proc` do.
 *
 * @param kernel The kernel.
 * @param path Where it is.
 * @throws {SystemCallError} If it cannot be read.
 */
export function textOf(kernel: Kernel, path: string): string {
  const file = open(kernel, path, O_RDONLY);
  if (file === undefined) throw new SystemCallError("openat2", 2);
  try {
    const decoder = new TextDecoder();
    const buffer = new ArrayBuffer(64 * 1024);
    let text = "";
    for (;;) {
      const length = kernel.call("read", file, buffer, buffer.byteLength);
      if (length === 0) return text + decoder.decode();
      text += decoder.decode(new Uint8Array(buffer, 0, length), { stream: true });
      if (text.length > MOST_BYTES) throw new SystemCallError("read", 7);
    }
  } finally {
    kernel.call("close", file);
  }
}

function open(kernel: Kernel, path: string, flags: number): number | undefined {
  // struct open_how: flags, mode, and how links are followed.
  const how = new BigUint64Array([BigInt(flags | O_CLOEXEC), 0n, 0n]).buffer;
  try {
    return kernel.call("openat2", AT_FDCWD, cString(path), how, how.byteLength);
  } catch (error) {
    if (!(error instanceof SystemCallError)) throw error;
    if (["ENOENT", "ENOTDIR", "EACCES"].includes(error.code)) return undefined;
    throw error;
  }
}
