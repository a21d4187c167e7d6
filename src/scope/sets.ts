/**
 * Scope → permission sets: the object form that Deno takes in code, and the one of `deno.json`.
 *
 * @module
 */
import { type Kind, KINDS, NOWHERE, type Scope } from "./scope.ts";

/** The shape of `Deno.PermissionOptionsObject`, all of it said. */
export type Permissions = Readonly<Record<Kind, boolean | string[]>>;

/** A permission set of `deno.json`; a kind that is absent allows nothing. */
export type PermissionSet = { readonly [K in Kind]?: true | readonly string[] };

/**
 * The object form of a scope: for `Deno.test`, and for workers.
 *
 * @param scope What the code may do.
 * @returns Every kind, `false` where nothing is allowed.
 */
export function permissionsOf(scope: Scope): Permissions {
  const entries = KINDS.map((kind) => {
    const values = scope[kind];
    return [kind, values === true ? true : values.length > 0 && [...values]];
  });
  return Object.freeze(Object.fromEntries(entries));
}

/**
 * A set for the `permissions` of a `deno.json`, for `deno run -P=<name>`.
 *
 * @param scope What the process may do.
 * @returns The set, ready for `JSON.stringify`.
 */
export function denoJsonOf(scope: Scope): PermissionSet {
  const entries = KINDS.flatMap((kind): [Kind, true | readonly string[]][] => {
    const values = kind === "import" && scope.import.length === 0 ? [NOWHERE] : scope[kind];
    return values === true || values.length > 0 ? [[kind, values]] : [];
  });
  return Object.freeze(Object.fromEntries(entries));
}
