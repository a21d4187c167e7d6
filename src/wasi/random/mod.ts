/**
 * `wasi:random` as import objects.
 *
 * @module
 */
import type { Checked } from "../checked.ts";
import type { HostInterface } from "../imports.ts";
import { insecureRandom, insecureSeed } from "./insecure.ts";
import { secureRandom } from "./secure.ts";

type Random = typeof import("@bytecodealliance/preview2-shim/interfaces/wasi-random-random");
type Insecure = typeof import("@bytecodealliance/preview2-shim/interfaces/wasi-random-insecure");
type InsecureSeed = typeof import("@bytecodealliance/preview2-shim/interfaces/wasi-random-insecure-seed");

/** `wasi:random/random`. */
export function randomInterface(): HostInterface {
  return { ...secureRandom() } satisfies Checked<Random>;
}

/** `wasi:random/insecure`. */
export function insecureInterface(): HostInterface {
  return { ...insecureRandom() } satisfies Checked<Insecure>;
}

/** `wasi:random/insecure-seed`. */
export function insecureSeedInterface(): HostInterface {
  return { insecureSeed: insecureSeed() } satisfies Checked<InsecureSeed>;
}
