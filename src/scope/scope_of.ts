/**
 * Grant → scope.
 *
 * @module
 */
import type { Grant } from "../grant/grant.ts";
import { ScopeError } from "./error.ts";
import { hostsOf } from "./hosts.ts";
import { outermost, pathsOf } from "./paths.ts";
import { KINDS, type Needs, type Scope } from "./scope.ts";

/**
 * What a process may do that serves a guest: what the grant says, what the runtime itself must do, and nothing else.
 *
 * Values of variables are given to a guest by its runtime: a grant's `env` allows nothing of this process's own.
 *
 * @param grant What the guest may touch.
 * @param needs What the runtime must do beside it.
 * @returns The scope, frozen, its lists sorted and without doubles.
 * @throws {ScopeError} For a value that no permission of Deno can name.
 */
export function scopeOf(grant: Grant, needs: Needs = {}): Scope {
  const files = grant.packages.has("wasi:filesystem") || grant.packages.has("wasi1");
  const paths = pathsOf(files ? grant.mounts : []);
  const hosts = hostsOf(grant);
  const net = needs.net === true || hosts.net === true ? true : [...hosts.net, ...needs.net ?? []];
  const write = [...paths.write, ...needs.write ?? []];
  const scope: Scope = {
    read: Object.freeze(outermost([...paths.read, ...write, ...needs.read ?? []])),
    write: Object.freeze(outermost(write)),
    net: net === true ? net : unique(net),
    env: unique(needs.env),
    sys: unique(needs.sys),
    run: unique(needs.run),
    ffi: unique(needs.ffi),
    import: unique(needs.import),
    wider: unique([...paths.wider, ...hosts.wider]),
    narrower: unique([...paths.narrower, ...hosts.narrower]),
  };
  for (const kind of KINDS) {
    for (const value of scope[kind] === true ? [] : scope[kind]) check(kind, value);
  }
  return Object.freeze(scope);
}

/**
 * The scope of a process that serves several guests, each of which gets no more than its own from the first wall.
 *
 * @param scopes Their scopes.
 */
export function union(scopes: readonly Scope[]): Scope {
  const all = <K extends keyof Scope>(kind: K) => scopes.flatMap((scope) => scope[kind] as readonly string[]);
  const net = scopes.some((scope) => scope.net === true) ? true : unique(all("net"));
  return Object.freeze({
    read: Object.freeze(outermost(all("read"))),
    write: Object.freeze(outermost(all("write"))),
    net,
    env: unique(all("env")),
    sys: unique(all("sys")),
    run: unique(all("run")),
    ffi: unique(all("ffi")),
    import: unique(all("import")),
    wider: unique(all("wider")),
    narrower: unique(all("narrower")),
  });
}

function unique(values: readonly string[] = []): readonly string[] {
  return Object.freeze([...new Set(values)].sort());
}

/** What Deno would read as something else, or not at all. */
function check(kind: string, value: string): void {
  if (value === "" || value.includes("\0")) {
    throw new ScopeError(
      value,
      `${JSON.stringify(value)} is nothing that a process could be allowed to ${kind}`,
    );
  }
  if (kind === "env" && value.endsWith("*")) {
    const prefix = value.slice(0, -1);
    throw new ScopeError(value, `Deno takes the variable ${value} for every one that begins with ${prefix}`);
  }
  if (kind === "env" && value.includes("=")) {
    throw new ScopeError(value, `no variable of a process is called ${value}`);
  }
}
