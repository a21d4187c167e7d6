/**
 * Airlock runs WebAssembly components on Deno with exactly the capabilities they declare.
 *
 * As a program: `deno run -A main.ts run app.yaml greet Ada`; `--help` lists the commands. As a library:
 *
 * @example
 * ```ts
 * import { Runtime } from "@airlock/runtime";
 *
 * await using runtime = await Runtime.load("examples/calculator/app.yaml");
 * console.assert(await runtime.call("demo:add", 20, 22) === 42);
 * ```
 *
 * @module
 */
export {
  Component,
  ComponentError,
  DecodeError,
  Instance,
  LimitError,
  LinkError,
  suspending,
  Trap,
} from "./src/component/mod.ts";
export type { CompileOptions, ComponentData, Imports, InstantiateOptions } from "./src/component/mod.ts";
export { ChannelError, CompartmentError } from "./src/compartment/error.ts";
export { ConfigError, type Issue, type IssueCode } from "./src/config/issue.ts";
export type * from "./src/config/declaration.ts";
export type { Ip, Prefix } from "./src/config/ip.ts";
export type { HostRule, NetworkRule, Scheme } from "./src/config/network_rule.ts";
export type { Plain } from "./src/config/node.ts";
export type { Pool, PoolType } from "./src/config/pool.ts";
export type { Lines, Position } from "./src/config/position.ts";
export type {
  DirectoryEntry,
  Entry,
  FileStorageEntry,
  HttpEndpointEntry,
  HttpRouterEntry,
  HttpServiceEntry,
  HttpStaticEntry,
  ProcessHostEntry,
  ProcessServiceEntry,
  ServiceEntry,
  StorageEntry,
  TerminalHostEntry,
  VariableEntry,
  WasmEntry,
} from "./src/registry/entry.ts";
export {
  EnvironmentError,
  type EnvironmentErrorReason,
  type EnvironmentProblem,
} from "./src/grant/environment_error.ts";
export { CapabilityError, type Refusal, type Wall } from "./src/grant/error.ts";
export { denied, type Grant, type Mount, type Package } from "./src/grant/grant.ts";
export type { Network } from "./src/grant/network.ts";
export { EntryError, type EntryErrorCode } from "./src/registry/error.ts";
export { WatError, WitError } from "./src/preview1/error.ts";
export { ClosedError, IntegrityError, MethodError, UnsupportedError } from "./src/runtime/error.ts";
export { ListenError, RequestError, type RequestErrorReason } from "./src/runtime/error.ts";
export type * from "./src/runtime/events_types.ts";
export type { Changes } from "./src/runtime/reload_changes.ts";
export { type CallOptions, type EventsOptions, Runtime, type RuntimeOptions } from "./src/runtime/runtime.ts";
export type { Services } from "./src/runtime/supervise.ts";
export { ServiceError } from "./src/runtime/supervise_error.ts";
export type { ServiceFailure, ServiceState } from "./src/runtime/supervise_process.ts";
export type { StartOptions } from "./src/runtime/supervise_start.ts";
export type { ServiceStatus } from "./src/runtime/supervise_units.ts";
export { requestHandler, type RequestHandlerOptions } from "./src/runtime/request_handler.ts";
export type { AnswerOptions, Listening, RequestRecord, ServeOptions, Server } from "./src/runtime/serve.ts";
export { HandlerError } from "./src/wasi/http/handler_error.ts";
export { ExitError, type Stdin, type Stdio, type Stdout, wasi, type WasiOptions } from "./src/wasi/mod.ts";

if (import.meta.main) await import("./main.ts");
