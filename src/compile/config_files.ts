/**
 * The files of a configuration: written down while it is loaded, and given again to the program that was compiled of it.
 *
 * @module
 */
import { type Child, type Files, realFiles } from "../registry/files.ts";
import { absolute, join, parent } from "../registry/host_path.ts";
import { LOCK_FILE } from "../registry/project_root.ts";
import { SETTINGS_FILE } from "../registry/settings.ts";

/** Files of this machine, and which of them a load has read. */
export interface Recording {
  /** Reads. */
  readonly files: Files;
  /** The texts of all that were read and count, by absolute path. */
  texts(): ReadonlyMap<string, string>;
}

/** Reads files of this machine, and remembers their texts. */
export function recording(): Recording {
  const texts = new Map<string, string>();
  // What `file://` names is measured before it is read; index files are not.
  const included = new Set<string>();
  const key = (path: string) => absolute(path, realFiles.cwd);
  const files: Files = {
    ...realFiles,
    size(path) {
      included.add(key(path));
      return realFiles.size(path);
    },
    readText(path) {
      const text = realFiles.readText(path);
      texts.set(key(path), text);
      return text;
    },
  };
  // Any YAML and JSON file of a project is looked at: one that has no namespace is no index file, and nobody's business.
  const counts = ([path, text]: readonly [string, string]) =>
    included.has(path) || text.includes("namespace") ||
    [LOCK_FILE, SETTINGS_FILE].some((name) => path === join(parent(path), name));
  return { files, texts: () => new Map([...texts].filter(counts)) };
}

/**
 * The same files, from wherever their texts are now.
 *
 * @param texts Reads one, for each absolute path.
 * @param cwd The directory that relative paths are relative to.
 */
export function replaying(texts: ReadonlyMap<string, () => string>, cwd: string): Files {
  const key = (path: string) => absolute(path, () => cwd);
  const inside = (directory: string) => directory.endsWith("/") ? directory : `${directory}/`;
  const text = (path: string) => {
    const read = texts.get(key(path));
    if (read === undefined) throw new Deno.errors.NotFound("it was not compiled in");
    return read();
  };
  const type = (path: string) => {
    const at = key(path);
    if (texts.has(at)) return "file";
    return [...texts.keys()].some((file) => file.startsWith(inside(at))) ? "directory" : undefined;
  };
  return {
    cwd: () => cwd,
    type,
    exists: (path) => texts.has(key(path)),
    // Links were followed, and checked, when the texts were taken.
    realPath: key,
    size: (path) => new TextEncoder().encode(text(path)).length,
    readText: text,
    readDirectory(path) {
      const start = inside(key(path));
      const children = new Map<string, Child>();
      for (const file of texts.keys()) {
        if (!file.startsWith(start)) continue;
        const [name = "", ...below] = file.slice(start.length).split("/");
        children.set(name, { name, type: below.length === 0 ? "file" : "directory" });
      }
      return children.values();
    },
  };
}
