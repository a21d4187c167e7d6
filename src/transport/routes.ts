/**
 * Requests by method and path: which pattern matches one, and what is said where none does.
 *
 * The rules are those of Go's `ServeMux`: the most specific pattern wins; `GET` serves `HEAD`; a path that is not clean, or
 * lacks the slash of a subtree's root, is redirected. {@link https://pkg.go.dev/net/http#ServeMux}
 *
 * Two things are not: escapes stay as they came in a redirect (Go's may escape them again, or resolve `%2F`), and
 * `OPTIONS` is answered for every path that has something.
 *
 * @module
 */
import { conflictOf } from "./conflict.ts";
import { cleanPath, normalPath, unescapePath } from "./path.ts";
import type { Pattern } from "./pattern.ts";

/** A pattern and what it leads to. */
export interface Route<T> {
  /** The requests that it is for. */
  readonly pattern: Pattern;
  /** What answers them. */
  readonly target: T;
}

/** Two routes with no order between them. */
export interface Conflict<T> {
  /** The one that came first. */
  readonly first: Route<T>;
  /** The other. */
  readonly second: Route<T>;
  /** Why, in words. */
  readonly why: string;
}

/** Where a request leads. */
export type Found<T> =
  /** To a route. `values` are what was captured, in the order of the pattern's names, one character for each byte. */
  | { readonly kind: "route"; readonly route: Route<T>; readonly values: readonly string[] }
  /** To another path, which is clean. */
  | { readonly kind: "redirect"; readonly path: string }
  /** Nowhere by this method. `allowed` are those that lead somewhere, sorted; `routes` are where they lead. */
  | {
    readonly kind: "method" | "options";
    readonly allowed: readonly string[];
    readonly routes: ReadonlyMap<string, Route<T>>;
  }
  /** Nowhere. */
  | { readonly kind: "nothing" }
  /** The path is none: a percent sign in it begins no escape. */
  | { readonly kind: "malformed" };

/** What the routes whose patterns begin alike have next. */
interface Node<T> {
  readonly literals: Map<string, Node<T>>;
  one: Node<T> | undefined;
  end: Route<T> | undefined;
  rest: Route<T> | undefined;
  /** The route whose pattern is complete here. */
  here: Route<T> | undefined;
}

interface Match<T> {
  readonly route: Route<T>;
  readonly values: readonly string[];
}

/** All routes of one server. */
export class Routes<T> {
  readonly #methods = new Map<string, Node<T>>();
  readonly #all: Route<T>[] = [];

  /** All of them, in the order in which they came. */
  get all(): readonly Route<T>[] {
    return this.#all;
  }

  /**
   * Adds a route.
   *
   * @returns The conflicts with those that are there. With any, it is not added.
   */
  add(route: Route<T>): readonly Conflict<T>[] {
    const conflicts: Conflict<T>[] = [];
    for (const first of this.#all) {
      const why = conflictOf(first.pattern, route.pattern);
      if (why !== undefined) conflicts.push({ first, second: route, why });
    }
    if (conflicts.length > 0) return conflicts;
    this.#all.push(route);
    let node = this.#methods.get(route.pattern.method);
    if (node === undefined) this.#methods.set(route.pattern.method, node = newNode());
    for (const segment of route.pattern.segments) {
      if (segment.kind === "rest") node.rest = route;
      else if (segment.kind === "end") node.end = route;
      else if (segment.kind === "one") node = node.one ??= newNode();
      else {
        let next = node.literals.get(segment.text);
        if (next === undefined) node.literals.set(segment.text, next = newNode());
        node = next;
      }
    }
    const last = route.pattern.segments.at(-1)!.kind;
    if (last === "literal" || last === "one") node.here = route;
    return [];
  }

  /**
   * Where a request leads.
   *
   * @param target The path as the client sent it, without the query.
   */
  find(method: string, target: string): Found<T> {
    const path = normalPath(target);
    if (path === undefined) return { kind: "malformed" };
    const clean = cleanPath(path);
    const found = this.#match(method, clean);
    const slash = clean.endsWith("/");
    if (!slash && (found === undefined || !isExact(found.route, clean))) {
      // The root of a subtree is asked for without its slash.
      const root = this.#match(method, `${clean}/`);
      if (root !== undefined && isExact(root.route, `${clean}/`)) return redirect(`${clean}/`);
    }
    if (clean !== path) return redirect(clean);
    if (found !== undefined) return { kind: "route", route: found.route, values: found.values };
    const routes = this.#others(clean);
    if (!slash) { for (const [method, route] of this.#others(`${clean}/`)) routes.set(method, route); }
    if (routes.size === 0) return { kind: "nothing" };
    const allowed = [...routes.keys(), "OPTIONS"];
    if (routes.has("GET")) allowed.push("HEAD");
    return {
      kind: method === "OPTIONS" ? "options" : "method",
      allowed: [...new Set(allowed)].sort(),
      routes,
    };
  }

  #match(method: string, path: string): Match<T> | undefined {
    return this.#matchBy(method, path) ?? (method === "HEAD" ? this.#matchBy("GET", path) : undefined) ??
      this.#matchBy("", path);
  }

  #matchBy(method: string, path: string): Match<T> | undefined {
    const node = this.#methods.get(method);
    return node && descend(node, path, []);
  }

  /** The routes that other methods lead to. */
  #others(path: string): Map<string, Route<T>> {
    const routes = new Map<string, Route<T>>();
    for (const [method, node] of this.#methods) {
      const match = descend(node, path, []);
      if (match !== undefined) routes.set(method, match.route);
    }
    return routes;
  }
}

function newNode<T>(): Node<T> {
  return { literals: new Map(), one: undefined, end: undefined, rest: undefined, here: undefined };
}

function redirect<T>(path: string): Found<T> {
  return { kind: "redirect", path };
}

/**
 * The route below a node that matches the rest of a path. What is more specific is tried first, segment by segment; since no
 * two patterns conflict, the first that matches is the most specific one. Each node is looked at once at most.
 *
 * @param path Begins with a slash, or is empty where all of it was matched.
 */
function descend<T>(node: Node<T>, path: string, values: readonly string[]): Match<T> | undefined {
  if (path === "") return node.here && { route: node.here, values };
  if (path === "/") {
    if (node.end !== undefined) return { route: node.end, values };
  } else {
    const slash = path.indexOf("/", 1);
    const segment = unescapePath(slash < 0 ? path.slice(1) : path.slice(1, slash));
    const rest = slash < 0 ? "" : path.slice(slash);
    const literal = node.literals.get(segment);
    const found = (literal && descend(literal, rest, values)) ??
      (node.one && descend(node.one, rest, [...values, segment]));
    if (found !== undefined) return found;
  }
  if (node.rest === undefined) return undefined;
  const named = node.rest.pattern.names.length > values.length;
  return { route: node.rest, values: named ? [...values, unescapePath(path.slice(1))] : values };
}

/** Whether nothing of the path was left to a pattern's rest. */
function isExact<T>({ pattern: { segments } }: Route<T>, path: string): boolean {
  if (segments.at(-1)!.kind !== "rest") return true;
  return path.endsWith("/") && path.split("/").length - 1 === segments.length;
}
