/**
 * A guest, loaded: its component or core module compiled, its method found, its grant at hand. Every call is a fresh instance.
 *
 * This is what runs in every compartment, in whichever process that is.
 *
 * @module
 */
import { at } from "../config/position.ts";
import type { Grant } from "../grant/grant.ts";
import { START } from "../preview1/beginning.ts";
import type { AuditEvent } from "../wasi/audit.ts";
import { ExitError } from "../wasi/cli/exit.ts";
import type { Stdio } from "../wasi/cli/stdio.ts";
import { MethodError } from "./error.ts";
import { nameAsDeclared } from "./limit_name.ts";
import type { AskFuncs } from "./funcs.ts";
import { type Give, loadGive } from "./given.ts";
import {
  arity,
  findMethod,
  handlerOf,
  isCore,
  isHandler,
  isProgram,
  type Method,
  namesOf,
  programOf,
} from "./method.ts";
import { compileFile, type GuestModule } from "./module.ts";
import { checkImports } from "./refuse.ts";
import type { GuestSpec } from "./spec.ts";

/** What one call brings beside its arguments. */
export interface CallOptions {
  /** Where the guest's standard streams lead. */
  readonly stdio: Partial<Stdio>;
  /** The program's arguments, where the grant fixes none. */
  readonly args?: readonly string[] | undefined;
  /** The variables that the guest sees in this call; by default those of the grant. */
  readonly env?: Grant["env"] | undefined;
  /** Ends the call. Only a guest in a process of its own can be stopped while it computes. */
  readonly signal?: AbortSignal | undefined;
  /** Told of each capability that is used or refused, of some many times. What it throws, the guest's call fails with. */
  readonly audit?: ((event: AuditEvent) => void) | undefined;
  /** Makes the calls of other entries, where the guest is granted to make any. */
  readonly funcs?: AskFuncs | undefined;
}

/** A compiled component or core module under a grant. */
export class Guest {
  /** The component, or the core module. */
  readonly component: GuestModule;
  /** The method that is called. */
  readonly method: Method;
  /** What it was made of. */
  readonly spec: GuestSpec;
  readonly #give: Promise<Give>;

  /**
   * Binds a component or core module to what it may touch.
   *
   * @throws {LinkError} For imports that cannot be served.
   * @throws {MethodError} If there is no such method.
   * @throws {WitError} If the method is a core module's, and no signature fits it.
   */
  constructor(component: GuestModule, spec: GuestSpec) {
    this.component = component;
    this.spec = spec;
    this.#give = loadGive(component, spec);
    this.method = methodOf(component, spec);
    checkImports(component, spec);
  }

  /**
   * Reads and compiles a guest's module.
   *
   * @throws {ConfigError} If the file cannot be read.
   * @throws {IntegrityError} If the hash differs.
   * @throws {DecodeError | LinkError | MethodError | WitError}
   */
  static async load(spec: GuestSpec): Promise<Guest> {
    return new Guest(await compileFile(spec), spec);
  }

  /** The method is a whole program. */
  get isProgram(): boolean {
    return isProgram(this.method.name);
  }

  /**
   * Calls the method on a fresh instance. A program that exits with 0 has returned.
   *
   * @param args Values in the JavaScript mapping of their WIT types.
   * @throws {TypeError} If the number of arguments is not that of the parameters.
   * @throws {Trap | ComponentError | CapabilityError | ExitError | LinkError}
   */
  async call(args: readonly unknown[], options: CallOptions): Promise<unknown> {
    const { method, spec } = this;
    if (args.length !== method.type.params.length) throw new TypeError(arity(method, args.length));
    const { args: fixed } = spec.grant;
    const words = fixed.length > 0 || !options.args
      ? fixed
      : this.isProgram
      ? [spec.program, ...options.args]
      : options.args;
    const grant = { ...spec.grant, args: words, env: options.env ?? spec.grant.env };
    const { signal } = options;
    signal?.throwIfAborted();
    const audit = options.audit && await auditOf(grant, options.audit);
    const give = await this.#give;
    const given = give({ grant, options: { stdio: options.stdio }, audit, funcs: options.funcs, signal });
    try {
      const instance = await this.component.instantiate(given.imports, { ...given.options, signal });
      return await method.of(instance)(...args);
    } catch (error) {
      if (this.isProgram && error instanceof ExitError && error.exitCode === 0) return undefined;
      if (spec.maxMemoryBytes !== undefined) nameAsDeclared(error);
      throw error;
    } finally {
      await given.release();
    }
  }
}

/** Loaded for those who ask for it alone. */
async function auditOf(grant: Grant, report: (event: AuditEvent) => void) {
  const { Audit } = await import("../wasi/audit.ts");
  return new Audit(grant, report);
}

function methodOf(component: GuestModule, { method, where, grant }: GuestSpec): Method {
  if (method !== undefined && where === undefined && isHandler(method) && !handlerOf(component)) {
    const message = `${grant.holder} cannot be served: it has no wasi:http/incoming-handler`;
    throw new MethodError(message, namesOf(component));
  }
  if (method !== undefined) {
    return findMethod(
      component,
      method,
      where ? `${at(where.method)}: ${grant.holder}` : `--invoke ${grant.holder}`,
    );
  }
  const program = programOf(component);
  if (program) return program;
  throw new MethodError(
    `${grant.holder} is no program (no ${
      isCore(component) ? START : "wasi:cli/run"
    }); name a function by --invoke`,
    namesOf(component),
  );
}
