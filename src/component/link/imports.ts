/**
 * The host's import object → items.
 *
 * @module
 */
import { show, witFunc } from "../abi/check.ts";
import { directOf } from "../abi/fill.ts";
import { camelCase, pascalCase } from "../abi/names.ts";
import { LinkError } from "../error.ts";
import type { ExternType, FuncType, Resource } from "../wit/types.ts";
import type { HostFunc, InstanceItem, Item } from "./item.ts";
import { type Observe, observed } from "./observe.ts";
import type { Class, HostResource } from "./resource.ts";
import { hostResource, recall, remember } from "./reuse.ts";
import { checkSignature } from "./signatures.ts";
import { canSuspend } from "./suspending.ts";
import { Offered } from "./version.ts";

/** What a host gives a component: interfaces by name, each an object of functions and resource classes. */
export type Imports = Readonly<Record<string, unknown>>;

/** Makes the error for a call of a function that was not given. */
export type Missing = (interfaceName: string, func: string) => Error;

/**
 * Recognises a value as a component or module.
 *
 * @throws {LinkError} If it is one, and of another type.
 */
export type AsComponent = (
  name: string,
  type: Extract<ExternType, { kind: "component" | "core-module" }>,
  value: unknown,
) => Item | undefined;

type Members = Readonly<Record<string, unknown>>;

/** Resolves imports; what is missing is collected, or linked to fail when called. */
export class ImportResolver {
  /** Imports that were not given, with `missing` unset, and what may be said about each. */
  readonly unresolved: { readonly name: string; readonly note: string }[] = [];
  readonly #offered: Offered<unknown>;
  readonly #missing: Missing | undefined;
  readonly #observe: Observe | undefined;
  /** One item per resource type, so that two imports of one type stay one type. */
  readonly #resources = new Map<Resource, HostResource>();
  /** Functions that were not given: what they say is of this instance. */
  readonly #refusals = new Set<Item>();
  readonly #asComponent: AsComponent;

  /**
   * @param imports What the host gives.
   * @param missing What to do about the rest; unset: it is collected in `unresolved`.
   * @param asComponent Recognises a value as a component or module.
   * @param observe Whom to tell of the calls of host functions.
   */
  constructor(
    imports: Imports,
    missing: Missing | undefined,
    asComponent: AsComponent,
    observe?: Observe,
  ) {
    this.#offered = new Offered(Object.entries(imports));
    this.#missing = missing;
    this.#observe = observe;
    this.#asComponent = asComponent;
  }

