/**
 * `wasi:cli/exit`: {@link https://github.com/WebAssembly/wasi-cli/blob/v0.2.3/wit/exit.wit}
 *
 * @module
 */

/** The guest has ended itself. Not a failure: the engine lets it pass to whoever called the guest. */
export class ExitError extends Error {
  /** Always `ExitError`. */
  override readonly name = "ExitError";
  /** Always `exit`. */
  readonly code = "exit";
  /** The exit code, 0 to 255. */
  readonly exitCode: number;

  /**
   * An exit with this code.
   *
   * @param exitCode The exit code, 0 to 255.
   */
  constructor(exitCode: number) {
    super(`the guest exited with code ${exitCode}`);
    this.exitCode = exitCode;
  }
}

/** `result` with no payloads, as a parameter. */
export interface Status {
  /** Success or failure. */
  readonly tag: "ok" | "err";
}

/**
 * `exit: func(status: result)`
 *
 * @throws {ExitError} Always: 0 for `ok`, 1 for `err`.
 */
export function exit(status: Status): never {
  throw new ExitError(status.tag === "ok" ? 0 : 1);
}

/**
 * `exit-with-code: func(status-code: u8)`
 *
 * @throws {ExitError} Always.
 */
export function exitWithCode(statusCode: number): never {
  throw new ExitError(statusCode);
}
