/**
 * What imports were resolved to, for the next instance: an interface object that is frozen resolves to the same items
 * each time, and most of what a component imports is of that kind.
 *
 * @module
 */
import type { ExternType, Resource } from "../wit/types.ts";
import type { InstanceItem, Item } from "./item.ts";
import { type Class, HostResource } from "./resource.ts";

type Wanted = ReadonlyMap<string, ExternType>;

const items = new WeakMap<object, WeakMap<Wanted, InstanceItem>>();
const resources = new WeakMap<Resource, Map<Class | undefined, HostResource>>();

/** The one item for a resource type of a component and a class of the host's: it holds nothing of an instance. */
export function hostResource(type: Resource, hostClass: Class | undefined): HostResource {
  let known = resources.get(type);
  if (!known) resources.set(type, known = new Map());
  let resource = known.get(hostClass);
  if (!resource) known.set(hostClass, resource = new HostResource(type.name, hostClass));
  return resource;
}

/**
 * What an interface was resolved to for an earlier instance, if every resource type in it still is what it was then.
 *
 * @param host The interface object.
 * @param wanted The type that the component gives it.
 * @param bound The resource types of the instance that is being made; those of the interface are added.
 */
export function recall(
  host: object,
  wanted: Wanted,
  bound: Map<Resource, HostResource>,
): InstanceItem | undefined {
  const item = items.get(host)?.get(wanted);
  if (!item) return undefined;
  const found: [Resource, HostResource][] = [];
  for (const [key, type] of wanted) {
    if (type.kind !== "type" || type.type.kind !== "resource") continue;
    const { resource } = item.exports.get(key) as { readonly resource: HostResource };
    const other = bound.get(type.type);
    if (other && other !== resource) return undefined;
    found.push([type.type, resource]);
  }
  for (const [type, resource] of found) bound.set(type, resource);
  return item;
}

/**
 * Keeps what an interface was resolved to, if the next instance will find the same: the object cannot change, and has
 * all that is wanted.
 *
 * @param refusals Functions that were not given. What they say is of this instance.
 */
export function remember(
  host: object,
  wanted: Wanted,
  item: InstanceItem,
  refusals: ReadonlySet<Item>,
): void {
  if (!Object.isFrozen(host)) return;
  for (const [key, type] of wanted) {
    const found = item.exports.get(key);
    if (type.kind === "func" ? !found || refusals.has(found) : type.kind !== "type") return;
  }
  let known = items.get(host);
  if (!known) items.set(host, known = new WeakMap());
  known.set(wanted, item);
}
