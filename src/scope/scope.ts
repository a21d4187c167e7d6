/**
 * Deno's permissions as data: what a process may do that serves one guest, and nothing else.
 *
 * @module
 */

/** The kinds of Deno's permissions. */
export const KINDS = ["read", "write", "net", "env", "sys", "run", "ffi", "import"] as const;

/** One of them. */
export type Kind = typeof KINDS[number];

/** What a process may do. Lists hold what is allowed; an empty one allows nothing. */
export interface Scope extends Readonly<Record<Exclude<Kind, "net">, readonly string[]>> {
  /** Hosts, as `--allow-net` writes them; `true`: everybody. */
  readonly net: readonly string[] | true;
  /** Where this allows more than the grant does, since Deno has no way to say it exactly: a sentence for each. */
  readonly wider: readonly string[];
  /** Where it allows less, so that something granted does not work in a process of this scope. */
  readonly narrower: readonly string[];
}

/** What the runtime itself must do beside its guest, in the form of a scope. */
export type Needs = { readonly [K in Kind]?: Scope[K] };

/**
 * A host that Deno may import code from where nothing may be imported: no name below `invalid` exists, and no server
 * has port 0. An allow-list is the only way to forbid imports: without one Deno allows seven hosts (`jsr.io`,
 * `deno.land` and others), and `--deny-import` without a list forbids none of them.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6761#section-6.4
 */
export const NOWHERE = "none.invalid:0";
