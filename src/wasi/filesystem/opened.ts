/**
 * Everything that one guest has open: counted, and told when it moves.
 *
 * @module
 */
import { failure } from "./error_code.ts";
import { isAtOrBelow, type MountPoint } from "./mount.ts";

/** More open files and directories than this, and `open-at` fails. The usual limit of a process on the host. */
export const MAX_OPEN = 1024;

/** More names than this, in all listings together that are under way, and the next listing has to wait. */
const MAX_NAMES = 1 << 20;

/** An open file or directory. */
interface Node {
  /** Where it is on the host. */
  path: string;
  /** The mount whose rules hold there. */
  mount: MountPoint;
}

/** A guest that trapped drops nothing. Its files are closed once the garbage collector finds that it is gone. */
const abandoned = new FinalizationRegistry<ReadonlySet<Deno.FsFile>>((handles) => {
  for (const handle of handles) handle.close();
});

/** What one guest has open. */
export class Opened {
  readonly #nodes: Set<Node> = new Set();
  readonly #handles: Set<Deno.FsFile> = new Set();
  #names = 0;
  #scratch: Uint8Array<ArrayBuffer> = new Uint8Array(0);

  constructor() {
    abandoned.register(this, this.#handles);
  }

  /** @throws {ComponentError} `insufficient-memory`, before anything is opened that could not be kept. */
  checkRoom(): void {
    if (this.#nodes.size >= MAX_OPEN) throw failure("insufficient-memory");
  }

  /** Something was opened. */
  add(node: Node): void {
    this.#nodes.add(node);
  }

  /** It was closed. */
  delete(node: Node): void {
    this.#nodes.delete(node);
  }

  /** A file of the host that is to be closed with the guest, at the latest. */
  keep(handle: Deno.FsFile): Deno.FsFile {
    this.#handles.add(handle);
    return handle;
  }

  /** The guest is gone: closes what it left open. */
  closeAll(): void {
    for (const handle of this.#handles) handle.close();
    this.#handles.clear();
  }

  /** Closes one that was kept. */
  close(handle: Deno.FsFile): void {
    this.#handles.delete(handle);
    handle.close();
  }

  /**
   * The guest renamed something. In POSIX an open directory is itself wherever it goes; here it is found by its path,
   * which therefore moves along.
   */
  moved(from: string, to: string, mount: MountPoint): void {
    for (const node of this.#nodes) {
      if (!isAtOrBelow(node.path, from)) continue;
      node.path = to + node.path.slice(from.length);
      if (!isAtOrBelow(node.path, node.mount.host)) node.mount = mount;
    }
  }

  /**
   * A listing starts, and holds so many names until {@linkcode releaseNames}. One alone may be of any length.
   *
   * @throws {ComponentError} `insufficient-memory`: a guest that lists in a loop must not fill the host's memory.
   */
  holdNames(count: number): void {
    if (this.#names > 0 && this.#names + count > MAX_NAMES) throw failure("insufficient-memory");
    this.#names += count;
  }

  /** A listing ended. */
  releaseNames(count: number): void {
    this.#names -= count;
  }

  /**
   * A buffer to read into, the same one for every read of this guest: a fresh one for each would halve the throughput
   * of large reads (zeroing it costs as much as the read), and one for each stream would let a guest pile them up.
   *
   * @param length Up to 1 MiB.
   */
  scratch(length: number): Uint8Array<ArrayBuffer> {
    if (this.#scratch.length < length) this.#scratch = new Uint8Array(Math.max(length, 64 * 1024));
    return this.#scratch.subarray(0, length);
  }
}
