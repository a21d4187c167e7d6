/**
 * Mutants of components: each is a function of its seed alone, so that a failure can be made again.
 *
 * @module
 */
import { decode } from "../../src/component/binary/decode.ts";
import type { ComponentDefinition } from "../../src/component/binary/definition.ts";

/** Numbers in [0, 1), always the same for a seed. */
export function random(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A component to make mutants of. */
export interface Original {
  readonly bytes: Uint8Array;
  /** Offsets of what is not the inside of a core module or a custom section: where our own rules are. */
  readonly own: readonly number[];
  /** Sections of the outermost component, from the id on: start and end. */
  readonly sections: readonly (readonly [number, number])[];
}

/** Reads what the mutations need to know. */
export function original(bytes: Uint8Array): Original {
  const inside = new Uint8Array(bytes.length);
  const walk = (component: ComponentDefinition): Uint8Array[] =>
    component.definitions.flatMap((d) =>
      d.kind === "core module" ? [d.bytes] : d.kind === "component" ? walk(d.component) : []
    ).concat(component.custom.map((c) => c.bytes));
  for (const part of walk(decode(bytes))) {
    const start = part.byteOffset - bytes.byteOffset;
    inside.fill(1, start, start + part.length);
  }
  const own: number[] = [];
  for (let i = 8; i < bytes.length; i++) if (inside[i] === 0) own.push(i);
  return { bytes, own, sections: sectionsOf(bytes) };
}

function sectionsOf(bytes: Uint8Array): [number, number][] {
  const sections: [number, number][] = [];
  for (let at = 8; at < bytes.length;) {
    let size = 0, shift = 0, next = at + 1;
    for (;; shift += 7) {
      const byte = bytes[next++]!;
      size += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    sections.push([at, next + size]);
    at = next + size;
  }
  return sections;
}

/** One or two mutations of a component. */
export function mutant({ bytes, own, sections }: Original, seed: number): Uint8Array {
  const next = random(seed);
  const below = (n: number) => Math.floor(next() * n);
  const place = () => next() < 0.7 ? own[below(own.length)]! : 8 + below(bytes.length - 8);
  let made: Uint8Array<ArrayBuffer> = bytes.slice();
  for (let times = next() < 0.6 ? 1 : 2; times > 0; times--) {
    const at = Math.min(place(), made.length - 1);
    switch (below(10)) {
      case 0:
      case 1:
      case 2:
        made[at] = made[at]! ^ (1 << below(8));
        break;
      case 3:
      case 4:
        made[at] = below(256);
        break;
      case 5:
        made[at] = (made[at]! + (next() < 0.5 ? 1 : 255)) & 255;
        break;
      case 6: // Another byte of the file.
        made[at] = made[place() % made.length]!;
        break;
      case 7: // A count or index of nearly 2^32, or of a million, and what it displaces.
        made = splice(made, at, at + 1, next() < 0.5 ? [0xff, 0xff, 0xff, 0xff, 0x0f] : [0xc0, 0x84, 0x3d]);
        break;
      case 8: // The file ends too early.
        if (next() < 0.3) made = made.slice(0, at);
        else made = splice(made, at, at + 1 + below(4), []);
        break;
      case 9: { // Two sections change places, or one is there twice.
        if (made.length !== bytes.length || sections.length < 2) break;
        const [a, b] = [below(sections.length), below(sections.length)].sort((x, y) => x - y);
        const parts = sections.map(([start, end]) => made.subarray(start, end));
        if (next() < 0.5) [parts[a!], parts[b!]] = [parts[b!]!, parts[a!]!];
        else parts.splice(b!, 0, parts[a!]!);
        made = join([made.slice(0, 8), ...parts]);
        break;
      }
    }
  }
  return made;
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const made = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    made.set(part, at);
    at += part.length;
  }
  return made;
}

function splice(
  bytes: Uint8Array,
  from: number,
  to: number,
  insert: readonly number[],
): Uint8Array<ArrayBuffer> {
  return join([bytes.subarray(0, from), Uint8Array.from(insert), bytes.subarray(to)]);
}
