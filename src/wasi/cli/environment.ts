/**
 * `wasi:cli/environment`: {@link https://github.com/WebAssembly/wasi-cli/blob/v0.2.3/wit/environment.wit}
 *
 * @module
 */
import type { Grant } from "../../grant/grant.ts";

/** The functions of the interface. */
export interface Environment {
  /** `get-environment: func() -> list<tuple<string, string>>` */
  getEnvironment(): [string, string][];
  /** `get-arguments: func() -> list<string>` */
  getArguments(): string[];
  /** `initial-cwd: func() -> option<string>` */
  initialCwd(): string | undefined;
}

/** The interface for one guest: what the grant says, and nothing of the host's. */
export function environment(grant: Grant): Environment {
  return {
    getEnvironment: () => grant.env.map(([name, value]) => [name, value]),
    getArguments: () => [...grant.args],
    initialCwd: () => grant.cwd,
  };
}
