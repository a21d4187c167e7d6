/**
 * `wasi:cli/terminal-*`: {@link https://github.com/WebAssembly/wasi-cli/blob/v0.2.3/wit/terminal.wit}
 *
 * @module
 */

/** `resource terminal-input`: proof that an input is a terminal; it has no functions yet. */
export class TerminalInput {
  /** Nothing to release. */
  [Symbol.dispose](): void {}
}

/** `resource terminal-output`: proof that an output is a terminal; it has no functions yet. */
export class TerminalOutput {
  /** Nothing to release. */
  [Symbol.dispose](): void {}
}
