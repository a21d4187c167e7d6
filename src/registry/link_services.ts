/**
 * References between what answers requests, what processes run on, and what they call.
 *
 * @module
 */

import type { Declaration, HttpRouterDeclaration, Outline, Reference } from "../config/declaration.ts";
import type { Issues } from "../config/issue.ts";
import { isKind, kindStatus } from "../config/kinds.ts";
import { didYouMean } from "../config/nearest.ts";
import { quote } from "../config/node.ts";
import { at } from "../config/position.ts";
import { checkCircles } from "./circles.ts";
import type { DirectoryEntry } from "./entry.ts";
import { checkDirectoryUse } from "./link_directories.ts";
import { knownIds } from "./link_env.ts";

/** A reference that is none to a variable, a storage, a module or a mount. */
export interface ServiceUse extends Reference {
  /** What the entry wants of it. */
  readonly use: "server" | "router" | "function" | "files" | "process" | "host" | "requirement";
}

/** What may be named, and in which words a message says so. */
interface Wanted {
  readonly kinds: readonly string[];
  readonly words: string;
  /** Whether an entry is left out that names what other parts of its application would have done. */
  readonly optional?: boolean;
}

const WANTED: Readonly<Record<ServiceUse["use"], Wanted>> = {
  server: { kinds: ["http.service"], words: "an http.service entry" },
  router: { kinds: ["http.router"], words: "an http.router entry" },
  function: {
    kinds: ["function.wasm", "function.wat", "process.wasm"],
    words: "an entry that can be called",
    optional: true,
  },
  files: { kinds: ["fs.directory"], words: "an fs.directory entry", optional: true },
  process: { kinds: ["process.wasm"], words: "a process.wasm entry", optional: true },
  host: {
    kinds: ["process.host", "terminal.host"],
    words: "a process.host or terminal.host entry",
    optional: true,
  },
  requirement: {
    kinds: ["http.service", "process.host", "terminal.host", "process.service"],
    words: "an entry with a lifecycle",
    optional: true,
  },
};

/**
 * What is named is there and of the right kind.
 *
 * @returns Whether the reference counts. It does not where it leads to what is of a kind that does not work here: an
 * application may have other parts, which are somebody else's.
 */
export function checkServiceUse(
  id: string,
  reference: ServiceUse,
  found: Outline | undefined,
  known: ReadonlyMap<string, Outline>,
  directories: ReadonlyMap<string, DirectoryEntry>,
  issues: Issues,
): boolean {
  const { field, use, target, at: place } = reference;
  const { kinds, words, optional = false } = WANTED[use];
  if (found !== undefined && optional && kindStatus(found.kind) === "skipped") {
    const without = use === "requirement" ? `${id} does not wait for it` : `${id} is ignored`;
    const message = `${id}: ${field} names ${target}, whose kind ${
      quote(found.kind)
    } is not supported; ${without}`;
    issues.warn("unsupported", place, message);
    return false;
  }
  const ids = [...known.values()].filter(({ kind }) => kinds.includes(kind)).map((outline) => outline.id);
  if (use === "files") {
    checkDirectoryUse(id, { ...reference, use }, found, ids, directories, issues);
    return true;
  }
  const all = ids.length === 0 ? `; there is none` : knownIds(ids, "");
  if (found === undefined) {
    const message = `${id}: ${field} names ${target}, which no entry declares${all}${
      didYouMean(target, ids)
    }`;
    issues.error("unknown-reference", place, message);
  } else if (!kinds.includes(found.kind) && (isKind(found.kind) || kindStatus(found.kind) === "skipped")) {
    const what = `found ${target}, which is ${found.kind} (${at(found.at)})`;
    issues.error("wrong-kind", place, `${id}: ${field} must name ${words}, ${what}${all}`);
  }
  return true;
}

/** No service waits for itself. */
export function checkRequirements(known: ReadonlyMap<string, Outline>, issues: Issues): void {
  checkCircles(known, ({ references }) => references.filter(({ use }) => use === "requirement"), issues);
}

/** Two routers of one service do not begin alike. */
export function checkPrefixes(declared: readonly Declaration[], issues: Issues): void {
  const taken = new Map<string, HttpRouterDeclaration>();
  for (const router of declared) {
    if (router.kind !== "http.router") continue;
    const key = `${router.server} ${router.prefix}`;
    const first = taken.get(key);
    if (first === undefined) {
      taken.set(key, router);
      continue;
    }
    const message = `${router.id}: prefix ${quote(router.prefix || "/")} is already that of ${first.id} at ${
      at(first.where.prefix)
    }, which is of ${router.server} too`;
    issues.error("duplicate", router.where.prefix, message);
  }
}
