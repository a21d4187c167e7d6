/**
 * Notations of the format that are not resolved yet: `file://` texts and `${env:NAME}`.
 *
 * @module
 */

import type { Issues } from "./issue.ts";
import { type Node, quote } from "./node.ts";

const PLACEHOLDER = /\$\{(?:env:[^}]*|[A-Z][A-Z0-9_]*(?:\|[^}]*)?)\}/;

/**
 * Reports every string that the original would replace and that would reach a guest as it stands: a wrong
 * value in silence is worse than none.
 */
export function reportUnresolved(id: string, node: Node, issues: Issues): void {
  if (node.type === "list") {
    for (const item of node.items) reportUnresolved(id, item, issues);
  } else if (node.type === "map") {
    for (const { value } of node.fields.values()) reportUnresolved(id, value, issues);
  } else if (typeof node.value === "string") {
    const [what, kind] = node.value.startsWith("file://")
      ? ["file:// texts", "text"]
      : PLACEHOLDER.test(node.value)
      ? ["placeholders", "value"]
      : [];
    if (what === undefined) return;
    const found = `found ${quote(node.value)}; write the ${kind} here`;
    issues.error("unsupported", node.at, `${id}: ${what} are not supported yet, ${found}`);
  }
}
