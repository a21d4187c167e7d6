/**
 * WIT names in JavaScript.
 *
 * @module
 */

/** Names are asked for at every instantiation, and are few: those of interfaces. More than this many are an attack. */
const MAX_KNOWN = 10_000;

/** The same function, which remembers what it said. */
function remembering<Found>(spell: (name: string) => Found): (name: string) => Found {
  const known = new Map<string, Found>();
  return (name) => {
    let found = known.get(name);
    if (found !== undefined) return found;
    found = spell(name);
    if (known.size < MAX_KNOWN) known.set(name, found);
    return found;
  };
}

/**
 * `foo-bar` → `FooBar`, as bindings for JavaScript spell types and classes.
 *
 * @param kebab A WIT label.
 */
export const pascalCase: (kebab: string) => string = remembering((kebab) => {
  let name = "";
  for (const word of kebab.split("-")) name += word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();
  return name;
});

/**
 * `foo-bar` → `fooBar`, as bindings for JavaScript spell functions, fields, cases of flags and modules.
 *
 * A word of a WIT label is all lower or all upper case; an acronym counts as a word like any other, so
 * `HTTP-status` becomes `httpStatus`.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/WIT.md#identifiers
 * @param kebab A WIT label.
 */
export const camelCase: (kebab: string) => string = remembering((kebab) => {
  const pascal = pascalCase(kebab);
  return pascal.charAt(0).toLowerCase() + pascal.slice(1);
});

/** What the name of a function makes it: a function of its own, or a member of a class. */
export interface Member {
  readonly kind: "function" | "constructor" | "method" | "static";
  /** The WIT name of the class. */
  readonly of: string;
  /** As it is called in JavaScript. */
  readonly key: string;
}

/**
 * `[method]foo-bar.baz-qux` → a method `bazQux` of `foo-bar`; what names no member is a function.
 *
 * @param name As in the binary.
 */
export const memberOf: (name: string) => Member = remembering((name) => {
  const [, kind, of = "", member = ""] = /^\[(constructor|method|static)\]([^.]*)\.?(.*)$/.exec(name) ?? [];
  if (kind === undefined) return { kind: "function", of: "", key: camelCase(name) };
  const key = camelCase(member);
  // `then` would make every object of the class a promise to `await`; `prototype` is the class's own.
  return { kind: kind as Member["kind"], of, key: key === "then" || key === "prototype" ? `${key}_` : key };
});
