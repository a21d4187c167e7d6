/**
 * Where a guest's standard streams lead.
 *
 * @module
 */

/** What a guest's standard input reads from; `Deno.stdin` and `Deno.FsFile` are such. */
export interface Stdin {
  /**
   * Reads some bytes.
   *
   * @param into Where to put them.
   * @returns How many; `null` at the end.
   */
  read(into: Uint8Array): Promise<number | null>;
  /** Whether it is a terminal; where absent, it is not. */
  isTerminal?(): boolean;
}

/** What a guest's standard output or error writes to; `Deno.stdout` and `Deno.FsFile` are such. */
export interface Stdout {
  /**
   * Writes some bytes.
   *
   * @param bytes What to write. It may lie in the guest's memory: what is kept must be copied.
   * @returns How many were written.
   * @throws {Deno.errors.WouldBlock} None can be written now; they are offered again a little later.
   * @throws {Deno.errors.BrokenPipe} Nobody reads any more: the guest's stream is closed.
   */
  writeSync(bytes: Uint8Array): number;
  /** Whether it is a terminal; where absent, it is not. */
  isTerminal?(): boolean;
}

/** A guest's three standard streams. */
export interface Stdio {
  /** Standard input. */
  readonly stdin: Stdin;
  /** Standard output. */
  readonly stdout: Stdout;
  /** Standard error. */
  readonly stderr: Stdout;
}

/** The process's own streams, each first touched when a guest uses it. */
export const processStdio: Stdio = {
  get stdin(): Stdin {
    return Deno.stdin;
  },
  get stdout(): Stdout {
    return Deno.stdout;
  },
  get stderr(): Stdout {
    return Deno.stderr;
  },
};
