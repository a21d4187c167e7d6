/**
 * Core modules that can be bounded, compiled once and shared by all instances.
 *
 * @module
 */
import { compileModule, compileRewritten } from "../link/module.ts";
import { bound, type Bounds, type Weight } from "./bound.ts";

/** A core module, compiled, and how to bound its instances. */
export interface BoundedModule {
  readonly module: WebAssembly.Module;
  readonly bounds: Bounds;
  readonly weight: Weight;
}

const modules = new WeakMap<Uint8Array, BoundedModule>();

/**
 * Compiles a core module so that its instances can be bounded, or returns it compiled.
 *
 * @param bytes The module.
 * @param limit The limit that is asked for, for errors.
 * @throws {LimitError} If no limit can hold for it.
 * @throws {DecodeError} If V8 refuses it.
 */
export function compileBounded(bytes: Uint8Array, limit: number): BoundedModule {
  let bounded = modules.get(bytes);
  if (!bounded) {
    const { bytes: rewritten, bounds, weight } = bound(bytes, bytes.byteOffset, limit);
    const module = rewritten ? compileRewritten(rewritten, bytes) : compileModule(bytes);
    modules.set(bytes, bounded = { module, bounds, weight });
  }
  return bounded;
}

/** Remembers a module that was compiled elsewhere. */
export function adoptBounded(bytes: Uint8Array, bounded: BoundedModule): void {
  modules.set(bytes, bounded);
}
