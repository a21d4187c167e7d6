/**
 * WASI 0.2 hosts: a {@linkcode Grant} in, import objects for a component out. Only what the grant names is there.
 *
 * @module
 */
export type { Grant, Mount, Package } from "../grant/grant.ts";
export type { HostRule, Ip, Network, NetworkRule, Prefix, Scheme } from "../grant/network.ts";
export { ExitError } from "./cli/exit.ts";
export type { Stdin, Stdio, Stdout } from "./cli/stdio.ts";
export type { HostInterface, WasiImports } from "./imports.ts";
export { release, WASI_VERSION, type WasiOptions } from "./assemble.ts";
export { wasi } from "./wasi.ts";
