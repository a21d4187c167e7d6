/**
 * A component as what `Deno.serve` takes: no configuration, and no server of ours.
 *
 * @module
 */
import { Guest } from "../compartment/guest.ts";
import { inlineCompartment } from "../compartment/inline.ts";
import type { Component } from "../component/mod.ts";
import type { Grant } from "../grant/grant.ts";
import type { Stdio } from "../wasi/mod.ts";
import { type AnswerOptions, serviceOf } from "./serve.ts";
import { openPool } from "../pool/pool.ts";
import { logStdio } from "./stdio.ts";

/** How a component answers requests. */
export interface RequestHandlerOptions extends AnswerOptions {
  /** How many requests run at once; by default 100. */
  readonly workers?: number | undefined;
  /** Where the guests' standard streams lead; by default stdin is empty and both outputs go to stderr. */
  readonly stdio?: Partial<Stdio> | undefined;
}

/**
 * Makes a function that answers each request by a fresh instance of a component, in this process.
 *
 * @example
 * ```ts
 * import { Component, denied, requestHandler } from "@airlock/runtime";
 *
 * const component = await Component.compile(await Deno.readFile("examples/http-service/service.wasm"));
 * const grant = { ...denied, packages: new Set(["wasi:io", "wasi:http", "wasi:clocks"] as const) };
 * const server = Deno.serve({ port: 0, onListen() {} }, requestHandler(component, grant));
 * const response = await fetch(`http://127.0.0.1:${server.addr.port}/?name=Ada`);
 * console.assert(await response.text() === "Hello, Ada!\n");
 * await server.shutdown();
 * ```
 *
 * @param component It exports `wasi:http/incoming-handler` of any 0.2.
 * @param grant What its instances may touch. `wasi:http` has to be among the packages.
 * @param options Its bounds, and who is told what.
 * @returns A handler for `Deno.serve`; its requests must come from there. Set `automaticCompression: false` with it if
 * the process does otherwise: what the guest wrote is what the client should get.
 * @throws {MethodError} If the component is no handler.
 * @throws {LinkError} For imports that cannot be served.
 */
export function requestHandler(
  component: Component,
  grant: Grant,
  options: RequestHandlerOptions = {},
): (request: Request) => Promise<Response> {
  const guest = new Guest(component, {
    file: grant.holder,
    hash: undefined,
    method: "wasi:http/incoming-handler#handle",
    program: grant.holder,
    grant,
    strict: false,
    maxMemoryBytes: undefined,
    where: undefined,
  });
  const service = serviceOf({
    handler: inlineCompartment(guest),
    pool: openPool({ type: "lazy", workers: options.workers ?? 100, buffer: 0 }),
    stdio: { ...logStdio, ...options.stdio },
    env: () => grant.env,
  }, options);
  return (request) => service.answer(request);
}
