/** Runs the programs in C of this folder, each through the whole command line. */
import { airlock, type Outcome, type Start } from "../support/airlock.ts";
import { component, entry, hashOf, HEAD, type Project, project } from "../support/project.ts";

/** What a program gets beside its words. */
export interface Given extends Start {
  /** `--dir`: `host::guest[:ro]`. */
  readonly dirs?: readonly string[];
  /** Other options of `exec`. */
  readonly options?: readonly string[];
}

/** The component of that name. */
export function pathOf(name: string): string {
  return `tests/guests/${name}/${name}.wasm`;
}

/** `exec` of a program, to its end. */
export function exec(name: string, words: readonly string[], given: Given = {}): Promise<Outcome> {
  const { dirs = [], options = [], ...start } = given;
  return airlock(
    ["exec", pathOf(name), ...dirs.flatMap((dir) => ["--dir", dir]), ...options, "--", ...words],
    start,
  );
}

/** A mount of an entry: the directory is relative to the configuration. */
export interface Mount {
  readonly directory: string;
  readonly guest: string;
  readonly readOnly?: boolean;
}

/** A project with one entry, `it`: a program and its mounts. The configuration is `app.yaml`. */
export async function configured(
  name: string,
  mounts: readonly Mount[],
  files: Readonly<Record<string, string>>,
): Promise<Project> {
  const bytes = component(pathOf(name));
  const directories = mounts.map(({ directory }, i) =>
    `  - {name: mount-${i}, kind: fs.directory, directory: ${directory}}\n`
  );
  const mounted = mounts.map(({ guest, readOnly = false }, i) =>
    `{fs: mount-${i}, guest: ${guest}, read_only: ${readOnly}}`
  );
  return await project({
    ...files,
    "program.wasm": bytes,
    "app.yaml": HEAD + directories.join("") + entry({
      kind: "process.wasm",
      path: "program.wasm",
      hash: await hashOf(bytes),
      method: "wasi:cli/run@0.2.3#run",
      imports: "[wasi:cli, wasi:io, wasi:clocks, wasi:random, wasi:filesystem]",
      wasi: `{mounts: [${mounted.join(", ")}]}`,
    }),
  });
}

/** `run` of the entry of a project, to its end. */
export function run({ directory }: Project, words: readonly string[], start: Start = {}): Promise<Outcome> {
  return airlock(["run", `${directory}/app.yaml`, "it", ...words], start);
}

/** What is below a directory: of each path its kind, and the content or the target. For comparing before and after. */
export function picture(directory: string, below = ""): string[] {
  const lines: string[] = [];
  for (const { name } of [...Deno.readDirSync(directory + below)].sort((a, b) => a.name < b.name ? -1 : 1)) {
    const path = `${below}/${name}`;
    const info = Deno.lstatSync(directory + path);
    const times = `modified ${info.mtime?.getTime()}`;
    if (info.isSymlink) lines.push(`${path} -> ${Deno.readLinkSync(directory + path)}`);
    else if (info.isDirectory) lines.push(`${path}/ ${times}`, ...picture(directory, path));
    else lines.push(`${path}: ${info.nlink} links, ${times}: ${Deno.readTextFileSync(directory + path)}`);
  }
  return lines;
}

/** The tests of files take POSIX for granted: its errors, links and times. */
export const unix: boolean = Deno.build.os !== "windows";
