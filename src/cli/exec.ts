/**
 * `exec`: runs a component or a core module with no configuration.
 *
 * @module
 */
import { callOnce } from "./call.ts";
import { COMPARTMENT_OPTIONS, count, isolation } from "./compartment_options.ts";
import type { Command } from "./main.ts";
import { UsageError } from "./exit_code.ts";
import { fileOrText } from "./text.ts";
import { GRANT_OPTIONS, grantOfOptions } from "./grant_options.ts";
import { parseOptions, required } from "./options.ts";

const help = `exec <file.wasm|file.wat> [options] [-- args…]

Runs a component, or a core module that imports wasi_snapshot_preview1 or nothing, either also as text: its
wasi:cli/run or _start, or the function that --invoke names. It gets clocks, random numbers and its standard
streams; of files, variables and hosts only those given here.

  --dir <host>::<guest>[:ro]   a directory, under the path that the guest sees; :ro for reading only
  --allow-system               lets --dir show /, or what is in /proc, /sys or /dev
  --env <name>=<value>         an environment variable; none of this process's own is passed on
  --net <rule>                 a host that its sockets and HTTP requests may reach, as in wasi.network.allow:
                               [scheme://]host[:port[-port]]; the scheme is http, https, tcp or udp, the host
                               a name, *.name, *, or an address or range of them (10.0.0.0/8, [fd00::]/8)
  --net-private                lets those names lead to private, loopback and link-local addresses
  --cwd <path>                 the guest's current directory; / by default
  --invoke <function>          call this export instead: func, or interface#func; args are its parameters, a
                               string as it is, anything else as JSON
  --wit <signatures>           what the exports of a core module take and return: 'add: func(a: u32, b: u32)
                               -> u32;'. Without it, i32 and i64 are s32 and s64, f32 and f64 are themselves
  --isolation <kind>           which process it runs in: inline (this one), process (one of its own), or auto:
                               inline only where this process may do no more than the component
  --max-execution-ms <ms>      ends it after that time, with exit code 124
  --max-memory-bytes <n>       the most that its memories may have together
  --audit <file>               adds a line of JSON to a file for each capability that is used or refused; the
                               audit command makes the smallest grant of it
  -- args                      the program's arguments
`;

/** The command. */
export const command: Command = { summary: "run a component or core module with no config", help, run };

async function run(args: string[]): Promise<number> {
  const end = args.indexOf("--");
  const guestArgs = end < 0 ? [] : args.slice(end + 1);
  const { values, positionals } = parseOptions(end < 0 ? args : args.slice(0, end), {
    invoke: { type: "string" },
    wit: { type: "string" },
    ...COMPARTMENT_OPTIONS,
    audit: { type: "string" },
    ...GRANT_OPTIONS,
  });
  const [file, ...rest] = required(positionals, ["<file.wasm|file.wat>"]);
  if (rest.length > 0) throw new UsageError(`arguments of the guest stand after --: -- ${rest.join(" ")}`);
  const grant = grantOfOptions(file!, values);
  return await callOnce({
    spec: {
      ...await fileOrText(file!),
      hash: undefined,
      method: values["invoke"] as string | undefined,
      wit: values["wit"] as string | undefined,
      program: file!.split("/").at(-1)!,
      grant,
      strict: false,
      maxMemoryBytes: count("--max-memory-bytes", values["max-memory-bytes"]),
      where: undefined,
    },
    isolation: isolation(values["isolation"]),
    maxExecutionMs: count("--max-execution-ms", values["max-execution-ms"]),
    words: guestArgs,
    env: grant.env,
    audit: values["audit"] === undefined ? undefined : { file: values["audit"] as string },
  });
}
