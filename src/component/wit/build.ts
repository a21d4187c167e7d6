/**
 * A component's imports and exports → a WIT document.
 *
 * The binary has no packages and no `use`: both are found again here. An interface that is imported under
 * one name is one interface, however often it is mentioned, and holds all that any mention of it shows.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/WIT.md#package-format
 * @module
 */
import type { ComponentDefinition } from "../binary/definition.ts";
import { DecodeError } from "../error.ts";
import {
  finalDef,
  newInterface,
  newPackage,
  newWorld,
  packageKey,
  parseFuncName,
  parseInterfaceName,
  type WitDocument,
  type WitFunc,
  type WitInterface,
  type WitItem,
  type WitNotes,
  type WitPackage,
  type WitRef,
  type WitType,
  type WitWorld,
} from "./document.ts";
import {
  type Extern,
  type FuncShape,
  type InstanceShape,
  type Item,
  mapShape,
  original,
  type Shape,
  type TypeId,
  type ValueRef,
  type ValueShape,
} from "./shape.ts";
import type { Port } from "./walk.ts";

/**
 * The WIT of a component: a package `root:component` with a world `root`, since a component does not know
 * its own name, and the packages of its imports and exports.
 *
 * @param component The component.
 * @param ports Its imports and exports.
 * @throws {DecodeError} If the component is not valid.
 */
export function buildDocument(component: ComponentDefinition, ports: readonly Port[]): WitDocument {
  const main = newPackage("root:component", undefined);
  const builder = new Builder(component.offset);
  const world = newWorld("root", main);
  for (const { side, name, item } of ports) builder.port(world, side, name, item);
  return { main, packages: builder.packages() };
}

/** Gathers packages from the instances it is shown. */
export class Builder {
  readonly #offset: number;
  readonly #packages = new Map<string, WitPackage>();
  readonly #types = new Map<TypeId, WitType>();

  readonly #main: WitPackage | undefined;

  /**
   * @param offset Where the component starts, for errors.
   * @param main A package of one's own, which instances may mention too.
   */
  constructor(offset: number, main?: WitPackage) {
    this.#offset = offset;
    this.#main = main;
    if (main) this.#packages.set(packageKey(main.name, main.version), main);
  }

