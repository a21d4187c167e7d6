/**
 * Items → what JavaScript sees: functions, classes, and one object per exported interface.
 *
 * @module
 */
import { camelCase, memberOf, pascalCase } from "../abi/names.ts";
import { LinkError } from "../error.ts";
import type { ExternType } from "../wit/types.ts";
import type { Item } from "./item.ts";
import { type Class, GuestResource } from "./resource.ts";

/** The exports of an instance. Functions are camelCase, interfaces are spelled as in the binary. */
// deno-lint-ignore no-explicit-any
export type Exports = Readonly<Record<string, any>>;

type Func = (...args: never[]) => unknown;
/** A function that is made when it is first asked for: most instances live for one call of one of them. */
type Later = () => Func;

/** Makes the exports object of an instance. */
export function makeExports(
  exports: ReadonlyMap<string, Item>,
  types: ReadonlyMap<string, ExternType>,
): Exports {
  return makeInstance(exports, types, "");
}

function makeInstance(
  exports: ReadonlyMap<string, Item>,
  types: ReadonlyMap<string, ExternType>,
  prefix: string,
): Exports {
  const result: Record<string, unknown> = Object.create(null);
  const classes = new Map<string, Class>();
  // Classes first: their members are functions that follow them.
  for (const [name, item] of exports) {
    if (item.kind !== "resource") continue;
    const className = pascalCase(name);
    const { resource } = item;
    if (!(resource instanceof GuestResource)) continue;
    resource.rename(name, className);
    // A resource exported twice keeps the one class, with whatever constructor it has by now.
    result[className] = resource.hostClass.prototype.constructor;
    classes.set(name, resource.hostClass);
  }
  for (const [name, item] of exports) {
    const type = types.get(name);
    if (item.kind === "instance" && type?.kind === "instance") {
      result[name] = makeInstance(item.exports, type.exports, `${prefix}${name}#`);
    } else if (item.kind === "guest func") {
      const shown = type?.kind === "func" ? type : item.type;
      let f: Func | undefined;
      const later = () => f ??= item.frame.lift(item, "host", undefined, prefix + name, shown);
      addFunc(result, classes, name, later);
    } else if (item.kind === "host func" && item.callee.form === "call") {
      addFunc(result, classes, name, () => item.f as Func);
    }
  }
  return Object.freeze(result);
}

function addFunc(
  into: Record<string, unknown>,
  classes: Map<string, Class>,
  name: string,
  f: Later,
): void {
  const { kind, of, key: member } = memberOf(name);
  const owner = classes.get(of);
  if (!owner) {
    const key = kind === "function" ? member : camelCase(name);
    if (Object.hasOwn(into, key)) {
      throw new LinkError(`two exports would have the name ${key} in JavaScript; one is ${name}`, []);
    }
    Object.defineProperty(into, key, { enumerable: true, get: f });
    return;
  }
  switch (kind) {
    case "constructor": {
      const className = pascalCase(of);
      // The class itself is only made by guests; `new` calls the guest's constructor, which makes one.
      const constructible = function (this: unknown, ...args: never[]): object {
        if (!new.target) {
          throw new TypeError(`class constructor ${className} cannot be invoked without 'new'`);
        }
        return f()(...args) as object;
      };
      Object.defineProperty(constructible, "name", { value: className });
      Object.defineProperty(constructible, "prototype", { value: owner.prototype, writable: false });
      Object.defineProperty(owner.prototype, "constructor", {
        configurable: true,
        writable: true,
        value: constructible,
      });
      // Statics are added to the class as they come, and found through it.
      Object.setPrototypeOf(constructible, owner);
      into[className] = constructible;
      classes.set(of, constructible as unknown as Class);
      return;
    }
    case "static":
      Object.defineProperty(owner, member, { configurable: true, get: f });
      return;
    default: {
      const value = function (this: unknown, ...args: unknown[]) {
        return (f() as (...args: unknown[]) => unknown)(this, ...args);
      };
      Object.defineProperty(owner.prototype, member, { configurable: true, writable: true, value });
    }
  }
}
