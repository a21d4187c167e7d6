/**
 * Instances of core modules.
 *
 * @module
 */
import type { Account } from "../limits/account.ts";
import type { ModuleItem } from "./item.ts";
import { compileRewritten } from "./module.ts";
import { moveStart } from "./start.ts";
import { runStart } from "./suspend.ts";

type Func = (...args: never[]) => unknown;
/** What a core module is given: by module name, then by name. */
export type CoreImports = Record<string, Readonly<Record<string, unknown>>>;

/** A core instance. */
export interface CoreInstance {
  readonly exports: WebAssembly.Exports;
  /** Settles when its start function has ended, where that has to be waited for. */
  readonly started: Promise<unknown> | undefined;
}

/**
 * Makes an instance of a core module.
 *
 * @param item The module.
 * @param imports What it is given; the memories that are made for it are added.
 * @param suspends Something that its start function calls may suspend.
 * @param account Of the memories, where they are bounded.
 */
export function instantiateCore(
  item: ModuleItem,
  imports: CoreImports,
  suspends: boolean,
  account: Account | undefined,
): CoreInstance {
  if (account && item.bounds) return instantiateBounded(item.module, item.bounds, imports, suspends, account);
  const moved = suspends && item.bytes ? startMoved(item.bytes) : undefined;
  const { exports } = new WebAssembly.Instance(moved?.module ?? item.module, imports as WebAssembly.Imports);
  return { exports, started: moved && runStart(exports[moved.start] as Func) };
}

function instantiateBounded(
  module: WebAssembly.Module,
  bounds: NonNullable<ModuleItem["bounds"]>,
  imports: CoreImports,
  suspends: boolean,
  account: Account,
): CoreInstance {
  if (bounds.memories.length > 0) imports[bounds.from] = account.make(bounds.memories);
  const { exports } = new WebAssembly.Instance(module, imports as WebAssembly.Imports);
  account.connect(bounds, exports, imports);
  if (bounds.start === undefined) return { exports, started: undefined };
  const start = exports[bounds.start] as Func;
  if (suspends) return { exports, started: runStart(start) };
  start();
  return { exports, started: undefined };
}

const moved = new WeakMap<
  Uint8Array,
  { readonly module: WebAssembly.Module; readonly start: string } | "none"
>();

/** A module without its start function, compiled once. */
function startMoved(
  bytes: Uint8Array,
): { readonly module: WebAssembly.Module; readonly start: string } | undefined {
  let entry = moved.get(bytes);
  if (!entry) {
    const rewritten = moveStart(bytes);
    entry = rewritten ? { module: compileRewritten(rewritten.bytes, bytes), start: rewritten.start } : "none";
    moved.set(bytes, entry);
  }
  return entry === "none" ? undefined : entry;
}
