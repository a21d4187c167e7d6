/**
 * The commands of a .wast script.
 *
 * @see https://github.com/WebAssembly/component-model/tree/main/test
 * @module
 */
import { type List, type Node, readAll } from "./sexpr.ts";

/** A component as a script gives it: text to be encoded, or bytes. */
export type Source = { readonly text: string } | { readonly bytes: Uint8Array };

/** A call of an export, by the name the component gives it. */
export interface Invoke {
  readonly instance: string | undefined;
  readonly name: string;
  readonly args: readonly List[];
}

/** One command. */
export type Command = { readonly line: number } & CommandBody;

/** What a command does. */
export type CommandBody =
  /** Defines a component; `instantiate`: and makes it the current instance. */
  | {
    readonly kind: "component";
    readonly id: string | undefined;
    readonly source: Source;
    readonly instantiate: boolean;
  }
  | { readonly kind: "instance"; readonly id: string | undefined; readonly component: string | undefined }
  | { readonly kind: "register"; readonly name: string; readonly instance: string | undefined }
  | { readonly kind: "invoke"; readonly action: Invoke }
  | { readonly kind: "return"; readonly action: Invoke; readonly expected: readonly List[] }
  | { readonly kind: "trap"; readonly action: Invoke | Source; readonly message: string }
  | {
    readonly kind: "invalid" | "malformed" | "unlinkable";
    readonly source: Source;
    readonly message: string;
  }
  | { readonly kind: "other"; readonly name: string };

const decoder = new TextDecoder();

/** Reads a script. */
export function readScript(source: string): Command[] {
  return readAll(source).map((form) => ({ line: form.line, ...command(form, source) }));
}

function command(form: List, source: string): CommandBody {
  const [head, ...rest] = form.items;
  const name = word(head);
  switch (name) {
    case "component":
      return component(form, source);
    case "register":
      return { kind: "register", name: string(rest[0]), instance: word(rest[1]) };
    case "invoke":
      return { kind: "invoke", action: invoke(form) };
    case "assert_return":
      return { kind: "return", action: invoke(list(rest[0])), expected: rest.slice(1).map(list) };
    case "assert_trap": {
      const [what, message] = [list(rest[0]), string(rest[1])];
      const action = word(what.items[0]) === "invoke" ? invoke(what) : sourceOf(what, source);
      return { kind: "trap", action, message };
    }
    case "assert_invalid":
    case "assert_malformed":
    case "assert_unlinkable":
      return {
        kind: name.slice("assert_".length) as "invalid",
        source: sourceOf(list(rest[0]), source),
        message: string(rest[1]),
      };
    default:
      return { kind: "other", name: name ?? "?" };
  }
}

function component(form: List, source: string): CommandBody {
  const items = form.items.slice(1);
  const mode = word(items[0]);
  if (mode === "instance") return { kind: "instance", id: word(items[1]), component: word(items[2]) };
  const ids = items.map(word).filter((w) => w?.startsWith("$"));
  const first = word(items[mode === "definition" ? 1 : 0]);
  const id = first?.startsWith("$") ? ids[0] : undefined;
  return { kind: "component", id, source: sourceOf(form, source), instantiate: mode !== "definition" };
}

/** Bytes of `binary`, text of `quote`, or the text of the form itself, less the word `definition`. */
function sourceOf(form: List, source: string): Source {
  const items = form.items.slice(1);
  const definition = word(items[0]) === "definition" ? items.shift() : undefined;
  if (word(items[0])?.startsWith("$") && ["binary", "quote"].includes(word(items[1]) ?? "")) items.shift();
  const mode = word(items[0]);
  if (mode === "binary" || mode === "quote") {
    const parts = items.slice(1).map((item) => item.kind === "string" ? [...item.bytes] : []);
    const bytes = Uint8Array.from(parts.flat());
    return mode === "binary" ? { bytes } : { text: `(component ${decoder.decode(bytes)})` };
  }
  const text = source.slice(form.start, form.end);
  if (!definition) return { text };
  const at = definition.start - form.start;
  return { text: text.slice(0, at) + text.slice(at + "definition".length) };
}

function invoke(form: List): Invoke {
  const items = form.items.slice(1);
  const instance = word(items[0]);
  if (instance !== undefined) items.shift();
  return { instance, name: string(items[0]), args: items.slice(1).map(list) };
}

/** The text of an atom. */
export function word(node: Node | undefined): string | undefined {
  return node?.kind === "atom" ? node.text : undefined;
}

/** The text of a string literal. */
export function string(node: Node | undefined): string {
  if (node?.kind !== "string") throw new SyntaxError(`expected a string in line ${node?.line}`);
  return decoder.decode(node.bytes);
}

/** A list. */
export function list(node: Node | undefined): List {
  if (node?.kind !== "list") throw new SyntaxError(`expected a list in line ${node?.line}`);
  return node;
}
