/**
 * WIT types in TypeScript.
 *
 * @module
 */
import { camelCase, pascalCase } from "../abi/names.ts";
import type { WitFunc, WitRef, WitType } from "./document.ts";
import { linesOf, type Writer } from "./writer.ts";

/** Spells named types, as seen from one place. */
export interface Naming {
  /** How a named type is called here. */
  nameOf(type: WitType): string;
  /** Whether functions may return promises. */
  readonly suspends: boolean;
}

/** Which way a value goes, seen from whoever writes JavaScript. */
export type Direction = "given" | "received";

/** Numbers in lists are received as typed arrays; anything like an array will do to give. */
const TYPED_ARRAYS: Readonly<Record<string, readonly [received: string, given: string]>> = {
  u8: ["Uint8Array", "Uint8Array"],
  s8: ["Int8Array", "ArrayLike<number>"],
  u16: ["Uint16Array", "ArrayLike<number>"],
  s16: ["Int16Array", "ArrayLike<number>"],
  u32: ["Uint32Array", "ArrayLike<number>"],
  s32: ["Int32Array", "ArrayLike<number>"],
  u64: ["BigUint64Array", "ArrayLike<bigint>"],
  s64: ["BigInt64Array", "ArrayLike<bigint>"],
  f32: ["Float32Array", "ArrayLike<number>"],
  f64: ["Float64Array", "ArrayLike<number>"],
};

/** Global names that the text of a declaration uses, which no type of a component may take. */
export const GLOBALS: readonly string[] = [
  "ArrayLike",
  "Exports",
  "Imports",
  "Promise",
  "Symbol",
  ...Object.values(TYPED_ARRAYS).map(([name]) => name),
];

/** Words that cannot name a parameter in a module. */
const RESERVED: ReadonlySet<string> = new Set(
  `arguments await break case catch class const continue debugger default delete do else enum eval export extends
  false finally for function if implements import in instanceof interface let new null package private protected
  public return static super switch this throw true try typeof var void while with yield`.split(/\s+/),
);

/** A type where it is used. */
export function typeScript(type: WitRef, naming: Naming, direction: Direction): string {
  if (typeof type === "string") return primitive(type);
  return type.name === undefined ? shapeText(type.def, naming, direction) : naming.nameOf(type);
}

function primitive(kind: string): string {
  switch (kind) {
    case "bool":
      return "boolean";
    case "u64":
    case "s64":
      return "bigint";
    case "char":
    case "string":
      return "string";
    case "error-context":
      return "unknown";
    default:
      return "number";
  }
}

function shapeText(def: WitType["def"], naming: Naming, direction: Direction): string {
  const text = (type: WitRef): string => typeScript(type, naming, direction);
  switch (def.kind) {
    case "list": {
      const element = resolve(def.element);
      const array = typeof element === "string" ? TYPED_ARRAYS[element] : undefined;
      if (array) return array[direction === "received" ? 0 : 1];
      return `${direction === "given" ? "readonly " : ""}${grouped(text(def.element))}[]`;
    }
    case "tuple":
      return `${direction === "given" ? "readonly " : ""}[${def.types.map(text).join(", ")}]`;
    case "option":
      // `undefined` cannot tell `some(none)` from `none`.
      if (isOption(def.type)) return `{ tag: "none" } | { tag: "some"; val: ${text(def.type)} }`;
      return `${text(def.type)} | undefined`;
    case "result":
      return `${caseText("ok", def.ok, text)} | ${caseText("err", def.err, text)}`;
    case "map":
      return `${direction === "given" ? "readonly " : ""}[${text(def.key)}, ${text(def.value)}][]`;
    case "own":
    case "borrow":
      return naming.nameOf(def.resource);
    case "alias":
      return text(def.of);
    case "stream":
    case "future":
      return "unknown";
    case "enum":
      return def.names.map((name) => JSON.stringify(name)).join(" | ") || "never";
    case "variant":
      return def.cases.map((c) => caseText(c.name, c.type, text)).join(" | ") || "never";
    case "record":
      return `{ ${def.fields.map((f) => field(f, naming)).join(" ")} }`;
    case "flags":
      return `{ ${def.names.map(flag).join(" ")} }`;
    case "resource":
      return "object";
    default:
      return primitive(def.kind);
  }
}

/** Declares a named type that is no resource. The text serves values of both directions. */
export function declareType(type: WitType, name: string, naming: Naming, out: Writer): void {
  const { def } = type;
  writeDocs(out, type.notes.docs);
  const documented = (items: readonly (readonly [name: string, text: string])[]): void => {
    for (const [item, text] of items) {
      writeDocs(out, type.notes.items?.[item]);
      out.line(text);
    }
  };
  switch (def.kind) {
    case "record":
      out.add(`export interface ${name}`);
      return out.block(() => documented(def.fields.map((f) => [f.name, field(f, naming)])));
    case "flags":
      out.add(`export interface ${name}`);
      return out.block(() => documented(def.names.map((n) => [n, flag(n)])));
    case "variant":
      if (def.cases.length === 0) return out.line(`export type ${name} = never;`);
      out.add(`export type ${name} =`);
      return out.indent(() => {
        const text = (of: WitRef): string => typeScript(of, naming, "received");
        const last = def.cases.length - 1;
        documented(
          def.cases.map((c, i) => [c.name, `| ${caseText(c.name, c.type, text)}${i === last ? ";" : ""}`]),
        );
      });
    default:
      return out.line(`export type ${name} = ${shapeText(def, naming, "received")};`);
  }
}

