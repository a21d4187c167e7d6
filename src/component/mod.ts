/**
 * The component-model engine: reads a component binary and runs it, with no transpile step.
 *
 * @example
 * ```ts
 * import { Component } from "@airlock/runtime/component";
 *
 * const empty = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00);
 * const component = await Component.compile(empty);
 * const instance = await component.instantiate({});
 * console.assert(instance.suspends === false);
 * ```
 *
 * @module
 */
export {
  type CompileOptions,
  Component,
  type ComponentData,
  Instance,
  type InstantiateOptions,
} from "./component.ts";
export {
  ComponentError,
  DecodeError,
  type ErrorFacts,
  LimitError,
  type LimitFacts,
  LinkError,
  Trap,
} from "./error.ts";
export type { Exports } from "./link/exports.ts";
export type { Imports, Missing } from "./link/imports.ts";
export type { Observe, Observer, Outcome } from "./link/observe.ts";
export { suspending } from "./link/suspending.ts";
export type * from "./wit/types.ts";
