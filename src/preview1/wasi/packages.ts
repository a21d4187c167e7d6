/**
 * Which packages of a grant the functions of preview 1 belong to.
 *
 * `wasi1` stands for what every program needs (arguments, variables, standard streams, clocks, random bytes, waiting,
 * exit) and the files of the mounts that are declared; sockets take `wasi:sockets`. Each package also works by itself.
 *
 * @module
 */
import { CapabilityError } from "../../grant/error.ts";
import type { Grant, Package } from "../../grant/grant.ts";
import { MODULE } from "./signatures.ts";

/** What of preview 1 works. */
export interface Allowed {
  /** Arguments, variables, exit, standard streams. */
  readonly cli: boolean;
  /** `clock_*`, and waiting for a time. */
  readonly clocks: boolean;
  /** `random_get`. */
  readonly random: boolean;
  /** Preopened directories, and all that is reached by them. */
  readonly files: boolean;
  /** `poll_oneoff`. */
  readonly poll: boolean;
  /** `sock_*`. */
  readonly sockets: boolean;
}

/** What of preview 1 a grant allows. */
export function allowed({ packages }: Grant): Allowed {
  const any = (...names: Package[]) => names.some((name) => packages.has(name));
  return {
    cli: any("wasi:cli", "wasi1"),
    clocks: any("wasi:clocks", "wasi1"),
    random: any("wasi:random", "wasi1"),
    files: any("wasi:filesystem", "wasi1"),
    poll: any("wasi:poll", "wasi:io", "wasi1"),
    sockets: any("wasi:sockets"),
  };
}

/**
 * Makes the error of a function whose package is not granted.
 *
 * @param provider The package that would allow it.
 * @param func The function, as preview 1 calls it.
 */
export type Refuse = (provider: Package, func: string) => Error;

/** Refusals that name the line of a declaration which would allow the function. */
export function refusing({ packages, holder }: Grant): Refuse {
  return (provider, func) =>
    new CapabilityError({
      asked: `${MODULE}#${func}`,
      allowed: [...packages],
      wall: "link",
      hint: `to allow it, add ${provider} to the imports of ${holder}: imports: [${
        [...packages, provider].filter((name) => name !== "wasi:poll" || !packages.has("wasi:io")).join(", ")
      }]`,
    });
}
