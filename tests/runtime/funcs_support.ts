/** Applications of entries of `tests/guests/funcs`, which call one another. */
import { Runtime, type RuntimeOptions } from "../../mod.ts";
import { component, entry, hashOf, HEAD, project } from "../support/project.ts";
import type { App } from "./support.ts";

/** The component whose functions call, and are called. */
export const FUNCS = component("tests/guests/funcs/funcs.wasm");

/** The packages that it imports beside `funcs`. */
export const REST = "wasi:cli, wasi:io, wasi:clocks, wasi:http";

/** An entry of it: its name is that of its method, unless it is given. */
export async function func(method: string, more: Readonly<Record<string, string>> = {}): Promise<string> {
  return entry({
    name: method,
    path: "funcs.wasm",
    hash: await hashOf(FUNCS),
    method,
    imports: `[funcs, ${REST}]`,
    ...more,
  });
}

/** Entries of all of these, with the same fields. */
export async function funcs(
  methods: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<string> {
  return (await Promise.all(methods.map((method) => func(method, more)))).join("");
}

/** Loads an index file of these entries. */
export async function load(
  entries: string,
  options: RuntimeOptions = {},
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<App> {
  const folder = await project({ "funcs.wasm": FUNCS, "app.yaml": HEAD + entries, ...files });
  const runtime = await Runtime.load(`${folder.directory}/app.yaml`, options);
  return {
    runtime,
    directory: folder.directory,
    async [Symbol.asyncDispose]() {
      await runtime[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}
