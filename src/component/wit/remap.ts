/**
 * Substitution: an instance's types with other resources in place of those its type was written with.
 *
 * A value type that mentions a replaced resource becomes a new definition; everything else stays the very
 * same type, which is what lets `use` find where it came from.
 *
 * @module
 */
import {
  type ComponentShape,
  type Extern,
  type FuncShape,
  type InstanceShape,
  type Item,
  mapShape,
  type Shape,
  type Target,
  type TypeId,
  type ValueRef,
  view,
} from "./shape.ts";

/** One substitution. Each type is replaced once, however often it is mentioned. */
export class Remapping {
  /** Old resource → new resource. */
  readonly resources: ReadonlyMap<Target, Target>;
  readonly #types: Map<TypeId, TypeId>;
  readonly #scopes = new Map<Shape, Shape>();

  /**
   * @param resources Old resource → new resource.
   * @param types Types whose replacement is known.
   */
  constructor(resources: ReadonlyMap<Target, Target>, types: ReadonlyMap<TypeId, TypeId> = new Map()) {
    this.resources = resources;
    this.#types = new Map(types);
  }

  /** The items of an instance or component. */
  items(items: ReadonlyMap<string, Item>): ReadonlyMap<string, Item> {
    if (this.resources.size === 0 && this.#types.size === 0) return items;
    let changed = false;
    const result = new Map<string, Item>();
    for (const [name, item] of items) {
      const extern = this.extern(item.extern);
      changed ||= extern !== item.extern;
      result.set(name, extern === item.extern ? item : { ...item, extern });
    }
    return changed ? result : items;
  }

  /** One import or export. */
  extern(extern: Extern): Extern {
    switch (extern.kind) {
      case "type": {
        const referenced = this.id(extern.referenced), created = this.id(extern.created);
        const same = referenced === extern.referenced && created === extern.created;
        return same ? extern : { kind: "type", referenced, created };
      }
      case "func": {
        const type = this.#func(extern.type);
        return type === extern.type ? extern : { kind: "func", type };
      }
      case "instance": {
        const type = this.#instance(extern.type);
        return type === extern.type ? extern : { kind: "instance", type };
      }
      case "component": {
        const type = this.#component(extern.type);
        return type === extern.type ? extern : { kind: "component", type };
      }
      default:
        return extern;
    }
  }

  /** One type. */
  id(id: TypeId): TypeId {
    const known = this.#types.get(id);
    if (known) return known;
    const { shape } = id.target;
    if (shape.kind === "resource") {
      const to = this.resources.get(id.target);
      return to ? view(to, id.alias) : id;
    }
    const mapped = this.#shape(shape);
    const result = mapped === shape ? id : view({ ...id.target, shape: mapped, views: new Map() }, undefined);
    this.#types.set(id, result);
    return result;
  }

  #shape(shape: Shape): Shape {
    switch (shape.kind) {
      case "func":
        return this.#func(shape);
      case "instance":
        return this.#instance(shape);
      case "component":
        return this.#component(shape);
      case "resource":
        return shape;
      default: {
        let changed = false;
        const replace = (id: TypeId): TypeId => {
          const to = this.id(id);
          changed ||= to !== id;
          return to;
        };
        const mapped = mapShape<ValueRef, TypeId, ValueRef, TypeId>(
          shape,
          (type) => typeof type === "string" ? type : replace(type),
          replace,
        );
        return changed ? mapped : shape;
      }
    }
  }

  #instance(shape: InstanceShape): InstanceShape {
    return this.#once(shape, () => {
      const exports = this.items(shape.exports);
      return exports === shape.exports ? shape : { ...shape, exports };
    });
  }

  #component(shape: ComponentShape): ComponentShape {
    return this.#once(shape, () => {
      const imports = this.items(shape.imports), exports = this.items(shape.exports);
      return imports === shape.imports && exports === shape.exports ? shape : { ...shape, imports, exports };
    });
  }

  /** Instances may hold instances that hold instances: each is looked into once. */
  #once<S extends Shape>(shape: S, replace: () => S): S {
    const known = this.#scopes.get(shape);
    if (known) return known as S;
    const result = replace();
    this.#scopes.set(shape, result);
    return result;
  }

  #func(shape: FuncShape): FuncShape {
    let changed = false;
    const replace = (type: ValueRef): ValueRef => {
      if (typeof type === "string") return type;
      const to = this.id(type);
      changed ||= to !== type;
      return to;
    };
    const params = shape.params.map(({ name, type }) => ({ name, type: replace(type) }));
    const result = shape.result === undefined ? undefined : replace(shape.result);
    return changed ? { ...shape, params, result } : shape;
  }
}
