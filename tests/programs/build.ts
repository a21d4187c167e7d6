/**
 * Builds components from sources here and libraries that nobody here wrote, by the tools of their own languages, once:
 * into `.cache/programs`.
 *
 * @module
 */
import { inRepository } from "../support/airlock.ts";
import { CACHE, client, exists, tool, Unreachable, writeWhole } from "./fetch.ts";

/** A tool that may have no build for this machine. */
const COMPONENTIZE_PY = "componentize-py==0.25.1";

/** What the Python program imports, and what that imports. */
const PYTHON_LIBRARIES = [
  "redis==8.1.0",
  "pg8000==1.31.6",
  "scramp==1.5.0",
  "asn1crypto==1.5.1",
  "python-dateutil==4.0.0",
  "tzdata==2026.6",
];

/** As `tests/guests/js` has them. */
const JAVASCRIPT_TOOLS = ["@bytecodealliance/jco@1.13.0", "@bytecodealliance/componentize-js@0.18.5"];

/**
 * `python/program.py` as a component: CPython and the libraries inside, 37 MB.
 *
 * @throws {Unreachable} If a package cannot be fetched.
 */
export function pythonProgram(): Promise<string> {
  return built("python", "py", [COMPONENTIZE_PY, ...PYTHON_LIBRARIES], async (directory, source) => {
    const install = (target: string, ...packages: string[]) =>
      client("python3", [
        ...["-m", "pip", "install", "--quiet", "--retries=1", "--no-deps", "--only-binary", ":all:"],
        ...["--target", `${directory}/${target}`, ...packages],
      ], directory);
    await Promise.all([install("tool", COMPONENTIZE_PY), install("libraries", ...PYTHON_LIBRARIES)]);
    const words = ["--quiet", "--wit-path", "wit", "--world", "program", "componentize", "program"];
    const paths = ["--python-path", source, "--python-path", `${directory}/libraries`];
    const main = "import componentize_py; componentize_py.script()";
    await tool("python3", ["-c", main, ...words, ...paths, "--output", "program.wasm"], directory, {
      PYTHONPATH: `${directory}/tool`,
    });
  });
}

/**
 * `javascript/program.js` as a component: SpiderMonkey inside, 11 MB.
 *
 * @throws {Unreachable} If a package cannot be fetched.
 */
export function javascriptProgram(): Promise<string> {
  return built("javascript", "js", JAVASCRIPT_TOOLS, async (directory, source) => {
    const words = ["componentize", `${source}/program.js`, "--wit", "wit", "--world-name", "program"];
    const packages = JAVASCRIPT_TOOLS.flatMap((name) => ["--package", name]);
    await client("npx", ["--yes", ...packages, "--", "jco", ...words, "--out", "program.wasm"], directory);
  });
}

/** Makes `program.wasm` in a directory that has `wit`, unless the same was made before. */
async function built(
  name: string,
  extension: string,
  versions: readonly string[],
  make: (directory: string, source: string) => Promise<void>,
): Promise<string> {
  const source = inRepository(`tests/programs/${name}`);
  const wit = await Promise.all([`${source}/program.wit`, inRepository("tests/guests/wasi.wit")].map(read));
  const text = [...versions, ...wit, await read(`${source}/program.${extension}`)].join("\n");
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  const path = `${CACHE}/${name}-${new Uint8Array(digest).toHex().slice(0, 16)}.component.wasm`;
  if (await exists(path)) return path;
  const directory = await Deno.makeTempDir({ prefix: "airlock-build-" });
  try {
    await Deno.mkdir(`${directory}/wit`);
    await Promise.all(wit.map((text, i) => Deno.writeTextFile(`${directory}/wit/${i}.wit`, text)));
    await make(directory, source);
    await writeWhole(path, await Deno.readFile(`${directory}/program.wasm`));
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
  return path;
}

function read(path: string): Promise<string> {
  return Deno.readTextFile(path);
}

/** Builds one; `undefined`, and a word why, where it cannot be. */
export async function orSkipped(name: string, build: () => Promise<string>): Promise<string | undefined> {
  try {
    return await build();
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    console.log(`skipped: ${name}: ${error.message}`);
    return undefined;
  }
}
