import assert from "node:assert/strict";
import { ComponentError, type Exports, type Imports, Trap } from "../../src/component/mod.ts";
import { assertDead, guest, thrown } from "./guests.ts";

/** A host with loggers of its own class, and what is left of them. */
class Host {
  readonly alive = new Set<object>();
  readonly trace: string[] = [];
  readonly Logger: LoggerClass = loggerClass(this.alive, this.trace);
  readonly root = new this.Logger("root");

  constructor() {
    const { root } = this;
    Object.defineProperty(this.Logger, "root", { value: () => root });
  }

  get logging(): Record<string, unknown> {
    const { trace, Logger } = this;
    return {
      Logger,
      compare(a: InstanceType<LoggerClass>, b: InstanceType<LoggerClass>) {
        assert.ok(a instanceof Logger && b instanceof Logger);
        return a.held.length >= b.held.length ? 0 : 1;
      },
      close(it: InstanceType<LoggerClass>) {
        trace.push(`close ${it.prefix}`);
        return it.lines();
      },
      open(name: string) {
        if (name === "") throw new ComponentError("no name");
        if (name === "bug") throw new Error("a bug of the host");
        return new Logger(name);
      },
    };
  }

  start(more: Imports = {}): { driver: Exports; counters: Exports } {
    const imports = { "test:resources/logging@0.1.0": this.logging, ...more };
    const { exports } = guest("resources/resources").instantiateSync(imports);
    return {
      driver: exports["test:resources/driver@0.1.0"],
      counters: exports["test:resources/counters@0.1.0"],
    };
  }
}

type LoggerClass = ReturnType<typeof loggerClass>;

function loggerClass(alive: Set<object>, trace: string[]) {
  return class Logger {
    readonly held: string[] = [];
    constructor(readonly prefix: string) {
      alive.add(this);
      trace.push(`new ${prefix}`);
    }
    log(line: string): number {
      return this.held.push(`${this.prefix}: ${line}`);
    }
    lines(): string[] {
      return this.held;
    }
    [Symbol.dispose](): void {
      assert.ok(alive.delete(this), "disposed twice");
      trace.push(`drop ${this.prefix}`);
    }
  };
}

Deno.test("a guest constructs a host's object, calls its methods, and drops it", () => {
  const host = new Host();
  assert.deepEqual(host.start().driver["logAll"]("p", ["a", "b"]), ["p: a", "p: b"]);
  assert.deepEqual(host.trace, ["new root", "new p", "drop p"]);
});

Deno.test("a static's object is the host's own, and dropping the guest's handle disposes it", () => {
  const host = new Host();
  assert.equal(host.start().driver["logRoot"]("x"), 1);
  assert.deepEqual(host.root.held, ["root: x"]);
  assert.deepEqual(host.trace, ["new root", "drop root"]);
});

Deno.test("an object lent to the guest is not disposed", () => {
  const host = new Host();
  const { driver } = host.start();
  assert.equal(driver["logTo"](host.root, "1"), 1);
  assert.equal(driver["logTo"](host.root, "2"), 2);
  assert.deepEqual(host.trace, ["new root"]);
});

Deno.test("an object made by the guest is handed out, and is the caller's from then on", () => {
  const host = new Host();
  const logger = host.start().driver["make"]("made");
  assert.ok(logger instanceof host.Logger);
  assert.equal(logger.prefix, "made");
  assert.ok(host.alive.has(logger));
});

Deno.test("an object given for good comes back as the same object", () => {
  const host = new Host();
  const logger = new host.Logger("mine");
  assert.equal(host.start().driver["relay"](logger, "x"), logger);
  assert.deepEqual(logger.held, ["mine: x"]);
  assert.deepEqual(host.trace, ["new root", "new mine"]);
});

Deno.test("an object that the guest gives to the host is not disposed by the guest", () => {
  const host = new Host();
  assert.deepEqual(host.start().driver["closeNew"]("c", "x"), ["c: x"]);
  assert.deepEqual(host.trace, ["new root", "new c", "close c"]);
});

Deno.test("the guest lends its objects to the host, and drops them afterwards", () => {
  const host = new Host();
  const { driver } = host.start();
  assert.equal(driver["compareNew"](0), 0);
  assert.equal(driver["compareNew"](2), 1);
  assert.equal(host.alive.size, 1);
});

Deno.test("a host function that fails with ComponentError returns err, and with another error ends the guest", () => {
  const host = new Host();
  const { driver } = host.start();
  assert.equal(driver["open"]("x"), 1);
  assert.deepEqual(host.trace, ["new root", "new x", "drop x"]);
  const error = thrown(() => driver["open"](""));
  assert.ok(error instanceof ComponentError);
  assert.equal(error.payload, "no name");
  assert.equal(driver["open"]("again"), 1);
  const bug = thrown(() => driver["open"]("bug"));
  assert.ok(bug instanceof Error && !(bug instanceof Trap));
  assert.equal(bug.message, "a bug of the host");
  assertDead(() => driver["open"]("x"), bug);
});

