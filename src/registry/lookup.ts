/**
 * What storages of variables hold.
 *
 * @module
 */

import type { StorageEntry } from "./entry.ts";
import type { EnvSources } from "./env_sources.ts";

/** What a storage said of a key: its value, or in a few words why there is none. */
export type Found = { readonly value: string } | { readonly none: string };

/** Asks one storage for a key. */
export function lookUp(storage: StorageEntry, key: string, sources: EnvSources): Found {
  switch (storage.kind) {
    case "env.storage.memory":
      return { none: "nothing has been written to it" };
    case "env.storage.os":
      return found(sources.os(key), "not set");
    case "env.storage.static":
      return found(
        Object.hasOwn(storage.values, key) ? storage.values[key] : undefined,
        "not among its values",
      );
    case "env.storage.file": {
      const text = sources.readText(storage.file);
      if (text === undefined) return { none: `there is no file ${storage.file}` };
      return found(valueIn(text, key), `no line of ${storage.file} sets it`);
    }
    case "env.storage.router":
      return { none: "it holds nothing itself" };
  }
}

function found(value: string | undefined, none: string): Found {
  return value === undefined ? { none } : { value };
}

/**
 * The value of a key in a text of `KEY=VALUE` lines. The first line with the key counts. `#` starts a comment
 * wherever it stands, spaces around key and value do not count, and there are no quotes and no escapes.
 */
export function valueIn(text: string, key: string): string | undefined {
  for (const line of text.split("\n")) {
    const [code = ""] = line.split("#", 1);
    const equals = code.indexOf("=");
    if (equals > 0 && code.slice(0, equals).trim() === key) return code.slice(equals + 1).trim();
  }
  return undefined;
}

/** The same sources for a while, in which all lines of a file are of one version of it. */
export function readingOnce(sources: EnvSources): EnvSources {
  const texts = new Map<string, string | undefined>();
  return {
    os: (name) => sources.os(name),
    readText(path) {
      if (!texts.has(path)) texts.set(path, sources.readText(path));
      return texts.get(path);
    },
  };
}
