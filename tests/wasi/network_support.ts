/** What the tests of the way out share: rules, addresses, and listeners that count who came. */
import assert from "node:assert/strict";
import { networkRule } from "../../src/config/network_rule.ts";
import { type Ip, type Network, parseIp } from "../../src/grant/network.ts";
import { NetworkError, type Reason } from "../../src/wasi/network/error.ts";

/** A network of these rules. */
export function network(rules: readonly string[], hidden = false): Network {
  return {
    rules: rules.map((text) => {
      const rule = networkRule(text);
      assert.ok(!("wrong" in rule), text);
      return rule;
    }),
    private: hidden,
  };
}

/** An address from its text. */
export function ipOf(text: string): Ip {
  const ip = parseIp(text);
  assert.ok(ip, text);
  return ip;
}

/** A listener on the loopback that takes every connection and keeps it open. */
export class Door implements Disposable {
  readonly #listener: Deno.TcpListener;
  readonly #connections: Deno.TcpConn[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly port: number;

  constructor(hostname = "127.0.0.1") {
    this.#listener = Deno.listen({ hostname, port: 0 });
    this.port = this.#listener.addr.port;
    this.#accept();
  }

  /** How many came so far. */
  get accepted(): number {
    return this.#connections.length;
  }

  /** The next one that came, or comes. */
  async next(index = 0): Promise<Deno.TcpConn> {
    while (this.#connections[index] === undefined) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    return this.#connections[index];
  }

  /**
   * How many came, once it is sure that nobody is on the way: connections are accepted in their order, so all that
   * began before this one are there when it is.
   */
  async settled(): Promise<number> {
    const before = this.accepted;
    const { hostname, port } = this.#listener.addr;
    const last = await Deno.connect({ hostname, port });
    const { port: own } = last.localAddr as Deno.NetAddr;
    for (let i = before;; i++) {
      const connection = await this.next(i);
      if ((connection.remoteAddr as Deno.NetAddr).port !== own) continue;
      last.close();
      connection.close();
      this.#connections.splice(i, 1);
      return this.accepted;
    }
  }

  [Symbol.dispose](): void {
    this.#listener.close();
    for (const connection of this.#connections) {
      try {
        connection.close();
      } catch (error) {
        // A test has closed it.
        if (!(error instanceof Deno.errors.BadResource)) throw error;
      }
    }
  }

  async #accept(): Promise<void> {
    for await (const connection of this.#listener) {
      this.#connections.push(connection);
      for (const wake of this.#waiting.splice(0)) wake();
    }
  }
}

/** What a promise was refused for: the reason and the operator's message. */
export async function refusalOf(work: Promise<unknown>): Promise<{ reason: Reason; message: string }> {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof NetworkError, `${error}`);
    return { reason: error.reason, message: error.message };
  }
  throw new assert.AssertionError({ message: "nothing was refused" });
}

/** The reason alone. */
export async function reasonOf(work: Promise<unknown>): Promise<Reason> {
  return (await refusalOf(work)).reason;
}
