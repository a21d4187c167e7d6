/**
 * The shape of what `wasi()` returns.
 *
 * @module
 */

/** The functions and resource classes of one interface, in the JavaScript mapping: camelCase and PascalCase names. */
export type HostInterface = Readonly<Record<string, unknown>>;

/** Host interfaces by their full names, such as `wasi:io/streams@0.2.12`. */
export type WasiImports = Readonly<Record<string, HostInterface>>;
