/**
 * `compile`: a binary that runs an application, with its permissions baked in.
 *
 * @module
 */
import { compileArguments, runArguments, runDeno, shellLine, TARGETS } from "../compile/deno.ts";
import { flagsOfPermissions } from "../compile/manifest.ts";
import { remarksOf } from "../compile/remarks.ts";
import { stage, type Staged } from "../compile/stage.ts";
import { stagePlace } from "../compile/stage_place.ts";
import { printIssue } from "../config/issue.ts";
import { didYouMean } from "../config/nearest.ts";
import { absolute, isAbsolute, parent } from "../registry/host_path.ts";
import { checkRead, checkWrite } from "../registry/permitted.ts";
import { UsageError } from "./exit_code.ts";
import type { Command } from "./main.ts";
import { noMore, parseOptions, required } from "./options.ts";
import { note, printAbout } from "./output.ts";
import { VERSION } from "./version.ts";

const help = `compile [options] <config> -o <file>
       compile [options] <config> --stage <directory>

Makes a binary of a configuration and the modules that it names, by \`deno compile\`. It calls entries
(\`./app greet Ada\`), serves (\`./app serve\`) and lists them; \`./app --help\` tells more. What it may do is
what the entries declare, fixed for good; a call gives up what the called entry does not need.

  -o, --output <file>       the binary
  --entry <entry>           compiles in this entry or http.service alone, with what it calls; may be given
                            several times. By default all of them
  --target <target>         what the binary is for; by default this machine. One of
                            ${TARGETS.slice(0, 2).join(", ")},
                            ${TARGETS.slice(2, 4).join(", ")},
                            ${TARGETS.slice(4).join(", ")}
  --at <directory>          the project root on the machine that runs the binary: directories of mounts, files
                            of variables and files that are served are looked for below it. By default where
                            it is on this machine; . is the directory that the binary is started in
  --host <address>, --port <number>
                            where \`serve\` listens for an entry that answers requests itself and has no
                            http.service; by default 127.0.0.1 and 8080
  --stage <directory>       writes what would be compiled to a directory, and prints the command of deno
  --root <dir>              the project root here; otherwise the directory that holds wippy.lock, otherwise
                            that of the configuration
  --override <namespace:entry:field=value>
                            a value in the place of the one that the entry has; may be given several times

Everything that the configuration says is compiled in, and what \`file://\` names in it: whoever has the binary
can read it. \`deno compile\` downloads a base binary once; DENORT_BIN names one that is here already.
`;

/** The command. */
export const command: Command = { summary: "a binary with its permissions baked in", help, run };

async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    output: { type: "string", short: "o" },
    entry: { type: "string", multiple: true },
    target: { type: "string" },
    at: { type: "string" },
    host: { type: "string" },
    port: { type: "string" },
    stage: { type: "string" },
    root: { type: "string" },
    override: { type: "string", multiple: true },
  });
  const [config] = required(positionals, ["<config>"]);
  noMore(positionals, 1);
  const text = (option: string) => values[option] as string | undefined;
  const texts = (option: string) => values[option] as readonly string[] | undefined ?? [];
  const output = outputOf(text("output"), text("stage"));
  const target = targetOf(text("target"));
  const staged = await stage({
    config: config!,
    root: text("root"),
    at: placeOf(text("at")),
    overrides: texts("override"),
    entries: texts("entry"),
    listen: { hostname: text("host") ?? "127.0.0.1", port: portOf(text("port")) },
    version: VERSION,
  });
  for (const warning of staged.registry.warnings) note(printIssue(warning));
  for (const remark of remarksOf(staged, target ?? Deno.build.target)) note(`airlock: ${remark}`);
  const directory = text("stage");
  if (directory === undefined) return await compile(staged, output, target);
  const folder = absolute(directory, () => Deno.cwd());
  const { refused, remarks } = stagePlace(staged, folder, Deno.cwd());
  if (refused !== undefined) throw new UsageError(`--stage ${directory}: ${refused}`);
  for (const remark of remarks) note(`airlock: ${remark}`);
  await write(staged, folder);
  printAbout(`${shellLine(["deno", ...compileArguments(staged.manifest, folder, output, target)])}\n`);
  note(`to run it as it is: ${shellLine(["deno", ...runArguments(staged.manifest, folder)])}`);
  return 0;
}

async function compile(staged: Staged, output: string, target: string | undefined): Promise<number> {
  const beside = parent(output);
  checkWrite(beside);
  const directory = await Deno.makeTempDir({ dir: beside, prefix: ".airlock-" });
  try {
    await write(staged, directory);
    const { success, code } = await runDeno(compileArguments(staged.manifest, directory, output, target));
    if (!success) {
      note(
        `airlock: deno compile failed (${code}). If it could not download its base binary, name one by DENORT_BIN, ` +
          "or compile elsewhere what --stage writes",
      );
      return 1;
    }
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
  const { manifest: { entries, permissions } } = staged;
  note(`${output}: ${entries.join(", ")}`);
  for (const flag of flagsOfPermissions(permissions)) note(`  ${shellLine([flag])}`);
  return 0;
}

/** Writes a program to a folder that is new, or empty. */
async function write({ files }: Staged, directory: string): Promise<void> {
  checkWrite(directory);
  checkRead(directory);
  await Deno.mkdir(directory, { recursive: true });
  for await (const { name } of Deno.readDir(directory)) {
    throw new UsageError(`--stage ${directory}: it is not empty: it has ${name}`);
  }
  for (const [name, content] of files) {
    const path = `${directory}/${name}`;
    await Deno.mkdir(parent(path), { recursive: true });
    await (typeof content === "string" ? Deno.writeTextFile(path, content) : Deno.writeFile(path, content));
  }
}

function outputOf(file: string | undefined, stage: string | undefined): string {
  if (file === undefined && stage === undefined) throw new UsageError("missing -o <file>");
  const path = absolute(file ?? "app", () => Deno.cwd());
  if (stage !== undefined) return path;
  const directory = parent(path);
  if (typeOf(directory) !== "directory") {
    throw new UsageError(`-o ${file}: there is no directory ${directory}`);
  }
  if (typeOf(path) === "directory") throw new UsageError(`-o ${file}: that is a directory`);
  return path;
}

function typeOf(path: string): "file" | "directory" | undefined {
  checkRead(path);
  try {
    return Deno.statSync(path).isDirectory ? "directory" : "file";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return undefined;
    throw error;
  }
}

function targetOf(target: string | undefined): string | undefined {
  if (target === undefined || TARGETS.includes(target)) return target;
  throw new UsageError(
    `--target ${target}: there are ${TARGETS.join(", ")}${didYouMean(target, TARGETS)}`,
  );
}

function placeOf(at: string | undefined): string | undefined {
  if (at === undefined || at === ".") return at;
  if (isAbsolute(at)) return absolute(at, () => "");
  throw new UsageError(
    `--at ${at}: an absolute path is expected, or . for the directory that it is started in`,
  );
}

function portOf(port: string | undefined): number {
  if (port === undefined) return 8080;
  if (/^\d+$/.test(port) && Number(port) <= 65535) return Number(port);
  throw new UsageError(`--port ${port}: expected a number from 0 to 65535`);
}
