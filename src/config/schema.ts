/**
 * The shape of every supported kind, as data: checked on load, and the source of the JSON Schema.
 *
 * @module
 */

import type * as v from "valibot";
import type { Kind } from "./kinds.ts";
import {
  bareStorageSchema,
  fileStorageSchema,
  routerStorageSchema,
  staticStorageSchema,
  variableSchema,
} from "./schema/env.ts";
import { directorySchema } from "./schema/fs.ts";
import { processHostSchema, processServiceSchema, terminalHostSchema } from "./schema/host.ts";
import { httpEndpointSchema, httpRouterSchema, httpServiceSchema, httpStaticSchema } from "./schema/http.ts";
import { wasmSchema, watSchema } from "./schema/wasm.ts";

const SCHEMAS = {
  "function.wasm": wasmSchema,
  "process.wasm": wasmSchema,
  "function.wat": watSchema,
  "fs.directory": directorySchema,
  "env.variable": variableSchema,
  "env.storage.memory": bareStorageSchema,
  "env.storage.os": bareStorageSchema,
  "env.storage.static": staticStorageSchema,
  "env.storage.file": fileStorageSchema,
  "env.storage.router": routerStorageSchema,
  "http.service": httpServiceSchema,
  "http.router": httpRouterSchema,
  "http.endpoint": httpEndpointSchema,
  "http.static": httpStaticSchema,
  "process.host": processHostSchema,
  "terminal.host": terminalHostSchema,
  "process.service": processServiceSchema,
} satisfies Record<Kind, () => v.GenericSchema<unknown, unknown>>;

/** The shape of the fields of a kind. */
export function schemaOf(kind: Kind): v.GenericSchema<unknown, unknown> {
  return SCHEMAS[kind]();
}
