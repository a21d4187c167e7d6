/**
 * Aliases.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md#alias-definitions
 * @module
 */
import type { DefinitionBody, Sort } from "./definition.ts";
import { readSort } from "./instance.ts";
import type { Reader } from "./reader.ts";

const OUTER: ReadonlySet<Sort> = new Set<Sort>(["core module", "core type", "type", "component"]);

/** `alias`. */
export function readAlias(reader: Reader): DefinitionBody {
  const at = reader.offset;
  const sort = readSort(reader);
  const tag = reader.byte("alias target");
  switch (tag) {
    case 0x00:
      if (sort.startsWith("core ") && sort !== "core module") {
        reader.fail(`an instance exports no ${sort}`, "alias", at);
      }
      return {
        kind: "alias export",
        sort,
        instance: reader.u32("instance index"),
        name: reader.name("alias export name"),
      };
    case 0x01:
      if (!sort.startsWith("core ")) reader.fail(`a core instance exports no ${sort}`, "alias", at);
      return {
        kind: "alias core export",
        sort: sort.slice(5) as never,
        instance: reader.u32("core instance index"),
        name: reader.name("alias core export name"),
      };
    case 0x02:
      if (!OUTER.has(sort)) reader.fail(`no outer alias may name a ${sort}`, "alias", at);
      return {
        kind: "alias outer",
        sort,
        count: reader.u32("outer alias count"),
        index: reader.u32("outer alias index"),
      };
    default:
      return reader.unexpected(tag, "alias target");
  }
}
