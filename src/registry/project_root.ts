/**
 * Where a project begins: what relative directories are relative to.
 *
 * @module
 */

import { absolute, join, parent } from "./host_path.ts";

/** The file that marks a project's root. */
export const LOCK_FILE = "wippy.lock";

/** What the root is found from. */
export interface ProjectRootQuery {
  /** The root as given by `--root`; wins over everything. */
  readonly root?: string | undefined;
  /** The configuration file or directory that was given. */
  readonly config: string;
  /** Whether `config` is a directory. */
  readonly isDirectory: boolean;
  /** The directory that relative paths are relative to; absolute. Asked for only where there is one. */
  readonly cwd: () => string;
  /** Whether a file exists. */
  readonly exists: (path: string) => boolean;
}

/**
 * The project root, absolute: what `--root` says, else the nearest directory upward from the configuration
 * that holds `wippy.lock`, else the directory of the configuration.
 */
export function projectRoot({ root, config, isDirectory, cwd, exists }: ProjectRootQuery): string {
  if (root !== undefined) return absolute(root, cwd);
  const path = absolute(config, cwd);
  const start = isDirectory ? path : parent(path);
  for (let directory = start;;) {
    if (exists(join(directory, LOCK_FILE))) return directory;
    const above = parent(directory);
    if (above === directory) return start;
    directory = above;
  }
}
