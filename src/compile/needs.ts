/**
 * What a program must be allowed that was compiled of an application.
 *
 * Its configuration and its modules are part of it. So this is what its guests may touch, where their variables are looked
 * up, where it listens, and, where a guest runs in a process of its own, what starting that takes.
 *
 * @module
 */
import { JOB } from "../compartment/job.ts";
import { isHandler } from "../compartment/method.ts";
import { grantOf } from "../grant/from_entry.ts";
import type { Grant } from "../grant/grant.ts";
import type { WasmEntry } from "../registry/entry.ts";
import { may } from "../registry/permitted.ts";
import type { Registry } from "../registry/registry.ts";
import { possibleNeeds } from "../runtime/needs.ts";
import { isolationAsked } from "../runtime/spec.ts";
import type { GuestSpec } from "../compartment/spec.ts";
import { type Scope, scopeOf } from "../scope/mod.ts";
import type { Manifest, Permissions } from "./manifest.ts";
import { type Selection, servedBy, withCallees } from "./selection.ts";

/** The program itself, wherever it is, as it may start it. */
export const ITSELF = "/proc/self/exe";

/**
 * Scopes side by side. Not `union`: a directory that lies in another one stays on the list, since a process that gives up
 * the outer one is to keep the inner one.
 */
export function together(scopes: readonly Scope[]): Scope {
  const all = (kind: Exclude<keyof Scope, "net">) => unique(scopes.flatMap((scope) => scope[kind]));
  const net = scopes.some((scope) => scope.net === true)
    ? true
    : unique(scopes.flatMap((scope) => scope.net as readonly string[]));
  return {
    ...{ read: all("read"), write: all("write"), net, env: all("env"), sys: all("sys"), run: all("run") },
    ...{ ffi: all("ffi"), import: all("import"), wider: all("wider"), narrower: all("narrower") },
  };
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}

/** The scope that allows nothing. */
export const NOTHING: Scope = together([]);

/**
 * What calling an entry takes, with whatever it may call itself.
 *
 * @throws {ScopeError} For something that no permission of Deno can name.
 */
export function toCall(entry: WasmEntry, registry: Registry): Scope {
  return together(
    withCallees(registry, [entry]).map((one) => {
      const { read = [], env = [] } = possibleNeeds(one, registry);
      return scopeOf(followed(grantOf(one, registry)), {
        // The module is part of the program.
        read: read.filter((path) => path !== one.file && path !== realPath(one.file)),
        write: madeFor(one, registry),
        env,
      });
    }),
  );
}

/** What starting processes of guests takes, of the one that starts them. */
export const STARTING: Scope = { ...NOTHING, run: [ITSELF] };

/** What the process of a guest may do, and nothing else. */
export function grantedBy({ grant }: GuestSpec): Scope {
  return scopeOf(grant);
}

/** A grant with directories as they are now: Deno opens one that is behind a link only for who may read both. */
function followed(grant: Grant): Grant {
  return { ...grant, mounts: grant.mounts.map((mount) => ({ ...mount, real: realPath(mount.host) })) };
}

/** Where a path leads, as far as this process may look. */
export function realPath(path: string): string {
  try {
    return may({ name: "read", path }) ? Deno.realPathSync(path) : path;
  } catch {
    // Whoever opens it says that it is not there.
    return path;
  }
}

/** Directories that are made when they are first used, and have to be written for that even if no guest may. */
function madeFor({ wasi }: WasmEntry, registry: Registry): string[] {
  return wasi.mounts.flatMap(({ fs }) => {
    const directory = registry.get(fs);
    return directory?.kind === "fs.directory" && directory.autoInit ? [directory.host] : [];
  });
}

/** Where something listens. */
export type Address = Manifest["listen"];

/** What serving takes: services at their own addresses, or an entry at another one. */
export function toServe(selection: Selection, registry: Registry, address?: Address): Scope {
  const { entries, services } = selection;
  const files = services.flatMap((service) => servedBy(registry, service).files);
  const made = files.flatMap(({ fs, host }) => {
    const directory = registry.get(fs);
    return directory?.kind === "fs.directory" && directory.autoInit ? [host] : [];
  });
  const addresses = address === undefined ? services : [address];
  return together([
    ...entries.map((entry) => toCall(entry, registry)),
    {
      ...NOTHING,
      read: unique([...files.flatMap(({ host }) => [host, realPath(host)]), ...made]),
      write: unique(made),
      net: unique(addresses.map(({ hostname, port }) => hostText(hostname, port))),
    },
  ]);
}

function hostText(hostname: string, port: number): string {
  return `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
}

/**
 * What a program may do that is compiled of a selection.
 *
 * @param address Where an entry listens that answers requests itself.
 * @param lookups Files of values that loading the configuration may read.
 */
export function permissionsOf(
  { entries, services }: Selection,
  registry: Registry,
  address: Address,
  lookups: readonly string[],
): Permissions {
  const handlers = entries.filter(({ method }) => isHandler(method));
  const { read, write, net, env } = together([
    { ...NOTHING, env: registry.reads.env, read: lookups },
    ...entries.map((entry) => toCall(entry, registry)),
    ...(services.length === 0 ? [] : [toServe({ entries: [], services }, registry)]),
    ...(handlers.length === 0 ? [] : [toServe({ entries: handlers, services: [] }, registry, address)]),
  ]);
  const starts = entries.some((entry) => hasOwnProcess(entry, registry, net));
  return {
    read,
    write,
    net,
    // A process that becomes that of a guest is told so in variables.
    env: starts ? unique([...env, `${JOB}*`]) : env,
    run: starts ? [ITSELF] : [],
    ffi: starts,
  };
}

/**
 * Whether an entry's guest gets a process of its own in a compiled program: where it is asked for, or what it asks for takes
 * one, or where the program may reach everybody and the guest may not. Otherwise the program narrows itself.
 *
 * @param net Whom the program may reach.
 */
export function hasOwnProcess(entry: WasmEntry, registry: Registry, net: Scope["net"]): boolean {
  const isolation = isolationAsked(entry);
  if (isolation !== "auto") return isolation === "process";
  if (entry.limits.maxExecutionMs !== undefined || entry.require.length > 0) return true;
  return net === true && scopeOf(grantOf(entry, registry)).net !== true;
}
