/**
 * TypeScript declarations of a component: what its instantiation takes and what an instance exports, in the
 * JavaScript mapping of values that the engine uses.
 *
 * @module
 */
import { pascalCase } from "../abi/names.ts";
import type { ComponentDefinition } from "../binary/definition.ts";
import {
  declareClass,
  declareFunc,
  declareType,
  GLOBALS,
  type Naming,
  typeName,
  writeDocs,
} from "./declare_type.ts";
import { parseInterfaceName, type WitFunc, type WitItem, type WitType, type WitWorld } from "./document.ts";
import { documentOf } from "./print.ts";
import { Writer } from "./writer.ts";

/** How to declare. */
export interface DeclareOptions {
  /**
   * Whether imports may return promises and exports may thus be suspended. Unset: whether the component
   * imports functions of WASI that wait. A component that is to await functions of its host's own needs it.
   */
  readonly suspends?: boolean;
}

/**
 * The text of a `.d.ts` file with types `Imports` and `Exports`, such that
 * `component.instantiate(imports satisfies Imports)` and `instance.exports as Exports` are right.
 *
 * @param component A decoded component.
 * @param options How to declare.
 * @throws {DecodeError} If the component is not valid.
 */
export function declareTypes(component: ComponentDefinition, options: DeclareOptions = {}): string {
  const [world] = documentOf(component).main.worlds.values();
  if (!world) return "export {};\n";
  return new Declarer(world, options.suspends ?? mayWait(world)).text();
}

/** The functions of WASI that wait, by which everything else in WASI 0.2 waits. */
function mayWait(world: WitWorld): boolean {
  for (const [name, item] of world.imports) {
    if (item.kind !== "interface") continue;
    const id = parseInterfaceName(name);
    const face = id && `${id.package}/${id.interface}`;
    for (const { path, async } of item.interface.funcs.values()) {
      if (async || face === "wasi:io/poll") return true;
      if (face === "wasi:io/streams" && path.label.startsWith("blocking-")) return true;
    }
  }
  return false;
}

/** What a host gives for imports that WIT has no words for. */
const OTHERS: Readonly<Record<string, string>> = {
  "core module": "WebAssembly.Module",
  function: "(...args: never[]) => unknown",
};

type Side = "import" | "export";

/** An interface on one side of the component. */
interface Module {
  readonly side: Side;
  /** The name in the binary. */
  readonly key: string;
  /** The name in TypeScript. */
  readonly name: string;
  readonly types: ReadonlyMap<WitType, string>;
  readonly funcs: readonly WitFunc[];
}

class Declarer {
  readonly #out = new Writer();
  readonly #world: WitWorld;
  readonly #suspends: boolean;
  readonly #taken = new Set(GLOBALS);
  readonly #modules: Module[] = [];
  /** Types of the world itself. */
  readonly #types = new Map<WitType, string>();

  constructor(world: WitWorld, suspends: boolean) {
    this.#world = world;
    this.#suspends = suspends;
    for (const items of [world.imports, world.exports]) {
      for (const item of items.values()) {
        if (item.kind === "type") this.#types.set(item.type, unique(typeName(item.type), this.#taken));
      }
    }
    for (const [side, items] of [["import", world.imports], ["export", world.exports]] as const) {
      for (const [key, item] of items) {
        if (item.kind === "interface") this.#addModule(side, key, item);
      }
    }
  }

  text(): string {
    this.#out.line("// Types of a WebAssembly component: what it imports and what it exports.");
    this.#out.line("// `ComponentError` is exported by @airlock/runtime/component.");
    this.#worldTypes();
    for (const module of this.#modules) this.#module(module);
    const { imports, exports } = this.#world;
    this.#items("Imports", "What `component.instantiate(imports)` takes.", "import", imports);
    this.#items("Exports", "What `instance.exports` is.", "export", exports);
    return this.#out.toString();
  }

  #addModule(side: Side, key: string, { interface: face, members }: WitItem & { kind: "interface" }): void {
    const id = parseInterfaceName(key);
    const words = id ? `${id.package}-${id.interface}` : key;
    const plain = pascalCase(words.replace(/[^A-Za-z0-9]+/g, "-"));
    const versioned = `${plain}_${id?.version?.replace(/[^A-Za-z0-9]+/g, "_")}`;
    // What is both imported and exported is two modules: a resource of one is none of the other.
    const both = this.#modules.some((m) => m.key === key);
    const free = (name: string): boolean => !this.#taken.has(name);
    const name = both ? `${plain}Export` : free(plain) || id?.version === undefined ? plain : versioned;
    const types = new Map<WitType, string>();
    const taken = new Set(GLOBALS);
    for (const [label, type] of face.types) {
      if (members.has(label)) types.set(type, unique(typeName(type), taken));
    }
    const funcs = [...face.funcs.values()].filter((f) => members.has(f.name));
    this.#modules.push({ side, key, name: unique(name, this.#taken), types, funcs });
  }

