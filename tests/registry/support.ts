/** What the tests of this room share. */
import { ConfigError, printIssue } from "../../src/config/issue.ts";
import type { Child, Files } from "../../src/registry/files.ts";
import { join } from "../../src/registry/host_path.ts";
import { load, type LoadOptions } from "../../src/registry/load.ts";
import type { Registry } from "../../src/registry/registry.ts";

/** A digest of the right form. */
export const HASH = `sha256:${"0123456789abcdef".repeat(4)}`;

/** Files that exist only here, by absolute path. Relative paths are below `/box`. */
export function memoryFiles(texts: Readonly<Record<string, string>>): Files {
  const absolute = (path: string) => join("/box", path);
  const names = Object.keys(texts);
  const type: Files["type"] = (path) => {
    const full = absolute(path);
    if (Object.hasOwn(texts, full)) return "file";
    return full === "/box" || names.some((name) => name.startsWith(`${full}/`)) ? "directory" : undefined;
  };
  return {
    cwd: () => "/box",
    type,
    exists: (path) => type(path) === "file",
    realPath: absolute,
    size: (path) => texts[absolute(path)]?.length ?? 0,
    readText(path) {
      const text = texts[absolute(path)];
      if (text === undefined) throw new Error("no such file");
      return text;
    },
    *readDirectory(path) {
      const base = `${absolute(path)}/`;
      const children = new Map<string, Child>();
      for (const name of names.filter((name) => name.startsWith(base))) {
        const [first = "", ...rest] = name.slice(base.length).split("/");
        children.set(first, { name: first, type: rest.length > 0 ? "directory" : "file" });
      }
      yield* [...children.values()].reverse();
    },
  };
}

/** Loads one text as `/box/app.yaml`. */
export function loadText(text: string, options: LoadOptions = {}): Registry {
  return load("app.yaml", { ...options, files: memoryFiles({ "/box/app.yaml": text }) });
}

/** What a load says: every issue of its error, or its warnings. */
export function said(load: () => Registry): readonly string[] {
  try {
    return load().warnings.map(printIssue);
  } catch (error) {
    if (error instanceof ConfigError) return error.issues.map(printIssue);
    throw error;
  }
}

/** A `*.wasm` entry in flow style, so that a test's lines are its entries. */
export function wasm(name: string, more = "", kind = "function.wasm"): string {
  return `  - {name: ${name}, kind: ${kind}, path: ${name}.wasm, method: run, hash: "${HASH}", fs: assets${more}}`;
}

/** An index file of namespace `app`; entries begin on line 3. */
export function index(...entries: string[]): string {
  return ["namespace: app", entries.length === 0 ? "entries: []" : "entries:", ...entries, ""].join("\n");
}

/** The directory that `wasm` entries are in. */
export const ASSETS = "  - {name: assets, kind: fs.directory, directory: ./wasm}";
