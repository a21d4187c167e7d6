/**
 * How WIT spells types, signatures and paths.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/WIT.md#wit-types
 * @module
 */
import type { WitFunc, WitInterface, WitPackage, WitRef, WitType } from "./document.ts";
import { escapeLabel } from "./writer.ts";

/** A type as it is written where it is used. */
export function typeText(type: WitRef): string {
  if (typeof type === "string") return type;
  return type.name === undefined ? defText(type.def) : escapeLabel(type.name);
}

/** The right side of a declaration. */
export function defText(def: WitType["def"]): string {
  switch (def.kind) {
    case "list":
      return `list<${typeText(def.element)}${def.length === undefined ? "" : `, ${def.length}`}>`;
    case "tuple":
      return `tuple<${def.types.map(typeText).join(", ")}>`;
    case "option":
      return `option<${typeText(def.type)}>`;
    case "result":
      if (def.ok === undefined && def.err === undefined) return "result";
      if (def.err === undefined) return `result<${typeText(def.ok!)}>`;
      return `result<${def.ok === undefined ? "_" : typeText(def.ok)}, ${typeText(def.err)}>`;
    case "own":
      return typeText(def.resource);
    case "borrow":
      return `borrow<${typeText(def.resource)}>`;
    case "stream":
    case "future":
      return def.type === undefined ? def.kind : `${def.kind}<${typeText(def.type)}>`;
    case "map":
      return `map<${typeText(def.key)}, ${typeText(def.value)}>`;
    case "alias":
      return typeText(def.of);
    default:
      return def.kind;
  }
}

/** `func(a: u32) -> string`, without the parameter `self` of a method. */
export function signature(func: WitFunc): string {
  const { role, accessor } = func.path;
  const keyword = role === "constructor" ? role : accessor ?? (func.async ? "async func" : "func");
  const params = (role === "method" ? func.params.slice(1) : func.params)
    .map(({ name, type }) => `${escapeLabel(name)}: ${typeText(type)}`);
  const result = func.result === undefined || returnsItself(func) ? "" : ` -> ${typeText(func.result)}`;
  return `${keyword}(${params.join(", ")})${result}`;
}

/** A constructor that returns its resource, and not, say, a `result` of it, need not say so. */
function returnsItself({ path, result, resource }: WitFunc): boolean {
  return path.role === "constructor" && typeof result === "object" && result.def.kind === "own" &&
    result.def.resource === resource;
}

/** The name of a package without its version. */
export function packageText({ name }: WitPackage): string {
  return name.split(":").map(escapeLabel).join(":");
}

/** An interface as a package mentions it. */
export function pathTo(face: WitInterface, from: WitPackage): string {
  const name = escapeLabel(face.name!);
  if (face.package === from) return name;
  const { version } = face.package;
  return `${packageText(face.package)}/${name}${version === undefined ? "" : `@${version}`}`;
}
