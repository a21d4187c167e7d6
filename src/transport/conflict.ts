/**
 * Which of two patterns is the more specific one, and which pairs have no such order.
 *
 * @module
 */
import { textOf } from "./path.ts";
import { type Pattern, printPattern, type Segment } from "./pattern.ts";

/**
 * How two sets of requests lie, where they have something in common: whether the first holds what the second does not, and
 * the other way round. Neither: they are the same.
 */
interface Overlap {
  readonly first: boolean;
  readonly second: boolean;
}

/** Nothing in common. */
const APART = undefined;
const SAME: Overlap = { first: false, second: false };
const FIRST: Overlap = { first: true, second: false };
const SECOND: Overlap = { first: false, second: true };

/**
 * Why no order is between two patterns: some request matches both, and neither is the more specific one.
 *
 * @returns In words; `undefined` where the more specific one wins, or no request matches both.
 */
export function conflictOf(a: Pattern, b: Pattern): string | undefined {
  const methods = overlapOfMethods(a.method, b.method);
  const overlap = both(methods, methods && overlapOfPaths(a.segments, b.segments));
  if (overlap === APART || overlap.first !== overlap.second) return undefined;
  if (!overlap.first) return `${printPattern(a)} matches the same requests as ${printPattern(b)}`;
  return `${printPattern(a)} and ${printPattern(b)} both match ${
    example(a, b)
  }, and neither is more specific`;
}

/** A product of sets holds more where one of its factors does. */
function both(a: Overlap | undefined, b: Overlap | undefined): Overlap | undefined {
  if (a === APART || b === APART) return APART;
  return { first: a.first || b.first, second: a.second || b.second };
}

function overlapOfMethods(a: string, b: string): Overlap | undefined {
  if (a === b) return SAME;
  if (a === "" || (a === "GET" && b === "HEAD")) return FIRST;
  if (b === "" || (b === "GET" && a === "HEAD")) return SECOND;
  return APART;
}

function overlapOfPaths(a: readonly Segment[], b: readonly Segment[]): Overlap | undefined {
  let overlap: Overlap | undefined = SAME;
  const common = Math.min(a.length, b.length);
  for (let i = 0; i < common && overlap !== APART; i++) {
    overlap = both(overlap, overlapOfSegments(a[i]!, b[i]!));
  }
  if (overlap === APART || a.length === b.length) return overlap;
  // The longer one goes on where the shorter one takes whatever comes, or has ended.
  const [shorter, wider] = a.length < b.length ? [a, FIRST] : [b, SECOND];
  return shorter.at(-1)!.kind === "rest" ? both(overlap, wider) : APART;
}

function overlapOfSegments(a: Segment, b: Segment): Overlap | undefined {
  if (a.kind === "literal" && b.kind === "literal") return a.text === b.text ? SAME : APART;
  const x = a.kind, y = b.kind;
  if (x === y) return SAME;
  if (x === "rest") return FIRST;
  if (y === "rest") return SECOND;
  // The end of a path is no segment.
  if (x === "end" || y === "end") return APART;
  return x === "one" ? FIRST : SECOND;
}

/** A request that both match. */
function example(a: Pattern, b: Pattern): string {
  let path = "";
  for (let i = 0; i < Math.max(a.segments.length, b.segments.length); i++) {
    const segments = [a.segments[i], b.segments[i]].filter((segment) => segment !== undefined);
    const segment = segments.find(({ kind }) => kind === "literal") ??
      segments.find(({ kind }) => kind === "one") ?? segments[0]!;
    path += `/${
      segment.kind === "literal" ? printed(segment.text) : segment.kind === "one" ? segment.name : ""
    }`;
  }
  const method = a.method === "" ? b.method : b.method === "HEAD" ? "HEAD" : a.method;
  return method === "" ? path : `${method} ${path}`;
}

function printed(literal: string): string {
  return encodeURIComponent(textOf(literal) ?? literal);
}
