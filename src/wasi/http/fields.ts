/**
 * `resource fields` of `wasi:http/types`:
 * {@link https://github.com/WebAssembly/wasi-http/blob/v0.2.3/wit/types.wit}
 *
 * @module
 */
import { ComponentError, Trap } from "../../component/error.ts";
import { FieldList, sizeOfAll } from "./field_list.ts";
import { isForbidden, isToken, isValue } from "./field_syntax.ts";
import { roomLeft } from "./ledger.ts";
import { type Field, FIELD_LIMITS, type FieldLimits, sizeOf } from "./limits.ts";
import type { HeaderError } from "./types.ts";

export type { Field } from "./limits.ts";

/** How fields that came from the network are kept. */
export interface FieldsOptions {
  /** Whether the guest may change them. */
  readonly immutable: boolean;
  /** How much they may hold, if they can be changed. */
  readonly limits?: FieldLimits;
}

/** `resource fields`: names and values, in the order in which they are sent. Names are equal in any casing. */
export class Fields {
  #list: FieldList;
  #immutable = false;
  #limits = FIELD_LIMITS;
  #dropped = false;

  /**
   * `constructor()`: none yet.
   *
   * @param list For the host: those that there are.
   */
  constructor(list: FieldList = new FieldList()) {
    this.#list = list;
  }

  /**
   * `from-list: static func(entries: list<tuple<field-name, field-value>>) -> result<fields, header-error>`
   *
   * @throws {ComponentError} With a `header-error`.
   * @throws {Trap} There are more than any server takes; see {@linkcode append}.
   */
  static fromList(entries: readonly Field[]): Fields {
    const fields = new Fields();
    try {
      for (const [name, value] of entries) fields.append(name, value);
    } catch (error) {
      fields[Symbol.dispose]();
      throw error;
    }
    return fields;
  }

  /**
   * For the host: fields that came from the network. Those of the connection are left out: the guest could not send
   * them on, and what they say of this connection is not true of the next one.
   *
   * @param entries Names and values, which are not copied.
   */
  static from(entries: readonly Field[], { immutable, limits = FIELD_LIMITS }: FieldsOptions): Fields {
    const fields = new Fields(new FieldList(entries.filter(([name]) => !isForbidden(name))));
    fields.#immutable = immutable;
    fields.#limits = limits;
    return fields;
  }

  /** For the host: the names and values themselves. */
  static entriesOf(fields: Fields): readonly Readonly<Field>[] {
    return fields.#list.fields;
  }

  /** For the host: the same fields, never to be changed. Nor do they change with those that were given. */
  static frozen(fields: Fields): Fields {
    const frozen = new Fields(fields.#list.share());
    frozen.#immutable = true;
    frozen.#limits = fields.#limits;
    return frozen;
  }

  /** `get: func(name: field-name) -> list<field-value>`: all values of a name; none where the name is no name. */
  get(name: string): Uint8Array[] {
    return this.#list.fields.filter(named(name)).map(([, value]) => value.slice());
  }

  /** `has: func(name: field-name) -> bool` */
  has(name: string): boolean {
    return this.#list.fields.some(named(name));
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
    const fields = this.#without(name);
    for (const value of values) fields.push([name, value.slice()]);
    this.#bound("set", sizeOfAll(fields), fields.length);
    this.#own().replace(fields);
  }

  /**
   * `delete: func(name: field-name) -> result<_, header-error>`
   *
   * @throws {ComponentError} With a `header-error`.
   */
  delete(name: string): void {
    if (this.#immutable) throw headerError("immutable");
    if (!isToken(name)) throw headerError("invalid-syntax");
    this.#own().replace(this.#without(name));
  }

  /**
   * `append: func(name: field-name, value: field-value) -> result<_, header-error>`
   *
   * @throws {ComponentError} With a `header-error`.
   * @throws {Trap} There are more than any server takes. `header-error` has no case for that.
   */
  append(name: string, value: Uint8Array): void {
    this.#check(name, [value]);
    const { size, fields } = this.#list;
    this.#bound("append", size + sizeOf([name, value]), fields.length + 1);
    this.#own().push([name, value.slice()]);
  }

  /** `entries: func() -> list<tuple<field-name, field-value>>`, in the order in which they are sent. */
  entries(): Field[] {
    return this.#list.fields.map(([name, value]) => [name, value.slice()]);
  }

  /** `clone: func() -> fields`: a copy that can be changed. */
  clone(): Fields {
    const clone = Fields.frozen(this);
    clone.#immutable = false;
    return clone;
  }

  /** Drops the fields. */
  [Symbol.dispose](): void {
    if (!this.#dropped) this.#list.leave();
    this.#dropped = true;
  }

  #own(): FieldList {
    return this.#list = this.#list.own();
  }

  #without(name: string): Field[] {
    const matches = named(name);
    return this.#list.fields.filter((field) => !matches(field)) as Field[];
  }

  #check(name: string, values: readonly Uint8Array[]): void {
    if (this.#immutable) throw headerError("immutable");
    if (!isToken(name)) throw headerError("invalid-syntax");
    if (isForbidden(name)) throw headerError("forbidden");
    if (!values.every((value) => isValue(name, value))) throw headerError("invalid-syntax");
  }

  #bound(verb: string, size: number, count: number): void {
    const { headerBytes, headerCount } = this.#limits;
    if (size > headerBytes || count > headerCount) {
      throw new Trap(
        `wasi:http/types.fields.${verb}: more than ${headerCount} fields or ${headerBytes} bytes`,
      );
    }
    if (size > this.#list.size + roomLeft()) {
      throw new Trap(`wasi:http/types.fields.${verb}: this process holds too much for its guests`);
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
