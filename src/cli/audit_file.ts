/**
 * The file that `--audit` names: a line of JSON for each capability that was used or refused.
 *
 * @module
 */
import { AuditLog, MAX_EVENTS } from "../compartment/audit_log.ts";
import type { GuestSpec } from "../compartment/spec.ts";
import { isAtOrBelow } from "../grant/below.ts";
import type { Mount } from "../grant/grant.ts";
import { reasonOf } from "../registry/files.ts";
import { checkRead, checkWrite } from "../registry/permitted.ts";
import type { WasmEntry } from "../registry/entry.ts";
import { declaredOf } from "../runtime/audit_record.ts";
import type { AuditEvent } from "../wasi/audit.ts";
import { UsageError } from "./exit_code.ts";

/** Receives the events of one run. */
export type Report = (event: AuditEvent) => void;

const encoder = new TextEncoder();

/**
 * Opens an audit file, adds what is declared, and is ready for what comes.
 *
 * @param path The file; lines are added to one that is there.
 * @param spec Whose run it is.
 * @param entry What declares it, where an entry does.
 * @throws {UsageError} If it cannot be written, or the guest itself could write it.
 */
export function auditFile(path: string, { grant }: GuestSpec, entry?: WasmEntry): Report {
  let file: Deno.FsFile;
  try {
    checkPlace(path, grant.mounts);
    checkWrite(path);
    file = Deno.openSync(path, { create: true, append: true });
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`--audit ${path}: ${reasonOf(error)}`);
  }
  const write = (line: Record<string, unknown>) => {
    const bytes = encoder.encode(`${JSON.stringify({ entry: grant.holder, ...line })}\n`);
    for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
  };
  write({ declared: declaredOf(grant, entry) });
  const log = new AuditLog(
    (event) => write({ ...event }),
    MAX_EVENTS,
    () => write({ truncated: MAX_EVENTS }),
  );
  return (event) => log.add(event);
}

/** A guest that can write the file can make it say anything. */
function checkPlace(path: string, mounts: readonly Mount[]): void {
  const real = realPath(path);
  const mount = mounts.find(({ host, readOnly }) => !readOnly && isAtOrBelow(real, follow(host)));
  if (mount === undefined) return;
  throw new UsageError(`--audit ${path}: the guest could write it, in its mount ${mount.guest}`);
}

/** Where a file is, or will be once it is created. */
function realPath(path: string): string {
  try {
    return follow(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    const slash = path.lastIndexOf("/");
    const directory = follow(slash < 0 ? "." : path.slice(0, slash) || "/");
    return `${directory}/${path.slice(slash + 1)}`;
  }
}

function follow(path: string): string {
  checkRead(path);
  return Deno.realPathSync(path);
}
