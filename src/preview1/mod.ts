/**
 * Core modules: programs and functions of before the component model, on the same hosts as components.
 *
 * @module
 */
export { INITIALIZE, START } from "./beginning.ts";
export { CoreModule, type CoreOptions } from "./core_module.ts";
export { WitError } from "./error.ts";
export { FUNCTIONS, lacking, PREVIEW1 } from "./functions.ts";
export type { Host } from "./host.ts";
