/**
 * A node with some of its scalars replaced.
 *
 * @module
 */

import type { Field, MapNode, Node, ScalarNode } from "./node.ts";

/**
 * Replaces scalars, and keeps everything else as it is: a node in which nothing changes is the same object afterwards.
 *
 * @param node Where to begin. Its keys are left alone.
 * @param path What it is called: `entries[2]`, or nothing.
 * @param replace Gives what takes a scalar's place, which may be the scalar itself; and is told what that is called.
 */
export function rewrite<N extends Node>(
  node: N,
  path: string,
  replace: (scalar: ScalarNode, path: string) => ScalarNode,
): N {
  // What aliases share stays shared: it is replaced once.
  const done = new Map<Node, Node>();
  const walk = (from: Node, path: string): Node => {
    if (from.type === "scalar") return replace(from, path);
    const known = done.get(from);
    if (known !== undefined) return known;
    const to = from.type === "list"
      ? sameList(from, from.items.map((item, i) => walk(item, `${path}[${i}]`)))
      : sameMap(from, (key, value) => walk(value, path === "" ? key : `${path}.${key}`));
    done.set(from, to);
    return to;
  };
  return walk(node, path) as N;
}

function sameList(from: Extract<Node, { type: "list" }>, items: readonly Node[]): Node {
  return items.some((item, i) => item !== from.items[i]) ? { ...from, items } : from;
}

function sameMap(from: MapNode, walk: (key: string, value: Node) => Node): Node {
  let changed = false;
  const fields = new Map<string, Field>();
  for (const [key, { at, value }] of from.fields) {
    const to = walk(key, value);
    changed ||= to !== value;
    fields.set(key, { at, value: to });
  }
  return changed ? { ...from, fields } : from;
}
