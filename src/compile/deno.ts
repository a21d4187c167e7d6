/**
 * `deno compile`: the words that it is started with.
 *
 * @module
 */
import { checkRun } from "../sandbox/permitted.ts";
export { shellLine } from "../scope/mod.ts";
import { flagsOfPermissions, FOLDERS, type Manifest } from "./manifest.ts";

/** What `deno compile` makes binaries for. */
export const TARGETS: readonly string[] = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "x86_64-apple-darwin",
  "aarch64-apple-darwin",
  "x86_64-pc-windows-msvc",
  "aarch64-pc-windows-msvc",
];

/** Nothing is looked up, fetched or added: the program is all there is. */
const ALONE: readonly string[] = [
  ...[
    "--no-config",
    "--no-lock",
    "--no-npm",
    "--no-remote",
    "--cached-only",
    "--no-check",
    "--no-code-cache",
  ],
];

/**
 * The words after `deno` that make a binary of a staged program.
 *
 * @param manifest The program's.
 * @param directory The folder that it is in.
 * @param output The binary.
 * @param target What it is for; `undefined`: this machine.
 * @throws {ScopeError} For a path that Deno's flags cannot name.
 */
export function compileArguments(
  manifest: Manifest,
  directory: string,
  output: string,
  target: string | undefined,
): string[] {
  const folders = [FOLDERS.config, FOLDERS.modules].filter((name) =>
    name === FOLDERS.config || Object.keys(manifest.modules).length > 0
  );
  return [
    ...["compile", "--quiet", "--no-prompt", ...ALONE],
    ...flagsOfPermissions(manifest.permissions),
    ...folders.flatMap((name) => ["--include", `${directory}/${name}`]),
    ...(target === undefined ? [] : ["--target", target]),
    ...["--output", output, `${directory}/main.js`],
  ];
}

/** The words after `deno` that run a staged program as it is: with the same permissions, and that to read itself. */
export function runArguments(manifest: Manifest, directory: string): string[] {
  const flags = flagsOfPermissions(manifest.permissions);
  return ["run", "--no-prompt", "--no-config", ...flags, `--allow-read=${directory}`, `${directory}/main.js`];
}

/**
 * Runs `deno` to its end. What it prints, it prints itself.
 *
 * @throws {Deno.errors.NotCapable} If this process may not.
 */
export async function runDeno(args: readonly string[]): Promise<Deno.CommandStatus> {
  const path = Deno.execPath();
  checkRun(path);
  const streams = { stdin: "null", stdout: "inherit", stderr: "inherit" } as const;
  return await new Deno.Command(path, { args: [...args], ...streams }).spawn().status;
}
