/**
 * `filetype` of preview 1: {@link https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#filetype}
 *
 * @module
 */
import type { DescriptorType } from "../../wasi/filesystem/types.ts";

/** The numbers, by what `wasi:filesystem` calls them. Of FIFOs preview 1 knows nothing, and sockets the host calls unknown. */
export const Filetype: Readonly<Record<DescriptorType, number>> = Object.freeze({
  unknown: 0,
  fifo: 0,
  "block-device": 1,
  "character-device": 2,
  directory: 3,
  "regular-file": 4,
  socket: 6,
  "symbolic-link": 7,
});
