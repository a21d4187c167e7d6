/**
 * `exec`: runs a component with no configuration.
 *
 * @module
 */
import { denied, type Grant, type Mount, type Package } from "../grant/grant.ts";
import { Callable } from "../runtime/callable.ts";
import { MethodError } from "../runtime/error.ts";
import { findMethod, isProgram, methodsOf } from "../runtime/method.ts";
import { compile } from "../runtime/module.ts";
import type { Command } from "./main.ts";
import { UsageError } from "./exit_code.ts";
import { readWasm } from "./input.ts";
import { parseOptions, required } from "./options.ts";
import { printResult, readArguments } from "./result.ts";

const help = `exec <file.wasm> [options] [-- args…]

Runs a component: its wasi:cli/run, or the function that --invoke names. It gets clocks, random numbers and
its standard streams; of files, variables and hosts only those given here.

  --dir <host>::<guest>[:ro]   a directory, under the path that the guest sees; :ro for reading only
  --env <name>=<value>         an environment variable; none of this process's own is passed on
  --cwd <path>                 the guest's current directory; / by default
  --invoke <function>          call this export instead: func, or interface#func; args are its parameters, a
                               string as it is, anything else as JSON
  -- args                      the program's arguments
`;

/** The command. */
export const command: Command = { summary: "run a component with no config", help, run };

/** What \`exec\` gives without being asked: nothing that reaches outside the process and its own streams. */
const PACKAGES: readonly Package[] = [
  "wasi:cli",
  "wasi:io",
  "wasi:poll",
  "wasi:clocks",
  "wasi:random",
  "wasi:filesystem",
];

async function run(args: string[]): Promise<number> {
  const end = args.indexOf("--");
  const guestArgs = end < 0 ? [] : args.slice(end + 1);
  const { values, positionals } = parseOptions(end < 0 ? args : args.slice(0, end), {
    dir: { type: "string", multiple: true },
    env: { type: "string", multiple: true },
    net: { type: "string", multiple: true },
    cwd: { type: "string" },
    invoke: { type: "string" },
  });
  const [file, ...rest] = required(positionals, ["<file.wasm>"]);
  if (rest.length > 0) throw new UsageError(`arguments of the guest stand after --: -- ${rest.join(" ")}`);
  if (values["net"]) throw new UsageError("--net: wasi:sockets and wasi:http are not supported yet");
  const cwd = (values["cwd"] as string | undefined) ?? "/";
  if (!cwd.startsWith("/")) throw new UsageError(`--cwd ${cwd}: a guest path is absolute`);

  const component = compile(await readWasm(file!), file!);
  const invoke = values["invoke"] as string | undefined;
  const program = methodsOf(component).find((m) => isProgram(m.name));
  if (invoke === undefined && !program) {
    const names = methodsOf(component).map((m) => m.name);
    throw new MethodError(`${file} is no program (no wasi:cli/run); name a function by --invoke`, names);
  }
  const method = invoke === undefined ? program! : findMethod(component, invoke, `--invoke ${file}`);
  const isWhole = isProgram(method.name);
  const grant: Grant = {
    ...denied,
    holder: file!,
    packages: new Set(PACKAGES),
    args: isWhole ? [file!.split("/").at(-1)!, ...guestArgs] : guestArgs,
    env: ((values["env"] as string[] | undefined) ?? []).map(variable),
    cwd,
    mounts: ((values["dir"] as string[] | undefined) ?? []).map(mount).sort(byGuest),
  };
  const callable = new Callable(component, method, grant);
  const callArgs = isWhole ? [] : readArguments(method, guestArgs);
  return await printResult(method.type, callable.call(callArgs, { stdio: {} }));
}

function variable(text: string): readonly [string, string] {
  const at = text.indexOf("=");
  if (at <= 0) throw new UsageError(`--env ${text}: expected name=value`);
  return [text.slice(0, at), text.slice(at + 1)];
}

function mount(text: string): Mount {
  const at = text.indexOf("::");
  if (at <= 0) throw new UsageError(`--dir ${text}: expected host::guest, or host::guest:ro`);
  const readOnly = text.endsWith(":ro");
  const guest = text.slice(at + 2, readOnly ? -3 : undefined);
  if (!guest.startsWith("/")) throw new UsageError(`--dir ${text}: the guest path ${guest} is not absolute`);
  try {
    return { host: Deno.realPathSync(text.slice(0, at)), guest, readOnly };
  } catch (error) {
    throw new UsageError(`--dir ${text}: ${(error as Error).message}`);
  }
}

function byGuest(a: Mount, b: Mount): number {
  return a.guest < b.guest ? -1 : a.guest > b.guest ? 1 : 0;
}
