/**
 * What an instance of a guest is given of its host: the functions that it imports, as far as its grant goes.
 *
 * @module
 */
import type { InstantiateOptions } from "../component/mod.ts";
import type { Imports } from "../component/link/imports.ts";
import type { Grant } from "../grant/grant.ts";
import { PREVIEW1 } from "../preview1/functions.ts";
import type { Audit } from "../wasi/audit.ts";
import type { WasiOptions } from "../wasi/assemble.ts";
import { type AskFuncs, FUNCS, funcsInterface } from "./funcs.ts";
import { isCore } from "./method.ts";
import type { GuestModule } from "./module.ts";
import { preview1Refusal, refusal } from "./refuse.ts";
import type { GuestSpec } from "./spec.ts";

/** What one call brings that its host depends on. */
export interface Call {
  /** What the guest may touch in this call. */
  readonly grant: Grant;
  /** Where its standard streams lead. */
  readonly options: WasiOptions;
  /** Whoever watches. */
  readonly audit: Audit | undefined;
  /** Makes its calls of other entries. */
  readonly funcs: AskFuncs | undefined;
  /** Ends the call. */
  readonly signal: AbortSignal | undefined;
}

/** What is given to one instance. */
export interface Given {
  /** Functions by module or interface. */
  readonly imports: Imports;
  /** What becomes of other imports, and whom to tell of calls. */
  readonly options: Pick<InstantiateOptions, "missing" | "observe">;
  /** Closes what the instance left open. */
  release(): Promise<void> | void;
}

/** Makes what an instance is given. */
export type Give = (call: Call) => Given;

/** Loads what a module's host is made of, and no more. */
export async function loadGive(module: GuestModule, spec: GuestSpec): Promise<Give> {
  if (!isCore(module)) {
    // A component that only computes needs no hosts: types that it imports are its own.
    if ([...module.imports.values()].every(({ kind }) => kind === "type")) return nothing;
    const [{ assemble, release }, { loadHosts }] = await Promise.all([
      import("../wasi/assemble.ts"),
      import("../wasi/hosts.ts"),
    ]);
    const missing = refusal(spec);
    const hosts = await loadHosts(spec.grant.packages);
    return ({ grant, options, audit, funcs, signal }) => {
      const wasi = assemble(hosts, grant, options, audit);
      return {
        imports: grant.packages.has("funcs")
          ? { ...wasi, [FUNCS]: funcsInterface(grant, funcs, signal) }
          : wasi,
        options: { missing: audit?.missing(missing) ?? missing, observe: audit?.observe },
        release: () => release(wasi),
      };
    };
  }
  // Most functions without a host are arithmetic, and wait for nothing.
  if (!module.imports.has(PREVIEW1)) return nothing;
  const { preview1 } = await import("../preview1/wasi/mod.ts");
  const refuse = preview1Refusal(spec);
  return ({ grant, options, audit }) => {
    const host = preview1(grant, options, audit, (provider, func) => {
      const error = refuse(provider, func);
      return audit?.missing(() => error)(PREVIEW1, func) ?? error;
    });
    // What it does, the host tells of in the words of WASI 0.2: its own functions say less.
    return {
      imports: { [PREVIEW1]: host },
      options: { missing: refusal(spec) },
      release: () => host.release(),
    };
  };
}

function nothing(): Given {
  return { imports: {}, options: {}, release() {} };
}