  /** The item for one import of the component. */
  resolve(name: string, type: ExternType): Item | undefined {
    switch (type.kind) {
      case "instance":
        return this.#instance(name, type.exports, this.#offered.get(name));
      case "func": {
        let value = this.#offered.get(name) ?? this.#offered.get(camelCase(name));
        if (isObject(value) && typeof value !== "function") value = value["default"];
        return this.#func(name, name, type, { [camelCase(name)]: value, [name]: value });
      }
      case "type": {
        if (type.type.kind !== "resource") return undefined;
        const value = this.#offered.get(name) ?? this.#offered.get(pascalCase(name));
        return { kind: "resource", resource: this.#resource(type.type, value) };
      }
      case "component":
      case "core-module":
        return this.#component(name, type, this.#offered.get(name) ?? this.#offered.get(camelCase(name)));
      case "value":
        throw new LinkError(`value imports are not supported: ${name}`, [name]);
    }
  }

  #instance(
    name: string,
    wanted: ReadonlyMap<string, ExternType>,
    offered: unknown,
    partOfMissing = false,
  ): InstanceItem {
    const members: Members | undefined = isObject(offered) ? offered : undefined;
    if (offered !== undefined && !members) {
      throw new LinkError(`import ${name} is an interface: expected an object, got ${show(offered)}`, [name]);
    }
    const shared = members && !this.#observe;
    const known = shared ? recall(members, wanted, this.#resources) : undefined;
    if (known) return known;
    // A whole interface that is missing is named once.
    if (!members && !partOfMissing && !this.#missing && ![...wanted.values()].every(isPlainType)) {
      const tracks = this.#offered.tracks(name);
      const note = tracks.length > 0 ? ` (given: version ${tracks.join(", ")}, which is not compatible)` : "";
      this.unresolved.push({ name, note });
    }
    const exports = new Map<string, Item>();
    for (const [key, type] of wanted) {
      switch (type.kind) {
        case "func":
          exports.set(key, this.#func(name, key, type, members));
          break;
        case "type":
          if (type.type.kind === "resource") {
            const resource = this.#resource(type.type, members?.[pascalCase(key)]);
            exports.set(key, { kind: "resource", resource });
          }
          break;
        case "instance":
          exports.set(
            key,
            this.#instance(`${name}#${key}`, type.exports, members && member(members, key), !members),
          );
          break;
        case "component":
        case "core-module": {
          if (!members) break;
          const given = member(members, key) ?? member(members, camelCase(key));
          const item = this.#component(`${name}#${key}`, type, given);
          if (item) exports.set(key, item);
          break;
        }
      }
    }
    const item: InstanceItem = { kind: "instance", exports };
    if (shared) remember(members, wanted, item, this.#refusals);
    return item;
  }

  #component(name: string, type: Parameters<AsComponent>[1], value: unknown): Item | undefined {
    const item = this.#asComponent(name, type, value);
    if (!item) {
      const kind = type.kind === "component" ? "component" : "core module";
      this.unresolved.push({
        name,
        note: value === undefined ? ` (a ${kind})` : expected(`a ${kind}`, value),
      });
    }
    return item;
  }

  #resource(resource: Resource, value: unknown): HostResource {
    let known = this.#resources.get(resource);
    if (!known) {
      known = hostResource(resource, typeof value === "function" ? value as unknown as Class : undefined);
      this.#resources.set(resource, known);
    }
    return known;
  }

  #func(from: string, name: string, type: FuncType, given: Members | undefined): HostFunc {
    const fullName = from === name ? name : `${from}#${name}`;
    const verdict = given ? checkSignature(given, name, type) : "ok";
    if (typeof verdict === "object") {
      const message = `import ${fullName} is ${witFunc(type)}, the host's is ${verdict.wanted}`;
      throw new LinkError(message, [fullName]);
    }
    const members: Members | undefined = verdict === "unknown" ? {} : given;
    const kind = /^\[(constructor|method|static)\](.*)$/.exec(name);
    const found = kind ? findMember(members, kind[1]!, kind[2]!) : findFunc(members, name);
    if (!found) {
      if (!this.#missing) {
        const found = members && !kind
          ? member(members, camelCase(name)) ?? member(members, name)
          : undefined;
        const note = found === undefined ? "" : expected("a function", found);
        if (members) this.unresolved.push({ name: fullName, note });
        return this.#refusal(fullName, undefined);
      }
      const missing = this.#missing;
      const f = () => {
        throw missing(from, name);
      };
      return this.#refusal(fullName, f);
    }
    const observer = this.#observe?.(from, name);
    return { kind: "host func", name: fullName, ...observer ? observed(found, observer) : found };
  }

  #refusal(name: string, f: (() => never) | undefined): HostFunc {
    const func: HostFunc = { kind: "host func", name, callee: { form: "call" }, f, suspends: false };
    this.#refusals.add(func);
    return func;
  }
}

/** Type-only exports need nothing from the host. */
function isPlainType(type: ExternType): boolean {
  return type.kind === "type" && type.type.kind !== "resource";
}

function findFunc(
  members: Members | undefined,
  name: string,
): Pick<HostFunc, "callee" | "f" | "suspends"> | undefined {
  const f = members && (member(members, camelCase(name)) ?? member(members, name));
  if (typeof f !== "function") return undefined;
  // Called as a method of its interface object would cost a lookup each time; a bound function does not.
  return { callee: { form: "call" }, f, suspends: canSuspend(f) };
}

function findMember(
  members: Members | undefined,
  kind: string,
  path: string,
): Pick<HostFunc, "callee" | "f" | "suspends"> | undefined {
  const [resource = "", method = ""] = path.split(".");
  const hostClass = members && member(members, pascalCase(resource));
  if (typeof hostClass !== "function") return undefined;
  if (kind === "constructor") return { callee: { form: "new" }, f: hostClass, suspends: false };
  const name = camelCase(method);
  if (kind === "static") {
    const f = member(hostClass as unknown as Members, name);
    if (typeof f !== "function") return undefined;
    return { callee: { form: "call" }, f: f.bind(hostClass), suspends: canSuspend(f) };
  }
  const f = isObject(hostClass.prototype) ? member(hostClass.prototype, name) : undefined;
  if (typeof f !== "function") return undefined;
  const form = directOf(f as never);
  if (form) return { callee: { form: "call" }, f: form, suspends: canSuspend(f) };
  return { callee: { form: "method", method: name }, f: undefined, suspends: canSuspend(f) };
}

/** A member that the host wrote: what every object or function has is none, such as `toString` or `call`. */
function member(of: Members, name: string): unknown {
  const value = of[name];
  return value === inherited[name] || value === functionMembers[name] ? undefined : value;
}
const inherited = Object.prototype as unknown as Members;
const functionMembers = Function.prototype as unknown as Members;

function expected(what: string, value: unknown): string {
  return ` (expected ${what}, got ${show(value)})`;
}

function isObject(value: unknown): value is Members {
  return (typeof value === "object" || typeof value === "function") && value !== null;
}
