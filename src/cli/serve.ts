/**
 * `serve`: a component that answers HTTP requests, behind a port.
 *
 * @module
 */
import { openCompartment } from "../compartment/compartment.ts";
import type { Start } from "../compartment/process.ts";
import { type Served, serveGuest, type ServeOptions, type Server } from "../runtime/serve.ts";
import type { Registry } from "../registry/registry.ts";
import { Callables } from "../runtime/callables.ts";
import { serveNamed } from "../runtime/serve_entry.ts";
import { logStdio } from "../runtime/stdio.ts";
import { COMPARTMENT_OPTIONS, count, isolation, moduleFile } from "./compartment_options.ts";
import { LOAD_OPTIONS } from "./loading.ts";
import type { Command } from "./main.ts";
import { UsageError } from "./exit_code.ts";
import { GRANT_OPTIONS, grantOfOptions } from "./grant_options.ts";
import { noMore, parseOptions, required } from "./options.ts";
import { note } from "./output.ts";

const help = `serve [options] <config> [entry]
       serve [options] <file.wasm>

Starts every service whose auto_start is true, after those that it requires: an http.service with its
routers, endpoints and files, a process.service with its restarts. Or serves an entry whose method is
wasi:http/incoming-handler#handle, or a component that exports it. Each request gets a fresh instance. Ends
at SIGINT or SIGTERM, when all requests are answered; a second one ends at once.

  [entry]                      an id or name, where the configuration has more than is to be served
  --host <address>             the address to listen on, in place of the service's own; without a service,
                               127.0.0.1 by default, which only this machine reaches
  --port <number>              the port, in place of the service's own; without a service, 8080 by default;
                               0 for any that is free
  --log                        a line of JSON on standard error for each request
  --ready-path <path>          answers 200 there while requests are taken, and 503 during a shutdown
  --request-timeout <ms>       gives a guest up that still waits after that time; the client gets 504
  --max-body <bytes>           answers 413 to requests with more content; to functions of endpoints by default
                               with more than 10485760
  --watch                      loads the configuration anew whenever a file of it changes, a module too; what
                               is wrong then is printed, and what was in force still is
  --root <dir>                 the project root, which relative directories are relative to
  -o, --override <namespace:entry:field=value>
                               a value in the place of the one that the entry has

Of a file.wasm, as for exec: --dir, --allow-system, --env, --net, --net-private, --cwd, --isolation,
--max-execution-ms, --max-memory-bytes. Without --net it reaches nobody.
`;

/** The command. */
export const command: Command = { summary: "answer HTTP requests, and run services", help, run };

/** How many requests a component without a configuration answers at once: as many as an entry that says nothing of it. */
const POOL = { type: "lazy", workers: 100, buffer: 0 } as const;

/** Options of how to serve, as `parseArgs` of node:util has them. */
export const SERVE_OPTIONS = {
  host: { type: "string" },
  port: { type: "string" },
  log: { type: "boolean" },
  "request-timeout": { type: "string" },
  "max-body": { type: "string" },
  "ready-path": { type: "string" },
} as const;

/** What they come to. */
export function serveOptionsOf(values: Values): ServeOptions {
  return {
    hostname: values["host"] as string | undefined,
    port: number("--port", values["port"], 65535),
    requestTimeoutMs: number("--request-timeout", values["request-timeout"]),
    maxBodyBytes: number("--max-body", values["max-body"]),
    onRequest: values["log"] === true ? (record) => note(JSON.stringify(record)) : undefined,
    readyPath: readyPath(values["ready-path"]),
    onListen: ({ hostname, port }, { secure }) => {
      const host = hostname.includes(":") ? `[${hostname}]` : hostname;
      note(`listening on ${secure ? "https" : "http"}://${host}:${port}/`);
    },
    onWarning: note,
  };
}

async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    ...SERVE_OPTIONS,
    ...LOAD_OPTIONS,
    ...GRANT_OPTIONS,
    ...COMPARTMENT_OPTIONS,
    watch: { type: "boolean" },
  });
  const [what, name] = required(positionals, ["<config> or <file.wasm>"]);
  const options = serveOptionsOf(values);
  const isFile = what!.endsWith(".wasm");
  noMore(positionals, isFile ? 1 : 2);
  if (isFile) return await untilStopped(async () => serveGuest(await servedFile(what!, values), options));
  checkOptions(values);
  const { serveLive } = await import("./serve_live.ts");
  return await serveLive(what!, values, { ...options, entry: name });
}

/** Serves what there is to serve of an application, until it is stopped. */
export async function serveRegistry(registry: Registry, options: ServeOptions): Promise<number> {
  const callables = new Callables(registry, { start, stdio: logStdio });
  try {
    const open = { registry, callables, stdio: logStdio };
    return await untilStopped(() => serveNamed(open, options));
  } finally {
    await callables.close();
  }
}

function checkOptions(values: Values): void {
  const given = Object.keys({ ...GRANT_OPTIONS, ...COMPARTMENT_OPTIONS }).find((option) =>
    values[option] !== undefined
  );
  if (given !== undefined) {
    throw new UsageError(`--${given}: what an entry may touch, and where it runs, its configuration says`);
  }
}

async function servedFile(file: string, values: Values): Promise<Served> {
  if (values["root"] !== undefined) throw new UsageError("--root is of a configuration");
  if (values["override"] !== undefined) throw new UsageError("--override is of a configuration");
  if (values["watch"] !== undefined) throw new UsageError("--watch is of a configuration");
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
  const handler = await openCompartment(spec, wanted, start);
  return { handler, pool: POOL, stdio: logStdio, env: () => grant.env };
}

let starting: Promise<Start> | undefined;

/** How processes of guests are started: one for all guests, so that what is missing is said once. */
export function start(): Promise<Start> {
  return starting ??= import("../compartment/start.ts").then(({ starter }) =>
    starter({ lacking: (reason) => note(`airlock: ${reason}`) })
  );
}

type Values = ReturnType<typeof parseOptions>["values"];
type Stoppable = Pick<Server, "finished" | "shutdown">;

/** Serves until it has come to its end, or a signal asks for that. */
export async function untilStopped(serve: () => Promise<Stoppable>): Promise<number> {
  silenceRemark();
  let server: Stoppable | undefined;
  let stopped = false;
  const stop = () => {
    // Nobody was promised an answer yet.
    if (server === undefined) Deno.exit(0);
    void server.shutdown(stopped);
    stopped = true;
  };
  const signals: Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
  for (const signal of signals) Deno.addSignalListener(signal, stop);
  try {
    server = await serve();
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

function readyPath(value: unknown): string | undefined {
  if (value === undefined || /^\/[\w\-.~!$&'()*+,;=:@/%]*$/.test(value as string)) {
    return value as string | undefined;
  }
  throw new UsageError(`--ready-path ${value}: expected a path that begins with /`);
}

function number(option: string, value: unknown, most = Number.MAX_SAFE_INTEGER): number | undefined {
  if (value === undefined) return undefined;
  const text = value as string;
  if (/^\d+$/.test(text) && Number(text) <= most) return Number(text);
  throw new UsageError(`${option} ${text}: expected a number${most < 1e6 ? ` from 0 to ${most}` : ""}`);
}
