/**
 * The imports and exports of a core module as text: a module type of the component model's text format.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Explainer.md#core-type-definitions
 * @module
 */
import { layerOf } from "../binary/decode.ts";
import { readCoreModule } from "../binary/core_module.ts";
import { DecodeError } from "../error.ts";
import type { CoreExtern, CoreFuncType, Limits } from "./types.ts";

/**
 * What a core module imports and exports, one line each.
 *
 * @param bytes A core module.
 * @returns Text that ends in a newline.
 * @throws {DecodeError} If the bytes are no core module.
 */
export function coreModuleText(bytes: Uint8Array): string {
  if (layerOf(bytes) !== "module") throw new DecodeError("expected a core module", 0, "core module");
  const { imports, exports } = readCoreModule(bytes, 0);
  const lines = ["(module"];
  for (const { module, name, type } of imports) {
    lines.push(`  (import ${quote(module)} ${quote(name)} ${externText(type)})`);
  }
  for (const [name, type] of exports) lines.push(`  (export ${quote(name)} ${externText(type)})`);
  return `${lines.join("\n")}\n)\n`;
}

function externText(type: CoreExtern): string {
  switch (type.kind) {
    case "core-func":
      return `(func${signature(type)})`;
    case "tag":
      return `(tag${signature(type.type)})`;
    case "table":
      return `(table ${limits(type.limits)} ${type.element})`;
    case "memory": {
      const page = type.pageSizeLog2 === undefined ? "" : ` (pagesize ${2 ** type.pageSizeLog2})`;
      return `(memory ${limits(type.limits)}${page})`;
    }
    case "global":
      return `(global ${type.mutable ? `(mut ${type.type})` : type.type})`;
  }
}

function signature({ params, results }: CoreFuncType): string {
  const list = (keyword: string, types: readonly string[]): string =>
    types.length === 0 ? "" : ` (${keyword} ${types.join(" ")})`;
  return list("param", params) + list("result", results);
}

function limits({ min, max, shared, address }: Limits): string {
  const parts = [
    address === "i64" ? "i64" : "",
    `${min}`,
    max === undefined ? "" : `${max}`,
    shared ? "shared" : "",
  ];
  return parts.filter((part) => part !== "").join(" ");
}

/** A string of the text format: what a terminal might not show, or might obey, is escaped. */
function quote(text: string): string {
  const escaped = text
    .replaceAll(/["\\]/g, "\\$&")
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`);
  return `"${escaped}"`;
}
