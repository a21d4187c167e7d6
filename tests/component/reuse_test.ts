/** Interfaces that are frozen are linked once for each component: every instance still gets what it was given. */
import assert from "node:assert/strict";
import { type Exports, LinkError } from "../../src/component/mod.ts";
import { guest, thrown } from "./guests.ts";

const LOGGING = "test:resources/logging@0.1.0";
const resources = guest("resources/resources");

/** A host of its own, whose loggers say whose they are. */
function logging(whose: string) {
  class Logger {
    readonly held: string[] = [];
    constructor(readonly prefix: string) {}
    static root() {
      return new Logger("root");
    }
    log(line: string): number {
      return this.held.push(`${whose} ${this.prefix}: ${line}`);
    }
    lines(): string[] {
      return this.held;
    }
  }
  return {
    Logger,
    compare: () => 0,
    close: (it: Logger) => it.lines(),
    open: (name: string) => new Logger(name),
  };
}

const driver = (host: object, missing?: (name: string, func: string) => Error): Exports =>
  resources.instantiateSync({ [LOGGING]: host }, missing ? { missing } : {})
    .exports["test:resources/driver@0.1.0"];

Deno.test("hosts take turns, frozen and not: each instance calls its own", () => {
  const [a, b, c] = [Object.freeze(logging("a")), Object.freeze(logging("b")), logging("c")];
  const turns = [[a, "a"], [b, "b"], [c, "c"], [a, "a"], [c, "c"], [b, "b"], [b, "b"], [a, "a"]] as const;
  const drivers = turns.map(([host]) => driver(host));
  for (const [i, [host, whose]] of turns.entries()) {
    assert.deepEqual(drivers[i]!["logAll"]("x", ["line"]), [`${whose} x: line`]);
    assert.ok(drivers[i]!["make"]("x") instanceof host.Logger);
    assert.throws(() => drivers[i]!["logTo"](new (host === a ? b : a).Logger("x"), "line"), TypeError);
  }
});

Deno.test("what is missing is said by the instance that it is missing for", () => {
  const { compare: _, ...rest } = logging("a");
  const host = Object.freeze(rest);
  for (const name of ["first", "second"]) {
    const exports = driver(host, (_, func) => new Error(`${name} has no ${func}`));
    assert.match(String(thrown(() => exports["compareNew"](1))), new RegExp(`${name} has no compare`));
  }
  assert.throws(() => driver(host), LinkError);
});
