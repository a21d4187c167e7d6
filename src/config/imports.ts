/**
 * `imports`: the names by which an entry asks for packages of host functions.
 *
 * @module
 */

import { didYouMean, nearest } from "./nearest.ts";
import { quote } from "./node.ts";

/** A package of host functions. */
export type Package =
  | "wasi:cli"
  | "wasi:io"
  | "wasi:poll"
  | "wasi:clocks"
  | "wasi:filesystem"
  | "wasi:random"
  | "wasi:sockets"
  | "wasi:http"
  | "funcs"
  | "wasi1";

/** Every package with the other names it accepts. Any of them enables the whole package. */
const NAMES: Readonly<Record<Package, readonly string[]>> = {
  "wasi:cli": [
    "wasi:cli/environment",
    "wasi:cli/exit",
    "wasi:cli/stdin",
    "wasi:cli/stdout",
    "wasi:cli/stderr",
    "wasi:cli/terminal-stdin",
    "wasi:cli/terminal-stdout",
    "wasi:cli/terminal-stderr",
  ],
  "wasi:io": ["wasi:io/error", "wasi:io/streams"],
  "wasi:poll": ["wasi:io/poll"],
  "wasi:clocks": ["wasi:clocks/wall-clock", "wasi:clocks/monotonic-clock"],
  "wasi:filesystem": ["wasi:filesystem/types", "wasi:filesystem/preopens"],
  "wasi:random": ["wasi:random/random", "wasi:random/insecure", "wasi:random/insecure-seed"],
  "wasi:sockets": [
    "wasi:sockets/instance-network",
    "wasi:sockets/tcp-create-socket",
    "wasi:sockets/tcp",
    "wasi:sockets/udp-create-socket",
    "wasi:sockets/udp",
    "wasi:sockets/ip-name-lookup",
  ],
  "wasi:http": ["wasi:http/types", "wasi:http/outgoing-handler"],
  "funcs": ["wippy:runtime/funcs"],
  "wasi1": ["wasi-preview1", "preview1", "wasi_snapshot_preview1"],
};

const BY_NAME: ReadonlyMap<string, Package> = new Map(
  Object.entries(NAMES).flatMap(([name, aliases]) =>
    [name, ...aliases].map((alias): [string, Package] => [alias, name as Package])
  ),
);

/** The names of the packages, in the order of the reference. */
export const PACKAGES: readonly Package[] = Object.keys(NAMES) as Package[];

/** Every name that `imports` accepts. */
export const IMPORT_NAMES: readonly string[] = [...BY_NAME.keys()];

/**
 * The package that an item of `imports` enables, or `undefined` for an unknown name.
 *
 * Case, spaces around and the version do not count. What follows the first `:` is tried alone before the
 * whole, as in the original, so `host:funcs` means `funcs`.
 */
export function packageOf(item: string): Package | undefined {
  const name = normal(item);
  const colon = name.indexOf(":");
  return (colon < 0 ? undefined : BY_NAME.get(name.slice(colon + 1))) ?? BY_NAME.get(name);
}

/** Whether the item names nothing at all: `""`, `wasi:`, `@0.2.0`. */
export function isEmptyImport(item: string): boolean {
  const name = normal(item);
  return name.slice(name.indexOf(":") + 1) === "";
}

/** What to say of an unknown name: what is allowed, and what was probably meant. */
export function unknownImport(item: string): string {
  const name = normal(item);
  const slash = name.indexOf("/");
  const whole = slash < 0 ? undefined : BY_NAME.get(name.slice(0, slash));
  let meant = didYouMean(name, IMPORT_NAMES);
  if (whole !== undefined) {
    // Only the interface can be misspelt here; where none is near (`wasi:cli/run`), the package is the answer.
    const interfaces = NAMES[whole].map((alias) => alias.slice(alias.indexOf("/") + 1));
    const near = nearest(name.slice(slash + 1), interfaces);
    meant = `; did you mean ${near === undefined ? whole : `${whole}/${near}`}?`;
  }
  return `import ${quote(item)} is unknown; allowed: ${PACKAGES.join(", ")}${meant}`;
}

function normal(item: string): string {
  const name = item.trim().toLowerCase();
  const version = name.indexOf("@");
  return version < 0 ? name : name.slice(0, version);
}
