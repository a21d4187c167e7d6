/** Applications whose files change, with modules that are texts: what they answer is easily another thing. */
import { Runtime, type RuntimeEvent, type RuntimeOptions } from "../../mod.ts";
import { HEAD, project } from "../support/project.ts";
import { Log } from "./serve_support.ts";

/** A function without parameters that returns a number. */
export function answers(name: string, number: number, more = ""): string {
  return `  - {name: ${name}, kind: function.wat, method: f, wit: "f: func() -> s32;", ${
    more && `${more}, `
  }` +
    `source: '(module (func (export "f") (result i32) i32.const ${number}))'}\n`;
}

/** A service of HTTP at any port, whose endpoints are `GET /<function>`. */
export function web(functions: readonly string[], addr = "127.0.0.1:0"): string {
  return `  - {name: web, kind: http.service, addr: "${addr}", lifecycle: {auto_start: true}}\n` +
    `  - {name: router, kind: http.router, meta: {server: web}}\n` +
    functions.map((name) =>
      `  - {name: ${name}-endpoint, kind: http.endpoint, meta: {router: router}, method: GET, path: /${name}, func: ${name}}\n`
    ).join("");
}

/** A runtime, its files, and what has happened in it. */
export interface Changing extends AsyncDisposable {
  readonly runtime: Runtime;
  readonly directory: string;
  readonly events: Log<RuntimeEvent>;
  readonly warnings: Log<string>;
  /** Writes `app.yaml`. */
  write(entries: string): Promise<void>;
}

/** Loads an application. */
export async function changing(
  entries: string,
  files: Readonly<Record<string, string | Uint8Array>> = {},
  options: RuntimeOptions = {},
): Promise<Changing> {
  const folder = await project({ ...files, "app.yaml": HEAD + entries });
  const { directory } = folder;
  const events = new Log<RuntimeEvent>(), warnings = new Log<string>();
  const runtime = await Runtime.load(`${directory}/app.yaml`, {
    onWarning: (message) => warnings.add(message),
    ...options,
  });
  const stream = runtime.events({ refusals: false });
  const read = (async () => {
    for await (const event of stream) events.add(event);
  })();
  return {
    runtime,
    directory,
    events,
    warnings,
    write: (entries) => Deno.writeTextFile(`${directory}/app.yaml`, HEAD + entries),
    async [Symbol.asyncDispose]() {
      await runtime[Symbol.asyncDispose]();
      await read;
      await folder[Symbol.asyncDispose]();
    },
  };
}
