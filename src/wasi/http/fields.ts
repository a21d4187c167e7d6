/**
 * `resource fields` of `wasi:http/types`:
 * {@link https://github.com/WebAssembly/wasi-http/blob/v0.2.3/wit/types.wit}
 *
 * @module
 */
import { ComponentError, Trap } from "../../component/error.ts";
import { isForbidden, isToken, isValue } from "./field_syntax.ts";
import { FIELD_LIMITS, type FieldLimits, sizeOf } from "./limits.ts";
import type { HeaderError } from "./types.ts";

/** A name in its own casing, and a value. */
export type Field = [name: string, value: Uint8Array];

/** How fields that came from the network are kept. */
export interface FieldsOptions {
  /** Whether the guest may change them. */
  readonly immutable: boolean;
  /** How much they may hold, if it can be changed. */
  readonly limits?: FieldLimits;
}

/** `resource fields`: names and values, in the order in which they are sent. Names are equal in any casing. */
export class Fields {
  #fields: Field[] = [];
  #size = 0;
  #immutable = false;
  #limits = FIELD_LIMITS;

  /** `constructor()`: none yet. */
  constructor() {}

  /**
   * `from-list: static func(entries: list<tuple<field-name, field-value>>) -> result<fields, header-error>`
   *
   * @throws {ComponentError} With a `header-error`.
   * @throws {Trap} There are more than any server takes; see {@linkcode append}.
   */
  static fromList(entries: readonly Field[]): Fields {
    const fields = new Fields();
    for (const [name, value] of entries) fields.append(name, value);
    return fields;
  }

  /**
   * For the host: fields that came from the network. Those of the connection are left out: the guest could not send
   * them on, and what they say of this connection is not true of the next one.
   *
   * @param entries Names and values, which are not copied.
   */
  static from(entries: readonly Field[], { immutable, limits = FIELD_LIMITS }: FieldsOptions): Fields {
    const fields = new Fields();
    fields.#immutable = immutable;
    fields.#limits = limits;
    fields.#fields = entries.filter(([name]) => !isForbidden(name));
    fields.#size = fields.#fields.reduce((size, [name, value]) => size + sizeOf(name, value), 0);
    return fields;
  }

  /** For the host: the names and values themselves. */
  static entriesOf(fields: Fields): readonly Readonly<Field>[] {
    return fields.#fields;
  }

  /** For the host: the same fields, never to be changed again. Whoever has the given ones sees no difference. */
  static frozen(fields: Fields): Fields {
    const frozen = new Fields();
    frozen.#fields = [...fields.#fields];
    frozen.#size = fields.#size;
    frozen.#immutable = true;
    return frozen;
  }

  /** `get: func(name: field-name) -> list<field-value>`: all values of a name; none where the name is no name. */
  get(name: string): Uint8Array[] {
    return this.#fields.filter(named(name)).map(([, value]) => value.slice());
  }

  /** `has: func(name: field-name) -> bool` */
  has(name: string): boolean {
    return this.#fields.some(named(name));
  }

  /**
   * `set: func(name: field-name, value: list<field-value>) -> result<_, header-error>`: replaces all values of a
   * name. They come last; no values are no field.
   *
   * @throws {ComponentError} With a `header-error`; then nothing has changed.
   * @throws {Trap} See {@linkcode append}.
   */
  set(name: string, values: readonly Uint8Array[]): void {
    this.#check(name, values);
    const kept = this.#fields.filter((field) => !named(name)(field));
    for (const value of values) kept.push([name, value.slice()]);
    this.#replace("set", kept);
  }

  /**
   * `delete: func(name: field-name) -> result<_, header-error>`
   *
   * @throws {ComponentError} With a `header-error`.
   */
  delete(name: string): void {
    if (this.#immutable) throw headerError("immutable");
    if (!isToken(name)) throw headerError("invalid-syntax");
    this.#replace("delete", this.#fields.filter((field) => !named(name)(field)));
  }

  /**
   * `append: func(name: field-name, value: field-value) -> result<_, header-error>`
   *
   * @throws {ComponentError} With a `header-error`.
   * @throws {Trap} There are more than any server takes. `header-error` has no case for that.
   */
  append(name: string, value: Uint8Array): void {
    this.#check(name, [value]);
    const size = this.#size + sizeOf(name, value);
    this.#bound("append", size, this.#fields.length + 1);
    this.#fields.push([name, value.slice()]);
    this.#size = size;
  }

  /** `entries: func() -> list<tuple<field-name, field-value>>`, in the order in which they are sent. */
  entries(): Field[] {
    return this.#fields.map(([name, value]) => [name, value.slice()]);
  }

  /** `clone: func() -> fields`: a copy that can be changed. */
  clone(): Fields {
    const clone = new Fields();
    clone.#fields = [...this.#fields];
    clone.#size = this.#size;
    // What the network brought may be more than a guest may make: the copy holds it, and takes nothing more.
    clone.#limits = this.#limits;
    return clone;
  }

  /** Nothing to release. */
  [Symbol.dispose](): void {}

  #check(name: string, values: readonly Uint8Array[]): void {
    if (this.#immutable) throw headerError("immutable");
    if (!isToken(name)) throw headerError("invalid-syntax");
    if (isForbidden(name)) throw headerError("forbidden");
    if (!values.every((value) => isValue(name, value))) throw headerError("invalid-syntax");
  }

  #replace(verb: string, fields: Field[]): void {
    const size = fields.reduce((size, [name, value]) => size + sizeOf(name, value), 0);
    if (verb === "set") this.#bound(verb, size, fields.length);
    this.#fields = fields;
    this.#size = size;
  }

  #bound(verb: string, size: number, count: number): void {
    const { headerBytes, headerCount } = this.#limits;
    if (size > headerBytes || count > headerCount) {
      throw new Trap(
        `wasi:http/types.fields.${verb}: more than ${headerCount} fields or ${headerBytes} bytes`,
      );
    }
  }
}

function named(name: string): (field: Readonly<Field>) => boolean {
  const lower = name.toLowerCase();
  return ([other]) => other.length === lower.length && other.toLowerCase() === lower;
}

function headerError(tag: HeaderError["tag"]): ComponentError<HeaderError> {
  return new ComponentError<HeaderError>({ tag });
}
