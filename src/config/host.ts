/**
 * `process.host`, `terminal.host` and `process.service` entries: fields → declaration.
 *
 * @module
 */

import type {
  DeclarationBase,
  ProcessHostDeclaration,
  ProcessServiceDeclaration,
  TerminalHostDeclaration,
} from "./declaration.ts";
import type { Issues } from "./issue.ts";
import { lifecycleOf } from "./lifecycle.ts";
import { field, type MapNode, type Plain, plain } from "./node.ts";
import type { Position } from "./position.ts";
import { fullIdOf } from "./reference.ts";
import { processHostSchema, processServiceSchema, terminalHostSchema } from "./schema/host.ts";
import { checkShape } from "./shape.ts";

const QUEUE_SIZE = 1024;

/** Checks the fields of a `process.host` and makes its declaration; `undefined` where something is wrong. */
export function processHostDeclaration(
  base: DeclarationBase,
  body: MapNode,
  issues: Issues,
): ProcessHostDeclaration | undefined {
  const before = issues.errors;
  const fields = checkShape(processHostSchema(), body, { name: base.id, prefix: "", at: base.at, issues });
  const lifecycle = lifecycleOf(base, body, fields?.lifecycle, issues);
  if (fields === undefined || issues.errors > before) return undefined;
  return Object.freeze({
    ...base,
    kind: "process.host",
    workers: fields.host?.workers ?? 0,
    queueSize: fields.host?.queue_size || QUEUE_SIZE,
    lifecycle,
  });
}

/** Checks the fields of a `terminal.host` and makes its declaration; `undefined` where something is wrong. */
export function terminalHostDeclaration(
  base: DeclarationBase,
  body: MapNode,
  issues: Issues,
): TerminalHostDeclaration | undefined {
  const before = issues.errors;
  const fields = checkShape(terminalHostSchema(), body, { name: base.id, prefix: "", at: base.at, issues });
  const lifecycle = lifecycleOf(base, body, fields?.lifecycle, issues);
  if (fields === undefined || issues.errors > before) return undefined;
  return Object.freeze({ ...base, kind: "terminal.host", hideLogs: fields.hide_logs ?? false, lifecycle });
}

/** Checks the fields of a `process.service` and makes its declaration; `undefined` where something is wrong. */
export function processServiceDeclaration(
  base: DeclarationBase,
  body: MapNode,
  issues: Issues,
): ProcessServiceDeclaration | undefined {
  const before = issues.errors;
  const fields = checkShape(processServiceSchema(), body, { name: base.id, prefix: "", at: base.at, issues });
  const lifecycle = lifecycleOf(base, body, fields?.lifecycle, issues);
  if (fields === undefined || issues.errors > before) return undefined;
  const place = (key: string): Position => field(body, key)?.at ?? base.at;
  const input = field(body, "input");
  return Object.freeze({
    ...base,
    kind: "process.service",
    process: fullIdOf(field(body, "process"), base.namespace),
    host: fullIdOf(field(body, "host"), base.namespace),
    input: input?.type === "list" ? plain(input) as readonly Plain[] : Object.freeze([]),
    lifecycle,
    where: Object.freeze({ process: place("process"), host: place("host"), input: place("input") }),
  });
}
