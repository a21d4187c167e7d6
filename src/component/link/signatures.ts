/**
 * Interfaces whose functions and their types the host fixes: a component cannot import another member of their
 * objects, nor one of them under a type of its own choice.
 *
 * @module
 */
import { witFunc } from "../abi/check.ts";
import type { FuncType } from "../wit/types.ts";

/** WIT functions of an interface, each with its type, every named type spelled out. */
export type Signatures = Readonly<Record<string, string>>;

/** On the object itself: hosts are made for every instance, and a weak map of them costs each garbage collection. */
const FIXED = Symbol("signatures");
const texts = new WeakMap<FuncType, string>();

/** Fixes the functions of an interface object; returns it. */
export function withSignatures<T extends object>(host: T, signatures: Signatures): T {
  (host as { [FIXED]?: Signatures })[FIXED] = signatures;
  return host;
}

/**
 * Whether a function may be linked: `unknown` is none of the interface, a text is the type that it should have.
 * An interface without fixed signatures takes what the component says.
 */
export function checkSignature(
  host: object,
  name: string,
  type: FuncType,
): "ok" | "unknown" | { wanted: string } {
  const signatures = (host as { readonly [FIXED]?: Signatures })[FIXED];
  if (!signatures) return "ok";
  const wanted = Object.hasOwn(signatures, name) ? signatures[name] : undefined;
  if (wanted === undefined) return "unknown";
  let text = texts.get(type);
  if (text === undefined) texts.set(type, text = witFunc(type));
  return text === wanted ? "ok" : { wanted };
}
