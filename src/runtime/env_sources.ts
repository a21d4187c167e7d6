/**
 * Where the values of variables are: this process's environment, and files of this machine.
 *
 * @module
 */
export { processSources } from "../registry/env_sources.ts";
