/**
 * `exec`: runs a component with no configuration.
 *
 * @module
 */
import { denied, type Grant, type Mount, type Package } from "../grant/grant.ts";
import { Guest } from "../compartment/guest.ts";
import { reasonOf } from "../registry/files.ts";
import { compile } from "../runtime/module.ts";
import { settleMounts } from "../runtime/mounts.ts";
import type { Command } from "./main.ts";
import { UsageError } from "./exit_code.ts";
import { readWasm } from "./input.ts";
import { parseOptions, required } from "./options.ts";
import { printResult, readArguments } from "./result.ts";

const help = `exec <file.wasm> [options] [-- args…]

Runs a component: its wasi:cli/run, or the function that --invoke names. It gets clocks, random numbers and
its standard streams; of files, variables and hosts only those given here.

  --dir <host>::<guest>[:ro]   a directory, under the path that the guest sees; :ro for reading only
  --allow-system               lets --dir show /, or what is in /proc, /sys or /dev
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
    "allow-system": { type: "boolean" },
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
  const grant: Grant = {
    ...denied,
    holder: file!,
    packages: new Set(PACKAGES),
    env: unique("--env", strings(values["env"]), variable, ([name]) => name),
    cwd,
    mounts: unique("--dir", strings(values["dir"]), mount, ({ guest }) => guest).sort(byGuest),
  };
  const mounts = settleMounts(grant.mounts, {
    writable: grant.mounts.filter((m) => !m.readOnly).map((m) => m.host),
    system: values["allow-system"] === true ? undefined : "to allow it, give --allow-system",
    of: file!,
  });
  const guest = new Guest(component, {
    file: file!,
    hash: undefined,
    method: values["invoke"] as string | undefined,
    program: file!.split("/").at(-1)!,
    grant: { ...grant, mounts },
    strict: false,
    maxMemoryBytes: undefined,
    where: undefined,
  });
  const given = guest.isProgram ? [] : readArguments(guest.method, guestArgs);
  const call = guest.call(given, { stdio: {}, args: guestArgs });
  return await printResult(guest.method.type, call);
}

function strings(value: unknown): readonly string[] {
  return value === undefined ? [] : value as string[];
}

function variable(text: string): readonly [string, string] {
  const at = text.indexOf("=");
  if (at <= 0) throw new UsageError(`--env ${text}: expected name=value`);
  return [text.slice(0, at), text.slice(at + 1)];
}

/** Options of one kind, made into what they say; the same name twice is a mistake. */
function unique<T>(
  option: string,
  texts: readonly string[],
  make: (text: string) => T,
  name: (made: T) => string,
): T[] {
  const all = new Map<string, T>();
  for (const text of texts) {
    const made = make(text);
    if (all.has(name(made))) throw new UsageError(`${option} ${text}: ${name(made)} is already given`);
    all.set(name(made), made);
  }
  return [...all.values()];
}

function mount(text: string): Mount {
  const at = text.indexOf("::");
  if (at <= 0) throw new UsageError(`--dir ${text}: expected host::guest, or host::guest:ro`);
  const readOnly = text.endsWith(":ro");
  const guest = text.slice(at + 2, readOnly ? -3 : undefined);
  if (!guest.startsWith("/")) throw new UsageError(`--dir ${text}: the guest path ${guest} is not absolute`);
  const suffix = /:[^/]*$/.exec(guest)?.[0];
  if (suffix !== undefined) {
    throw new UsageError(`--dir ${text}: unknown suffix ${suffix}; the only one is :ro`);
  }
  let host: string;
  try {
    host = Deno.realPathSync(text.slice(0, at));
    if (Deno.statSync(host).isDirectory) return { host, guest, readOnly };
  } catch (error) {
    throw new UsageError(`--dir ${text}: ${reasonOf(error)}`);
  }
  throw new UsageError(`--dir ${text}: ${host} is not a directory`);
}

function byGuest(a: Mount, b: Mount): number {
  return a.guest < b.guest ? -1 : a.guest > b.guest ? 1 : 0;
}
