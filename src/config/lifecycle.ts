/**
 * `lifecycle`: when a service starts, and what happens when it ends.
 *
 * @module
 */

import type { DeclarationBase, Lifecycle, Reference } from "./declaration.ts";
import { DURATION, durationMs } from "./duration.ts";
import type { Issues } from "./issue.ts";
import { field, listField, mapField, type MapNode, type Node, show } from "./node.ts";
import { fullIdOf } from "./reference.ts";
import type { LifecycleFields } from "./schema/common.ts";

const START_TIMEOUT_MS = 10_000;
const STOP_TIMEOUT_MS = 10_000;
const STABLE_THRESHOLD_MS = 5_000;
const INITIAL_DELAY_MS = 1_000;
const MAX_DELAY_MS = 90_000;
const BACKOFF_FACTOR = 2;
const JITTER = 0.1;

/** What must run first, by its two names. */
const REQUIREMENTS = ["requires", "depends_on"];

/**
 * The lifecycle of a service, with every default filled in.
 *
 * @param base What the entry has.
 * @param body The entry's fields.
 * @param fields The same, as the shape let them through.
 * @param issues Receives what the shape cannot say.
 */
export function lifecycleOf(
  base: DeclarationBase,
  body: MapNode,
  fields: LifecycleFields | undefined,
  issues: Issues,
): Lifecycle {
  const node = mapField(body, "lifecycle");
  const restart = node && mapField(node, "restart");
  const ms = (map: MapNode | undefined, prefix: string, key: string, standard: number): number =>
    map === undefined ? standard : timeOf(base.id, map, prefix, key, issues) || standard;
  const security = node?.fields.get("security");
  if (security !== undefined) {
    const message =
      `${base.id}: lifecycle.security has no effect: what an entry may do, its imports and wasi say`;
    issues.warn("unsupported", security.at, message);
  }
  return Object.freeze({
    autoStart: fields?.auto_start ?? false,
    startTimeoutMs: ms(node, "lifecycle.", "start_timeout", START_TIMEOUT_MS),
    stopTimeoutMs: ms(node, "lifecycle.", "stop_timeout", STOP_TIMEOUT_MS),
    stableThresholdMs: ms(node, "lifecycle.", "stable_threshold", STABLE_THRESHOLD_MS),
    requires: Object.freeze([...new Set(requirements(base.namespace, body).map(({ target }) => target))]),
    startup: startupOf(base.id, node, issues),
    restart: Object.freeze({
      initialDelayMs: ms(restart, "lifecycle.restart.", "initial_delay", INITIAL_DELAY_MS),
      maxDelayMs: ms(restart, "lifecycle.restart.", "max_delay", MAX_DELAY_MS),
      backoffFactor: fields?.restart?.backoff_factor || BACKOFF_FACTOR,
      jitter: fields?.restart?.jitter || JITTER,
      maxAttempts: fields?.restart?.max_attempts ?? 0,
    }),
  });
}

/** The services that must run first, as far as they can be read. */
export function requirements(namespace: string, body: MapNode): Reference[] {
  const lifecycle = mapField(body, "lifecycle");
  if (lifecycle === undefined) return [];
  return REQUIREMENTS.flatMap((key) =>
    listField(lifecycle, key).flatMap((item: Node, i): Reference[] => {
      const target = fullIdOf(item, namespace);
      const name = `lifecycle.${key}[${i}]`;
      return target === "" ? [] : [Object.freeze({ field: name, use: "requirement", target, at: item.at })];
    })
  );
}

/**
 * The milliseconds in a field; 0 where it is absent.
 *
 * @param prefix What the field's name begins with.
 */
export function timeOf(id: string, map: MapNode, prefix: string, key: string, issues: Issues): number {
  const node = field(map, key);
  // What is no duration at all, the shape has said.
  if (node?.type !== "scalar" || typeof node.value !== "string" || !DURATION.test(node.value)) return 0;
  const ms = durationMs(node.value);
  if (ms !== undefined || node.value === "") return ms ?? 0;
  issues.error(
    "value",
    node.at,
    `${id}: ${prefix}${key} is too long: 292 years are the most, found ${show(node)}`,
  );
  return 0;
}

function startupOf(id: string, node: MapNode | undefined, issues: Issues): Lifecycle["startup"] {
  const startup = node && field(node, "startup");
  if (startup?.type !== "scalar" || startup.value === "required" || startup.value === "") return "required";
  if (startup.value === "optional") return "optional";
  const message = `${id}: lifecycle.startup is taken for required, found ${show(startup)}; ` +
    "known: required, optional";
  issues.warn("value", startup.at, message);
  return "required";
}
