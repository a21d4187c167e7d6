/**
 * WIT names in JavaScript.
 *
 * @module
 */

/** Names are asked for at every instantiation, and are few: those of interfaces. More than this many are an attack. */
const MAX_KNOWN = 10_000;

/** The same function, which remembers what it said. */
function remembering(spell: (kebab: string) => string): (kebab: string) => string {
  const known = new Map<string, string>();
  return (kebab) => {
    let name = known.get(kebab);
    if (name !== undefined) return name;
    name = spell(kebab);
    if (known.size < MAX_KNOWN) known.set(kebab, name);
    return name;
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
