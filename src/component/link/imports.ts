/**
 * The host's import object → items.
 *
 * @module
 */
import { camelCase, pascalCase } from "../abi/names.ts";
import { LinkError } from "../error.ts";
import type { ExternType, FuncType, Resource } from "../wit/types.ts";
import type { HostFunc, InstanceItem, Item } from "./item.ts";
import { type Class, HostResource } from "./resource.ts";
import { canSuspend } from "./suspending.ts";
import { Offered } from "./version.ts";

/** What a host gives a component: interfaces by name, each an object of functions and resource classes. */
export type Imports = Readonly<Record<string, unknown>>;

/** Makes the error for a call of a function that was not given. */
export type Missing = (interfaceName: string, func: string) => Error;

type Members = Readonly<Record<string, unknown>>;

/** Resolves imports; what is missing is collected, or linked to fail when called. */
export class ImportResolver {
  /** Imports that were not given, with `missing` unset. */
  readonly unresolved: string[] = [];
  readonly #offered: Offered<unknown>;
  readonly #missing: Missing | undefined;
  /** One item per resource type, so that two imports of one type stay one type. */
  readonly #resources = new Map<Resource, HostResource>();
  /** The class behind each imported resource. */
  readonly #asComponent: (value: unknown) => Item | undefined;

  /**
   * @param imports What the host gives.
   * @param missing What to do about the rest; unset: it is collected in `unresolved`.
   * @param asComponent Recognises a value as a component or module item.
   */
  constructor(
    imports: Imports,
    missing: Missing | undefined,
    asComponent: (value: unknown) => Item | undefined,
  ) {
    this.#offered = new Offered(Object.entries(imports));
    this.#missing = missing;
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
      case "core-module": {
        const item = this.#asComponent(this.#offered.get(name) ?? this.#offered.get(camelCase(name)));
        const kind = type.kind === "component" ? "component" : "core module";
        if (item?.kind !== kind) this.unresolved.push(`${name} (a ${kind})`);
        return item;
      }
      case "value":
        throw new LinkError(`value imports are not supported: ${name}`, [name]);
    }
  }

  #instance(
    name: string,
    wanted: ReadonlyMap<string, ExternType>,
    offered: unknown,
  ): InstanceItem {
    const members: Members | undefined = isObject(offered) ? offered : undefined;
    if (offered !== undefined && !members) {
      throw new LinkError(`import ${name} is an interface: expected an object, got ${typeof offered}`, [
        name,
      ]);
    }
    if (!members && !this.#missing && wanted.size > 0 && ![...wanted.values()].every(isPlainType)) {
      const tracks = this.#offered.tracks(name);
      const note = tracks.length > 0 ? ` (given: version ${tracks.join(", ")}, which is not compatible)` : "";
      this.unresolved.push(name + note);
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
          exports.set(key, this.#instance(`${name}#${key}`, type.exports, members?.[key]));
          break;
        case "component":
        case "core-module": {
          const item = this.#asComponent(members?.[key] ?? members?.[camelCase(key)]);
          if (item) exports.set(key, item);
          else this.unresolved.push(`${name}#${key}`);
          break;
        }
      }
    }
    return { kind: "instance", exports };
  }

  #resource(resource: Resource, value: unknown): HostResource {
    let known = this.#resources.get(resource);
    if (!known) {
      known = new HostResource(
        resource.name,
        typeof value === "function" ? value as unknown as Class : undefined,
      );
      this.#resources.set(resource, known);
    }
    return known;
  }

  #func(from: string, name: string, _type: FuncType, members: Members | undefined): HostFunc {
    const fullName = from === name ? name : `${from}#${name}`;
    const kind = /^\[(constructor|method|static)\](.*)$/.exec(name);
    const found = kind ? findMember(members, kind[1]!, kind[2]!) : findFunc(members, name);
    if (!found) {
      if (!this.#missing) {
        // A whole interface that is missing is named once.
        if (members) this.unresolved.push(fullName);
        return { kind: "host func", name: fullName, callee: { form: "call" }, f: undefined, suspends: false };
      }
      const missing = this.#missing;
      const f = () => {
        throw missing(from, name);
      };
      return { kind: "host func", name: fullName, callee: { form: "call" }, f, suspends: false };
    }
    return { kind: "host func", name: fullName, ...found };
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
  const f = members?.[camelCase(name)] ?? members?.[name];
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
  const hostClass = members?.[pascalCase(resource)];
  if (typeof hostClass !== "function") return undefined;
  if (kind === "constructor") return { callee: { form: "new" }, f: hostClass, suspends: false };
  const name = camelCase(method);
  if (kind === "static") {
    const f = (hostClass as unknown as Members)[name];
    if (typeof f !== "function") return undefined;
    return { callee: { form: "call" }, f: f.bind(hostClass), suspends: canSuspend(f) };
  }
  const f = (hostClass.prototype as Members | undefined)?.[name];
  if (typeof f !== "function") return undefined;
  return { callee: { form: "method", method: name }, f: undefined, suspends: canSuspend(f) };
}

function isObject(value: unknown): value is Members {
  return (typeof value === "object" || typeof value === "function") && value !== null;
}
