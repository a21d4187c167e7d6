/**
 * The services of an application, behind their ports.
 *
 * @module
 */
import { printIssue } from "../config/issue.ts";
import type { HttpServiceEntry } from "../registry/entry.ts";
import { EntryError } from "../registry/error.ts";
import type { Registry } from "../registry/registry.ts";
import { type OpenOptions, openServices } from "./app_open.ts";
import { planServices, type ServicePlan } from "./app_plan.ts";
import { ListenError } from "./error.ts";
import type { Door } from "./listen.ts";
import { type LiveServer, serveLive } from "./reload_server.ts";
import type { ServeOptions } from "./serve.ts";

/** Services that are to be served. */
export interface FoundServices {
  /** At least one. */
  readonly services: readonly HttpServiceEntry[];
  /** Why these, where the configuration does not say so itself. */
  readonly remark: string | undefined;
}

/**
 * The services to serve.
 *
 * @param name Id or name of one; `undefined`: those that start by themselves, else the only one.
 * @returns `undefined` where there is no service, or the name is not that of one: another entry may be meant.
 * @throws {EntryError} Where there are several, and none starts by itself.
 */
export function findServices(registry: Registry, name: string | undefined): FoundServices | undefined {
  const all = registry.entries().filter((entry) => entry.kind === "http.service");
  if (name !== undefined) {
    const named = all.filter((service) => service.id === name);
    const services = named.length > 0 ? named : all.filter((service) => registry.get(name) === service);
    return services.length > 0 ? { services, remark: undefined } : undefined;
  }
  const [only, second] = all;
  if (only === undefined) return undefined;
  const starting = all.filter(({ lifecycle }) => lifecycle.autoStart);
  if (starting.length > 0) return { services: starting, remark: undefined };
  if (second === undefined) {
    return {
      services: all,
      remark: `${only.id} is served: it is the only service, though its auto_start is not true`,
    };
  }
  const ids = all.map(({ id }) => id);
  const message = `none of ${ids.length} services has auto_start: true; name the one to serve: ${
    ids.join(" or ")
  }`;
  throw new EntryError("ambiguous", "", ids, message);
}

/**
 * Serves.
 *
 * @param services At least one.
 * @param open What they are made ready with.
 * @param options How to serve. `hostname` and `port` are of one service only.
 * @throws {ConfigError} With everything that keeps one of them from being served.
 * @throws {ListenError} If an address cannot be listened on.
 * @throws {IntegrityError | DecodeError | LinkError | MethodError | CapabilityError | CompartmentError}
 */
export async function serveServices(
  services: readonly HttpServiceEntry[],
  open: OpenOptions,
  options: ServeOptions,
): Promise<LiveServer> {
  const { onWarning, hostname, port } = options;
  if (services.length > 1 && (hostname !== undefined || port !== undefined)) {
    const ids = services.map(({ id }) => id).join(", ");
    throw new ListenError(`one address is not enough for ${services.length} services: ${ids}`);
  }
  checkAddresses(services);
  const doors = async (open: OpenOptions): Promise<Door[]> => {
    // One that is gone has no routes any more.
    const entries = services.map((service) => {
      const entry = open.registry.get(service.id);
      return entry?.kind === "http.service" ? entry : service;
    });
    const plans = planServices(open.registry, entries, (issues) => {
      for (const issue of issues.sorted()) onWarning?.(printIssue(issue));
    });
    const apps = await openServices(plans, open, options);
    return plans.map((plan, i): Door => ({
      entry: plan.entry.id,
      declared: true,
      hostname: hostname ?? plan.entry.hostname,
      port: port ?? plan.entry.port,
      tls: plan.entry.tls,
      service: apps[i]!,
      uses: usedBy(plan),
    }));
  };
  return await serveLive(doors, open, options);
}

/** The ids of all entries that decide what a service answers. */
function usedBy({ entry, routes }: ServicePlan): ReadonlySet<string> {
  const used = new Set([entry.id]);
  for (const { target } of routes.all) {
    used.add(target.entry.id);
    if ("func" in target) used.add(target.entry.router).add(target.func.id);
  }
  return used;
}

/** Two of one address: the system would say so of the second only. */
function checkAddresses(services: readonly HttpServiceEntry[]): void {
  const taken = new Map<string, string>();
  for (const { id, hostname, port } of services) {
    const address = `${hostname}:${port}`;
    const other = taken.get(address);
    if (other !== undefined && port !== 0) {
      throw new ListenError(`${other} and ${id} both listen on ${address}`);
    }
    taken.set(address, id);
  }
}
