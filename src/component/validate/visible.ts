/**
 * Whether everything that an import or export mentions has a name outside, and whether names that say what
 * a function is tell the truth.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Explainer.md#external-visibility-of-types
 * @module
 */
import type { DefinedType, ExternType, HandleType, ValueType } from "../wit/types.ts";
import type { Budget } from "./budget.ts";
import { invalid } from "./invalid.ts";
import type { ExternName } from "./names.ts";
import { isValueType } from "./resolve.ts";
import type { Scope, Side } from "./scope.ts";

/** Checks an import or export, and lets what follows use the names that it brings. */
export function checkVisible(
  type: ExternType,
  name: string,
  scope: Scope,
  as: "import" | "export",
  offset: number,
): void {
  const side = as === "import" ? scope.imports : scope.exports;
  if (type.kind === "type" && type.type.kind === "resource" && type.label) {
    side.resources.set(name, type.label);
  }
  // An instance type says nothing of the outside; it is checked where it is used.
  if (scope.kind === "instance-type") return;
  if (!new Names(side, as === "import" ? scope.exports : undefined, scope.budget).register(type)) {
    const what = type.kind === "core-module" ? "module" : type.kind;
    invalid(
      `${what} not valid to be used as ${as}: \`${name}\` mentions a type that has no name outside`,
      offset,
      as,
    );
  }
}

/** One check: types found to be named are not looked at again. */
class Names {
  readonly #visible: Set<object>;
  readonly #also: Set<object> | undefined;
  readonly #budget: Budget;
  readonly #registered = new Set<object>();
  readonly #done = new Set<object>();

  constructor(side: Side, also: Side | undefined, budget: Budget) {
    this.#budget = budget;
    this.#visible = side.visible;
    // What is imported is visible to exports too, but not the other way round.
    this.#also = also?.visible;
  }

  /** Whether all parts are named, each type in it being a name for what follows. */
  register(type: ExternType): boolean {
    switch (type.kind) {
      case "type":
        if (!this.#partsNamed(type.type)) return false;
        this.#add(type.type.kind === "resource" ? type.label : type.type);
        return true;
      case "instance":
        if (this.#registered.has(type)) return true;
        this.#registered.add(type);
        this.#budget.spend(type.exports.size);
        return [...type.exports.values()].every((t) => this.register(t));
      case "func":
        return this.#partsNamed(type);
      case "value":
        return this.#named(type.type);
      // Components and modules are closed: nothing in them is a type of this scope.
      case "component":
      case "core-module":
        return true;
    }
  }

  #add(name: object | undefined): void {
    if (!name) return;
    this.#visible.add(name);
    this.#also?.add(name);
  }

  #once(type: object, check: () => boolean): boolean {
    if (this.#done.has(type)) return true;
    this.#budget.spend(1);
    if (!check()) return false;
    this.#done.add(type);
    return true;
  }

  /** Whether the parts of a type are named; it may be about to get a name itself. */
  #partsNamed(type: DefinedType): boolean {
    switch (type.kind) {
      case "resource":
      case "component":
        return true;
      case "instance":
        return this.#once(type, () => [...type.exports.values()].every((t) => this.#externNamed(t)));
      case "func":
        return this.#once(
          type,
          () => type.params.every((p) => this.#named(p.type)) && this.#maybeNamed(type.result),
        );
      case "record":
        return type.fields.every((f) => this.#named(f.type));
      case "variant":
        return type.cases.every((c) => this.#maybeNamed(c.type));
      case "enum":
      case "flags":
        return true;
      default:
        return this.#named(type);
    }
  }

  #externNamed(type: ExternType): boolean {
    switch (type.kind) {
      case "type":
        return this.#partsNamed(type.type);
      case "func":
      case "instance":
        return this.#partsNamed(type);
      case "value":
        return this.#named(type.type);
      default:
        return true;
    }
  }

  #maybeNamed(type: ValueType | undefined): boolean {
    return type === undefined || this.#named(type);
  }

  #named(type: ValueType): boolean {
    switch (type.kind) {
      case "record":
      case "variant":
      case "enum":
      case "flags":
        return this.#visible.has(type);
      case "own":
      case "borrow":
        return type.label !== undefined && this.#visible.has(type.label);
      case "list":
        return this.#once(type, () => this.#named(type.element));
      case "tuple":
        return this.#once(type, () => type.types.every((t) => this.#named(t)));
      case "option":
        return this.#once(type, () => this.#named(type.type));
      case "result":
        return this.#once(type, () => this.#maybeNamed(type.ok) && this.#maybeNamed(type.err));
      case "stream":
      case "future":
        return this.#once(type, () => this.#maybeNamed(type.type));
      case "map":
        return this.#once(type, () => this.#named(type.key) && this.#named(type.value));
      default:
        return true;
    }
  }
}

/**
 * Checks `[constructor]`, `[method]` and `[static]` against the type and the resources named so far.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md#import-and-export-definitions
 */
export function checkAnnotated(
  name: string,
  parsed: ExternName,
  type: ExternType,
  resources: Side["resources"],
  offset: number,
): void {
  if (parsed.kind === "label" || parsed.kind === "interface") return;
  const fail = (why: string): never => invalid(`function \`${name}\` ${why}`, offset, "extern name");
  if (type.kind !== "func") return invalid(`\`${name}\` is not a func`, offset, "extern name");
  const { kind, resource } = parsed;
  if (kind === "static") {
    if (!resources.has(resource)) fail("is static to a resource that is not known in this context");
    return;
  }
  let self: ValueType | undefined;
  if (kind === "constructor") {
    const { result } = type;
    if (!result) return fail("should return one value");
    self = result.kind === "result" ? result.ok : result;
    if (self?.kind !== "own") fail("should return `(own $T)` or `(result (own $T))`");
  } else {
    const [first] = type.params;
    if (!first) return fail("should have at least one argument");
    if (first.name !== "self") fail(`should have a first argument called \`self\`, found \`${first.name}\``);
    self = first.type;
    if (!isValueType(self) || self.kind !== "borrow") fail("should take a first argument of `(borrow $T)`");
  }
  const { label } = self as HandleType;
  if (!label || resources.get(label.name) !== label) {
    return fail("uses a resource that does not have a name in this context");
  }
  if (label.name !== resource) fail(`does not match expected resource name \`${label.name}\``);
}
