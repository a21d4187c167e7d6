/**
 * One call of one guest, as `run` and `exec` make it, in the process that it belongs in.
 *
 * @module
 */
import { isolationOf, type Wanted } from "../compartment/isolation.ts";
import type { GuestSpec } from "../compartment/spec.ts";
import { withModule } from "../compartment/wat.ts";
import type { CallOptions } from "../compartment/guest.ts";
import type { Grant } from "../grant/grant.ts";
import type { WasmEntry } from "../registry/entry.ts";
import { note } from "./output.ts";

/** A larger module that is in no file is told over a channel: what a process can be told when it starts has a bound. */
const MAX_TOLD = 256 * 1024;

/** What is called, and how. */
export interface Call {
  /** The guest. */
  readonly spec: GuestSpec;
  /** Which process was asked for. */
  readonly isolation: Wanted["isolation"];
  /** The walls that are insisted on. */
  readonly require?: Wanted["require"];
  /** The longest that the call may take, in milliseconds. */
  readonly maxExecutionMs: number | undefined;
  /** The words of the command line. */
  readonly words: readonly string[];
  /** The variables that the guest sees. */
  readonly env: Grant["env"];
  /** Where to write what is used and what is refused, and what declares it, where an entry does. */
  readonly audit?: { readonly file: string; readonly entry?: WasmEntry } | undefined;
}

/**
 * Calls a guest and prints its result. What only one way of it needs is loaded on that way.
 *
 * @returns The exit code. In a process of the guest's own, this one has become that, and never returns.
 */
export async function callOnce(call: Call): Promise<number> {
  const { maxExecutionMs, words, env } = call;
  const spec = await withModule(call.spec);
  const { grant } = spec;
  const audit = await auditOf(call);
  if (isolationOf({ ...call, grant, of: grant.holder }) === "inline") {
    const [{ Guest }, { callGuest }] = await Promise.all([
      import("../compartment/guest.ts"),
      import("./guest.ts"),
    ]);
    return await callGuest(await Guest.load(spec), words, env, audit);
  }
  const large = (spec.bytes?.length ?? 0) > MAX_TOLD;
  // The process of the guest may not write the audit file: this one does.
  if (maxExecutionMs !== undefined || audit || large) return await supervise({ ...call, spec }, audit);
  const { become } = await import("../compartment/become.ts");
  return (await become(spec, { words, env }, warn)).code;
}

async function auditOf({ spec, audit }: Call): Promise<CallOptions["audit"]> {
  if (audit === undefined) return undefined;
  const { auditFile } = await import("./audit_file.ts");
  return auditFile(audit.file, spec, audit.entry);
}

/** A call that may have to be killed, or is told of: this process stays, keeps the time, and listens. */
async function supervise(
  { spec, maxExecutionMs, words, env }: Call,
  audit: CallOptions["audit"],
): Promise<number> {
  const [{ Processes }, { starter }, { processStdio }, { isProgram }, { printResult, readArguments }] =
    await Promise.all([
      import("../compartment/processes.ts"),
      import("../compartment/start.ts"),
      import("../wasi/cli/stdio.ts"),
      import("../compartment/method.ts"),
      import("./result.ts"),
    ]);
  const processes = new Processes(spec, {
    start: starter({ lacking: warn }),
    maxExecutionMs,
  });
  try {
    const { name, type } = await processes.method();
    if (type === undefined) {
      throw new TypeError(`${name} takes or returns resources: these cannot be printed`);
    }
    const args = isProgram(name) ? [] : readArguments({ name, type }, words);
    const options = { stdio: processStdio, args: words, env, audit };
    return await printResult(type, processes.call(args, options));
  } finally {
    await processes.close();
  }
}

function warn(reason: string): void {
  note(`airlock: ${reason}`);
}
