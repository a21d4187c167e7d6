/**
 * JavaScript whose functions V8 compiles with the module that they are in, and not when they are first called.
 *
 * What Deno keeps of a module for its next start is what V8 had compiled when the module was read. V8 puts functions off,
 * but those in parentheses (https://v8.dev/blog/preparser#pife); methods it always does.
 *
 * @module
 */
import {
  type Function as AnyFunction,
  type Identifier,
  type MethodDefinition,
  type Node,
  parse,
  type Program,
  type Property,
} from "acorn";

/**
 * Puts functions in parentheses. Declarations become variables at the beginning of the function that they are in, where
 * they are all hoisted to anyway.
 *
 * @param code The body of an asynchronous function.
 */
export function eager(code: string): string {
  const tree = parse(code, {
    ecmaVersion: "latest",
    sourceType: "script",
    allowAwaitOutsideFunction: true,
    allowReturnOutsideFunction: true,
  });
  return new Rewriter(code).text(tree);
}

class Rewriter {
  readonly #code: string;
  /** Functions that have no `function` in front, which cannot be put in parentheses. */
  readonly #methods = new Set<Node>();

  constructor(code: string) {
    this.#code = code;
  }

  /** A node's text. */
  text(node: Node): string {
    if (node.type === "Program") return this.#body({ ...node, body: (node as Program).body });
    if (isMethod(node)) this.#methods.add(node.value);
    if (!isFunction(node)) return this.#between(node, childrenOf(node));
    if (node.type === "ArrowFunctionExpression" && !usesOuter(node.body) && !node.params.some(usesOuter)) {
      return this.#arrow(node);
    }
    const text = this.#function(node, node.start);
    return node.type === "FunctionDeclaration" || this.#methods.has(node) ? text : `(${text})`;
  }

  /** A function from some place on, without parentheses around it. */
  #function(node: AnyFunction, start: number): string {
    const { body, end } = node;
    const inside = childrenOf(node).filter((child) => child.start >= start);
    if (body.type !== "BlockStatement") return this.#between({ start, end }, inside);
    const head = this.#between({ start, end: body.start }, inside.filter((child) => child !== body));
    return `${head}{${this.#body({ start: body.start + 1, end: body.end - 1, body: body.body })}}`;
  }

  /** An arrow function as any other: V8 puts it off, parentheses or not. */
  #arrow({ async, params, body, end }: AnyFunction): string {
    const head = `${async ? "async " : ""}function(${params.map((one) => this.text(one)).join(",")})`;
    if (body.type !== "BlockStatement") return `(${head}{return ${this.text(body)}})`;
    return `(${head}{${this.#body({ start: body.start + 1, end: end - 1, body: body.body })}})`;
  }

  /** The statements of a function, its directives and declarations first. */
  #body({ start, end, body }: Place & { readonly body: readonly Node[] }): string {
    let first = "", rest = "", from = start;
    for (const statement of body) {
      rest += this.#code.slice(from, statement.start);
      from = statement.end;
      if (statement.type === "FunctionDeclaration") first += this.#variable(statement as AnyFunction);
      else if ("directive" in statement) first += this.text(statement);
      else rest += this.text(statement);
    }
    return first + rest + this.#code.slice(from, end);
  }

  /** A declared function as a variable: the name is the variable's, which may be assigned to. */
  #variable(node: AnyFunction): string {
    const { async, generator } = node, id = node.id!;
    const words = `${async ? "async " : ""}function${generator ? "*" : ""}`;
    return `var ${id.name}=(${words}${this.#function(node, id.end)});`;
  }

  /** What is between two places, with what the nodes in there become. */
  #between({ start, end }: Place, nodes: readonly Node[]): string {
    let text = "", from = start;
    for (const node of nodes) {
      text += this.#code.slice(from, node.start) + this.text(node);
      from = node.end;
    }
    return text + this.#code.slice(from, end);
  }
}

/** Whether something is said of the function that it is in: arrow functions have none of their own. */
function usesOuter(node: Node): boolean {
  if (node.type === "ThisExpression" || node.type === "Super" || node.type === "MetaProperty") return true;
  if (node.type === "Identifier") return (node as Identifier).name === "arguments";
  if (isFunction(node) && node.type !== "ArrowFunctionExpression") return false;
  return childrenOf(node).some(usesOuter);
}

interface Place {
  readonly start: number;
  readonly end: number;
}

function isFunction(node: Node): node is AnyFunction {
  return /^(Arrow)?Function(Expression|Declaration)$/.test(node.type);
}

/** Whether something of a class or an object is a method, a getter or a setter. */
function isMethod(node: Node): node is MethodDefinition | Property {
  if (node.type === "MethodDefinition") return true;
  if (node.type !== "Property") return false;
  const { method, kind } = node as Property;
  return method || kind !== "init";
}

/** The nodes in a node, in their order. */
function childrenOf(node: Node): Node[] {
  // Of `{a}` and `{a = 1}`, the key is the value once more.
  const once = "shorthand" in node && node.shorthand ? ["value"] : Object.keys(node);
  return once.flatMap((key) => (node as unknown as Record<string, unknown>)[key])
    .filter((child): child is Node => typeof child === "object" && child !== null && "type" in child)
    .sort((a, b) => a.start - b.start);
}
