/**
 * The records, flags and enums of `wasi:filesystem/types`, in the JavaScript mapping:
 * {@link https://github.com/WebAssembly/wasi-filesystem/blob/v0.2.3/wit/types.wit}
 *
 * @module
 */
export type {
  Advice,
  DescriptorFlags,
  DescriptorStat,
  DescriptorType,
  DirectoryEntry,
  ErrorCode,
  MetadataHashValue,
  NewTimestamp,
  OpenFlags,
  PathFlags,
} from "@bytecodealliance/preview2-shim/interfaces/wasi-filesystem-types";
