/**
 * Files and directories → a registry.
 *
 * @module
 */

import type { Document } from "../config/declaration.ts";
import { readDocument } from "../config/document.ts";
import { Issues } from "../config/issue.ts";
import { type Files, realFiles, reasonOf } from "./files.ts";
import { absolute, join } from "./host_path.ts";
import { sourceDirectory } from "./lock.ts";
import { LOCK_FILE, projectRoot } from "./project_root.ts";
import { Registry } from "./registry.ts";
import { walk } from "./walk.ts";

/** How to load. */
export interface LoadOptions {
  /** The project root; by default the directory of `wippy.lock`, else that of the first path. */
  readonly root?: string | undefined;
  /** How files are read; by default those of this machine. */
  readonly files?: Files;
}

/**
 * Loads an application.
 *
 * A file that is named must be an index file. Of a directory, every YAML and JSON file that has a
 * `namespace` is one.
 *
 * @param paths Files and directories.
 * @param options Where the project begins, and how files are read.
 * @returns All entries, linked.
 * @throws {ConfigError} With every issue of every file, where one of them is an error.
 */
export function load(paths: string | readonly string[], options: LoadOptions = {}): Registry {
  const files = options.files ?? realFiles;
  const given = typeof paths === "string" ? [paths] : paths;
  const issues = new Issues();
  const documents: Document[] = [];
  const seen = new Set<string>();
  let first: { readonly config: string; readonly isDirectory: boolean } | undefined;
  for (const path of given) {
    const isDirectory = attempt(() => files.type(path), path, issues) === "directory";
    first ??= { config: path, isDirectory };
    for (const file of isDirectory ? below(path, files, issues) : [path]) {
      // A file that is named and also lies below a named directory counts once.
      const key = absolute(file, files.cwd);
      if (seen.has(key)) continue;
      seen.add(key);
      issues.begin(file);
      const text = attempt(() => files.readText(file), file, issues);
      if (text === undefined) continue;
      const reading = readDocument(text, file, { optional: isDirectory });
      issues.take(reading.issues);
      if (reading.document !== undefined) documents.push(reading.document);
    }
  }
  const { config, isDirectory } = first ?? { config: ".", isDirectory: true };
  const { cwd, exists } = files;
  const root = projectRoot({ root: options.root, config, isDirectory, cwd, exists });
  return Registry.of(documents, root, issues);
}

/** The candidates below a directory; where it holds a lock file, those below the project's sources. */
function below(directory: string, files: Files, issues: Issues): readonly string[] {
  return attempt(
    () => {
      const lock = join(directory, LOCK_FILE);
      const src = files.exists(lock) ? sourceDirectory(files.readText(lock), lock, issues) : ".";
      return walk(join(directory, src), files);
    },
    directory,
    issues,
  ) ?? [];
}

/** What cannot be read is an issue like any other, at the beginning of the file. */
function attempt<T>(read: () => T, file: string, issues: Issues): T | undefined {
  try {
    return read();
  } catch (error) {
    issues.error("file", { file, line: 1, column: 1 }, `cannot be read: ${reasonOf(error)}`);
    return undefined;
  }
}
