/**
 * Prints a component's WIT, byte for byte as `wasm-tools component wit` does, so that the two can be compared
 * and pasted into one another. What WIT cannot say, and that tool leaves out or refuses, stands as a comment.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/WIT.md
 * @module
 */
import type { ComponentDefinition } from "../binary/definition.ts";
import { buildDocument } from "./build.ts";
import type {
  WitDocument,
  WitFunc,
  WitInterface,
  WitItem,
  WitNotes,
  WitPackage,
  WitType,
  WitWorld,
} from "./document.ts";
import { readPackage } from "./package.ts";
import { addDocs } from "./package_docs.ts";
import { portsOf } from "./walk.ts";
import { defText, packageText, pathTo, signature, typeText } from "./text.ts";
import { escapeLabel, linesOf, quote, Writer } from "./writer.ts";

/**
 * The WIT of a component: its imports and exports as a world, then the packages they come from. A component
 * that is itself a WIT package in binary form gives that package.
 *
 * @param component A decoded component.
 * @returns WIT text, ending in a newline.
 * @throws {DecodeError} If the component is not valid.
 *
 * @example
 * ```ts
 * const nothing = { offset: 0, definitions: [], custom: [] };
 * console.assert(printWit(nothing) === "package root:component;\n\nworld root {\n}\n");
 * ```
 */
export function printWit(component: ComponentDefinition): string {
  return printDocument(documentOf(component));
}

/** The WIT of a component, as data. */
export function documentOf(component: ComponentDefinition): WitDocument {
  const ports = portsOf(component);
  const document = readPackage(component, ports) ?? buildDocument(component, ports);
  addDocs(component, document.main);
  return document;
}

/** Prints a WIT document. */
export function printDocument(document: WitDocument): string {
  return new Printer().document(document);
}

class Printer {
  readonly #out = new Writer();
  /** Whether the block being written has items, and thus needs an empty line before the next. */
  #items = false;

  document({ main, packages }: WitDocument): string {
    this.#package(main, true);
    packages.forEach((pkg, i) => {
      if (i > 0) this.#out.newline(), this.#out.newline();
      this.#package(pkg, false);
    });
    return this.#out.toString();
  }