Deno.test("a guest's object and a host's may be lent in one call", () => {
  const host = new Host();
  const { driver, counters } = host.start();
  const counter = new counters["Counter"](42);
  assert.equal(driver["logCounter"](host.root, counter), 1);
  assert.deepEqual(host.root.held, ["root: 42"]);
  assert.equal(counter.value(), 42);
  assert.throws(() => driver["logCounter"](counter, counter), TypeError);
  assert.throws(() => driver["logCounter"](host.root, host.root), TypeError);
  assert.equal(counters["consume"](counter), 42);
});

Deno.test("only objects of the host's class pass for its resource", () => {
  const host = new Host(), other = new Host();
  const { driver } = host.start();
  for (const value of [undefined, null, 5, "x", {}, other.root, host.Logger]) {
    assert.throws(() => driver["logTo"](value, "x"), TypeError);
    assert.throws(() => driver["relay"](value, "x"), TypeError);
  }
  class Special extends host.Logger {}
  assert.equal(driver["logTo"](new Special("s"), "x"), 1);
});

Deno.test("a host may give an object that is not of its class: that is the host's fault, and named", () => {
  const host = new Host();
  const logging = { ...host.logging, open: () => ({ prefix: "fake" }) };
  const { driver } = host.start({ "test:resources/logging@0.1.0": logging });
  const error = thrown(() => driver["open"]("x"));
  assert.ok(error instanceof TypeError);
  assert.match(error.message, /logging@0.1.0#open returned.*expected an object of class Logger/);
  assertDead(() => driver["open"]("x"), error);
});

Deno.test("a method that the guest calls is found on the object's own class", () => {
  const host = new Host();
  class Loud extends host.Logger {
    override log(line: string): number {
      return super.log(line.toUpperCase());
    }
  }
  const loud = new Loud("loud");
  host.start().driver["logTo"](loud, "quiet");
  assert.deepEqual(loud.held, ["loud: QUIET"]);
});

/** What the specification forbids, and the words of the trap. */
const forbidden: [what: string, call: (driver: Exports, host: Host) => unknown, message: RegExp][] = [
  ["keeping what was lent", (d, h) => d["keepBorrowed"](h.root), /borrow handles still remain/],
  ["dropping twice", (d) => d["dropTwice"](), /unknown handle index \d+/],
  ["using what was dropped", (d) => d["useDropped"](), /unknown handle index \d+/],
  ["using a handle that was never given", (d) => d["useUnknown"](1234), /unknown handle index 1234/],
  ["using handle 0", (d) => d["useUnknown"](0), /unknown handle index 0/],
  ["using a handle far out of range", (d) => d["useUnknown"](0xffffffff), /unknown handle index 4294967295/],
];

for (const [what, call, message] of forbidden) {
  Deno.test(`${what} is a trap, and the instance is dead`, () => {
    const host = new Host();
    const { driver, counters } = host.start();
    const sibling = new Host().start();
    const trap = thrown(() => call(driver, host));
    assert.ok(trap instanceof Trap, `${trap}`);
    assert.match(trap.message, message);
    assertDead(() => driver["logRoot"]("x"), trap);
    assertDead(() => counters["alive"](), trap);
    assert.equal(sibling.counters["alive"](), 0);
  });
}

Deno.test("a handle of the guest's own resource is none of the host's resource", () => {
  const host = new Host();
  const { driver, counters } = host.start();
  // The first handle of the instance: a counter, kept.
  counters["keep"](new counters["Counter"](1));
  const trap = thrown(() => driver["useUnknown"](1));
  assert.ok(trap instanceof Trap);
  assert.match(trap.message, /handle index 1 used with the wrong type: expected logger, found counter/i);
});

Deno.test("a host's dispose that throws ends the guest with that error", () => {
  const host = new Host();
  const mine = new Error("cannot dispose");
  class Stubborn extends host.Logger {
    override [Symbol.dispose](): void {
      throw mine;
    }
  }
  const { driver } = host.start({ "test:resources/logging@0.1.0": { ...host.logging, Logger: Stubborn } });
  assert.equal(thrown(() => driver["logAll"]("p", [])), mine);
  assertDead(() => driver["logRoot"]("x"), mine);
});

Deno.test("a host's class without Symbol.dispose will do", () => {
  class Plain {
    static root = () => new Plain();
    log = () => 7;
    lines = () => [];
  }
  class Method {
    static root = () => new Method();
    log() {
      return 7;
    }
    lines() {
      return [];
    }
  }
  const rest = { compare: () => 0, close: () => [], open: () => new Method() };
  const { driver } = new Host().start({ "test:resources/logging@0.1.0": { ...rest, Logger: Method } });
  assert.equal(driver["logRoot"]("x"), 7);
  // Methods are looked up on the prototype when the component is linked: fields are too late.
  assert.throws(
    () => new Host().start({ "test:resources/logging@0.1.0": { ...rest, Logger: Plain } }),
    /\[method\]logger.log/,
  );
});
