/**
 * Which names led a guest to an address: a guest looks a name up and connects to an address, and rules name names.
 *
 * @module
 */
import { hostText, type Ip } from "../../grant/network.ts";

/** The memory of one guest's lookups, bounded. */
export class Names {
  /** Per address and name one key: `address name`; the oldest first. */
  readonly #order = new Set<string>();
  readonly #names = new Map<string, Set<string>>();
  readonly #most: number;

  /** @param most How many pairs of an address and a name are kept. */
  constructor(most: number) {
    this.#most = most;
  }

  /** A name has led to these addresses. */
  remember(name: string, addresses: readonly Ip[]): void {
    for (const ip of addresses) {
      const address = hostText(ip);
      const pair = `${address} ${name}`;
      // What was looked up again is young again.
      this.#order.delete(pair);
      this.#order.add(pair);
      let names = this.#names.get(address);
      if (names === undefined) this.#names.set(address, names = new Set());
      names.add(name);
    }
    for (const pair of this.#order) {
      if (this.#order.size <= this.#most) break;
      this.#forget(pair);
    }
  }

  /** The names that led to an address, in the order of their first lookups. */
  of(ip: Ip): readonly string[] {
    return [...this.#names.get(hostText(ip)) ?? []];
  }

  /** How many pairs are remembered. */
  get size(): number {
    return this.#order.size;
  }

  #forget(pair: string): void {
    this.#order.delete(pair);
    const space = pair.indexOf(" ");
    const address = pair.slice(0, space);
    const names = this.#names.get(address)!;
    names.delete(pair.slice(space + 1));
    if (names.size === 0) this.#names.delete(address);
  }
}
