/**
 * What can go wrong between a declaration and a running guest.
 *
 * @module
 */

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
    super(`${message}; it exports ${methods.length > 0 ? methods.join(", ") : "no functions"}`);
    this.methods = methods;
  }
}

/** Something that a declaration asks for and this version cannot give. It refuses to run without it. */
export class UnsupportedError extends Error {
  /** Always `UnsupportedError`. */
  override readonly name = "UnsupportedError";
  /** Always `unsupported`. */
  readonly code = "unsupported";
}
