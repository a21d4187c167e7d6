/**
 * Documentation and feature gates, which the binary format has no place for: tools keep them as JSON in the
 * custom section `package-docs`.
 *
 * @see https://github.com/bytecodealliance/wasm-tools/blob/main/crates/wit-parser/src/metadata.rs
 * @module
 */
import type { ComponentDefinition } from "../binary/definition.ts";
import type { Stability, WitInterface, WitNotes, WitPackage, WitWorld } from "./document.ts";

const SECTION = "package-docs";

/** Adds what the section says to a package. A section that cannot be read says nothing: it is only prose. */
export function addDocs(component: ComponentDefinition, main: WitPackage): void {
  const section = component.custom.find(({ name }) => name === SECTION);
  // The first byte is the version of the format. Version 0 had docs only, in the same places.
  if (!section || section.bytes[0] === undefined || section.bytes[0] > 1) return;
  const docs = parse(section.bytes.subarray(1));
  addNotes(main, docs);
  for (const [name, of] of entries(docs, "interfaces")) {
    const face = main.interfaces.get(name);
    if (face) addInterface(face, of);
  }
  for (const [name, of] of entries(docs, "worlds")) {
    const world = main.worlds.get(name);
    if (world) addWorld(world, of);
  }
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

function addInterface(face: WitInterface, docs: unknown): void {
  addNotes(face, docs);
  for (const [name, of] of entries(docs, "types")) addNotes(face.types.get(name), of);
  for (const [name, of] of entries(docs, "funcs")) addNotes(face.funcs.get(name), of);
}

function addWorld(world: WitWorld, docs: unknown): void {
  addNotes(world, docs);
  const { imports, exports } = world;
  for (
    const [key, sides] of [["interfaces", [imports, exports]], ["interface_exports", [exports]]] as const
  ) {
    for (const [name, of] of entries(docs, key)) {
      const item = sides.map((side) => side.get(name)).find((item) => item?.kind === "interface");
      if (item?.kind !== "interface") continue;
      addInterface(item.interface, of);
      item.notes = { ...item.notes, stability: stabilityOf(of) };
    }
  }
  for (const [key, sides] of [["funcs", [imports, exports]], ["func_exports", [exports]]] as const) {
    for (const [name, of] of entries(docs, key)) {
      const item = sides.map((side) => side.get(name)).find((item) => item?.kind === "func");
      if (item?.kind === "func") addNotes(item.func, of);
    }
  }
  for (const [name, of] of entries(docs, "types")) {
    const item = imports.get(name);
    if (item?.kind === "type") addNotes(item.type, of);
  }
  for (const [side, items] of [["import", imports], ["export", exports]] as const) {
    for (const [name, of] of entries(docs, `interface_${side}_stability`)) {
      const item = items.get(name);
      if (item?.kind === "interface") item.notes = { ...item.notes, stability: stabilityFrom(of) };
    }
    for (const [name, of] of entries(docs, `interface_${side}_docs`)) {
      const item = items.get(name);
      if (item?.kind === "interface" && typeof of === "string") item.notes = { ...item.notes, docs: of };
    }
  }
}

function addNotes(item: { notes: WitNotes } | undefined, of: unknown): void {
  if (!item) return;
  const items = Object.fromEntries(entries(of, "items").filter(([, docs]) => typeof docs === "string"));
  item.notes = {
    ...item.notes,
    // In version 0 the documentation of a function was the bare text.
    docs: text(of) ?? text(member(of, "docs")),
    stability: stabilityOf(of),
    items: items as Record<string, string>,
  };
}

function stabilityOf(of: unknown): Stability | undefined {
  return stabilityFrom(member(of, "stability"));
}

function stabilityFrom(of: unknown): Stability | undefined {
  const stable = member(of, "stable"), unstable = member(of, "unstable");
  if (stable === undefined && unstable === undefined) return undefined;
  return {
    since: word(member(stable, "since")),
    unstable: word(member(unstable, "feature")),
    deprecated: word(member(stable ?? unstable, "deprecated")),
  };
}

/** A version or a feature. Anything else would be printed as WIT that the component does not have. */
function word(of: unknown): string | undefined {
  return typeof of === "string" && /^[0-9A-Za-z.+-]+$/.test(of) ? of : undefined;
}

function text(of: unknown): string | undefined {
  return typeof of === "string" ? of : undefined;
}

function member(of: unknown, key: string): unknown {
  return typeof of === "object" && of !== null && Object.hasOwn(of, key)
    ? (of as Record<string, unknown>)[key]
    : undefined;
}

function entries(of: unknown, key: string): [string, unknown][] {
  const found = member(of, key);
  return typeof found === "object" && found !== null ? Object.entries(found) : [];
}
