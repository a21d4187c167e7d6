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
  if (!module) {
    try {
      module = new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>);
    } catch (error) {
      if (!(error instanceof WebAssembly.CompileError)) throw error;
      throw new DecodeError(error.message, bytes.byteOffset, "core module", "invalid", { cause: error });
    }
    modules.set(bytes, module);
  }
  return module;
}

/** Remembers a module that was compiled elsewhere. */
export function adoptModule(bytes: Uint8Array, module: WebAssembly.Module): void {
  modules.set(bytes, module);
}
