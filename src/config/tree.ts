/**
 * YAML text → nodes that know their place.
 *
 * js-yaml parses; this builder replaces its constructor, which forgets positions and stops at the first
 * duplicate key.
 *
 * @module
 */

import {
  type AliasEvent,
  constructFromEvents,
  CORE_SCHEMA,
  type DocumentEvent,
  type Event,
  EVENT_ID,
  getScalarValue,
  type MappingEvent,
  parseEvents,
  SCALAR_STYLE,
  type ScalarEvent,
  type SequenceEvent,
  YAMLException,
} from "js-yaml";
import type { Issues } from "./issue.ts";
import { linesOf } from "./lines.ts";
import type { Field, MapNode, Node, ScalarNode } from "./node.ts";
import { quote } from "./node.ts";
import { at, places, type Position } from "./position.ts";

/** How deep collections may nest, aliases included. Index files need about six. */
const MAX_DEPTH = 100;

/**
 * How many nodes all aliases of a file may stand for together. A few lines of aliases to aliases ("billion
 * laughs") stand for more than any memory holds; a real file repeats a few hundred nodes.
 */
const MAX_ALIASED_NODES = 100_000;

/** How a plain scalar begins that may be a number in YAML 1.2: https://yaml.org/spec/1.2.2/#103-core-schema */
const NUMBER = /^[+.\d-]/;

/** A number in its plainest form, which JavaScript reads alike. */
const PLAIN_NUMBER = /^(?:0|-?[1-9]\d{0,14})$/;

/** Plain scalars that are no text and no number. */
const WORDS: ReadonlyMap<string, null | boolean> = new Map([
  ...["", "~", "null", "Null", "NULL"].map((word): [string, null] => [word, null]),
  ...["true", "True", "TRUE"].map((word): [string, boolean] => [word, true]),
  ...["false", "False", "FALSE"].map((word): [string, boolean] => [word, false]),
]);

/** A finished node with what it costs to walk it. */
interface Built {
  readonly node: Node;
  readonly size: number;
  readonly height: number;
  /** A plain `<<`, which as a key merges another map into this one. */
  readonly merge: boolean;
}

/** A collection that is still being read. */
interface Frame {
  readonly start: Position;
  readonly anchor: string | undefined;
  readonly items: Built[] | undefined;
  readonly pairs: [key: Built, value: Built][];
  key: Built | undefined;
  size: number;
  height: number;
}

/** Stops the build where going on makes no sense; the issue is already recorded. */
class Stop extends Error {}

/**
 * The first document of a YAML (or JSON) text as nodes.
 *
 * @param text The text.
 * @param file Its name, for positions.
 * @param issues Receives what is wrong; after a syntax error that is one issue with the parser's reason.
 * @returns The root, or `undefined` for an empty or unreadable text.
 */
export function tree(text: string, file: string, issues: Issues): Node | undefined {
  const source = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const place = places(source, file);
  try {
    return new Builder(source, place, issues).build(
      parseEvents(source, { filename: file, maxDepth: MAX_DEPTH }),
    );
  } catch (error) {
    if (error instanceof YAMLException) {
      issues.error("yaml", place(error.mark?.position ?? 0), `unreadable YAML: ${error.reason}`);
      return undefined;
    }
    if (error instanceof Stop) return undefined;
    throw error;
  }
}

