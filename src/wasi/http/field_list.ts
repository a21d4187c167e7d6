/**
 * Names and values, shared by those who only read them.
 *
 * @module
 */
import { Holding } from "./ledger.ts";
import { type Field, sizeOf } from "./limits.ts";

/** A list of fields, and who uses it. It is changed by a sole user alone; see {@linkcode FieldList.own}. */
export class FieldList {
  #fields: Field[];
  #size: number;
  #users = 1;
  readonly #holding = new Holding(this);

  /** @param fields The fields; the list is theirs from now on. */
  constructor(fields: Field[] = []) {
    this.#fields = fields;
    this.#size = sizeOfAll(fields);
    this.#holding.set(this.#size);
  }

  /** The fields, in their order. */
  get fields(): readonly Readonly<Field>[] {
    return this.#fields;
  }

  /** Bytes of all of them. */
  get size(): number {
    return this.#size;
  }

  /** One more uses it. */
  share(): this {
    this.#users++;
    return this;
  }

  /** One less does. With the last one they count for nothing any more. */
  leave(): void {
    if (--this.#users === 0) this.#holding.set(0);
  }

  /** A list that may be changed: this one, where nobody else uses it. */
  own(): FieldList {
    if (this.#users === 1) return this;
    const own = new FieldList([...this.#fields]);
    this.leave();
    return own;
  }

  /** Adds one. */
  push(field: Field): void {
    this.#fields.push(field);
    this.#size += sizeOf(field);
    this.#holding.set(this.#size);
  }

  /** Puts others in place of all. */
  replace(fields: Field[]): void {
    this.#fields = fields;
    this.#size = sizeOfAll(fields);
    this.#holding.set(this.#size);
  }
}

/** Bytes of some fields. */
export function sizeOfAll(fields: readonly Readonly<Field>[]): number {
  return fields.reduce((size, field) => size + sizeOf(field), 0);
}
