/**
 * WIT packages in binary form: components that export nothing but component types, one for each interface and
 * world. Registries serve packages like that.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/WIT.md#package-format
 * @module
 */
import type { ComponentDefinition } from "../binary/definition.ts";
import { DecodeError } from "../error.ts";
import { Builder } from "./build.ts";
import { newPackage, newWorld, parseInterfaceName, type WitDocument, type WitPackage } from "./document.ts";
import type { ComponentShape, Item } from "./shape.ts";
import type { Port } from "./walk.ts";

/**
 * The document of a WIT package, or nothing if the component is none.
 *
 * @param component The component.
 * @param ports Its imports and exports.
 * @throws {DecodeError} If it starts like a package and then is none.
 */
export function readPackage(component: ComponentDefinition, ports: readonly Port[]): WitDocument | undefined {
  const parts: [string, ComponentShape][] = [];
  for (const { side, name, item: { extern } } of ports) {
    const shape = extern.kind === "type" ? extern.referenced.target.shape : undefined;
    if (side === "import" || shape?.kind !== "component") return undefined;
    parts.push([name, shape]);
  }
  const first = parts[0];
  if (!first) return undefined;
  const [name, shape] = first;
  const id = parseInterfaceName(name);
  // The form of 2023 had one export, `ns:name/wit`, of all interfaces and worlds; today each is an export.
  if (id?.interface === "wit" && parts.length === 1) {
    const main = newPackage(id.package, id.version);
    const builder = new Builder(component.offset, main);
    mentionImports(builder, shape);
    for (const [name, item] of shape.exports) addPart(builder, main, name, item, component.offset);
    return { main, packages: builder.packages() };
  }
  if (id) return undefined;
  let main: WitPackage | undefined, builder: Builder | undefined;
  for (const [, shape] of parts) {
    const only = shape.exports.size === 1 ? [...shape.exports][0] : undefined;
    const id = only && parseInterfaceName(only[0]);
    if (!only || !id) return undefined;
    main ??= newPackage(id.package, id.version);
    if (main.name !== id.package || main.version !== id.version) {
      return fail(`\`${only[0]}\` is not of package \`${main.name}\``, component.offset);
    }
    builder ??= new Builder(component.offset, main);
    if (only[1].extern.kind === "instance") mentionImports(builder, shape);
    addPart(builder, main, only[0], only[1], component.offset);
  }
  return main && builder && { main, packages: builder.packages() };
}

function mentionImports(builder: Builder, { imports }: ComponentShape): void {
  for (const [name, item] of imports) {
    if (item.extern.kind === "instance") builder.mention(name, item, item.extern.type);
  }
}

function addPart(builder: Builder, main: WitPackage, name: string, item: Item, offset: number): void {
  const { extern } = item;
  if (extern.kind === "instance") {
    builder.mention(name, item, extern.type);
  } else if (extern.kind === "component") {
    const world = newWorld(parseInterfaceName(name)?.interface ?? name, main);
    for (const [name, item] of extern.type.imports) builder.port(world, "import", name, item);
    for (const [name, item] of extern.type.exports) builder.port(world, "export", name, item);
  } else {
    fail(`export \`${name}\` of a WIT package is neither an interface nor a world`, offset);
  }
}

function fail(message: string, offset: number): never {
  throw new DecodeError(message, offset, "WIT package", "invalid");
}
