/**
 * Requests, answered by a compiled program: the same as `serve`, in a process that gives up what that does not need.
 *
 * @module
 */
import { type Address, STARTING, together, toServe } from "../compile/needs.ts";
import type { Program } from "../compile/program.ts";
import { type Selection, servedBy, withCallees } from "../compile/selection.ts";
import { at } from "../config/position.ts";
import type { Registry } from "../registry/registry.ts";
import { findServices } from "../runtime/app_serve.ts";
import { callsOthers } from "../runtime/callables.ts";
import type { ServeOptions } from "../runtime/serve.ts";
import { findServed } from "../runtime/serve_entry.ts";
import { noMore, parseOptions } from "./options.ts";
import { SERVE_OPTIONS, serveOptionsOf, serveRegistry } from "./serve.ts";

/**
 * Serves what there is to serve, until it is stopped.
 *
 * @param args The words after `serve`.
 * @param overrides Values in the place of those that entries have.
 * @returns The exit code.
 */
export async function serve(
  program: Program,
  args: string[],
  overrides: readonly string[],
): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    ...SERVE_OPTIONS,
    override: { type: "string", short: "o", multiple: true },
  });
  noMore(positionals, 1);
  const [name] = positionals;
  const more = values["override"] as readonly string[] | undefined ?? [];
  const registry = await program.load([...overrides, ...more]);
  const selection = selectionOf(registry, name);
  const { entries, services } = selection;
  const options = optionsOf(serveOptionsOf(values), selection, program);
  const scope = toServe(selection, registry, addressOf(options, selection));
  const starts = program.starts(entries, registry);
  const of = [...services, ...entries].map((entry) => `${at(entry.at)}: ${entry.id}`).join(", ");
  program.check(scope, starts, of);
  for (const entry of entries) program.checkMounts(entry, registry);
  const rest = together([scope, ...(starts ? [STARTING] : [])]);
  program.narrow(together([rest, program.own]));
  return await serveRegistry(registry, {
    ...options,
    entry: name,
    onListen(addr, listening) {
      // All modules have been loaded by now, but those of functions that functions call.
      if (!entries.some(callsOthers)) program.narrow(rest);
      options.onListen?.(addr, listening);
    },
  });
}

/** What is served: as `serve` finds it. */
function selectionOf(registry: Registry, name: string | undefined): Selection {
  const services = findServices(registry, name)?.services;
  if (services === undefined) {
    return { entries: withCallees(registry, [findServed(registry, name)]), services: [] };
  }
  return {
    entries: [...new Set(services.flatMap((service) => servedBy(registry, service).entries))],
    services,
  };
}

/** An entry that answers requests itself listens where it was compiled to. */
function optionsOf(given: ServeOptions, { services }: Selection, { manifest }: Program): ServeOptions {
  if (services.length > 0) return given;
  const { hostname, port } = manifest.listen;
  return { ...given, hostname: given.hostname ?? hostname, port: given.port ?? port };
}

/** Where it listens, if that is not where services say. */
function addressOf({ hostname, port }: ServeOptions, { services }: Selection): Address | undefined {
  if (hostname === undefined && port === undefined) return undefined;
  const [service] = services;
  return { hostname: hostname ?? service?.hostname ?? "", port: port ?? service?.port ?? 0 };
}
