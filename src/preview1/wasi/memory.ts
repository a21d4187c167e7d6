/**
 * The guest's memory, as functions of preview 1 use it.
 *
 * A pointer that is out of bounds or misaligned traps:
 * {@link https://github.com/WebAssembly/WASI/blob/main/legacy/tools/witx-docs.md#pointers}
 *
 * @module
 */
import { Memory } from "../../component/abi/memory.ts";
import { Trap } from "../../component/error.ts";
import { Failure } from "./failure.ts";

/** PATH_MAX: what is longer is no path of any host, and is not decoded. */
const MAX_PATH = 4096;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The memory of one guest. Its views are made once, and again only after it grew. */
export class GuestMemory {
  #views: Memory | undefined;

  /** Says which memory it is: known only once the module is instantiated. */
  bind(memory: WebAssembly.Memory): void {
    this.#views = new Memory(memory);
  }

  /** The views, valid until the guest runs on. */
  get views(): Memory {
    const views = this.#views;
    if (views === undefined) {
      throw new Trap("wasi_snapshot_preview1: called before the module's memory is known");
    }
    if (views.u8.length === 0) views.refresh();
    return views;
  }

  /** Checks a pointer to so many bytes. */
  check(pointer: number, size: number, align: number, what: string): void {
    const { views } = this;
    if ((pointer & (align - 1)) !== 0 || pointer + size > views.u8.length) {
      views.check(pointer, size, align, what);
    }
  }

  /** Bytes of the guest. */
  bytes(pointer: number, length: number, what: string): Uint8Array<ArrayBuffer> {
    this.check(pointer, length, 1, what);
    return this.views.u8.subarray(pointer, pointer + length);
  }

  /**
   * A path.
   *
   * @throws {Failure} `nametoolong`, `ilseq`.
   */
  path(pointer: number, length: number, what: string): string {
    const bytes = this.bytes(pointer, length, what);
    if (length > MAX_PATH) throw new Failure("nametoolong");
    try {
      return decoder.decode(bytes);
    } catch {
      throw new Failure("ilseq");
    }
  }

  /** Stores a `u32`: a size, a descriptor. */
  storeU32(pointer: number, value: number, what: string): void {
    this.check(pointer, 4, 4, what);
    this.views.dv.setUint32(pointer, value, true);
  }

  /** Stores a `u64`: an offset, a time. */
  storeU64(pointer: number, value: bigint, what: string): void {
    this.check(pointer, 8, 8, what);
    this.views.dv.setBigUint64(pointer, value, true);
  }
}
