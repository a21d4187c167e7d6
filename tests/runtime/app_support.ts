/** Applications with an `http.service`, in temporary directories. */
import { type RequestRecord, Runtime, type ServeOptions, type Server } from "../../mod.ts";
import { component, hashOf, type Project, project } from "../support/project.ts";
import { Log, Output } from "./serve_support.ts";

/** Guests by name. */
const GUESTS = {
  calculator: "examples/calculator/calculator.wasm",
  kinds: "tests/guests/kinds/kinds.wasm",
  sleeper: "tests/guests/sleeper/sleeper.wasm",
  proxy: "tests/guests/proxy/proxy.wasm",
} as const;

/** A guest. */
export type Guest = keyof typeof GUESTS;

/** A function entry on one line: `fn(name, guest, method, "more: fields")`. */
export async function fn(name: string, guest: Guest, method: string, more = ""): Promise<string> {
  const hash = await hashOf(component(GUESTS[guest]));
  const fields = `name: ${name}, kind: function.wasm, fs: files, path: ${guest}.wasm, hash: "${hash}"`;
  const isolation = more.includes("isolation:") ? "" : ", isolation: inline";
  return `  - {${fields}, method: "${method}"${isolation}${more && `, ${more}`}}\n`;
}

/** An endpoint on one line: `ep("get", "GET /users/{id}", "func", "options: {…}")`. */
export function ep(name: string, route: string, func: string, meta = "", router = "api"): string {
  const [method, path] = route.split(" ");
  return `  - {name: ${name}, kind: http.endpoint, meta: {router: ${router}${meta && `, ${meta}`}}, ` +
    `method: ${method}, path: "${path}", func: ${func}}\n`;
}

/** A service that listens on any port, as flow fields: `timeouts: {…}`. */
export function service(name = "web", more = ""): string {
  return `  - {name: ${name}, kind: http.service, addr: "127.0.0.1:0", lifecycle: {auto_start: true}` +
    `${more && `, ${more}`}}\n`;
}

/** A router: `router("middleware: [cors]")`. */
export function router(more = "", name = "api", server = "web"): string {
  return `  - {name: ${name}, kind: http.router, meta: {server: ${server}}${more && `, ${more}`}}\n`;
}

/** Files by name. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** A directory with an `app.yaml` of these entries, the guests that they name, and files. */
export async function appProject(entries: readonly string[], files: Files = {}): Promise<Project> {
  const yaml = `namespace: app\nentries:\n  - {name: files, kind: fs.directory, directory: .}\n${
    entries.join("")
  }`;
  const guests = Object.entries(GUESTS).filter(([name]) => yaml.includes(`path: ${name}.wasm`));
  return await project({
    ...Object.fromEntries(guests.map(([name, path]) => [`${name}.wasm`, component(path)])),
    "app.yaml": yaml,
    ...files,
  });
}

/** An application that listens, and what it has told so far. */
export interface Served extends AsyncDisposable {
  readonly runtime: Runtime;
  readonly server: Server;
  readonly directory: string;
  readonly port: number;
  /** `http://127.0.0.1:port` */
  readonly url: string;
  /** What went wrong: `GET /trap: Trap: …`. */
  readonly errors: Log<string>;
  readonly records: Log<RequestRecord>;
  readonly warnings: string[];
  /** What guests wrote. */
  readonly output: Output;
}

/** Serves an application. */
export async function serveApp(
  entries: readonly string[],
  options: ServeOptions = {},
  files: Files = {},
): Promise<Served> {
  const folder = await appProject(entries, files);
  const output = new Output();
  const errors = new Log<string>(), records = new Log<RequestRecord>();
  const warnings: string[] = [];
  const runtime = await Runtime.load(`${folder.directory}/app.yaml`, {
    stdio: { stdout: output, stderr: output },
  });
  try {
    const server = await runtime.serve({
      onError: (error, { method, path }) => errors.add(`${method} ${path}: ${error}`),
      onRequest: (record) => records.add(record),
      onWarning: (warning) => warnings.push(warning),
      ...options,
    });
    const { port } = server.addr;
    return {
      runtime,
      server,
      directory: folder.directory,
      port,
      url: `http://127.0.0.1:${port}`,
      errors,
      records,
      warnings,
      output,
      async [Symbol.asyncDispose]() {
        await server.shutdown(true);
        await runtime[Symbol.asyncDispose]();
        await folder[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await runtime[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
    throw error;
  }
}

/** A response as a row of a table: status, kind of contents, contents. */
export async function ask(url: string, init: RequestInit = {}): Promise<[number, string | null, string]> {
  const response = await fetch(url, { redirect: "manual", ...init });
  return [response.status, response.headers.get("content-type"), await response.text()];
}

export const TEXT = "text/plain; charset=utf-8";
export const JSON_TYPE = "application/json";
