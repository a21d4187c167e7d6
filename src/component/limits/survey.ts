/**
 * What an instance of a component will begin with: goes through the steps of its instantiation, and of all inside
 * it, without making anything.
 *
 * @module
 */
import { LimitError, LinkError } from "../error.ts";
import type { Item } from "../link/item.ts";
import type { Plan, RuntimeIndex, RuntimeSort, Step } from "../validate/plan.ts";
import type { ExternType } from "../wit/types.ts";
import { MAX_MEMORY_BYTES, type Weight } from "./bound.ts";
import { compileBounded } from "./module.ts";

/** More component instances than this inside one is an attack: the largest real compositions make hundreds. */
export const MAX_INSTANCES = 10_000;

/** The error for that. */
export function tooManyInstances(): LinkError {
  return new LinkError(
    `the component makes more than ${MAX_INSTANCES} instances of components inside it`,
    [],
  );
}

/**
 * What core instances may take of the host beside their memories and tables. A module can be instantiated thousands
 * of times in a few bytes; the engine of SpiderMonkey takes 1 MiB.
 */
const MAX_OWN = 64 * 2 ** 20;

/** What decides how many core modules are instantiated, and which. */
type Node =
  | { readonly kind: "component"; readonly plan: Plan; readonly outer: Room | undefined }
  | { readonly kind: "core module"; readonly bytes: Uint8Array | undefined }
  | { readonly kind: "instance"; readonly exports: ReadonlyMap<string, Node> }
  | undefined;

interface Total {
  readonly limit: number;
  instances: number;
  initial: number;
  own: number;
}

/** A component instance that is not made. */
class Room {
  readonly exports = new Map<string, Node>();
  readonly #total: Total;
  readonly #args: ReadonlyMap<string, Node>;
  readonly #outer: Room | undefined;
  readonly #modules: (Uint8Array | undefined)[] = [];
  readonly #components: Node[] = [];
  readonly #instances: ReadonlyMap<string, Node>[] = [];

  constructor(total: Total, args: ReadonlyMap<string, Node>, outer: Room | undefined) {
    if (++total.instances > MAX_INSTANCES) throw tooManyInstances();
    this.#total = total;
    this.#args = args;
    this.#outer = outer;
  }

  run({ steps }: Plan): this {
    for (const step of steps) this.#step(step);
    return this;
  }

  #step(step: Step): void {
    switch (step.op) {
      case "core module":
        return void this.#modules.push(step.bytes);
      case "core instantiate":
        return this.#weigh(this.#modules[step.module]);
      case "component":
        return void this.#components.push({ kind: "component", plan: step.plan, outer: this });
      case "instantiate": {
        const component = this.#components[step.component] as Extract<Node, { kind: "component" }>;
        const room = new Room(this.#total, this.#items(step.args), component.outer).run(component.plan);
        return void this.#instances.push(room.exports);
      }
      case "inline":
        return void this.#instances.push(this.#items(step.exports));
      case "alias export":
        return this.#push(step.sort, this.#instances[step.instance]?.get(step.name));
      case "alias outer": {
        // deno-lint-ignore no-this-alias
        let room: Room = this;
        for (let i = 0; i < step.count; i++) room = room.#outer!;
        if (step.sort === "component") this.#components.push(room.#components[step.index]);
        else this.#modules.push(room.#modules[step.index]);
        return;
      }
      case "import":
        return this.#push(step.sort, this.#args.get(step.name));
      case "export":
        if (!step.item) return;
        this.exports.set(step.name, this.#item(step.item));
        return this.#push(step.item.sort, this.#item(step.item));
    }
  }

  #weigh(bytes: Uint8Array | undefined): void {
    const { limit } = this.#total;
    if (!bytes) {
      const message = "a core module that is imported cannot be bounded";
      throw new LimitError(message, MAX_MEMORY_BYTES, limit);
    }
    const { weight } = compileBounded(bytes, limit);
    this.#total.initial += weight.initial;
    this.#total.own += weight.own;
    if (this.#total.own <= MAX_OWN) return;
    const message =
      `the core instances of the component would take more than ${MAX_OWN} bytes of the host's, ` +
      "beside their memories and tables";
    throw new LimitError(message, MAX_MEMORY_BYTES, limit);
  }

  #items(indices: readonly RuntimeIndex[]): ReadonlyMap<string, Node> {
    return new Map(indices.map((index) => [index.name, this.#item(index)]));
  }

  #item({ sort, index }: RuntimeIndex): Node {
    switch (sort) {
      case "component":
        return this.#components[index];
      case "core module":
        return { kind: "core module", bytes: this.#modules[index] };
      case "instance":
        return { kind: "instance", exports: this.#instances[index]! };
      default:
        return undefined;
    }
  }

  #push(sort: RuntimeSort, node: Node): void {
    if (sort === "component") this.#components.push(node);
    else if (sort === "core module") {
      this.#modules.push(node?.kind === "core module" ? node.bytes : undefined);
    } else if (sort === "instance") {
      this.#instances.push(node?.kind === "instance" ? node.exports : new Map());
    }
  }
}

const known = new WeakMap<Plan, Weight>();

/**
 * What an instance of a component begins with.
 *
 * @param plan The component.
 * @param args What it is given.
 * @param limit The limit that is asked for.
 * @throws {LimitError} If no limit can hold for it.
 */
export function survey(plan: Plan, args: ReadonlyMap<string, Item>, limit: number): Weight {
  let weight = known.get(plan);
  if (!weight) {
    const total: Total = { limit, instances: 0, initial: 0, own: 0 };
    new Room(total, new Map([...args].map(([name, item]) => [name, nodeOf(item)])), undefined).run(plan);
    weight = { initial: total.initial, own: total.own };
    // What is given decides only where it brings code of its own.
    if (![...plan.type.imports.values()].some(bringsCode)) known.set(plan, weight);
  }
  return weight;
}

function nodeOf(item: Item): Node {
  switch (item.kind) {
    case "component":
      return { kind: "component", plan: item.plan, outer: undefined };
    case "core module":
      return { kind: "core module", bytes: item.bytes };
    case "instance":
      return { kind: "instance", exports: new Map([...item.exports].map(([name, i]) => [name, nodeOf(i)])) };
    default:
      return undefined;
  }
}

function bringsCode(type: ExternType): boolean {
  if (type.kind === "instance") return [...type.exports.values()].some(bringsCode);
  return type.kind === "component" || type.kind === "core-module";
}
