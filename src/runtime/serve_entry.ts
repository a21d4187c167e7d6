/**
 * What is served: which entry, and how much of it at once.
 *
 * @module
 */
import { isHandler } from "../compartment/method.ts";
import { isWasm, type WasmEntry } from "../registry/entry.ts";
import { EntryError } from "../registry/error.ts";
import type { Registry } from "../registry/registry.ts";
import type { OpenOptions } from "./app_open.ts";
import type { Door } from "./listen.ts";
import { type LiveServer, serveLive } from "./reload_server.ts";
import { type ServeOptions, serviceOf } from "./serve.ts";

/**
 * Serves what there is to serve: the services of an application, or an entry that answers requests itself.
 *
 * @param open What it is made ready with.
 * @param options Where to listen, what to serve, and its bounds.
 * @throws {EntryError} If there is no such entry, or several.
 * @throws {ListenError} If an address cannot be listened on.
 * @throws {ConfigError | IntegrityError | DecodeError | LinkError | MethodError | CapabilityError | CompartmentError}
 */
export async function serveNamed(open: OpenOptions, options: ServeOptions): Promise<LiveServer> {
  const { registry } = open;
  if (registry.entries().some(({ kind }) => kind === "http.service")) {
    const { findServices, serveServices } = await import("./app_serve.ts");
    const found = findServices(registry, options.entry);
    if (found?.remark !== undefined) options.onWarning?.(found.remark);
    if (found !== undefined) return await serveServices(found.services, open, options);
  }
  const { id } = findServed(registry, options.entry);
  const { hostname = "127.0.0.1", port = 8080 } = options;
  const doors = async ({ registry, callables, stdio }: OpenOptions): Promise<Door[]> => {
    const entry = findServed(registry, id);
    const handler = await callables.get(entry);
    const service = serviceOf({ handler, pool: handler.pool, stdio, env: () => [] }, options);
    return [{ entry: id, hostname, port, service, uses: new Set([id]) }];
  };
  return await serveLive(doors, open, options);
}

/**
 * The entry to serve.
 *
 * @param name Its id or name; `undefined`: the only one that can be served.
 * @throws {EntryError} Where there is none, there are several, or the name is of another kind of entry.
 */
export function findServed(registry: Registry, name: string | undefined): WasmEntry {
  const all = registry.entries().filter(isWasm).filter(({ method }) => isHandler(method));
  const ids = all.map(({ id }) => id);
  const known = ids.join(", ") || "none";
  if (name !== undefined) {
    const entry = registry.findWasm(name);
    if (isHandler(entry.method)) return entry;
    const message = `${entry.id} cannot be served: its method is ${entry.method}, not ` +
      `wasi:http/incoming-handler#handle; entries that can: ${known}`;
    throw new EntryError("wrong-kind", name, ids, message);
  }
  const [entry, second] = all;
  if (entry === undefined) {
    const message = "no entry can be served: none is an http.service, and none has the method " +
      "wasi:http/incoming-handler#handle";
    throw new EntryError("unknown", "", ids, message);
  }
  if (second !== undefined) {
    const message = `${ids.length} entries can be served; name the one to serve: ${ids.join(" or ")}`;
    throw new EntryError("ambiguous", "", ids, message);
  }
  return entry;
}