  /** Adds one import or export to a world. */
  port(world: WitWorld, side: Port["side"], name: string, item: Item): void {
    const into = side === "import" ? world.imports : world.exports;
    const { extern } = item;
    switch (extern.kind) {
      case "instance":
        return void into.set(name, this.#worldInstance(world, name, item, extern.type));
      case "func":
        if (parseInterfaceName(name)) return void into.set(name, { kind: "other", what: "function" });
        return void into.set(name, { kind: "func", func: this.#func(name, item, extern.type, world, into) });
      case "type": {
        const what = scopeKind(extern);
        if (what) return void into.set(name, { kind: "other", what });
        const type = this.#namedType(name, item, extern, world);
        // A world declares the types that it imports. One that it exports is best shown likewise.
        const clash = side === "export" && world.imports.get(name)?.kind === "type";
        if (side === "export") {
          type.notes = { ...type.notes, comment: "exported: a world has no way to say so" };
        }
        return void into.set(name, clash ? { kind: "other", what: "type" } : { kind: "type", type });
      }
      default:
        return void into.set(name, { kind: "other", what: extern.kind });
    }
  }

  /** Shows an instance of an interface of a package. What it adds to earlier mentions is added. */
  mention(name: string, item: Item, shape: InstanceShape): WitInterface {
    const face = this.#named(name, item);
    for (const [key, part] of shape.exports) this.#part(face, key, part);
    return face;
  }

  #named(name: string, item: Item): WitInterface {
    const parts = parseInterfaceName(name);
    if (!parts) return this.#fail(`\`${name}\` is not the name of an interface`);
    const suffix = item.attributes.find((a) => a.kind === "versionsuffix")?.value ?? "";
    const version = parts.version === undefined ? undefined : parts.version + suffix;
    const key = packageKey(parts.package, version);
    let owner = this.#packages.get(key);
    if (!owner) this.#packages.set(key, owner = newPackage(parts.package, version));
    let face = owner.interfaces.get(parts.interface);
    if (!face) owner.interfaces.set(parts.interface, face = newInterface(parts.interface, owner));
    return face;
  }

  /** All packages but one's own, each after those it uses types of. */
  packages(): WitPackage[] {
    const order = new Set<WitPackage>(), visiting = new Set<WitPackage>();
    const visit = (pkg: WitPackage): void => {
      // Packages that use each other cannot be written in one file; here they merely stand in some order.
      if (order.has(pkg) || visiting.has(pkg)) return;
      visiting.add(pkg);
      for (const { types } of pkg.interfaces.values()) {
        for (const type of types.values()) {
          if (type.def.kind === "alias" && type.def.of.owner?.kind === "interface") {
            visit(type.def.of.owner.package);
          }
        }
      }
      order.add(pkg);
    };
    const known = new Set(this.#packages.values());
    if (this.#main) known.delete(this.#main);
    for (const pkg of known) visit(pkg);
    return [...order].filter((pkg) => known.has(pkg));
  }

  #worldInstance(world: WitWorld, name: string, item: Item, shape: InstanceShape): WitItem {
    const rest = { kind: "interface", members: new Set(shape.exports.keys()), notes: notesOf(item) } as const;
    const implemented = item.attributes.find((a) => a.kind === "implements")?.value;
    if (implemented !== undefined) {
      return { ...rest, label: name, interface: this.mention(implemented, item, shape) };
    }
    if (parseInterfaceName(name)) {
      return { ...rest, label: undefined, interface: this.mention(name, item, shape) };
    }
    return { ...rest, label: name, interface: this.#inline(world.package, shape) };
  }

  #inline(owner: WitPackage, shape: InstanceShape): WitInterface {
    const inline = newInterface(undefined, owner);
    for (const [key, part] of shape.exports) this.#part(inline, key, part);
    return inline;
  }

  #part(face: WitInterface, name: string, item: Item): void {
    const { extern } = item;
    if (extern.kind === "type") {
      const known = face.types.get(name), what = scopeKind(extern);
      if (what) face.others.set(name, what);
      else if (known) this.#types.set(extern.created, known);
      else face.types.set(name, this.#namedType(name, item, extern, face));
    } else if (extern.kind === "func") {
      if (!face.funcs.has(name)) face.funcs.set(name, this.#func(name, item, extern.type, face));
    } else {
      face.others.set(name, extern.kind);
      // What is inside may be mentioned outside.
      if (extern.kind === "instance") this.#inline(face.package, extern.type);
    }
  }

  #namedType(
    name: string,
    item: Item,
    extern: Extern & { kind: "type" },
    owner: WitInterface | WitWorld,
  ): WitType {
    const { referenced, created } = extern;
    const { shape } = referenced.target;
    const of = this.#aliased(referenced);
    let comment: string | undefined;
    let def: WitType["def"];
    if (
      of && (of.owner === owner || isNameable(of)) && !(shape.kind === "resource" && this.#types.has(created))
    ) {
      def = { kind: "alias", of };
    } else if (of) {
      // A type of the world or of an interface without a name, which `use` cannot reach, or a resource that is
      // exported again: methods can only be declared on a resource, so it is declared.
      comment = `the same type as \`${of.name}\` of ${ownerText(of)}`;
      def = finalDef(of);
    } else if (shape.kind === "resource") def = { kind: "resource" };
    else def = this.#def(shape);
    const type: WitType = { name, owner, def, notes: { ...notesOf(item), comment } };
    this.#types.set(created, type);
    return type;
  }

  /** The WIT type that a type is another name of. */
  #aliased(id: TypeId): WitType | undefined {
    for (let at: TypeId | undefined = id; at; at = original(at)) {
      const known = this.#types.get(at);
      if (known) return known;
    }
    return undefined;
  }

  #func(
    name: string,
    item: Item,
    shape: FuncShape,
    owner: WitInterface | WitWorld,
    side?: ReadonlyMap<string, WitItem>,
  ): WitFunc {
    const path = parseFuncName(name);
    let resource: WitType | undefined;
    if (path.resource !== undefined) {
      const sibling = side?.get(path.resource);
      resource = sibling?.kind === "type" ? sibling.type : undefined;
      if (owner.kind === "interface") resource = owner.types.get(path.resource);
    }
    return {
      name,
      path,
      async: shape.async,
      params: shape.params.map(({ name, type }) => ({ name, type: this.#ref(type) })),
      result: shape.result === undefined ? undefined : this.#ref(shape.result),
      resource,
      notes: notesOf(item),
    };
  }

  #ref(type: ValueRef): WitRef {
    if (typeof type === "string") return type;
    const known = this.#types.get(type);
    if (known) return known;
    const { shape } = type.target;
    switch (shape.kind) {
      case "record":
      case "variant":
      case "enum":
      case "flags":
        return this.#fail(`found a ${shape.kind} type without a name`);
    }
    const anonymous: WitType = { name: undefined, owner: undefined, def: this.#def(shape), notes: {} };
    this.#types.set(type, anonymous);
    return anonymous;
  }

  #def(shape: Shape): ValueShape<WitRef, WitType> {
    switch (shape.kind) {
      case "resource":
      case "func":
      case "instance":
      case "component":
        return this.#fail(`found a ${shape.kind} type in place of a value type`);
    }
    return mapShape(
      shape,
      (type) => this.#ref(type),
      (id) => this.#aliased(id) ?? this.#fail("found a handle to a resource without a name"),
    );
  }

  #fail(message: string): never {
    throw new DecodeError(message, this.#offset, "component", "invalid");
  }
}

/** What a type is, where it is no type of values or resources. */
function scopeKind({ referenced: { target: { shape } } }: Extern & { kind: "type" }): string | undefined {
  if (shape.kind === "func") return "function type";
  return shape.kind === "instance" || shape.kind === "component" ? `${shape.kind} type` : undefined;
}

/** Whether `use` can name a type: it stands in an interface that has a name, or nowhere and is written out. */
function isNameable(type: WitType): boolean {
  return type.owner === undefined || (type.owner.kind === "interface" && type.owner.name !== undefined);
}

function ownerText({ owner }: WitType): string {
  if (owner?.kind === "interface" && owner.name !== undefined) return `\`${owner.name}\``;
  return owner?.kind === "world" ? "the world" : "an interface without a name";
}

function notesOf(item: Item): WitNotes {
  const externalId = item.attributes.find((a) => a.kind === "external-id")?.value;
  return externalId === undefined ? {} : { externalId };
}
