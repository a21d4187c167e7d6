/**
 * Functions of preview 1 as imports of core WebAssembly: what they throw ends the instance, and those that may block
 * suspend it.
 *
 * @module
 */
import type { Flags } from "../component/abi/memory.ts";
import { support } from "../component/abi/support.ts";
import type { CoreImports } from "../component/link/core.ts";
import type { InstanceFate } from "../component/link/fate.ts";
import { observed } from "../component/link/observe.ts";
import { asSuspendingImport } from "../component/link/suspend.ts";
import { canSuspend } from "../component/link/suspending.ts";
import type { CoreModuleType, InstantiateOptions } from "../component/mod.ts";
import { LinkError } from "../component/mod.ts";
import { nameText } from "./core_type.ts";
import type { Host } from "./host.ts";

type HostFunction = (...args: never[]) => unknown;

/** Of which instance. */
interface Instance {
  readonly fate: InstanceFate;
  readonly flags: Flags;
}

/** What a module is given. */
export interface Linked {
  readonly imports: CoreImports;
  /** Some function that it imports may suspend it. */
  readonly suspends: boolean;
}

/**
 * Links the imports of a module whose types were checked.
 *
 * @param type The module.
 * @param host What is given; functions that it does not have refuse when they are called, or now.
 * @param instance The instance that is being made.
 * @throws {LinkError} If a function is not given and nothing says how it refuses.
 */
export function linkImports(
  { imports }: CoreModuleType,
  host: Host | undefined,
  instance: Instance,
  { missing, observe }: InstantiateOptions,
): Linked {
  const linked: Record<string, Record<string, unknown>> = Object.create(null);
  let suspends = false;
  for (const { module, name, type } of imports) {
    const given = host && Object.hasOwn(host.imports, name) ? host.imports[name] as HostFunction : undefined;
    if (given === undefined && missing === undefined) {
      throw new LinkError(`missing import: ${nameText(module)}.${nameText(name)}`, [`${module}.${name}`]);
    }
    const blocks = canSuspend(given);
    const observer = given && observe?.(module, name);
    const told = { callee: { form: "call" }, f: given, suspends: blocks } as const;
    const f = given === undefined
      ? () => {
        throw missing!(module, name);
      }
      : observer
      ? observed(told, observer).f as HostFunction
      : given;
    const arity = type.kind === "core-func" ? type.params.length : 0;
    const bound = makeBound(arity, blocks)({ f, I: instance.flags, S: instance.fate, $: support });
    (linked[module] ??= Object.create(null) as Record<string, unknown>)[name] = blocks
      ? asSuspendingImport(bound)
      : bound;
    suspends ||= blocks;
  }
  return { imports: linked, suspends };
}

interface Bound {
  readonly f: HostFunction;
  readonly I: Flags;
  readonly S: InstanceFate;
  readonly $: typeof support;
}

const made = new Map<string, (bound: Bound) => HostFunction>();

/** Written for a number of parameters: rest parameters would make an array for each call. */
function makeBound(arity: number, suspends: boolean): (bound: Bound) => HostFunction {
  const key = `${arity} ${suspends}`;
  let factory = made.get(key);
  if (!factory) {
    const params = Array.from({ length: arity }, (_, i) => `a${i}`).join(", ");
    const wait = `if (v !== null && typeof v === "object" && typeof v.then === "function") {
return S.waiting(v).then(undefined, (e) => { throw S.kill(e, I); });
}`;
    factory = new Function(
      "c",
      `"use strict";
const { f, I, S, $ } = c;
return function host(${params}) {
if (!I.mayLeave) $.cannotLeave(S, I);
let v;
try { v = f(${params}); } catch (e) { throw S.kill(e, I); }
${suspends ? wait : ""}
return v;
};`,
    ) as (bound: Bound) => HostFunction;
    made.set(key, factory);
  }
  return factory;
}