class Builder {
  readonly #anchors = new Map<string, Built | undefined>();
  readonly #frames: Frame[] = [];
  /** The event that opened the document, with the tag handles it declares. */
  #document: DocumentEvent = {
    type: EVENT_ID.DOCUMENT,
    explicitStart: false,
    explicitEnd: false,
    directives: [],
  };
  #aliased = 0;
  #last: Position;
  #root: Built | undefined;

  constructor(
    readonly source: string,
    readonly place: (offset: number) => Position,
    readonly issues: Issues,
  ) {
    this.#last = place(0);
  }

  build(events: readonly Event[]): Node | undefined {
    let documents = 0;
    for (const event of events) {
      switch (event.type) {
        case EVENT_ID.DOCUMENT:
          if (++documents > 1) {
            // Readers of this format take the first document only; entries after it would be lost in silence.
            this.issues.error(
              "yaml",
              this.#last,
              "a second YAML document begins after this; write one document per file",
            );
            return this.#root?.node;
          }
          this.#document = event;
          break;
        case EVENT_ID.SCALAR:
          this.#scalar(event);
          break;
        case EVENT_ID.SEQUENCE:
        case EVENT_ID.MAPPING:
          this.#open(event);
          break;
        case EVENT_ID.ALIAS:
          this.#alias(event);
          break;
        case EVENT_ID.POP:
          this.#close();
          break;
      }
    }
    return this.#root?.node;
  }

  #scalar(event: ScalarEvent): void {
    const quoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
    // An empty value has no place of its own: it stands where its key does.
    if (event.valueStart >= 0) this.#last = this.place(event.valueStart - (quoted ? 1 : 0));
    const source = getScalarValue(this.source, event);
    const untagged = event.tagStart < 0;
    const plain = untagged && event.style === SCALAR_STYLE.PLAIN;
    const value = untagged ? this.#untagged(event, source, plain) : this.#resolve(event);
    const lines = linesOf(event, source, this.source, this.place);
    const node: ScalarNode = { type: "scalar", value, source, at: this.#last, ...lines && { lines } };
    const built = { node, size: 1, height: 1, merge: plain && source === "<<" };
    this.#anchor(event, built);
    this.#add(built);
  }

  /** The value of a scalar without a tag. js-yaml's constructor costs a millisecond when it first runs; few need it. */
  #untagged(event: ScalarEvent, source: string, plain: boolean): ScalarNode["value"] {
    if (!plain) return source;
    const word = WORDS.get(source);
    if (word !== undefined) return word;
    if (!NUMBER.test(source)) return source;
    return PLAIN_NUMBER.test(source) ? Number(source) : this.#resolve(event);
  }

  /** The value of a scalar by js-yaml's own rules. */
  #resolve(event: ScalarEvent): ScalarNode["value"] {
    const value = this.#construct([event]);
    if (
      value === null || typeof value === "string" || typeof value === "boolean" || typeof value === "number"
    ) {
      return value;
    }
    return this.#stop(this.#last, "unreadable YAML: a tag makes a list or map of nothing; write [] or {}");
  }

  /** What js-yaml makes of events by its own rules (YAML 1.2 core); it refuses tags that it does not know. */
  #construct(events: readonly Event[]): unknown {
    const all = [this.#document, ...events, { type: EVENT_ID.POP }];
    const [value] = constructFromEvents(all, { source: this.source, schema: CORE_SCHEMA });
    return value;
  }

  #open(event: SequenceEvent | MappingEvent): void {
    this.#last = this.place(event.start);
    if (event.tagStart >= 0) this.#construct([event, { type: EVENT_ID.POP }]);
    const anchor = this.#anchorName(event);
    // Known but unfinished: an alias inside would make the document endless.
    if (anchor !== undefined) this.#anchors.set(anchor, undefined);
    const items = event.type === EVENT_ID.SEQUENCE ? [] : undefined;
    this.#frames.push({ start: this.#last, anchor, items, pairs: [], key: undefined, size: 1, height: 1 });
  }

  #close(): void {
    const frame = this.#frames.pop();
    if (frame === undefined) return; // the end of the document itself
    const node: Node = frame.items === undefined
      ? this.#map(frame)
      : { type: "list", items: frame.items.map((item) => item.node), at: frame.start };
    const built = { node, size: frame.size, height: frame.height, merge: false };
    if (frame.anchor !== undefined) this.#anchors.set(frame.anchor, built);
    this.#add(built);
  }

  #alias(event: AliasEvent): void {
    const place = this.place(event.anchorStart - 1);
    const name = this.source.slice(event.anchorStart, event.anchorEnd);
    const built = this.#anchors.get(name);
    if (built === undefined) {
      const why = this.#anchors.has(name) ? "stands inside what it names" : "names no anchor before it";
      return this.#stop(place, `unreadable YAML: the alias *${name} ${why}`);
    }
    this.#aliased += built.size;
    if (this.#aliased > MAX_ALIASED_NODES) {
      this.#stop(place, `unreadable YAML: aliases stand for more than ${MAX_ALIASED_NODES} values`);
    }
    if (this.#frames.length + built.height > MAX_DEPTH) {
      this.#stop(place, `unreadable YAML: with its aliases, nesting is deeper than ${MAX_DEPTH}`);
    }
    this.#last = place;
    this.#add({ ...built, merge: false });
  }

  #add(built: Built): void {
    const frame = this.#frames.at(-1);
    if (frame === undefined) {
      this.#root = built;
      return;
    }
    frame.size += built.size;
    frame.height = Math.max(frame.height, built.height + 1);
    if (frame.items !== undefined) frame.items.push(built);
    else if (frame.key === undefined) frame.key = built;
    else {
      frame.pairs.push([frame.key, built]);
      frame.key = undefined;
    }
  }

  #map(frame: Frame): MapNode {
    const own = new Map<string, Field>();
    const merged = new Map<string, Field>();
    for (const [key, { node: value }] of frame.pairs) {
      if (key.merge) {
        for (const [name, field] of this.#mergeable(value)) if (!merged.has(name)) merged.set(name, field);
        continue;
      }
      if (key.node.type !== "scalar") {
        this.issues.error("yaml", key.node.at, `a key must be a string, found a ${key.node.type}`);
        continue;
      }
      const name = String(key.node.value);
      const first = own.get(name);
      if (first === undefined) own.set(name, { at: key.node.at, value });
      else {
        const message = `key ${quote(name)} is already given at ${at(first.at)}; remove one of the two`;
        this.issues.error("duplicate", key.node.at, message);
      }
    }
    // A map's own keys win over merged ones wherever `<<` stands.
    for (const [name, field] of merged) if (!own.has(name)) own.set(name, field);
    return { type: "map", fields: own, at: frame.start };
  }

  #mergeable(value: Node): Iterable<[string, Field]> {
    if (value.type === "map") return value.fields;
    if (value.type === "list" && value.items.every((item) => item.type === "map")) {
      return value.items.flatMap((item) => item.type === "map" ? [...item.fields] : []);
    }
    this.issues.error("yaml", value.at, "<< merges a map or a list of maps, found something else");
    return [];
  }

  #anchorName(event: { anchorStart: number; anchorEnd: number }): string | undefined {
    return event.anchorStart < 0 ? undefined : this.source.slice(event.anchorStart, event.anchorEnd);
  }

  #anchor(event: ScalarEvent, built: Built): void {
    const name = this.#anchorName(event);
    if (name !== undefined) this.#anchors.set(name, built);
  }

  #stop(place: Position, message: string): never {
    this.issues.error("yaml", place, message);
    throw new Stop();
  }
}
