/**
 * Which object of the file system something is.
 *
 * @module
 */

/** Device and inode. While a descriptor is open its inode is not given to another object. */
export interface Identity {
  /** Device. */
  readonly dev: number;
  /** Inode; `null` where the platform has none. */
  readonly ino: number | null;
}

/** Whether both are one object. */
export function isSame(one: Identity, other: Identity): boolean {
  return one.dev === other.dev && one.ino === other.ino;
}
