/**
 * A WIT document as data: packages of interfaces, and the world of a component.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/WIT.md
 * @module
 */
import type { ValueShape } from "./shape.ts";
import type { PrimitiveKind } from "./types.ts";

/** What the component itself is, and the packages that it mentions, dependencies first. */
export interface WitDocument {
  readonly main: WitPackage;
  readonly packages: readonly WitPackage[];
}

/** `package ns:name@version { … }`. */
export interface WitPackage {
  /** `ns:name`. */
  readonly name: string;
  readonly version: string | undefined;
  readonly interfaces: Map<string, WitInterface>;
  readonly worlds: Map<string, WitWorld>;
  /** Documentation and stability, where the binary has them. */
  notes: WitNotes;
}

/** `interface name { … }`; without a name where it stands inside a world. */
export interface WitInterface {
  readonly kind: "interface";
  readonly name: string | undefined;
  readonly package: WitPackage;
  readonly types: Map<string, WitType>;
  readonly funcs: Map<string, WitFunc>;
  /** Exports that an interface cannot have, by name: what they are. */
  readonly others: Map<string, string>;
  notes: WitNotes;
}

/** `world name { … }`. Items are keyed by their full names. */
export interface WitWorld {
  readonly kind: "world";
  readonly name: string;
  readonly package: WitPackage;
  readonly imports: Map<string, WitItem>;
  readonly exports: Map<string, WitItem>;
  notes: WitNotes;
}

/** An import or export of a world. */
export type WitItem =
  | {
    readonly kind: "interface";
    /** The label, where the item is not named after its interface. */
    readonly label: string | undefined;
    readonly interface: WitInterface;
    /** What this very import or export has of the interface: another mention may have more. */
    readonly members: ReadonlySet<string>;
    notes: WitNotes;
  }
  | { readonly kind: "func"; readonly func: WitFunc }
  | { readonly kind: "type"; readonly type: WitType }
  /** What a component may import or export and a world may not: `what` says which. */
  | { readonly kind: "other"; readonly what: string };

/** A value type where it is used. */
export type WitRef = PrimitiveKind | WitType;

/** A type. Without a name, it is written out where it is used. */
export interface WitType {
  readonly name: string | undefined;
  readonly owner: WitInterface | WitWorld | undefined;
  readonly def:
    | ValueShape<WitRef, WitType>
    | { readonly kind: "resource" }
    /** Another name of a type: `type a = b` within one interface, `use` across two. */
    | { readonly kind: "alias"; readonly of: WitType };
  notes: WitNotes;
}

/** A function. */
export interface WitFunc {
  /** As in the binary: `[method]descriptor.stat`. */
  readonly name: string;
  readonly path: FuncName;
  readonly async: boolean;
  readonly params: readonly { readonly name: string; readonly type: WitRef }[];
  readonly result: WitRef | undefined;
  /** The resource it belongs to. */
  readonly resource: WitType | undefined;
  notes: WitNotes;
}

/** What the name of a function tells. */
export interface FuncName {
  readonly role: "freestanding" | "constructor" | "method" | "static";
  /** Label of the resource; unless freestanding. */
  readonly resource: string | undefined;
  /** Label of the function; `constructor` for a constructor. */
  readonly label: string;
  readonly accessor: "get" | "set" | undefined;
}

/** What surrounds an item in WIT text. */
export interface WitNotes {
  readonly docs?: string | undefined;
  readonly stability?: Stability | undefined;
  readonly externalId?: string | undefined;
  /** What the text below cannot say; printed as a comment. */
  readonly comment?: string | undefined;
  /** Documentation of fields, cases or flags, by name. */
  readonly items?: Readonly<Record<string, string>> | undefined;
}

/** A feature gate. */
export interface Stability {
  readonly since?: string | undefined;
  readonly unstable?: string | undefined;
  readonly deprecated?: string | undefined;
}

/**
 * Takes `[method]descriptor.stat` apart.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Explainer.md#import-and-export-definitions
 */
export function parseFuncName(name: string): FuncName {
  const [, tag, accessor, rest] = /^(?:\[(constructor|method|static)\])?(?:\[(get|set)\])?(.*)$/s.exec(name)!;
  const access = accessor as FuncName["accessor"];
  const label = rest!;
  if (tag === undefined) return { role: "freestanding", resource: undefined, label, accessor: access };
  if (tag === "constructor") return { role: tag, resource: label, label: tag, accessor: undefined };
  const dot = label.indexOf(".");
  const role = tag as "method" | "static";
  return { role, resource: label.slice(0, dot), label: label.slice(dot + 1), accessor: access };
}

/** The parts of `ns:package/interface@version`; none for a plain name. */
export function parseInterfaceName(
  name: string,
):
  | { readonly package: string; readonly interface: string; readonly version: string | undefined }
  | undefined {
  const parts = /^([^/@]+:[^/@]+)\/([^@]+)(?:@(.+))?$/s.exec(name);
  return parts ? { package: parts[1]!, interface: parts[2]!, version: parts[3] } : undefined;
}

/** A package with nothing in it. */
export function newPackage(name: string, version: string | undefined): WitPackage {
  return { name, version, interfaces: new Map(), worlds: new Map(), notes: {} };
}

/** A world with nothing in it, in its package. */
export function newWorld(name: string, owner: WitPackage): WitWorld {
  const world: WitWorld = {
    kind: "world",
    name,
    package: owner,
    imports: new Map(),
    exports: new Map(),
    notes: {},
  };
  owner.worlds.set(name, world);
  return world;
}

/** An interface with nothing in it. */
export function newInterface(name: string | undefined, owner: WitPackage): WitInterface {
  return {
    kind: "interface",
    name,
    package: owner,
    types: new Map(),
    funcs: new Map(),
    others: new Map(),
    notes: {},
  };
}

/** What tells packages apart. */
export function packageKey(name: string, version: string | undefined): string {
  return version === undefined ? name : `${name}@${version}`;
}

/** What a type is behind its other names. */
export function finalDef(type: WitType): WitType["def"] {
  while (type.def.kind === "alias") type = type.def.of;
  return type.def;
}