  /** The types of the world itself. */
  #worldTypes(): void {
    const { imports, exports } = this.#world;
    for (const [side, items] of [["import", imports], ["export", exports]] as const) {
      const naming = this.#naming(side);
      const funcs = [...items.values()].flatMap((item) => item.kind === "func" ? [item.func] : []);
      for (const item of items.values()) {
        if (item.kind !== "type") continue;
        this.#out.newline();
        this.#type(item.type, this.#types.get(item.type)!, naming, side, funcs);
      }
    }
  }

  #module({ side, key, name, types, funcs }: Module): void {
    this.#out.newline();
    writeDocs(this.#out, `Interface \`${key}\`, as the component ${side}s it.`);
    this.#out.add(`export interface ${name}`);
    this.#out.block(() => {
      for (const [type, typeName] of types) {
        if (type.def.kind === "resource") this.#classMember(type, `${name}.${typeName}`, funcs, side);
      }
      const naming = this.#naming(side);
      for (const func of funcs) {
        if (func.path.role === "freestanding") declareFunc(func, naming, side, this.#out);
      }
    });
    if (types.size === 0) return;
    this.#out.add(`export namespace ${name}`);
    this.#out.block(() => {
      const naming = this.#naming(side, types);
      for (const [type, typeName] of types) this.#type(type, typeName, naming, side, funcs);
    });
  }

  #type(
    type: WitType,
    name: string,
    naming: Naming,
    side: Side,
    funcs: readonly WitFunc[],
  ): void {
    if (type.def.kind !== "resource") return declareType(type, name, naming, this.#out);
    declareClass(type, name, funcs.filter((f) => f.resource === type), naming, side, this.#out);
  }

  #items(name: string, docs: string, side: Side, items: ReadonlyMap<string, WitItem>): void {
    const naming = this.#naming(side);
    const funcs = [...items.values()].flatMap((item) => item.kind === "func" ? [item.func] : []);
    this.#out.newline();
    writeDocs(this.#out, docs);
    if (items.size === 0) return this.#out.line(`export type ${name} = Record<string, never>;`);
    // An interface has no index signature, so it would not do as a record of imports.
    this.#out.add(`export type ${name} =`);
    this.#out.block(() => {
      for (const [key, item] of items) {
        if (item.kind === "func") {
          if (item.func.path.role === "freestanding") declareFunc(item.func, naming, side, this.#out);
        } else if (item.kind === "type") {
          if (item.type.def.kind === "resource") {
            this.#classMember(item.type, this.#types.get(item.type)!, funcs, side);
          }
        } else if (item.kind === "interface") {
          const module = this.#modules.find((m) => m.side === side && m.key === key)!;
          // An interface of mere types has nothing that a host could give.
          const empty = side === "import" && module.funcs.length === 0 &&
            ![...module.types.keys()].some((type) => type.def.kind === "resource");
          const mark = empty ? "?" : "";
          this.#out.line(
            `readonly ${JSON.stringify(key)}${mark}: ${module.name}${empty ? " | undefined" : ""};`,
          );
        } else if (side === "import") {
          this.#out.line(
            `readonly ${JSON.stringify(key)}: ${OTHERS[item.what] ?? "unknown"}; // ${item.what}`,
          );
        } else {
          this.#out.line(`// ${JSON.stringify(key)}: ${item.what}`);
        }
      }
    });
  }

  #classMember(type: WitType, path: string, funcs: readonly WitFunc[], side: Side): void {
    // A host need not have a class for a resource that the component never asks anything of.
    const idle = side === "import" && !funcs.some((f) => f.resource === type);
    const text = `typeof ${path}`;
    this.#out.line(`readonly ${typeName(type)}${idle ? "?" : ""}: ${text}${idle ? " | undefined" : ""};`);
  }

  /** Names as seen among the types `here`, or else from outside all modules. */
  #naming(side: Side, here?: ReadonlyMap<WitType, string>): Naming {
    const nameOf = (type: WitType): string => {
      const near = here?.get(type) ?? this.#types.get(type);
      if (near) return near;
      // An export that uses a type means that of the exported interface, if there is one.
      const modules = this.#modules.filter((m) => m.types.has(type));
      const module = modules.find((m) => m.side === side) ?? modules[0];
      return module ? `${module.name}.${module.types.get(type)}` : "unknown";
    };
    return { nameOf, suspends: this.#suspends };
  }
}

function unique(name: string, taken: Set<string>): string {
  while (taken.has(name)) name += "_";
  taken.add(name);
  return name;
}
