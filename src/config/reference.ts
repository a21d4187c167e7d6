/**
 * Ids: `namespace:name`, as a string or as `{ns, name}`.
 *
 * @module
 */

import { field, type Node, textField } from "./node.ts";

/**
 * The full id that a reference names, or `undefined` where it is no reference or its name is empty.
 *
 * The first `:` separates, as in the original. A reference without a namespace means the namespace of the
 * entry that holds it; the original does so in some fields only, here it holds in all.
 */
export function referenceId(node: Node, namespace: string): string | undefined {
  if (node.type === "scalar") {
    return typeof node.value === "string" ? fullId(node.value, namespace) : undefined;
  }
  if (node.type === "list") return undefined;
  const name = textField(node, "name");
  if (name === undefined || name === "") return undefined;
  const ns = field(node, "ns");
  if (ns === undefined) return `${namespace}:${name}`;
  const text = textField(node, "ns");
  return text === undefined ? undefined : `${text === "" ? namespace : text}:${name}`;
}

/** The same of what may be absent; empty where there is no id. */
export function fullIdOf(node: Node | undefined, namespace: string): string {
  return (node === undefined ? undefined : referenceId(node, namespace)) ?? "";
}

/** A reference as text → the full id, or `undefined` where its name is empty. */
export function fullId(reference: string, namespace: string): string | undefined {
  const colon = reference.indexOf(":");
  const name = reference.slice(colon + 1);
  if (name === "") return undefined;
  return colon > 0 ? reference : `${namespace}:${name}`;
}
