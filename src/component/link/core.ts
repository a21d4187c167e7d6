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
 * @param ready Told of the exports before anything of the module runs.
 */
export function instantiateCore(
  item: ModuleItem,
  imports: CoreImports,
  suspends: boolean,
  account: Account | undefined,
  ready?: (exports: WebAssembly.Exports) => void,
): CoreInstance {
  if (account && item.bounds) {
    return instantiateBounded(item.module, item.bounds, imports, suspends, account, ready);
  }
  const moved = (suspends || ready) && item.bytes ? startMoved(item.bytes) : undefined;
  const { exports } = new WebAssembly.Instance(moved?.module ?? item.module, imports as WebAssembly.Imports);
  ready?.(exports);
  return { exports, started: moved && start(exports[moved.start] as Func, suspends) };
}

function instantiateBounded(
  module: WebAssembly.Module,
  bounds: NonNullable<ModuleItem["bounds"]>,
  imports: CoreImports,
  suspends: boolean,
  account: Account,
  ready: ((exports: WebAssembly.Exports) => void) | undefined,
): CoreInstance {
  if (bounds.memories.length > 0) imports[bounds.from] = account.make(bounds.memories);
  const { exports } = new WebAssembly.Instance(module, imports as WebAssembly.Imports);
  account.connect(bounds, exports, imports);
  ready?.(exports);
  if (bounds.start === undefined) return { exports, started: undefined };
  return { exports, started: start(exports[bounds.start] as Func, suspends) };
}

/** Calls a start function that has become an export. */
function start(f: Func, suspends: boolean): Promise<unknown> | undefined {
  if (suspends) return runStart(f);
  f();
  return undefined;
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
