/**
 * The second wall: a grant as the permissions of a Deno process.
 *
 * @module
 */
export { ScopeError } from "./error.ts";
export { flagsOf, flagsOfKind, shellLine } from "./flags.ts";
export { type Narrowing, narrowing, type Revocation } from "./narrowing.ts";
export { type Kind, KINDS, type Needs, NOWHERE, type Scope } from "./scope.ts";
export { scopeOf, union } from "./scope_of.ts";
export { denoJsonOf, type Permissions, type PermissionSet, permissionsOf } from "./sets.ts";
