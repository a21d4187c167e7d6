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
type Later = () => Func;

/**
 * Types of exports of components that have had an instance. The first one may be the only one, and of its functions one may
 * be called: they are made when they are asked for. From the second on, making them costs less than putting that off.
 */
const known = new WeakSet<ReadonlyMap<string, ExternType>>();

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
  const first = !known.has(types);
  if (first) known.add(types);
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
      const f = once(() => item.frame.lift(item, "host", undefined, prefix + name, shown));
      addFunc(result, classes, name, f, first);
    } else if (item.kind === "host func" && item.callee.form === "call") {
      addFunc(result, classes, name, () => item.f as Func, false);
    }
  }
  return first ? settle(result) : Object.freeze(result);
}

function once(make: Later): Later {
  let made: Func | undefined;
  return () => made ??= make();
}

/** An object whose values stay; it is frozen once every function of it has been asked for. */
function settle(result: Record<string, unknown>): Exports {
  for (const key of Object.keys(result)) {
    const { value } = Object.getOwnPropertyDescriptor(result, key)!;
    if (value !== undefined) Object.defineProperty(result, key, settled(value, true));
  }
  return Object.preventExtensions(result);
}

function settled(value: unknown, enumerable: boolean): PropertyDescriptor {
  return { configurable: false, enumerable, writable: false, value };
}

/** A property that is a getter until it is asked for, and from then on a value, which is faster to get. */
function defineLater(into: object, key: string, enumerable: boolean, f: Later): void {
  Object.defineProperty(into, key, {
    configurable: true,
    enumerable,
    get() {
      const value = f();
      // Whoever froze the object has settled how it is found.
      if (Object.getOwnPropertyDescriptor(into, key)?.configurable) {
        Object.defineProperty(into, key, settled(value, enumerable));
      }
      return value;
    },
  });
}

function addFunc(
  into: Record<string, unknown>,
  classes: Map<string, Class>,
  name: string,
  f: Later,
  later: boolean,
): void {
  const { kind, of, key: member } = memberOf(name);
  const owner = classes.get(of);
  if (!owner) {
    const key = kind === "function" ? member : camelCase(name);
    if (Object.hasOwn(into, key)) {
      throw new LinkError(`two exports would have the name ${key} in JavaScript; one is ${name}`, []);
    }
    if (later) defineLater(into, key, true, f);
    else into[key] = f();
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
      if (later) defineLater(owner, member, false, f);
      else Object.defineProperty(owner, member, { configurable: true, writable: true, value: f() });
      return;
    default: {
      const value = function (this: unknown, ...args: unknown[]) {
        return (f() as (...args: unknown[]) => unknown)(this, ...args);
      };
      Object.defineProperty(owner.prototype, member, { configurable: true, writable: true, value });
    }
  }
}
