import assert from "node:assert/strict";
import { ComponentError, type Exports, Trap } from "../../src/component/mod.ts";
import { assertDead, guest, onWasi, thrown } from "./guests.ts";

const COUNTERS = "test:resources/counters@0.1.0";

/** The host's resource is not used here. */
class Logger {}
const logging = { Logger, compare: () => 0, close: () => [], open: () => new Logger() };

function fresh(): Exports {
  const { exports } = guest("resources/resources").instantiateSync({
    "test:resources/logging@0.1.0": logging,
  }, {
    missing: (from, name) => new Error(`${from} ${name}`),
  });
  return exports[COUNTERS];
}

Deno.test("a guest's resource is a class: constructor, methods and statics", () => {
  const { Counter, alive } = fresh();
  assert.equal(Counter.name, "Counter");
  const counter = new Counter(40);
  assert.ok(counter instanceof Counter);
  assert.equal(counter.constructor, Counter);
  assert.equal(Object.prototype.toString.call(counter), "[object Object]");
  assert.deepEqual(Object.keys(counter), []);
  assert.equal(counter.increment(2), 42);
  assert.equal(counter.value(), 42);
  const copy = counter.copy();
  assert.ok(copy instanceof Counter);
  assert.notEqual(copy, counter);
  assert.equal(copy.increment(1), 43);
  assert.equal(counter.value(), 42);
  assert.equal(Counter.greater(counter, copy), 43);
  assert.equal(alive(), 2);
  const merged = Counter.merge(counter, copy);
  assert.equal(merged.value(), 85);
  assert.equal(alive(), 1);
  assert.equal(Counter.parse("7").value(), 7);
  const error = thrown(() => Counter.parse("seven"));
  assert.ok(error instanceof ComponentError);
  assert.equal(error.payload, "not a number: seven");
});

Deno.test("the class cannot be called without new, nor can its objects be forged", () => {
  const { Counter, peek, alive } = fresh();
  assert.throws(() => Counter(1), /cannot be invoked without 'new'/);
  assert.throws(() => new Counter("x"), /parameter start is u32, got "x"/);
  assert.throws(() => peek(Object.create(Counter.prototype)), TypeError);
  assert.throws(() => Counter.prototype.value(), TypeError);
  assert.throws(() => new (Object.getPrototypeOf(Counter))(1), TypeError);
  assert.equal(alive(), 0);
  assert.equal(new Counter(1).value(), 1);
});

Deno.test("Symbol.dispose runs the guest's destructor once, however often it is called", () => {
  const { Counter, alive } = fresh();
  const counter = new Counter(1);
  {
    using scoped = new Counter(2);
    assert.equal(scoped.value(), 2);
    assert.equal(alive(), 2);
  }
  assert.equal(alive(), 1);
  for (let i = 0; i < 3; i++) counter[Symbol.dispose]();
  assert.equal(alive(), 0);
});

Deno.test("an object that was disposed, given away or merged is refused with the reason, and the guest lives on", () => {
  const { Counter, consume, peek, sum, alive } = fresh();
  const ways: [way: string, end: (counter: unknown) => void][] = [
    ["disposed", (c) => (c as Disposable)[Symbol.dispose]()],
    ["consumed", (c) => consume(c)],
    ["merged", (c) => Counter.merge(c, new Counter(0))[Symbol.dispose]()],
  ];
  for (const [way, end] of ways) {
    const counter = new Counter(5);
    end(counter);
    const uses = [
      () => counter.value(),
      () => peek(counter),
      () => consume(counter),
      () => sum([counter]),
      () => Counter.greater(counter, counter),
    ];
    for (const use of uses) {
      const error = thrown(use);
      assert.ok(error instanceof TypeError, `${way}: ${error}`);
      assert.match(error.message, /this counter was dropped, given away or has expired/i, way);
    }
    counter[Symbol.dispose]();
    assert.equal(alive(), 0, way);
  }
});

Deno.test("what is not an object of the class is refused by parameter", () => {
  const { consume, peek, sum, label } = fresh();
  for (const value of [undefined, null, 5, "x"]) {
    assert.throws(() => peek(value), /parameter it is borrow<counter>, got/);
    assert.throws(() => consume(value), /parameter it is counter, got/);
    assert.throws(() => sum([value]), /parameter of\[0\] is borrow<counter>, got/);
    assert.throws(() => label("x", value), /parameter it is counter, got/);
  }
  for (const value of [{}, [], new Logger(), () => {}]) {
    assert.throws(() => peek(value), TypeError);
    assert.throws(() => consume(value), TypeError);
  }
});

