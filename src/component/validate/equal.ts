/**
 * Whether two value types are equal. Names count, as do the parts, but not the type indices between.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Explainer.md#type-checking
 * @module
 */
import type { DefinedType, ValueType } from "../wit/types.ts";
import { isValueType } from "./resolve.ts";

/** Why not; nothing if all is well. */
export type Mismatch = string | undefined;

/** Pairs that were compared with success. Types never change, so once is enough. */
export type Pairs = WeakMap<object, WeakSet<object>>;
/** Pairs found to be equal. */
export const equal: Pairs = new WeakMap();

/** Compares, unless that was done; so parts that are shared are compared once. */
export function once(pairs: Pairs, have: object, want: object, compare: () => Mismatch): Mismatch {
  if (have === want || pairs.get(have)?.has(want)) return undefined;
  const mismatch = compare();
  if (mismatch !== undefined) return mismatch;
  let known = pairs.get(have);
  if (!known) pairs.set(have, known = new WeakSet());
  known.add(want);
  return undefined;
}

/** Says where in a type the mismatch is. */
export const inside = (where: string, mismatch: Mismatch): Mismatch => mismatch && `${where}: ${mismatch}`;

/** The same of types that may be absent. */
export function optionalMismatch(
  have: ValueType | undefined,
  want: ValueType | undefined,
  what: string,
): Mismatch {
  if (!have && !want) return undefined;
  if (!have) return `expected ${what}, found none`;
  if (!want) return `expected no ${what.replace(/^an? /, "")}, found ${describe(have)}`;
  return valueMismatch(have, want);
}

/** Why two value types are not equal; nothing if they are. */
export function valueMismatch(have: ValueType, want: ValueType): Mismatch {
  return once(equal, have, want, () => unequal(have, want));
}

function unequal(have: ValueType, want: ValueType): Mismatch {
  if (have.kind !== want.kind) return `expected ${describe(want)}, found ${describe(have)}`;
  // `have` is of the same kind from here on, which TypeScript cannot follow.
  const other = have as never;
  switch (want.kind) {
    case "list": {
      const { length, element }: typeof want = other;
      if (length !== want.length) {
        return `expected a list of ${want.length ?? "any"} elements, found one of ${length ?? "any"}`;
      }
      return inside("type mismatch in list element", valueMismatch(element, want.element));
    }
    case "record": {
      const { fields }: typeof want = other;
      if (fields.length !== want.fields.length) {
        return `expected ${want.fields.length} fields, found ${fields.length}`;
      }
      for (const [i, field] of want.fields.entries()) {
        const { name, type } = fields[i]!;
        if (name !== field.name) return `expected field name \`${field.name}\`, found \`${name}\``;
        const wrong = valueMismatch(type, field.type);
        if (wrong) return inside(`type mismatch in record field \`${name}\``, wrong);
      }
      return undefined;
    }
    case "variant": {
      const { cases }: typeof want = other;
      if (cases.length !== want.cases.length) {
        return `expected ${want.cases.length} cases, found ${cases.length}`;
      }
      for (const [i, case_] of want.cases.entries()) {
        const { name, type } = cases[i]!;
        if (name !== case_.name) return `expected case named \`${case_.name}\`, found \`${name}\``;
        const wrong = optionalMismatch(type, case_.type, "a type");
        if (wrong) return inside(`type mismatch in variant case \`${name}\``, wrong);
      }
      return undefined;
    }
    case "tuple": {
      const { types }: typeof want = other;
      if (types.length !== want.types.length) {
        return `expected ${want.types.length} types, found ${types.length}`;
      }
      for (const [i, type] of want.types.entries()) {
        const wrong = valueMismatch(types[i]!, type);
        if (wrong) return inside(`type mismatch in tuple field ${i}`, wrong);
      }
      return undefined;
    }
    case "flags":
    case "enum": {
      const { names }: typeof want = other;
      const same = names.length === want.names.length && names.every((n, i) => n === want.names[i]);
      return same ? undefined : `mismatch in ${want.kind} elements`;
    }
    case "option":
      return inside("type mismatch in option", valueMismatch((other as typeof want).type, want.type));
    case "result": {
      const { ok, err }: typeof want = other;
      return inside("type mismatch in ok variant", optionalMismatch(ok, want.ok, "an ok type")) ??
        inside("type mismatch in err variant", optionalMismatch(err, want.err, "an err type"));
    }
    case "own":
    case "borrow":
      return (other as typeof want).resource === want.resource
        ? undefined
        : "resource types are not the same";
    case "stream":
    case "future":
      return inside(
        `type mismatch in ${want.kind} element`,
        optionalMismatch((other as typeof want).type, want.type, "a type"),
      );
    case "map": {
      const { key, value }: typeof want = other;
      return inside("type mismatch in map key", valueMismatch(key, want.key)) ??
        inside("type mismatch in map value", valueMismatch(value, want.value));
    }
    default:
      return undefined;
  }
}

/** What a type is, in a word. */
export function describe(type: DefinedType): string {
  return isValueType(type) ? type.kind : `${type.kind} type`;
}
