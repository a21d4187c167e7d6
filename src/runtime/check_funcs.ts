/**
 * What can be known of an entry's calls of other entries without running it.
 *
 * @module
 */
import { providerOf } from "../compartment/refuse.ts";
import type { Component } from "../component/mod.ts";
import type { WasmEntry } from "../registry/entry.ts";
import type { Registry } from "../registry/registry.ts";
import type { Finding } from "./check.ts";
import { isFunction } from "./funcs.ts";

/** More functions than this are counted, and not named. */
const MOST = 10;

/**
 * Says what declaring `funcs` comes to. No rule narrows it yet.
 *
 * @param component What the entry's module is; one that does not import the interface is told so elsewhere.
 */
export function checkFuncs(entry: WasmEntry, component: Component, registry: Registry): Finding[] {
  const item = entry.imports.find((item) => item.package === "funcs");
  if (item === undefined || ![...component.imports.keys()].some((name) => providerOf(name) === "funcs")) {
    return [];
  }
  const ids = registry.entries().filter(isFunction).map(({ id }) => id);
  const rest = ids.length - MOST;
  const all = ids.length === 0
    ? "there is none"
    : `${ids.slice(0, MOST).join(", ")}${rest > 0 ? `, and ${rest} more` : ""}`;
  const message = `${entry.id} declares ${item.name}: it may call every function of the application, ` +
    `each under that function's own grant: ${all}`;
  return [{ at: item.at, message, severity: "warning" }];
}
