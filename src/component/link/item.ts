/**
 * What stands in the index spaces of a running component.
 *
 * @module
 */
import type { Callee } from "../abi/lower.ts";
import type { Bounds } from "../limits/bound.ts";
import type { Plan } from "../validate/plan.ts";
import type { FuncType } from "../wit/types.ts";
import type { Frame } from "./frame.ts";
import type { RuntimeResource } from "./resource.ts";

/** A function that the host gave. */
export interface HostFunc {
  readonly kind: "host func";
  /** For messages: `wasi:cli/stdout@0.2.0#get-stdout`. */
  readonly name: string;
  readonly callee: Callee;
  /** The function, or the class of a constructor. */
  readonly f: unknown;
  /** It may return a promise. */
  readonly suspends: boolean;
}

/** A function that a component lifted. */
export interface GuestFunc {
  readonly kind: "guest func";
  readonly type: FuncType;
  readonly frame: Frame;
  /** Index of the `lift` step in its frame's plan. */
  readonly step: number;
  /** The core function. */
  readonly core: (...args: never[]) => unknown;
}

/** A function. */
export type FuncItem = HostFunc | GuestFunc;

/** An instance: what it exports. */
export interface InstanceItem {
  readonly kind: "instance";
  readonly exports: ReadonlyMap<string, Item>;
}

/** A component, closed over the instance that it was defined in. */
export interface ComponentItem {
  readonly kind: "component";
  readonly plan: Plan;
  readonly outer: Frame | undefined;
}

/** A core module. */
export interface ModuleItem {
  readonly kind: "core module";
  readonly module: WebAssembly.Module;
  /** Its bytes, where known: a start function that must suspend is found by rewriting them. */
  readonly bytes: Uint8Array | undefined;
  /** How the module was rewritten, where its memories are bounded. */
  readonly bounds?: Bounds;
}

/** A resource type. */
export interface ResourceItem {
  readonly kind: "resource";
  readonly resource: RuntimeResource;
}

/** Anything that is imported, exported or passed to an instantiation. */
export type Item = FuncItem | InstanceItem | ComponentItem | ModuleItem | ResourceItem;

/** Whether calling into an item may suspend the caller. */
export function itemSuspends(item: Item): boolean {
  switch (item.kind) {
    case "host func":
      return item.suspends;
    case "guest func":
      return item.frame.suspends;
    case "instance": {
      // Instances hold instances, one of them perhaps many times: asked once each.
      let known = instances.get(item);
      if (known === undefined) {
        known = [...item.exports.values()].some(itemSuspends);
        instances.set(item, known);
      }
      return known;
    }
    default:
      return false;
  }
}

const instances = new WeakMap<InstanceItem, boolean>();
