/**
 * Core modules, compiled once and shared by all instances.
 *
 * @module
 */
import { DecodeError } from "../error.ts";

const modules = new WeakMap<Uint8Array, WebAssembly.Module>();

/**
 * Compiles a core module, or returns it compiled.
 *
 * @throws {DecodeError} If V8 refuses it.
 */
export function compileModule(bytes: Uint8Array): WebAssembly.Module {
  let module = modules.get(bytes);
  if (!module) modules.set(bytes, module = compileRewritten(bytes, bytes));
  return module;
}

/**
 * Compiles a core module in another form than its component has it in.
 *
 * @param bytes What to compile.
 * @param original What the component has.
 * @throws {DecodeError} If V8 refuses it.
 */
export function compileRewritten(bytes: Uint8Array, original: Uint8Array): WebAssembly.Module {
  try {
    return new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>);
  } catch (error) {
    if (!(error instanceof WebAssembly.CompileError)) throw error;
    throw new DecodeError(error.message, original.byteOffset, "core module", "invalid", { cause: error });
  }
}

/** Remembers a module that was compiled elsewhere. */
export function adoptModule(bytes: Uint8Array, module: WebAssembly.Module): void {
  modules.set(bytes, module);
}
