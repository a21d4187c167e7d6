/**
 * The lines of an audit file: for each run what was declared, then what was used and what was refused.
 *
 * @module
 */
import { auditEventOf } from "../compartment/audit_log.ts";
import type { Grant } from "../grant/grant.ts";
import type { WasmEntry } from "../registry/entry.ts";
import type { AuditEvent } from "../wasi/audit.ts";

/** What an entry declares of capabilities, as plain data, so that an audit file speaks for itself. */
export interface Declared {
  /** The packages of `imports`. */
  readonly packages: readonly string[];
  /** Whether an undeclared import is an error. */
  readonly strict: boolean;
  readonly args: readonly string[];
  readonly cwd: string;
  /** `fs` is absent where no entry declares the mount. */
  readonly mounts: readonly {
    readonly fs?: string;
    readonly guest: string;
    readonly host: string;
    readonly read_only: boolean;
  }[];
  /** `id` is absent where no entry declares the variable. */
  readonly env: readonly { readonly id?: string; readonly name: string; readonly required: boolean }[];
  /** `null`: unrestricted; without `allow`, every name and every public address. */
  readonly network: { readonly allow: readonly string[] | null; readonly private: boolean } | null;
}

/** What one entry's runs amount to. */
export interface Audited {
  /** The entry's id, or the file given to `exec`. */
  readonly entry: string;
  /** Of its last run. */
  declared: Declared;
  /** Of all runs. */
  readonly events: AuditEvent[];
  /** Whether there were more than a run keeps. */
  truncated: boolean;
}

/** What a grant, and the entry that it was made of, declare. */
export function declaredOf(grant: Grant, entry?: WasmEntry): Declared {
  const { network } = grant;
  return {
    packages: entry ? [...new Set(entry.imports.map((item) => item.package))] : [...grant.packages],
    strict: entry?.strict ?? false,
    args: grant.args,
    cwd: grant.cwd,
    mounts: grant.mounts.map(({ guest, host, readOnly }) => {
      const fs = entry?.wasi.mounts.find((mount) => mount.guest === guest)?.fs;
      return { ...fs !== undefined && { fs }, guest, host, read_only: readOnly };
    }),
    env: entry
      ? entry.wasi.env.map(({ id, name, required }) => ({ id, name, required }))
      : grant.env.map(([name]) => ({ name, required: true })),
    network: network === undefined
      ? null
      : { allow: network.rules?.map(({ text }) => text) ?? null, private: network.private },
  };
}

/**
 * Reads an audit file.
 *
 * @param text Its text.
 * @param file Its name, for problems.
 * @param all Receives what it says, by entry.
 * @returns What is wrong with it: `file:line: …`.
 */
export function readAudit(text: string, file: string, all: Map<string, Audited>): string[] {
  const problems: string[] = [];
  text.split("\n").forEach((line, i) => {
    if (line.trim() === "") return;
    const wrong = readLine(line, all);
    if (wrong !== undefined) problems.push(`${file}:${i + 1}: ${wrong}`);
  });
  return problems;
}

function readLine(line: string, all: Map<string, Audited>): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return "expected a line of JSON, as --audit writes it";
  }
  const { entry, ...said } = (value ?? {}) as Record<string, unknown>;
  if (typeof entry !== "string") return 'expected an object with "entry", the id of an entry';
  const known = all.get(entry);
  if ("declared" in said) {
    const { declared } = said;
    if (!isDeclared(declared)) {
      return 'expected in "declared": packages, strict, args, cwd, mounts, env, network';
    }
    if (known) known.declared = declared;
    else all.set(entry, { entry, declared, events: [], truncated: false });
    return undefined;
  }
  if (known === undefined) {
    return `expected a line with what ${JSON.stringify(entry)} declares before its events`;
  }
  if ("truncated" in said) {
    known.truncated = true;
    return undefined;
  }
  try {
    known.events.push(auditEventOf(said));
    return undefined;
  } catch {
    return 'expected an event: "interface", "function", "target", "outcome" (used, refused), "wall" (link, deno, os)';
  }
}

function isDeclared(value: unknown): value is Declared {
  if (!isObject(value)) return false;
  const { packages, strict, args, cwd, mounts, env, network } = value;
  return isTexts(packages) && typeof strict === "boolean" && isTexts(args) && typeof cwd === "string" &&
    isListOf(
      mounts,
      (mount) =>
        isTexts([mount["guest"], mount["host"], mount["fs"] ?? ""]) &&
        typeof mount["read_only"] === "boolean",
    ) &&
    isListOf(
      env,
      (item) => isTexts([item["name"], item["id"] ?? ""]) && typeof item["required"] === "boolean",
    ) &&
    (network === null ||
      (isObject(network) && (network["allow"] === null || isTexts(network["allow"])) &&
        typeof network["private"] === "boolean"));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function isListOf(value: unknown, is: (item: Record<string, unknown>) => boolean): boolean {
  return Array.isArray(value) && value.every((item) => isObject(item) && is(item));
}
