/**
 * Texts that may stand for a number or a boolean: the field that they are for decides.
 *
 * @module
 */

import type { MapNode, Node, ScalarNode } from "./node.ts";
import { type Shape, unwrap } from "./shape.ts";

/** A number with a point or an exponent. */
const FLOAT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * The value that a text looks like: `true` and `false` in any case, whole numbers as they are usually written, numbers with a
 * point or an exponent. Everything else, `0755` too, stays as it is.
 */
export function loose(text: string): string | number | boolean {
  const trimmed = text.trim();
  if (/^(?:true|false)$/i.test(trimmed)) return trimmed.toLowerCase() === "true";
  const number = Number(trimmed);
  if (/^(?:0|-?[1-9]\d*)$/.test(trimmed)) return Number.isSafeInteger(number) ? number : text;
  return /[.eE]/.test(trimmed) && FLOAT.test(trimmed) && Number.isFinite(number) ? number : text;
}

/**
 * Gives every loose text below a node the type of its field.
 *
 * @param node What is checked against the shape next.
 * @param shape The shape of the node; `undefined` where it may be anything.
 */
export function fit<N extends Node>(node: N, shape: Shape | undefined): N {
  return fitted(node, unwrap(shape)) as N;
}

function fitted(node: Node, shape: Shape): Node {
  if (node.type === "scalar") return node.loose === undefined ? node : scalar(node, shape);
  if (node.type === "list") {
    const items = node.items.map((item) => fitted(item, unwrap(shape.item)));
    return items.some((item, i) => item !== node.items[i]) ? { ...node, items } : node;
  }
  return map(node, shape);
}

function map(node: MapNode, shape: Shape): Node {
  let changed = false;
  const fields = new Map(node.fields);
  for (const [key, { at, value }] of node.fields) {
    const own = shape.entries !== undefined && Object.hasOwn(shape.entries, key)
      ? shape.entries[key]
      : undefined;
    const to = fitted(value, unwrap(own ?? shape.value));
    if (to === value) continue;
    changed = true;
    fields.set(key, { at, value: to });
  }
  return changed ? { ...node, fields } : node;
}

/** A field of texts takes the text; one of numbers or of booleans what the text stands for, if it stands for one. */
function scalar({ loose: either, ...node }: ScalarNode, shape: Shape): ScalarNode {
  const types = shape.type === "union"
    ? (shape.options ?? []).map((o) => unwrap(o as Shape).type)
    : [shape.type];
  if (types.includes("string") || types.includes("picklist")) return node;
  const value = typeof node.value === "string" ? loose(node.value) : node.value;
  if (types.includes(typeof value)) return { ...node, value };
  // Where anything may stand, the one who wrote it has decided.
  return types.includes("unknown") && either !== undefined ? { ...node, value: either } : node;
}
