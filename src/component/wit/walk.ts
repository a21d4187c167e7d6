/**
 * Walks a component's definitions for the types of its imports and exports. Nothing is checked here beyond
 * what the walk needs: the validator does that.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Explainer.md
 * @module
 */
import type {
  Attribute,
  ComponentDefinition,
  Definition,
  ExternRef,
  SortIndex,
  TypeRef,
  ValueTypeRef,
} from "../binary/definition.ts";
import { DecodeError } from "../error.ts";
import { Remapping } from "./remap.ts";
import {
  type ComponentShape,
  define,
  type Extern,
  type FuncShape,
  type InstanceShape,
  type Item,
  mapShape,
  rename,
  type Shape,
  type Target,
  type TypeId,
  type ValueRef,
} from "./shape.ts";

/** An import or export of the outermost component, where it stands among the others. */
export interface Port {
  readonly side: "import" | "export";
  readonly name: string;
  readonly item: Item;
}

/**
 * The imports and exports of a component, in the order of the bytes.
 *
 * @throws {DecodeError} If an index or a name leads nowhere.
 */
export function portsOf(component: ComponentDefinition): Port[] {
  const scope = new Scope(undefined);
  for (const definition of component.definitions) scope.add(definition);
  return scope.ports;
}

class Scope {
  readonly parent: Scope | undefined;
  readonly types: TypeId[] = [];
  readonly funcs: FuncShape[] = [];
  readonly instances: InstanceShape[] = [];
  readonly components: ComponentShape[] = [];
  readonly ports: Port[] = [];
  readonly boundImports: Target[] = [];
  readonly boundExports: Target[] = [];

  constructor(parent: Scope | undefined) {
    this.parent = parent;
  }

  /** Appends one definition to its index space. */
  add(d: Definition): void {
    const { offset } = d;
    switch (d.kind) {
      case "type":
        return void this.types.push(this.#type(d.type, offset));
      case "component": {
        const scope = new Scope(this);
        for (const definition of d.component.definitions) scope.add(definition);
        return void this.components.push(scope.componentShape());
      }
      case "instantiate":
        return this.#instantiate(d);
      case "inline": {
        const exports = new Map<string, Item>();
        for (const e of d.exports) exports.set(e.name, { extern: this.#item(e, offset), attributes: [] });
        return void this.instances.push({ kind: "instance", exports, bound: [] });
      }
      case "alias export": {
        const instance = at(this.instances, d.instance, "instance", offset);
        const item = instance.exports.get(d.name);
        if (!item) return fail(`instance ${d.instance} has no export named \`${d.name}\``, offset, "alias");
        return this.#push(item.extern);
      }
      case "alias outer":
        return this.#aliasOuter(d);
      case "canon":
        if (d.canon.op === "lift") this.funcs.push(this.#func(d.canon.type, offset));
        return;
      case "import":
        return this.#port("import", d.name, this.#extern(d.type, offset), d.attributes);
      case "export": {
        // A given type may hide something, so it, not the item's own, is what the world sees.
        const extern = d.type ? this.#extern(d.type, offset) : this.#item(d.target, offset, true);
        return this.#port("export", d.name, extern, d.attributes);
      }
      case "export declaration":
        return this.#port("export", d.name, this.#extern(d.type, offset), d.attributes);
    }
  }

  /** What this scope imports and exports, as a component type. */
  componentShape(): ComponentShape {
    const items = (side: Port["side"]): Map<string, Item> =>
      new Map(this.ports.filter((p) => p.side === side).map((p) => [p.name, p.item]));
    const { boundImports, boundExports } = this;
    return {
      kind: "component",
      imports: items("import"),
      exports: items("export"),
      boundImports,
      boundExports,
    };
  }

  #port(side: Port["side"], name: string, extern: Extern, attributes: readonly Attribute[]): void {
    const bound = side === "import" ? this.boundImports : this.boundExports;
    if (extern.kind === "type" && extern.created === extern.referenced) bound.push(extern.created.target);
    if (extern.kind === "instance" && extern.type.bound.length > 0) {
      // Each use of an instance type has resources of its own.
      const fresh = extern.type.bound.map((old) => [old, freshResource()] as const);
      for (const [, resource] of fresh) bound.push(resource);
      const exports = new Remapping(new Map(fresh)).items(extern.type.exports);
      extern = { kind: "instance", type: { kind: "instance", exports, bound: [] } };
    }
    this.ports.push({ side, name, item: { extern, attributes } });
    this.#push(extern);
  }

  #push(extern: Extern): void {
    if (extern.kind === "type") this.types.push(extern.created);
    else if (extern.kind === "func") this.funcs.push(extern.type);
    else if (extern.kind === "instance") this.instances.push(extern.type);
    else if (extern.kind === "component") this.components.push(extern.type);
  }

  #item(item: SortIndex, offset: number, naming = false): Extern {
    switch (item.sort) {
      case "type": {
        const referenced = at(this.types, item.index, "type", offset);
        return { kind: "type", referenced, created: naming ? rename(referenced) : referenced };
      }
      case "func":
        return { kind: "func", type: at(this.funcs, item.index, "function", offset) };
      case "instance":
        return { kind: "instance", type: at(this.instances, item.index, "instance", offset) };
      case "component":
        return { kind: "component", type: at(this.components, item.index, "component", offset) };
      case "core module":
      case "value":
        return { kind: item.sort };
      default:
        return fail(`a ${item.sort} cannot be used here`, offset, "index");
    }
  }

  #extern(ref: ExternRef, offset: number): Extern {
    switch (ref.kind) {
      case "func":
        return { kind: "func", type: this.#func(ref.index, offset) };
      case "type": {
        if (ref.bound === "sub resource") {
          const id = define({ kind: "resource" }, offset);
          return { kind: "type", referenced: id, created: id };
        }
        const referenced = at(this.types, ref.index, "type", offset);
        return { kind: "type", referenced, created: rename(referenced) };
      }
      case "instance":
      case "component": {
        const { shape } = at(this.types, ref.index, "type", offset).target;
        if (ref.kind === "instance" && shape.kind === "instance") return { kind: "instance", type: shape };
        if (ref.kind === "component" && shape.kind === "component") return { kind: "component", type: shape };
        return fail(`type index ${ref.index} is not a type of a ${ref.kind}`, offset, "extern type");
      }
      default:
        return { kind: ref.kind };
    }
  }

  #func(index: number, offset: number): FuncShape {
    const { shape } = at(this.types, index, "type", offset).target;
    return shape.kind === "func" ? shape : fail(`type index ${index} is not a function type`, offset, "type");
  }

