/**
 * `rights` of preview 1: {@link https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#rights}
 *
 * They came before grants and were given up after preview 1: no toolchain narrows them, and what a guest may do is
 * decided by its mounts. So every descriptor starts with all that its type allows, whatever was asked for; but a guest
 * that gives rights up has lost them, for the descriptor and, where they are inheriting ones, for all that is opened
 * below it.
 *
 * @module
 */

/** In the order of the specification: the place is the bit. */
// deno-fmt-ignore
const NAMES = [
  "fdDatasync", "fdRead", "fdSeek", "fdFdstatSetFlags", "fdSync", "fdTell", "fdWrite", "fdAdvise", "fdAllocate",
  "pathCreateDirectory", "pathCreateFile", "pathLinkSource", "pathLinkTarget", "pathOpen", "fdReaddir",
  "pathReadlink", "pathRenameSource", "pathRenameTarget", "pathFilestatGet", "pathFilestatSetSize",
  "pathFilestatSetTimes", "fdFilestatGet", "fdFilestatSetSize", "fdFilestatSetTimes", "pathSymlink",
  "pathRemoveDirectory", "pathUnlinkFile", "pollFdReadwrite", "sockShutdown", "sockAccept",
] as const;

/** The bits, by name. */
export const Right: Readonly<Record<typeof NAMES[number], number>> = Object.freeze(
  Object.fromEntries(NAMES.map((name, bit) => [name, 1 << bit])) as Record<typeof NAMES[number], number>,
);

/** Every right that there is. What is opened below a directory may have them all. */
export const ALL: number = (1 << NAMES.length) - 1;

/** What can be done with a file that is open for both. */
export const FILE: number = Right.fdDatasync | Right.fdRead | Right.fdSeek | Right.fdFdstatSetFlags |
  Right.fdSync |
  Right.fdTell | Right.fdWrite | Right.fdAdvise | Right.fdAllocate | Right.fdFilestatGet |
  Right.fdFilestatSetSize | Right.fdFilestatSetTimes | Right.pollFdReadwrite;

/** What can be done with a directory. Of `fd_*` only what works on one. */
export const DIRECTORY: number = Right.pathCreateDirectory | Right.pathCreateFile | Right.pathLinkSource |
  Right.pathLinkTarget | Right.pathOpen | Right.fdReaddir | Right.pathReadlink | Right.pathRenameSource |
  Right.pathRenameTarget | Right.pathFilestatGet | Right.pathFilestatSetSize | Right.pathFilestatSetTimes |
  Right.fdFilestatGet | Right.fdFilestatSetTimes | Right.pathSymlink | Right.pathRemoveDirectory |
  Right.pathUnlinkFile;

/** Standard input. No seeking: by that libc tells a terminal from a file. */
export const INPUT: number = Right.fdRead | Right.fdFdstatSetFlags | Right.fdFilestatGet |
  Right.pollFdReadwrite;

/** Standard output and error. */
export const OUTPUT: number = Right.fdWrite | Right.fdFdstatSetFlags | Right.fdFilestatGet |
  Right.pollFdReadwrite;

/**
 * Rights as a guest gives them.
 *
 * @param rights An `i64`. Bits that are no rights are left out: toolchains ask for all ones and mean "whatever there is".
 */
export function rightsOf(rights: bigint): number {
  return Number(BigInt.asUintN(NAMES.length, rights));
}
