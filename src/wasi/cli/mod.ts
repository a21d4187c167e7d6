/**
 * `wasi:cli` as import objects.
 *
 * @module
 */
import type { Grant } from "../../grant/grant.ts";
import type { Checked } from "../checked.ts";
import type { HostInterface } from "../imports.ts";
import { InputStream } from "../io/input_stream.ts";
import { OutputStream } from "../io/output_stream.ts";
import { environment } from "./environment.ts";
import { exit, exitWithCode } from "./exit.ts";
import { ReaderSource } from "./reader.ts";
import type { Stdio } from "./stdio.ts";
import { TerminalInput, TerminalOutput } from "./terminal.ts";
import { WriterSink } from "./writer.ts";

type Environment = typeof import("@bytecodealliance/preview2-shim/interfaces/wasi-cli-environment");
type Exit = typeof import("@bytecodealliance/preview2-shim/interfaces/wasi-cli-exit");
type StdinModule = typeof import("@bytecodealliance/preview2-shim/interfaces/wasi-cli-stdin");
type StdoutModule = typeof import("@bytecodealliance/preview2-shim/interfaces/wasi-cli-stdout");
type StderrModule = typeof import("@bytecodealliance/preview2-shim/interfaces/wasi-cli-stderr");
type TerminalIn = typeof import("@bytecodealliance/preview2-shim/interfaces/wasi-cli-terminal-input");
type TerminalOut = typeof import("@bytecodealliance/preview2-shim/interfaces/wasi-cli-terminal-output");
type TerminalStdin = typeof import("@bytecodealliance/preview2-shim/interfaces/wasi-cli-terminal-stdin");
type TerminalStdout = typeof import("@bytecodealliance/preview2-shim/interfaces/wasi-cli-terminal-stdout");
type TerminalStderr = typeof import("@bytecodealliance/preview2-shim/interfaces/wasi-cli-terminal-stderr");

/** `exit-with-code` came after the published types. */
interface ExitWithCode {
  exitWithCode(statusCode: number): void;
}

/**
 * All interfaces of `wasi:cli` for one guest, by name.
 *
 * A stream may be asked for more than once. All streams to the same end share one source or sink, which outlives each
 * of them: dropping a stream does not close the process's output.
 */
export function cliInterfaces(grant: Grant, stdio: Stdio): Record<string, HostInterface> {
  const input = new ReaderSource(() => stdio.stdin);
  const output = new WriterSink(() => stdio.stdout);
  const errors = new WriterSink(() => stdio.stderr);
  return {
    environment: { ...environment(grant) } satisfies Checked<Environment>,
    exit: { exit, exitWithCode } satisfies Checked<Exit> & ExitWithCode,
    stdin: { getStdin: () => new InputStream(input) } satisfies Checked<StdinModule>,
    stdout: { getStdout: () => new OutputStream(output) } satisfies Checked<StdoutModule>,
    stderr: { getStderr: () => new OutputStream(errors) } satisfies Checked<StderrModule>,
    "terminal-input": { TerminalInput } satisfies Checked<TerminalIn>,
    "terminal-output": { TerminalOutput } satisfies Checked<TerminalOut>,
    "terminal-stdin": {
      getTerminalStdin: () => stdio.stdin.isTerminal?.() ? new TerminalInput() : undefined,
    } satisfies Checked<TerminalStdin>,
    "terminal-stdout": {
      getTerminalStdout: () => stdio.stdout.isTerminal?.() ? new TerminalOutput() : undefined,
    } satisfies Checked<TerminalStdout>,
    "terminal-stderr": {
      getTerminalStderr: () => stdio.stderr.isTerminal?.() ? new TerminalOutput() : undefined,
    } satisfies Checked<TerminalStderr>,
  };
}
