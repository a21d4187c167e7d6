/** What the tests of wasi:filesystem share: a guest with mounts of temporary directories, and pictures of trees. */
import assert from "node:assert/strict";
import { ComponentError } from "../../src/component/error.ts";
import type { Mount } from "../../src/grant/grant.ts";
import type { Descriptor } from "../../src/wasi/filesystem/descriptor.ts";
import type { DescriptorFlags, OpenFlags } from "../../src/wasi/filesystem/types.ts";
import { host } from "./support.ts";

export const FOLLOW = { symlinkFollow: true };
export const READ: DescriptorFlags = { read: true };
export const WRITE: DescriptorFlags = { write: true };
export const BOTH: DescriptorFlags = { read: true, write: true };
export const CREATE: OpenFlags = { create: true };

/** A directory that goes away with the test, and what a guest sees of it. */
export interface Sandbox extends Disposable {
  /** On the host; `root` and anything beside it may be used. */
  readonly outside: string;
  /** The mounted directory. */
  readonly root: string;
  /** The guest's descriptor of it. */
  readonly dir: Descriptor;
}

/** A guest with one mount, `/`, of a directory `root` in a temporary one. */
export function sandbox(readOnly = false, fill: (root: string) => void = () => {}): Sandbox {
  const outside = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "airlock_fs_" }));
  const root = `${outside}/root`;
  Deno.mkdirSync(root);
  fill(root);
  const [dir] = preopens([{ guest: "/", host: root, readOnly }]);
  return {
    outside,
    root,
    dir: dir!,
    [Symbol.dispose]() {
      dir![Symbol.dispose]();
      Deno.removeSync(outside, { recursive: true });
    },
  };
}

/** The preopened directories of a new guest. */
export function preopens(mounts: readonly Mount[]): Descriptor[] {
  const found: [Descriptor, string][] = host("wasi:filesystem/preopens", { mounts }).getDirectories();
  return found.map(([descriptor]) => descriptor);
}

/** What a call ends with: the error code, or `ok`. */
export function outcome(call: () => unknown): string {
  try {
    const result = call();
    if (typeof result === "object" && result !== null && Symbol.dispose in result) {
      (result as Disposable)[Symbol.dispose]();
    }
    return "ok";
  } catch (error) {
    if (!(error instanceof ComponentError)) throw error;
    assert.equal(typeof error.payload, "string");
    return error.payload as string;
  }
}

/** A file's content through the guest. */
export function readAll(file: Descriptor): string {
  const parts: Uint8Array[] = [];
  for (let offset = 0n, ended = false; !ended;) {
    const [bytes, end] = file.read(1n << 20n, offset);
    parts.push(bytes);
    offset += BigInt(bytes.length);
    ended = end;
  }
  return new TextDecoder().decode(Uint8Array.from(parts.flatMap((part) => [...part])));
}

/** The names that a listing gives, sorted, with their types. */
export function listing(dir: Descriptor): string[] {
  using stream = dir.readDirectory();
  const names: string[] = [];
  for (let entry = stream.readDirectoryEntry(); entry; entry = stream.readDirectoryEntry()) {
    names.push(`${entry.name} ${entry.type}`);
  }
  return names.sort();
}

/** Everything there is to see of a tree, on the host: names, types, contents, targets, links, times. */
export function picture(root: string, times = true): string[] {
  const lines: string[] = [];
  const visit = (path: string) => {
    const info = Deno.lstatSync(path);
    const what = info.isSymlink
      ? `-> ${Deno.readLinkSync(path)}`
      : info.isFile
      ? Deno.readTextFileSync(path)
      : info.isDirectory
      ? "/"
      : "special";
    const state = times ? ` ${info.mtime?.getTime()} ${info.nlink} ${info.ino} ${info.mode}` : "";
    lines.push(`${path.slice(root.length)} ${what}${state}`);
    if (!info.isDirectory) return;
    for (const { name } of [...Deno.readDirSync(path)].sort((a, b) => a.name < b.name ? -1 : 1)) {
      visit(`${path}/${name}`);
    }
  };
  visit(root);
  return lines;
}