Deno.test("an object of another instance, or of another class, is refused and stays its owner's", () => {
  const one = fresh(), two = fresh();
  const counter = new one["Counter"](5);
  for (
    const use of [() => two["peek"](counter), () => two["consume"](counter), () => two["sum"]([counter])]
  ) {
    const error = thrown(use);
    assert.ok(error instanceof TypeError);
    assert.match(error.message, /expected an object of counter/i);
  }
  const { Item, alive: items } = onWasi("composed/composed")["test:composed/store@0.1.0"];
  assert.notEqual(one["Counter"], two["Counter"]);
  assert.throws(() => one["peek"](Item.prototype), TypeError);
  assert.equal(one["consume"](counter), 5);
  assert.ok(items() instanceof Promise);
});

Deno.test("handles go in and out as values, in options, lists, records and tuples", () => {
  const { Counter, pass, maybe, many, sum, label, unlabel, keep, alive } = fresh();
  const counter = new Counter(3);
  const passed = pass(counter);
  assert.ok(passed instanceof Counter);
  assert.throws(() => counter.value(), TypeError);
  assert.equal(passed.value(), 3);
  assert.equal(maybe(undefined), undefined);
  const back = maybe(passed);
  assert.equal(back.value(), 3);

  const list = many(5);
  assert.equal(list.length, 5);
  assert.equal(sum(list), 0 + 1 + 2 + 3 + 4);
  assert.equal(sum([...list, ...list]), 20);
  const labelled = label("fourth", list[4]);
  assert.deepEqual(Object.keys(labelled), ["label", "counter"]);
  assert.ok(labelled.counter instanceof Counter);
  const [name, fourth] = unlabel(labelled);
  assert.equal(name, "fourth");
  assert.equal(fourth.value(), 4);

  assert.equal(keep(fourth), undefined);
  const kept = keep(undefined);
  assert.equal(kept.value(), 4);
  assert.equal(alive(), 6);
  for (const one of [back, kept, ...list]) one[Symbol.dispose]();
  assert.equal(alive(), 0);
});

Deno.test("one object may be lent several times in one call", () => {
  const { Counter, sum } = fresh();
  const counter = new Counter(2);
  assert.equal(Counter.greater(counter, counter), 2);
  assert.equal(sum([counter, counter, counter]), 6);
  assert.equal(counter.value(), 2);
});

Deno.test("a call that is refused for one argument gives the others back", () => {
  const { Counter, consume, unlabel, label, sum, alive } = fresh();
  const counter = new Counter(2);
  const refused: (() => unknown)[] = [
    () => Counter.merge(counter, 5),
    () => Counter.merge(counter, counter),
    () => Counter.merge(counter, {}),
    () => Counter.greater(counter, null),
    () => sum([counter, counter, 5]),
    () => unlabel({ label: 5, counter }),
    () => label(5, counter),
  ];
  for (let i = 0; i < 5; i++) {
    for (const call of refused) {
      assert.throws(call, TypeError);
      assert.equal(counter.value(), 2, `after ${call}`);
    }
  }
  assert.equal(alive(), 1);
  assert.equal(consume(counter), 2);
  assert.equal(alive(), 0);
  const other = new Counter(3);
  assert.throws(() => sum([other, 5]), TypeError);
  other[Symbol.dispose]();
  assert.equal(alive(), 0);
});

Deno.test("a call that is refused leaves no handle behind: many of them fill no table", () => {
  const { Counter, sum, alive } = fresh();
  const counters = Array.from({ length: 1000 }, (_, i) => new Counter(i));
  for (let i = 0; i < 1100; i++) assert.throws(() => sum([...counters, 5]), TypeError);
  assert.equal(sum(counters), 499_500);
  for (const counter of counters) counter[Symbol.dispose]();
  assert.equal(alive(), 0);
});

Deno.test("handles that come and go leave nothing behind", () => {
  const { Counter, consume, alive } = fresh();
  for (let i = 0; i < 20_000; i++) {
    const counter = new Counter(i);
    if (i % 2) consume(counter);
    else counter[Symbol.dispose]();
  }
  assert.equal(alive(), 0);
});

Deno.test("disposing an object of a dead instance does nothing", () => {
  const app = guest("composed/composed");
  assert.ok(app.exports.has("test:composed/store@0.1.0"));
  const exports = guest("resources/resources").instantiateSync({ "test:resources/logging@0.1.0": logging }, {
    missing: () => new Error("not given"),
  }).exports;
  const { Counter } = exports[COUNTERS];
  const counter = new Counter(1), lent = new Counter(2);
  const trap = thrown(() => exports["test:resources/driver@0.1.0"].useUnknown(77));
  assert.ok(trap instanceof Trap);
  assertDead(() => counter.value(), trap);
  counter[Symbol.dispose]();
  lent[Symbol.dispose]();
  assertDead(() => new Counter(1), trap);
});