  #type(ref: TypeRef, offset: number): TypeId {
    const parts: ValueRef[] = [];
    const value = (type: ValueTypeRef): ValueRef => {
      const part = type.kind === "index" ? at(this.types, type.index, "type", offset) : type.kind;
      parts.push(part);
      return part;
    };
    let shape: Shape;
    switch (ref.kind) {
      case "resource": {
        const id = define({ kind: "resource" }, offset);
        this.boundExports.push(id.target);
        return id;
      }
      case "func":
        shape = {
          kind: "func",
          params: ref.params.map(({ name, type }) => ({ name, type: value(type) })),
          result: ref.result && value(ref.result),
          async: ref.async,
        };
        break;
      case "instance-type":
      case "component-type": {
        const scope = new Scope(this);
        for (const declaration of ref.declarations) scope.add(declaration);
        const component = scope.componentShape();
        shape = ref.kind === "component-type"
          ? component
          : { kind: "instance", exports: component.exports, bound: component.boundExports };
        return define(shape, offset);
      }
      case "own":
      case "borrow":
        shape = { kind: ref.kind, resource: at(this.types, ref.index, "type", offset) };
        break;
      default:
        shape = mapShape<ValueTypeRef, never, ValueRef, TypeId>(ref, value, (none) => none);
    }
    return define(shape, offset, parts);
  }

  #instantiate(d: Definition & { kind: "instantiate" }): void {
    const component = at(this.components, d.component, "component", d.offset);
    const args = new Map(d.args.map((arg) => [arg.name, this.#item(arg, d.offset)]));
    // The types of the arguments take the place of the types that the component imports.
    const resources = new Map<Target, Target>(), types = new Map<TypeId, TypeId>();
    const wanted = new Set(component.boundImports);
    for (const [name, { extern }] of component.imports) {
      const arg = args.get(name);
      if (!arg) return fail(`missing import named \`${name}\` in instantiation`, d.offset, "instantiate");
      pair(extern, arg, (want, have) => {
        types.set(want, have);
        if (wanted.has(want.target) && !resources.has(want.target)) resources.set(want.target, have.target);
      });
    }
    for (const old of component.boundExports) {
      const fresh = freshResource();
      resources.set(old, fresh);
      this.boundExports.push(fresh);
    }
    const exports = new Remapping(resources, types).items(component.exports);
    this.instances.push({ kind: "instance", exports, bound: [] });
  }

  #aliasOuter(d: Definition & { kind: "alias outer" }): void {
    // deno-lint-ignore no-this-alias
    let outer: Scope | undefined = this;
    for (let i = 0; i < d.count && outer; i++) outer = outer.parent;
    if (!outer) return fail(`invalid outer alias count of ${d.count}`, d.offset, "alias");
    if (d.sort === "type") this.types.push(at(outer.types, d.index, "type", d.offset));
    if (d.sort === "component") this.components.push(at(outer.components, d.index, "component", d.offset));
  }
}

/** Pairs the types that a parameter has with those of its argument. */
function pair(want: Extern, have: Extern, found: (want: TypeId, have: TypeId) => void): void {
  if (want.kind === "type" && have.kind === "type") {
    found(want.created, have.created);
  } else if (want.kind === "instance" && have.kind === "instance") {
    for (const [name, { extern }] of want.type.exports) {
      const other = have.type.exports.get(name);
      if (other) pair(extern, other.extern, found);
    }
  }
}

function freshResource(): Target {
  return define({ kind: "resource" }, 0).target;
}

function fail(message: string, offset: number, reading: string): never {
  throw new DecodeError(message, offset, reading, "invalid");
}

function at<T>(space: readonly T[], index: number, what: string, offset: number): T {
  return space[index] ?? fail(`unknown ${what} ${index}: index out of bounds`, offset, what);
}
