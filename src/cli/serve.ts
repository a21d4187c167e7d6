/**
 * `serve`: a component that answers HTTP requests, behind a port.
 *
 * @module
 */
import { printIssue } from "../config/issue.ts";
import { openHandler } from "../compartment/handler.ts";
import type { Start } from "../compartment/process.ts";
import { load } from "../registry/load.ts";
import { type Served, serveGuest, type ServeOptions } from "../runtime/serve.ts";
import { findServed, servedEntry } from "../runtime/serve_entry.ts";
import { logStdio } from "../runtime/stdio.ts";
import { COMPARTMENT_OPTIONS, count, isolation, moduleFile } from "./compartment_options.ts";
import type { Command } from "./main.ts";
import { UsageError } from "./exit_code.ts";
import { GRANT_OPTIONS, grantOfOptions } from "./grant_options.ts";
import { noMore, parseOptions, required } from "./options.ts";
import { note } from "./output.ts";

const help = `serve [options] <config> [entry]
       serve [options] <file.wasm>

Serves an entry whose method is wasi:http/incoming-handler#handle, or a component that exports it: each
request gets a fresh instance. Ends at SIGINT or SIGTERM, when all requests are answered; a second one ends at
once.

  [entry]                      its id or name, where the configuration has more than one
  --host <address>             the address to listen on; 127.0.0.1 by default, which only this machine reaches
  --port <number>              the port; 8080 by default, 0 for any that is free
  --log                        a line of JSON on standard error for each request
  --request-timeout <ms>       gives a guest up that still waits after that time; the client gets 504
  --max-body <bytes>           answers 413 to requests with more content
  --root <dir>                 the project root, which relative directories are relative to

Of a file.wasm, as for exec: --dir, --allow-system, --env, --net, --net-private, --cwd, --isolation,
--max-execution-ms, --max-memory-bytes. Without --net it reaches nobody.
`;

/** The command. */
export const command: Command = { summary: "answer HTTP requests by a component", help, run };

/** How many requests a component without a configuration answers at once: as many as an entry that says nothing of it. */
const WORKERS = 100;

async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    host: { type: "string" },
    port: { type: "string" },
    log: { type: "boolean" },
    "request-timeout": { type: "string" },
    "max-body": { type: "string" },
    root: { type: "string" },
    ...GRANT_OPTIONS,
    ...COMPARTMENT_OPTIONS,
  });
  const [what, name] = required(positionals, ["<config> or <file.wasm>"]);
  const options: ServeOptions = {
    hostname: values["host"] as string | undefined,
    port: number("--port", values["port"], 65535),
    requestTimeoutMs: number("--request-timeout", values["request-timeout"]),
    maxBodyBytes: number("--max-body", values["max-body"]),
    onRequest: values["log"] === true ? (record) => note(JSON.stringify(record)) : undefined,
    onListen: ({ hostname, port }) =>
      note(`listening on http://${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}/`),
  };
  const isFile = what!.endsWith(".wasm");
  noMore(positionals, isFile ? 1 : 2);
  const served = isFile ? await servedFile(what!, values) : await servedOf(what!, name, values);
  return await untilStopped(served, options);
}

async function servedOf(config: string, name: string | undefined, values: Values): Promise<Served> {
  const given = Object.keys({ ...GRANT_OPTIONS, ...COMPARTMENT_OPTIONS }).find((option) =>
    values[option] !== undefined
  );
  if (given !== undefined) {
    throw new UsageError(`--${given}: what an entry may touch, and where it runs, its configuration says`);
  }
  const registry = load(config, { root: values["root"] as string | undefined });
  for (const warning of registry.warnings) note(printIssue(warning));
  const entry = findServed(registry, name);
  return await servedEntry(entry, registry, logStdio, start);
}

async function servedFile(file: string, values: Values): Promise<Served> {
  if (values["root"] !== undefined) throw new UsageError("--root is of a configuration");
  const grant = grantOfOptions(file, values, ["wasi:http"]);
  const spec = {
    file: moduleFile(file),
    hash: undefined,
    method: "wasi:http/incoming-handler#handle",
    program: file.split("/").at(-1)!,
    grant,
    strict: false,
    maxMemoryBytes: count("--max-memory-bytes", values["max-memory-bytes"]),
    where: undefined,
  };
  const wanted = {
    isolation: isolation(values["isolation"]),
    maxExecutionMs: count("--max-execution-ms", values["max-execution-ms"]),
    of: file,
  };
  const handler = await openHandler(spec, wanted, start);
  return { handler, workers: WORKERS, stdio: logStdio, env: () => grant.env };
}

async function start(): Promise<Start> {
  const { starter } = await import("../compartment/start.ts");
  return starter({ lacking: (reason) => note(`airlock: ${reason}`) });
}

type Values = ReturnType<typeof parseOptions>["values"];

async function untilStopped(served: Served, options: ServeOptions): Promise<number> {
  silenceRemark();
  const server = serveGuest(served, options);
  let stopped = false;
  const stop = () => {
    void server.shutdown(stopped);
    stopped = true;
  };
  const signals: Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
  for (const signal of signals) Deno.addSignalListener(signal, stop);
  try {
    await server.finished;
  } finally {
    for (const signal of signals) Deno.removeSignalListener(signal, stop);
  }
  return 0;
}

/**
 * When a client is watched while it waits for its answer, `Deno.serve` remarks once that the event used for it will come
 * less often in a later version. What is used of it stays; who runs the command can do nothing about it.
 */
function silenceRemark(): void {
  const { warn } = console;
  console.warn = (...data: unknown[]) => {
    if (!String(data[0]).startsWith("Deno.serve: request.signal aborts on")) warn(...data);
  };
}

function number(option: string, value: unknown, most = Number.MAX_SAFE_INTEGER): number | undefined {
  if (value === undefined) return undefined;
  const text = value as string;
  if (/^\d+$/.test(text) && Number(text) <= most) return Number(text);
  throw new UsageError(`${option} ${text}: expected a number${most < 1e6 ? ` from 0 to ${most}` : ""}`);
}