/** Declares the class of a resource. */
export function declareClass(
  type: WitType,
  name: string,
  funcs: readonly WitFunc[],
  naming: Naming,
  side: "import" | "export",
  out: Writer,
): void {
  writeDocs(out, type.notes.docs);
  const constructor = funcs.find((f) => f.path.role === "constructor");
  out.add(`export ${constructor ? "" : "abstract "}class ${name}`);
  out.block(() => {
    // Without one in WIT a constructor is nobody else's business: any class will do for such a resource.
    if (!constructor) out.line("constructor(...args: never[]);");
    for (const func of funcs) declareFunc(func, naming, side, out);
    out.line(side === "import" ? "[Symbol.dispose]?(): void;" : "[Symbol.dispose](): void;");
  });
}

/** Declares a function as a member of an interface or class. */
export function declareFunc(func: WitFunc, naming: Naming, side: "import" | "export", out: Writer): void {
  const { role, label } = func.path;
  const [into, back] = side === "export" ? ["given", "received"] as const : ["received", "given"] as const;
  const result = func.result === undefined ? undefined : resolve(func.result);
  const fallible = typeof result === "object" && result.def.kind === "result" ? result.def : undefined;
  const value = fallible ? fallible.ok : func.result;
  const text = (type: WitRef | undefined, direction: Direction): string =>
    type === undefined ? "void" : typeScript(type, naming, direction);
  const docs = func.notes.docs === undefined ? [] : linesOf(func.notes.docs);
  if (fallible) {
    if (docs.length > 0) docs.push("");
    const payload = fallible.err === undefined ? "none" : `\`${text(fallible.err, back)}\``;
    docs.push(`@throws {ComponentError} Payload: ${payload}.`);
  }
  writeDocs(out, docs.join("\n") || undefined);
  const params = paramsText(role === "method" ? func.params.slice(1) : func.params, naming, into);
  if (role === "constructor") return out.line(`constructor(${params});`);
  const returned = text(value, back);
  const type = naming.suspends || func.async ? `${returned} | Promise<${returned}>` : returned;
  const name = camelCase(label);
  // In a class, `constructor()` would be something else.
  const key = name === "constructor" ? `["constructor"]` : name;
  out.line(`${role === "static" ? "static " : ""}${key}(${params}): ${type};`);
}

function paramsText(params: WitFunc["params"], naming: Naming, direction: Direction): string {
  const required = params.findLastIndex(({ type }) => !isOption(type) || isOption(innerOf(type))) + 1;
  return params.map(({ name, type }, i) => {
    const camel = camelCase(name);
    const safe = RESERVED.has(camel) ? `${camel}_` : camel;
    return `${safe}${i < required ? "" : "?"}: ${typeScript(type, naming, direction)}`;
  }).join(", ");
}

function field({ name, type }: { readonly name: string; readonly type: WitRef }, naming: Naming): string {
  // A field that may be `undefined` may as well be left out.
  const mark = isOption(type) && !isOption(innerOf(type)) ? "?" : "";
  return `${camelCase(name)}${mark}: ${typeScript(type, naming, "received")};`;
}

function flag(name: string): string {
  return `${camelCase(name)}?: boolean | undefined;`;
}

function caseText(tag: string, type: WitRef | undefined, text: (type: WitRef) => string): string {
  return `{ tag: ${JSON.stringify(tag)}; ${type === undefined ? "val?: undefined" : `val: ${text(type)}`} }`;
}

function grouped(text: string): string {
  return /^[\w.]+(?:\[\])?$|^\[.*\]$/.test(text) && !text.startsWith("readonly") ? text : `(${text})`;
}

/** A type behind its other names. */
function resolve(type: WitRef): WitRef {
  while (typeof type === "object") {
    const { def } = type;
    if (def.kind === "alias") type = def.of;
    else if (isPrimitive(def)) type = def.kind;
    else break;
  }
  return type;
}

function isPrimitive(def: WitType["def"]): def is { readonly kind: Extract<WitRef, string> } {
  return Object.keys(def).length === 1 && def.kind !== "resource";
}

function isOption(type: WitRef | undefined): boolean {
  const target = type === undefined ? undefined : resolve(type);
  return typeof target === "object" && target.def.kind === "option";
}

function innerOf(type: WitRef): WitRef | undefined {
  const target = resolve(type);
  return typeof target === "object" && target.def.kind === "option" ? target.def.type : undefined;
}

/** Writes a documentation comment, if there is anything to say. */
export function writeDocs(out: Writer, docs: string | undefined): void {
  if (docs === undefined || docs === "") return;
  const lines = linesOf(docs.replaceAll("*/", "*\\/"));
  if (lines.length === 1) return out.line(`/** ${lines[0]} */`);
  out.line("/**");
  for (const line of lines) out.line(line === "" ? " *" : ` * ${line}`);
  out.line(" */");
}

/** The class or type name of a WIT type. */
export function typeName(type: WitType): string {
  return pascalCase(type.name!);
}
