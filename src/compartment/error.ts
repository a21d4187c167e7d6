/**
 * What can go wrong between a grant and a running guest, beside what goes wrong in the guest.
 *
 * @module
 */

/** The other end of a channel said what no compartment says. */
export class ChannelError extends Error {
  /** Always `ChannelError`. */
  override readonly name = "ChannelError";
  /** Always `channel`. */
  readonly code = "channel";

  /**
   * Makes the error.
   *
   * @param found What came, in words.
   */
  constructor(found: string) {
    super(`the channel to a guest's process brought ${found}`);
  }
}

/** The process of a guest ended while a call was under way, or could not be started. */
export class CompartmentError extends Error {
  /** Always `CompartmentError`. */
  override readonly name = "CompartmentError";
  /** Always `compartment`. */
  readonly code = "compartment";
}

/** A module's bytes are not those that the entry names. Nothing of them was decoded or compiled. */
export class IntegrityError extends Error {
  /** Always `IntegrityError`. */
  override readonly name = "IntegrityError";
  /** Always `integrity`. */
  readonly code = "integrity";
  /** The digest that the entry names: `sha256:` and 64 hexadecimal digits. */
  readonly expected: string;
  /** The digest of the bytes that were read. */
  readonly actual: string;

  /**
   * Makes the error for one file.
   *
   * @param where Where the entry names the digest, as `file:line:column`.
   * @param file The file that was read.
   * @param expected The digest that the entry names.
   * @param actual The digest of the bytes.
   */
  constructor(where: string, file: string, expected: string, actual: string) {
    super(
      `${where}: ${file} is not the file that was declared: expected ${expected}, found ${actual}. ` +
        `If the new file is meant, declare its hash`,
    );
    this.expected = expected;
    this.actual = actual;
  }
}

/** A method that a component does not export. */
export class MethodError extends ReferenceError {
  /** Always `MethodError`. */
  override readonly name = "MethodError";
  /** Always `method`. */
  readonly code = "method";
  /** The methods that it does export. */
  readonly methods: readonly string[];

  /**
   * Makes the error for one method.
   *
   * @param message What was asked for, and where.
   * @param methods The methods that exist.
   */
  constructor(message: string, methods: readonly string[]) {
    super(`${message}; it exports${listed(methods)}`);
    this.methods = methods;
  }
}

/** A few names on the line, many below it. */
function listed(names: readonly string[]): string {
  if (names.length === 0) return " no functions";
  const line = names.join(", ");
  return line.length <= 200 ? ` ${line}` : names.map((name) => `\n    ${name}`).join("");
}

/** Something that a declaration asks for and this version cannot give. It refuses to run without it. */
export class UnsupportedError extends Error {
  /** Always `UnsupportedError`. */
  override readonly name = "UnsupportedError";
  /** Always `unsupported`. */
  readonly code = "unsupported";
}

/** In place of what is wrong with a text. Whatever words a reader has for it may be those of the text. */
export const NOT_TOLD = "what is wrong is not told, since a variable's value is in it";