  #package(pkg: WitPackage, isMain: boolean): void {
    this.#notes(pkg.notes);
    this.#out.add(`package ${packageText(pkg)}`);
    if (pkg.version !== undefined) this.#out.add(`@${pkg.version}`);
    if (!isMain) return this.#out.block(() => this.#packageItems(pkg, false));
    this.#out.line(";");
    this.#out.newline();
    this.#packageItems(pkg, true);
  }

  #packageItems(pkg: WitPackage, isMain: boolean): void {
    for (const [name, face] of pkg.interfaces) {
      this.#notes(face.notes);
      this.#out.add(`interface ${escapeLabel(name)}`);
      this.#out.block(() => this.#interface(face));
      if (isMain) this.#out.newline();
    }
    for (const [name, world] of pkg.worlds) {
      this.#notes(world.notes);
      this.#out.add(`world ${escapeLabel(name)}`);
      this.#out.block(() => this.#world(world));
    }
  }

  #interface(face: WitInterface): void {
    const outer = this.#items;
    this.#items = false;
    const { methods, rest } = byResource(face.funcs.values());
    this.#types(face, face.types.values(), methods);
    for (const func of rest) {
      this.#newItem();
      this.#notes(func.notes);
      this.#out.line(`${escapeLabel(func.path.label)}: ${signature(func)};`);
    }
    for (const [name, what] of face.others) {
      this.#newItem();
      this.#other(name, what);
    }
    this.#items = outer;
  }

  #world(world: WitWorld): void {
    const outer = this.#items;
    this.#items = false;
    const types: WitType[] = [], funcs: WitFunc[] = [];
    for (const [name, item] of world.imports) {
      if (item.kind === "type") types.push(item.type);
      else if (item.kind === "func") funcs.push(item.func);
      else {
        this.#worldItem("import", name, item, world);
        this.#items = true;
      }
    }
    const { methods, rest } = byResource(funcs);
    this.#types(world, types, methods);
    for (const func of rest) {
      this.#worldItem("import", func.name, { kind: "func", func }, world);
      this.#items = true;
    }
    this.#exports(world);
    this.#items = outer;
  }

  #exports(world: WitWorld): void {
    const types: WitType[] = [];
    for (const item of world.exports.values()) if (item.kind === "type") types.push(item.type);
    if (types.length === 0) {
      if (world.exports.size > 0) this.#newItem();
      for (const [name, item] of world.exports) this.#worldItem("export", name, item, world);
      return;
    }
    const funcs = [...world.exports.values()].flatMap((item) => item.kind === "func" ? [item.func] : []);
    const { methods } = byResource(funcs);
    this.#types(world, types, methods);
    const shown = new Set([...methods.values()].flat());
    const rest = [...world.exports].filter(([, item]) =>
      item.kind !== "type" && !(item.kind === "func" && shown.has(item.func))
    );
    if (rest.length > 0) this.#newItem();
    for (const [name, item] of rest) this.#worldItem("export", name, item, world);
  }

  #worldItem(keyword: "import" | "export", name: string, item: WitItem, world: WitWorld): void {
    switch (item.kind) {
      case "other":
        return this.#other(`${keyword} ${name}`, item.what);
      case "type":
        return;
      case "func":
        this.#notes(item.func.notes);
        return this.#out.line(`${keyword} ${escapeLabel(item.func.path.label)}: ${signature(item.func)};`);
      case "interface": {
        const { label, interface: face, notes } = item;
        // The documentation of an interface that stands in the world stands before the item.
        const docs = notes.docs ?? (label === undefined ? undefined : face.notes.docs);
        this.#notes({ ...notes, docs });
        this.#out.add(`${keyword} `);
        if (label !== undefined) this.#out.add(`${escapeLabel(label)}: `);
        if (face.name !== undefined) return this.#out.line(`${pathTo(face, world.package)};`);
        this.#out.add("interface");
        return this.#out.block(() => this.#interface(face));
      }
    }
  }

  #types(
    owner: WitInterface | WitWorld,
    types: Iterable<WitType>,
    methods: ReadonlyMap<WitType, readonly WitFunc[]>,
  ): void {
    const declared: WitType[] = [];
    const uses: { from: WitInterface; notes: WitNotes; names: string[] }[] = [];
    for (const type of types) {
      const from = type.def.kind === "alias" && type.def.of.owner !== owner ? type.def.of.owner : undefined;
      if (type.def.kind !== "alias" || from === undefined) {
        declared.push(type);
      } else if (from.kind === "interface") {
        const theirs = escapeLabel(type.def.of.name!), ours = escapeLabel(type.name!);
        const text = theirs === ours ? ours : `${theirs} as ${ours}`;
        const last = uses.at(-1);
        if (last?.from === from && sameGate(last.notes, type.notes)) last.names.push(text);
        else uses.push({ from, notes: type.notes, names: [text] });
      }
    }
    for (const { from, notes, names } of uses) {
      this.#items = true;
      this.#notes({ ...notes, docs: undefined });
      this.#out.line(`use ${pathTo(from, owner.package)}.{${names.join(", ")}};`);
    }
    for (const type of declared) {
      this.#newItem();
      this.#notes(type.notes);
      this.#declaration(type, methods.get(type) ?? []);
    }
  }

  #declaration(type: WitType, methods: readonly WitFunc[]): void {
    const { def } = type;
    const name = escapeLabel(type.name!);
    const block = (lines: readonly { readonly name: string; readonly text: string }[]): void => {
      this.#out.add(`${def.kind} ${name}`);
      this.#out.block(() => {
        for (const line of lines) {
          this.#docs(type.notes.items?.[line.name]);
          this.#out.line(`${line.text},`);
        }
      });
    };
    switch (def.kind) {
      case "resource":
        if (methods.length === 0) return this.#out.line(`resource ${name};`);
        this.#out.add(`resource ${name}`);
        return this.#out.block(() => {
          for (const func of methods) this.#method(func);
        });
      case "record":
        return block(
          def.fields.map((f) => ({ name: f.name, text: `${escapeLabel(f.name)}: ${typeText(f.type)}` })),
        );
      case "variant":
        return block(def.cases.map((c) => {
          const payload = c.type === undefined ? "" : `(${typeText(c.type)})`;
          return { name: c.name, text: escapeLabel(c.name) + payload };
        }));
      case "flags":
      case "enum":
        return block(def.names.map((name) => ({ name, text: escapeLabel(name) })));
      case "own":
        // `type a = b` of a resource `b` would be another name of the resource itself.
        return this.#out.line(`type ${name} = own<${typeText(def.resource)}>;`);
      default:
        return this.#out.line(`type ${name} = ${defText(def)};`);
    }
  }

  #method(func: WitFunc): void {
    this.#notes(func.notes);
    const { role, label } = func.path;
    if (role !== "constructor") this.#out.add(`${escapeLabel(label)}: ${role === "static" ? "static " : ""}`);
    this.#out.line(`${signature(func)};`);
  }

  #newItem(): void {
    if (this.#items) this.#out.newline();
    this.#items = true;
  }

  #other(name: string, what: string): void {
    this.#out.line(`// ${name}: ${/^[aeiou]/.test(what) ? "an" : "a"} ${what}, which WIT cannot express`);
  }

  #notes({ docs, stability, externalId, comment }: WitNotes): void {
    this.#docs(docs);
    if (stability?.since !== undefined) this.#out.line(`@since(version = ${stability.since})`);
    if (stability?.unstable !== undefined) this.#out.line(`@unstable(feature = ${stability.unstable})`);
    if (stability?.deprecated !== undefined) this.#out.line(`@deprecated(version = ${stability.deprecated})`);
    if (externalId !== undefined) this.#out.line(`@external-id(${quote(externalId)})`);
    if (comment !== undefined) this.#out.line(`// ${comment}`);
  }

  #docs(docs: string | undefined): void {
    // Documentation is anyone's text on its way to a terminal, which some characters would command.
    docs = docs?.replaceAll(/[^\P{Cc}\t\r\n]|\r(?!\n)/gu, "\ufffd");
    for (const line of docs === undefined ? [] : linesOf(docs)) {
      this.#out.line(line === "" ? "///" : `/// ${line}`);
    }
  }
}

function byResource(
  funcs: Iterable<WitFunc>,
): { readonly methods: ReadonlyMap<WitType, readonly WitFunc[]>; readonly rest: readonly WitFunc[] } {
  const methods = new Map<WitType, WitFunc[]>(), rest: WitFunc[] = [];
  for (const func of funcs) {
    const { resource } = func;
    if (resource?.def.kind !== "resource") rest.push(func);
    else if (methods.has(resource)) methods.get(resource)!.push(func);
    else methods.set(resource, [func]);
  }
  return { methods, rest };
}

function sameGate(a: WitNotes, b: WitNotes): boolean {
  return a.externalId === b.externalId && a.stability?.since === b.stability?.since &&
    a.stability?.unstable === b.stability?.unstable && a.stability?.deprecated === b.stability?.deprecated;
}
