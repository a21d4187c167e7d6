/**
 * All that a compartment is told of a guest: data, so that it can be told another process.
 *
 * @module
 */
import { type NetworkRule, networkRule } from "../config/network_rule.ts";
import type { Lines, Position } from "../config/position.ts";
import type { Grant, Package } from "../grant/grant.ts";
import { ChannelError } from "./error.ts";

/** A guest that is not loaded yet: its module, its method, and what it may touch. */
export interface GuestSpec {
  /** The module's file on the host, absolute; of a module that is in no file, what to call it. */
  readonly file: string;
  /** The module's text, in place of a file. Nothing runs before `withModule` has made `bytes` of it. */
  readonly source?: string | undefined;
  /** Where the lines of that text stand; `undefined` where that is not known. */
  readonly lines?: Lines | undefined;
  /** Whether messages do not tell what is in that text. */
  readonly concealed?: boolean | undefined;
  /** The module itself, in place of a file. */
  readonly bytes?: Uint8Array<ArrayBuffer> | undefined;
  /** `sha256:` and its digest; `undefined`: any file will do. */
  readonly hash: string | undefined;
  /** The export to call; `undefined`: `wasi:cli/run` of any version, or `_start`. */
  readonly method: string | undefined;
  /** Signatures of a core module's exports. */
  readonly wit?: string | undefined;
  /** The name that a program gets before its arguments. */
  readonly program: string;
  /** What it may touch. Its variables are those of a single call, and not here. */
  readonly grant: Grant;
  /** Whether an undeclared import is an error. */
  readonly strict: boolean;
  /** Whether it does not run without the whole of the third wall. */
  readonly osRequired?: boolean | undefined;
  /** The most bytes that all memories of an instance may have together. */
  readonly maxMemoryBytes: number | undefined;
  /** Where each was declared, for messages; `undefined` where no file declares it. */
  readonly where:
    | Readonly<Record<"file" | "hash" | "method" | "imports", Position>> & { readonly wit?: Position }
    | undefined;
}

/** A grant with nothing in it but what JSON has. */
type PlainGrant = Omit<Grant, "packages" | "network"> & {
  readonly packages: readonly Package[];
  readonly network: { readonly allow: readonly string[] | undefined; readonly private: boolean } | undefined;
};

/** A spec with nothing in it but what a channel carries, and JSON has: bytes are in base 64. */
export type PlainSpec = Omit<GuestSpec, "grant" | "bytes"> & {
  readonly grant: PlainGrant;
  readonly bytes: string | undefined;
};

/** A spec as plain data. */
export function plainSpec(spec: GuestSpec): PlainSpec {
  const { packages, network, ...grant } = spec.grant;
  return {
    ...spec,
    bytes: spec.bytes?.toBase64(),
    grant: {
      ...grant,
      packages: [...packages],
      network: network && { allow: network.rules?.map((rule) => rule.text), private: network.private },
    },
  };
}

/**
 * The spec that {@linkcode plainSpec} made plain.
 *
 * @param plain What came; it is the runtime's own word, so only its rules are read again.
 */
export function specOf(plain: PlainSpec): GuestSpec {
  const { packages, network, ...grant } = plain.grant;
  return {
    ...plain,
    bytes: plain.bytes === undefined ? undefined : Uint8Array.fromBase64(plain.bytes),
    grant: {
      ...grant,
      packages: new Set(packages),
      network: network && { rules: network.allow?.map(ruleOf), private: network.private },
    },
  };
}

function ruleOf(text: string): NetworkRule {
  const rule = networkRule(text);
  if ("wrong" in rule) throw new ChannelError(`a network rule that is none: ${rule.wrong}`);
  return rule;
}
