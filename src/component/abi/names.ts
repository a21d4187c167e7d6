/**
 * WIT names in JavaScript.
 *
 * @module
 */

/**
 * `foo-bar` → `fooBar`, as bindings for JavaScript spell functions, fields, cases of flags and modules.
 *
 * A word of a WIT label is all lower or all upper case; an acronym counts as a word like any other, so
 * `HTTP-status` becomes `httpStatus`.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/WIT.md#identifiers
 * @param kebab A WIT label.
 */
export function camelCase(kebab: string): string {
  const pascal = pascalCase(kebab);
  return pascal.charAt(0).toLowerCase() + pascal.slice(1);
}

/**
 * `foo-bar` → `FooBar`, as bindings for JavaScript spell types and classes.
 *
 * @param kebab A WIT label.
 */
export function pascalCase(kebab: string): string {
  let name = "";
  for (const word of kebab.split("-")) name += word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();
  return name;
}
