/** Configurations in temporary directories. */
import { inRepository } from "./airlock.ts";

/** A directory that is removed at the end of its scope. */
export interface Project extends AsyncDisposable {
  /** The directory, absolute. */
  readonly directory: string;
}

/** A temporary directory with these files. */
export async function project(files: Readonly<Record<string, string | Uint8Array>>): Promise<Project> {
  const directory = await Deno.realPath(await Deno.makeTempDir({ prefix: "airlock-" }));
  for (const [name, content] of Object.entries(files)) {
    const path = `${directory}/${name}`;
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await (typeof content === "string" ? Deno.writeTextFile(path, content) : Deno.writeFile(path, content));
  }
  return {
    directory,
    [Symbol.asyncDispose]: () => Deno.remove(directory, { recursive: true }),
  };
}

/** A component of the repository: `examples/calculator/calculator.wasm`. */
export function component(path: string): Uint8Array<ArrayBuffer> {
  return Deno.readFileSync(inRepository(path));
}

/** The `hash` of some bytes. */
export async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return `sha256:${new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex()}`;
}

/** The head of an index file, up to a directory `files` that is the directory of the file itself. */
export const HEAD = `namespace: app
entries:
  - {name: files, kind: fs.directory, directory: .}
`;

/** One entry in block style, a field on each line; `name`, `kind` and `fs` are filled in. */
export function entry(fields: Readonly<Record<string, string>>): string {
  const all = { name: "it", kind: "function.wasm", fs: "files", ...fields };
  return Object.entries(all).map(([key, value], i) => `${i === 0 ? "  - " : "    "}${key}: ${value}\n`).join(
    "",
  );
}
