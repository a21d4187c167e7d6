/**
 * Runs a script on the engine, command by command.
 *
 * @module
 */
import {
  Component,
  ComponentError,
  DecodeError,
  type Instance,
  LinkError,
  Trap,
} from "../../src/component/mod.ts";
import { encode, EncodeError } from "./encode.ts";
import { type Command, type Invoke, readScript, type Source } from "./script.ts";
import { camel, difference, type Outcome, toValue } from "./values.ts";

/** Kinds of commands that say something about the engine. */
export const KINDS = [
  "valid",
  "instance",
  "invoke",
  "return",
  "trap",
  "invalid",
  "malformed",
  "unlinkable",
] as const;
/** One of them. */
export type Kind = typeof KINDS[number];

/** How one command went. */
export interface Verdict {
  readonly line: number;
  readonly kind: Kind;
  /** `unreached`: the encoder refused the text, so that the engine had no say. */
  readonly status: "passed" | "failed" | "unreached";
  readonly why: string | undefined;
}

/** Runs all commands of a script. */
export async function runScript(source: string): Promise<Verdict[]> {
  const state = new State();
  const verdicts: Verdict[] = [];
  for (const command of readScript(source)) {
    const kind = kindOf(command);
    let why: string | undefined, status: Verdict["status"] = "passed";
    try {
      why = await state.perform(command);
      if (why !== undefined) status = "failed";
    } catch (error) {
      status = error instanceof EncodeError ? "unreached" : "failed";
      why = String(error).split("\n")[0];
    }
    if (kind) verdicts.push({ line: command.line, kind, status, why });
  }
  return verdicts;
}

function kindOf(command: Command): Kind | undefined {
  switch (command.kind) {
    case "component":
      return "valid";
    case "other":
      return "unlinkable";
    case "register":
      return undefined;
    default:
      return command.kind;
  }
}

/** What the commands so far have defined. */
class State {
  readonly #components = new Map<string, Component>();
  readonly #instances = new Map<string, Instance>();
  #component: Component | undefined;
  #instance: Instance | undefined;

  /** Returns why the command failed, if it did. */
  async perform(command: Command): Promise<string | undefined> {
    switch (command.kind) {
      case "component": {
        this.#component = this.#instance = undefined;
        const component = await compile(command.source);
        this.#component = component;
        if (command.id) this.#components.set(command.id, component);
        if (command.instantiate) await this.#instantiate(component, command.id);
        return undefined;
      }
      case "instance": {
        this.#instance = undefined;
        const component = command.component ? this.#components.get(command.component) : this.#component;
        if (!component) return "no such component: its definition failed";
        await this.#instantiate(component, command.id);
        return undefined;
      }
      case "register":
        return undefined;
      case "invoke":
        return "err" in await this.#invoke(command.action) ? "returned err" : undefined;
      case "return":
        return difference(await this.#invoke(command.action), command.expected);
      case "trap": {
        const { action } = command;
        return refused(Trap, command.message, async () => {
          if ("args" in action) return await this.#invoke(action);
          return await (await compile(action)).instantiate({});
        });
      }
      case "invalid":
      case "malformed":
        return refused(DecodeError, command.message, () => compile(command.source), command.kind);
      case "unlinkable":
        return refused(
          LinkError,
          command.message,
          async () => (await compile(command.source)).instantiate({}),
        );
      case "other":
        return `unknown command ${command.name}`;
    }
  }

  async #instantiate(component: Component, id: string | undefined): Promise<void> {
    this.#instance = await component.instantiate({});
    if (id) this.#instances.set(id, this.#instance);
  }

  async #invoke({ instance: id, name, args }: Invoke): Promise<Outcome> {
    const instance = id ? this.#instances.get(id) : this.#instance;
    if (!instance) throw new Error("no such instance: its definition failed");
    const f = instance.exports[camel(name)];
    if (typeof f !== "function") throw new Error(`no function is exported as \`${camel(name)}\``);
    try {
      return { returned: await f(...args.map(toValue)) };
    } catch (error) {
      if (error instanceof ComponentError) return { err: error.payload };
      throw error;
    }
  }
}

async function compile(source: Source): Promise<Component> {
  return Component.compileSync("bytes" in source ? source.bytes : await encode(source.text));
}

async function refused(
  type: typeof DecodeError | typeof LinkError | typeof Trap,
  message: string,
  action: () => Promise<unknown>,
  code?: string,
): Promise<string | undefined> {
  try {
    await action();
  } catch (error) {
    if (error instanceof type) {
      if (code === undefined || error.code === code) return undefined;
      return `refused as ${error.code}, expected ${code}: ${error.message}`;
    }
    throw error;
  }
  return `accepted, expected "${message}"`;
}
