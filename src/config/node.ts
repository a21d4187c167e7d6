/**
 * A YAML document in which every key and value knows its place.
 *
 * @module
 */

import type { Lines, Position } from "./position.ts";

/** A string, number, boolean or null. */
export interface ScalarNode {
  /** Tells the nodes apart. */
  readonly type: "scalar";
  /** The resolved value. */
  readonly value: string | number | boolean | null;
  /** The value as the file spells it, for messages: `0755` rather than 755. */
  readonly source: string;
  /**
   * What messages say in place of a value that the file itself does not hold: `${env:TOKEN}`, `file://key.pem`. The value may
   * be a secret.
   */
  readonly shown?: string;
  /**
   * For a text that may stand for a number or a boolean, which the field decides: the value where the field takes any. An
   * override of the command line has it, and a placeholder that is a whole value.
   */
  readonly loose?: string | number | boolean;
  /** Where it starts. */
  readonly at: Position;
  /** Where the lines of its text stand; absent where that is not known, or asked by nobody. */
  readonly lines?: Lines | undefined;
}

/** A list. */
export interface ListNode {
  /** Tells the nodes apart. */
  readonly type: "list";
  /** Its items in order. */
  readonly items: readonly Node[];
  /** Where it starts. */
  readonly at: Position;
}

/** A key with its value. */
export interface Field {
  /** Where the key starts. */
  readonly at: Position;
  /** The value. */
  readonly value: Node;
}

/** A map. */
export interface MapNode {
  /** Tells the nodes apart. */
  readonly type: "map";
  /** Its fields in the order of the file. */
  readonly fields: ReadonlyMap<string, Field>;
  /** Where it starts: its first key, or its brace. */
  readonly at: Position;
}

/** Anything a YAML document may hold. Aliased nodes are shared, never cyclic. */
export type Node = ScalarNode | ListNode | MapNode;

/** A value made of plain objects, arrays and scalars. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

/** The value of a map's field; `undefined` where it is absent or null, which the format treats alike. */
export function field(map: MapNode, key: string): Node | undefined {
  const value = map.fields.get(key)?.value;
  return value === undefined || (value.type === "scalar" && value.value === null) ? undefined : value;
}

/** The string in a field, or `undefined` where there is no string. */
export function textField(map: MapNode, key: string): string | undefined {
  const node = field(map, key);
  return node?.type === "scalar" && typeof node.value === "string" ? node.value : undefined;
}

/** The map in a field, or `undefined` where there is no map. */
export function mapField(map: MapNode, key: string): MapNode | undefined {
  const node = field(map, key);
  return node?.type === "map" ? node : undefined;
}

/** The items of the list in a field; none where there is no list. */
export function listField(map: MapNode, key: string): readonly Node[] {
  const node = field(map, key);
  return node?.type === "list" ? node.items : [];
}

/** The node as frozen plain data. Null fields are left out where `nulls` is false. */
export function plain(node: Node, nulls = true): Plain {
  if (node.type === "scalar") return node.value;
  if (node.type === "list") return Object.freeze(node.items.map((item) => plain(item, nulls)));
  const result: Record<string, Plain> = {};
  for (const [key, { value }] of node.fields) {
    if (!nulls && value.type === "scalar" && value.value === null) continue;
    // Defined, not assigned: the key may be `__proto__`.
    Object.defineProperty(result, key, { value: plain(value, nulls), enumerable: true });
  }
  return Object.freeze(result);
}

/** What a node is, in the words of a message. */
export function show(node: Node): string {
  if (node.type === "list") return node.items.length === 0 ? "an empty list" : "a list";
  if (node.type === "map") return node.fields.size === 0 ? "an empty map" : "a map";
  if (node.shown !== undefined) return quote(node.shown);
  if (node.value === null) return "nothing";
  if (typeof node.value === "string") return quote(node.value);
  return `the ${typeof node.value} ${node.source}`;
}

/** The text in a field, in quotes, as a message may tell it. */
export function told(map: MapNode, key: string): string {
  const node = field(map, key);
  return node === undefined ? "nothing" : show(node);
}

/** A text in quotes on one line, cut where it is long. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}…` : text);
}
