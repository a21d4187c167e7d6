import assert from "node:assert/strict";
import { type Exports, Trap } from "../../src/component/mod.ts";
import { assertDead, guest, thrown, written } from "./guests.ts";

/** A host that keeps what it is told. */
class Sink {
  readonly told: unknown[] = [];
  saying: unknown = "said";
  readonly exports: Exports;

  constructor() {
    const tell = (v: unknown) => {
      this.told.push(v);
    };
    const sink = {
      text: tell,
      numbers: tell,
      texts: tell,
      letter: tell,
      pair: (v: unknown) => {
        tell(v);
        return [1n, 2n];
      },
      say: () => this.saying,
      many: (...args: bigint[]) => args.reduce((sum, a) => sum + a),
    };
    this.exports = written("lies").instantiateSync({ "t:host/sink": sink }).exports;
  }

  /** Writes bytes into the guest's memory. */
  poke(at: number, ...bytes: number[]): void {
    bytes.forEach((byte, i) => this.exports["poke"](at + i, byte));
  }
}

const PAGE = 65536;
const FAR = 0xffffffff;
const UTF16 = 0x80000000;
const TOO_LONG = (1 << 28) - 1;

/** Lies, and what the trap says about each. */
type Lie = [lie: string, call: (e: Exports, sink: Sink) => unknown, message: RegExp];

const OUT = /out of bounds/, ODD = /not aligned/, LONG = /longer than/;

const lies: Lie[] = [
  ["a string behind the memory", (e) => e["utf8"](PAGE, 1), OUT],
  ["a string that ends behind the memory", (e) => e["utf8"](PAGE - 1, 2), OUT],
  ["a long string that ends behind the memory", (e) => e["utf8"](PAGE - 99, 100), OUT],
  ["a string far behind the memory", (e) => e["utf8"](FAR, 1), OUT],
  ["a string that would wrap around", (e) => e["utf8"](FAR, 2), OUT],
  ["a string of 4 GiB", (e) => e["utf8"](0, FAR), LONG],
  ["a string of 2^28 bytes", (e) => e["utf8"](0, TOO_LONG + 1), LONG],
  ["a string of as much as is allowed", (e) => e["utf8"](0, TOO_LONG), OUT],
  ["a UTF-16 string at an odd address", (e) => e["utf16"](1, 1), ODD],
  ["an empty UTF-16 string at an odd address", (e) => e["utf16"](1, 0), ODD],
  ["a UTF-16 string of 2^31 units", (e) => e["utf16"](0, UTF16), LONG],
  ["a UTF-16 string of 2^32 - 1 units", (e) => e["utf16"](0, FAR), LONG],
  ["a UTF-16 string that ends behind the memory", (e) => e["utf16"](PAGE - 2, 2), OUT],
  ["a Latin-1 string at an odd address", (e) => e["latin1"](1, 1), ODD],
  ["a Latin-1 string behind the memory", (e) => e["latin1"](PAGE - 2, 3), OUT],
  ["a tagged string of too many units", (e) => e["latin1"](0, FAR), LONG],
  ["a tagged string behind the memory", (e) => e["latin1"](PAGE - 2, UTF16 + 2), OUT],
  [
    "invalid UTF-8: a lone continuation byte",
    (e, s) => (s.poke(64, 0x80), e["utf8"](64, 1)),
    /not valid UTF-8/,
  ],
  ["invalid UTF-8: an overlong NUL", (e, s) => (s.poke(64, 0xc0, 0x80), e["utf8"](64, 2)), /not valid UTF-8/],
  [
    "invalid UTF-8: a surrogate",
    (e, s) => (s.poke(64, 0xed, 0xa0, 0x80), e["utf8"](64, 3)),
    /not valid UTF-8/,
  ],
  [
    "invalid UTF-8: above U+10FFFF",
    (e, s) => (s.poke(64, 0xf4, 0x90, 0x80, 0x80), e["utf8"](64, 4)),
    /UTF-8/,
  ],
  ["invalid UTF-8: cut off", (e, s) => (s.poke(64, 0xe2, 0x82), e["utf8"](64, 2)), /not valid UTF-8/],
  [
    "invalid UTF-8 after many good bytes",
    (e, s) => (s.poke(164, 0xff), e["utf8"](64, 101)),
    /not valid UTF-8/,
  ],
  ["a lone high surrogate", (e, s) => (s.poke(64, 0x00, 0xd8), e["utf16"](64, 1)), /not valid UTF-16/],
  ["a lone low surrogate", (e, s) => (s.poke(64, 0x00, 0xdc), e["utf16"](64, 1)), /not valid UTF-16/],
  ["a high surrogate at the end", (e, s) => (s.poke(64, 0x61, 0, 0x3d, 0xd8), e["utf16"](64, 2)), /UTF-16/],
  ["a lone surrogate, tagged", (e, s) => (s.poke(64, 0x00, 0xd8), e["latin1"](64, UTF16 + 1)), /UTF-16/],
  ["bytes behind the memory", (e) => e["bytes"](PAGE, 1), OUT],
  ["4 GiB of bytes", (e) => e["bytes"](0, FAR), LONG],
  ["an empty list behind the memory", (e) => e["bytes"](PAGE + 1, 0), OUT],
  ["a list of 2^32 - 1 longs", (e) => e["longs"](0, FAR), LONG],
  ["a list of longs whose size wraps around 2^32", (e) => e["longs"](0, 0x20000001), LONG],
  ["a list of longs at an odd address", (e) => e["longs"](4, 1), ODD],
  ["an empty list of longs at an odd address", (e) => e["longs"](4, 0), ODD],
  ["a list of longs that ends behind the memory", (e) => e["longs"](PAGE - 8, 2), OUT],
  ["a list of bools behind the memory", (e) => e["bools"](PAGE - 1, 2), OUT],
  [
    "a list with a char that is a surrogate",
    (e, s) => (s.poke(64, 0, 0xd8, 0, 0), e["letters"](64, 1)),
    /char/,
  ],
  [
    "a list with a char that is too large",
    (e, s) => (s.poke(64, 0, 0, 0x11, 0), e["letters"](64, 1)),
    /char/,
  ],
  ["a list of texts, one behind the memory", (e, s) => {
    s.poke(64, 0, 0, 0, 0, 2, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 1, 0, 0, 0);
    return e["texts"](64, 2);
  }, OUT],
  ["a list of options, one neither none nor some", (e, s) => {
    s.poke(64, 0, 0, 1, 9, 2, 0);
    return e["options"](64, 3);
  }, /invalid variant discriminant 2/],
  ["a char that is a surrogate", (e) => e["char"](0xd800), /0xd800 is not a Unicode scalar value/],
  ["a char at the end of the surrogates", (e) => e["char"](0xdfff), /not a Unicode scalar value/],
  ["a char above U+10FFFF", (e) => e["char"](0x110000), /not a Unicode scalar value/],
  ["a char that is negative", (e) => e["char"](FAR), /not a Unicode scalar value/],
  [
    "an enum's case that there is not",
    (e) => e["enum"](3),
    /invalid variant discriminant 3: there are 3 cases/,
  ],
  ["an enum's case far out of range", (e) => e["enum"](FAR), /invalid variant discriminant/],
  ["a result neither ok nor err", (e) => e["bareResult"](2), /invalid variant discriminant 2/],
  ["a result at an odd address", (e) => e["pair"](4), ODD],
  ["a result behind the memory", (e) => e["pair"](PAGE), OUT],
  ["a result that ends behind the memory", (e) => e["pair"](PAGE - 8), OUT],
  ["a result at the end of the address space", (e) => e["pair"](0xfffffff8), OUT],
  ["an option neither none nor some", (e, s) => (s.poke(64, 2), e["option"](64)), /discriminant 2/],
  ["an option at an odd address", (e) => e["option"](66), ODD],
  [
    "a result in memory neither ok nor err",
    (e, s) => (s.poke(64, 0xff), e["result"](64)),
    /discriminant 255/,
  ],
  ["an err whose text is behind the memory", (e, s) => {
    s.poke(64, 1, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 1);
    return e["result"](64);
  }, OUT],
  ["where a text stands: at an odd address", (e) => e["textAt"](66), ODD],
  ["where a text stands: behind the memory", (e) => e["textAt"](PAGE - 4), OUT],

  ["telling the host a text behind the memory", (e) => e["tell"](PAGE, 1), OUT],
  ["telling the host a text of 4 GiB", (e) => e["tell"](0, FAR), LONG],
  ["telling the host invalid UTF-8", (e, s) => (s.poke(64, 0xff), e["tell"](64, 1)), /not valid UTF-8/],
  ["telling the host a UTF-16 text at an odd address", (e) => e["tell16"](1, 1), ODD],
  ["telling the host a lone surrogate", (e, s) => (s.poke(64, 0, 0xd8), e["tell16"](64, 1)), /UTF-16/],
  ["telling the host a tagged text behind the memory", (e) => e["tell1"](PAGE, UTF16 + 1), OUT],
  ["telling the host numbers at an odd address", (e) => e["tellNumbers"](2, 1), ODD],
  ["telling the host numbers behind the memory", (e) => e["tellNumbers"](PAGE - 4, 2), OUT],
  ["telling the host a list of 2^32 - 1 texts", (e) => e["tellTexts"](0, FAR), LONG],
  ["telling the host a char that is a surrogate", (e) => e["tellLetter"](0xd800), /not a Unicode scalar/],
  ["asking for a result at an odd address", (e) => e["askPair"](4), ODD],
  ["asking for a result behind the memory", (e) => e["askPair"](PAGE - 8), OUT],
  ["asking for a result at the end of the address space", (e) => e["askPair"](0xfffffff8), OUT],
  ["asking for a text at an odd address", (e) => e["askSay"](2), ODD],
  ["passing parameters at an odd address", (e) => e["askMany"](4), ODD],
  ["passing parameters behind the memory", (e) => e["askMany"](PAGE - 8), OUT],
  ["passing parameters at the end of the address space", (e) => e["askMany"](0xfffffff8), OUT],
];

Deno.test("a guest that lies about its memory traps, and harms neither host nor sibling", () => {
  const sibling = new Sink();
  for (const [lie, call, message] of lies) {
    const sink = new Sink();
    const trap = thrown(() => call(sink.exports, sink));
    assert.ok(trap instanceof Trap, `${lie}: ${trap}`);
    assert.match(trap.message, message, lie);
    assertDead(() => sink.exports["utf8"](0, 0), trap);
    // What came after the lie was never done; a result's room is looked at only when the host has answered.
    assert.deepEqual(sink.told.filter((v) => typeof v === "string"), [], lie);
    assert.equal(sibling.exports["utf8"](0, 0), "", lie);
  }
});

Deno.test("a guest that says the same bytes again and again does not make the host hold them all", () => {
  // Each of 32,639 entries is all of the memory, or nearly: 5 GiB and more of texts and lists in 256 KiB.
  const length = 0x027f78;
  for (const func of ["texts", "blobs", "bits", "tellTexts"]) {
    const sink = new Sink();
    assert.equal(sink.exports["grow"](3), 1);
    for (let at = 0; at < 4 * PAGE; at += 8) {
      sink.poke(at + 4, length & 0xff, (length >> 8) & 0xff, length >> 16);
    }
    const before = Deno.memoryUsage().rss;
    const trap = thrown(() => sink.exports[func](0, 0x7f7f));
    assert.ok(trap instanceof Trap, `${func}: ${trap}`);
    assert.match(trap.message, /would take the host more than/, func);
    assert.ok(Deno.memoryUsage().rss - before < 3 * 2 ** 30, func);
    assert.deepEqual(sink.told, []);
  }
});

Deno.test("what looks like a lie and is none: edges of the memory, and bits that do not count", () => {
  const { exports: e, told, poke } =
    ((sink) => ({ ...sink, exports: sink.exports, poke: sink.poke.bind(sink) }))(
      new Sink(),
    );
  poke(PAGE - 2, 0x68, 0x69);
  assert.equal(e["utf8"](PAGE - 2, 2), "hi");
  assert.equal(e["utf8"](PAGE, 0), "");
  assert.equal(e["utf16"](PAGE, 0), "");
  assert.equal(e["latin1"](PAGE, UTF16), "");
  assert.deepEqual(e["bytes"](PAGE, 0), new Uint8Array());
  assert.deepEqual(e["bytes"](PAGE - 2, 2), Uint8Array.of(0x68, 0x69));
  assert.deepEqual(e["longs"](PAGE, 0), new BigUint64Array());
  assert.equal(e["longs"](PAGE - 8, 1).length, 1);
  assert.equal(e["pair"](PAGE - 16).length, 2);
  assert.equal(e["char"](0xd7ff), "\ud7ff");
  assert.equal(e["char"](0x10ffff), "\u{10ffff}");
  // Bits above the type's own do not count, and any number but 0 is true.
  assert.equal(e["bool"](0), false);
  for (const v of [1, 2, 256, FAR]) assert.equal(e["bool"](v), true, `${v}`);
  assert.equal(e["u8"](0x1ff), 255);
  assert.equal(e["s16"](0x18000), -0x8000);
  assert.deepEqual(e["flags"](FAR), { read: true, write: true });
  assert.deepEqual(e["flags"](4), { read: false, write: false });
  poke(64, 7, 0, 1);
  assert.deepEqual(e["bools"](64, 3), [true, false, true]);
  e["askPair"](8);
  assert.deepEqual(told.at(-1), [0xff, 7]);
  assert.equal(e["askMany"](PAGE - 17 * 8), e["askMany"](PAGE - 17 * 8));
  e["askSay"](PAGE - 8);
});

Deno.test("memory that grew is there at once, and what is behind it is not", () => {
  const { exports: e } = new Sink();
  assert.equal(e["grow"](1), 1);
  assert.deepEqual(e["bytes"](2 * PAGE - 1, 1), Uint8Array.of(0));
  assert.equal(e["grow"](0), 2);
  assert.deepEqual(e["bytes"](2 * PAGE - 1, 1), Uint8Array.of(0));
  assert.equal(e["grow"](9), -1);
  assert.throws(() => e["bytes"](2 * PAGE, 1), OUT);
});

/** What a `realloc` may do: the number that chooses it in allocators.wat, and what comes of it. */
const allocators: [what: string, how: number, message: RegExp | undefined][] = [
  ["is good", 0, undefined],
  ["returns what is behind the memory", 1, /realloc: 65536\+\d+ is out of bounds/],
  ["returns an odd address", 2, /realloc: .*(not aligned|out of bounds)/],
  ["returns nearly 2^32", 3, /realloc: 4294967288\+\d+ is out of bounds/],
  ["returns the end of the memory", 4, /realloc: .*(not aligned|out of bounds)/],
  ["traps", 5, /unreachable/],
  ["grows the memory and returns the new page", 6, undefined],
  ["detaches the memory", 7, undefined],
  ["calls out", 8, /cannot leave component instance/],
  ["calls out, and catches the refusal", 9, /cannot leave component instance/],
  ["throws", 10, /the guest threw/],
];

/** What a `post-return` may do. */
const cleaners: [what: string, how: number, message: RegExp | undefined][] = [
  ["is good", 0, undefined],
  ["traps", 1, /unreachable/],
  ["grows the memory and overwrites the result", 2, undefined],
  ["calls out", 3, /cannot leave component instance/],
  ["calls out, and catches the refusal", 4, /cannot leave component instance/],
  ["throws", 5, /the guest threw/],
];

function allocating(): { exports: Exports; calls: () => number } {
  let calls = 0;
  const { exports } = written("allocators").instantiateSync({
    "call-out": () => {
      calls++;
    },
  });
  return { exports, calls: () => calls };
}

for (const [what, how, message] of allocators) {
  Deno.test(`a realloc that ${what}${message ? " is the end of the guest" : " will do"}`, () => {
    const values: [func: string, value: unknown, units: number][] = [
      ["take16", "hello", 5],
      ["takeLongs", BigUint64Array.of(1n, 2n), 2],
      ["takeTexts", ["a", "bc"], 2],
    ];
    // An odd address is as good as any for bytes.
    if (how !== 2) values.unshift(["take", "hello", 5], ["take", "x".repeat(1000), 1000]);
    for (const [func, value, units] of values) {
      const { exports, calls } = allocating();
      exports["set"](how, 0);
      if (!message) {
        assert.equal(exports[func](value), units);
        assert.equal(exports["cleaned"](), 0);
        assert.equal(calls(), 1);
        continue;
      }
      const trap = thrown(() => exports[func](value));
      assert.ok(trap instanceof Trap, `${func}: ${trap}`);
      assert.match(trap.message, message, func);
      assertDead(() => exports["cleaned"](), trap);
      assert.equal(calls(), 0, `${func}: the host was called`);
    }
  });
}

for (const [what, how, message] of cleaners) {
  Deno.test(`a post-return that ${what}${message ? " is the end of the guest" : " will do"}`, () => {
    const { exports, calls } = allocating();
    exports["set"](0, how);
    if (message) {
      const trap = thrown(() => exports["text"]());
      assert.ok(trap instanceof Trap, `${trap}`);
      assert.match(trap.message, message);
      assertDead(() => exports["cleaned"](), trap);
    } else {
      assert.equal(exports["text"](), "hi");
      assert.equal(exports["cleaned"](), 1);
      assert.equal(exports["take"]("after"), 5);
    }
    assert.equal(calls(), message ? 0 : 1);
  });
}

/** What `f` did when it was called. */
function catching(f: () => number): { exports: Exports; calls: () => number } {
  let calls = 0;
  const counted = () => {
    calls++;
    return f();
  };
  const { exports } = written("catches").instantiateSync({ f: counted, text: () => {} });
  return { exports, calls: () => calls };
}

Deno.test("a guest that catches what a host function throws is dead all the same, and reaches the host no more", () => {
  const mine = new Error("refused");
  const refuse = (): number => {
    throw mine;
  };
  const functions: [func: string, calls: number][] = [
    ["once", 1],
    ["thrice", 1],
    ["innerThenOwn", 1],
    ["innerCatches", 1],
  ];
  for (const [func, times] of functions) {
    const { exports, calls } = catching(refuse);
    assert.equal(thrown(() => exports[func]()), mine, func);
    assert.equal(calls(), times, func);
    assertDead(() => exports["alive"](), mine);
    assertDead(() => exports["thrice"](), mine);
    assert.equal(calls(), times, func);
  }
});

Deno.test("a guest that catches the trap of its own lie is dead all the same", () => {
  for (
    const [func, message] of [["badText", OUT], ["badDrop", /unknown handle/], [
      "badRep",
      /unknown handle/,
    ]] as const
  ) {
    const { exports, calls } = catching(() => 5);
    assert.equal(exports["thrice"](), 15);
    const trap = thrown(() => exports[func]());
    assert.ok(trap instanceof Trap, `${func}: ${trap}`);
    assert.match(trap.message, message);
    assert.equal(calls(), 3, func);
    assertDead(() => exports["alive"](), trap);
  }
});

Deno.test("a guest that has nothing to catch is not harmed by trying", () => {
  const { exports, calls } = catching(() => 5);
  assert.equal(exports["thrice"](), 15);
  assert.equal(exports["innerCatches"](), 10);
  assert.equal(exports["innerThenOwn"](), 5);
  assert.equal(calls(), 7);
});

class Thing {
  static dropped = 0;
  [Symbol.dispose](): void {
    Thing.dropped++;
  }
}

function things(): Exports {
  const host = {
    Thing,
    make: () => new Thing(),
    take: (it: unknown) => assert.ok(it instanceof Thing),
    look: (it: unknown) => assert.ok(it instanceof Thing),
    both: () => {},
    bothBack: () => {},
  };
  return written("handles").instantiateSync({ "t:host/things": host }).exports;
}

const WRONG = /used with the wrong type/, UNKNOWN = /unknown handle index/, LENT = /while it is lent/;

const handles: [lie: string, call: (e: Exports) => unknown, message: RegExp][] = [
  ["gives away a handle that there is not", (e) => e["give"](7), UNKNOWN],
  ["gives away handle 0", (e) => e["give"](0), UNKNOWN],
  ["gives away a thing as its own", (e) => e["give"](e["make"]()), WRONG],
  ["gives away its own as a thing", (e) => e["giveThing"](e["new"](1)), WRONG],
  ["asks for the representation of a thing", (e) => e["rep"](e["make"]()), WRONG],
  ["asks for the representation of what is not there", (e) => e["rep"](FAR), UNKNOWN],
  ["drops what is not there", (e) => e["drop"](1), UNKNOWN],
  ["drops a thing as its own", (e) => e["drop"](e["make"]()), WRONG],
  ["drops its own as a thing", (e) => e["dropThing"](e["new"](1)), WRONG],
  ["drops twice", (e) => {
    const handle = e["make"]();
    e["dropThing"](handle);
    return e["dropThing"](handle);
  }, UNKNOWN],
  ["gives to the host what is not there", (e) => e["take"](3), UNKNOWN],
  ["lends the host what is not there", (e) => e["look"](3), UNKNOWN],
  ["gives to the host its own as a thing", (e) => e["take"](e["new"](1)), WRONG],
  ["gives twice", (e) => {
    const handle = e["make"]();
    e["take"](handle);
    return e["take"](handle);
  }, UNKNOWN],
  ["lends what it gave", (e) => {
    const handle = e["make"]();
    e["take"](handle);
    return e["look"](handle);
  }, UNKNOWN],
  ["lends and gives the same in one call", (e) => {
    const handle = e["make"]();
    return e["both"](handle, handle);
  }, LENT],
  ["gives and lends the same in one call", (e) => {
    const handle = e["make"]();
    return e["bothBack"](handle, handle);
  }, UNKNOWN],
  ["gives away what it was lent", (e) => e["giveLent"](new Thing()), /is a borrow of thing, not its owner/],
  ["keeps what it was lent", (e) => e["handleLent"](new Thing()), /borrow handles still remain at the end/],
  ["drops twice what it was lent", (e) => e["twice"](new Thing()), UNKNOWN],
  ["takes more handles than anyone needs", (e) => e["flood"](), /more than \d+ handles at once/],
  ["takes more things than anyone needs", (e) => e["floodThings"](), /more than \d+ handles at once/],
];

Deno.test("a guest that uses handles that are not its own traps, and harms neither host nor sibling", () => {
  const sibling = things();
  const handle = sibling["make"]();
  for (const [lie, call, message] of handles) {
    const e = things();
    const trap = thrown(() => call(e));
    assert.ok(trap instanceof Trap, `${lie}: ${trap}`);
    assert.match(trap.message, message, lie);
    assertDead(() => e["new"](1), trap);
    sibling["look"](handle);
  }
});

Deno.test("handles that are its own do as it says", () => {
  const e = things();
  const own = e["new"](77);
  assert.equal(e["rep"](own), 77);
  const object = e["give"](own);
  assert.equal(e["repLent"](object), 77);
  object[Symbol.dispose]();
  assert.throws(() => e["repLent"](object), TypeError);
  const thing = new Thing();
  const handle = e["handleOf"](thing);
  e["look"](handle);
  assert.equal(e["giveThing"](handle), thing);
  const before = Thing.dropped;
  e["dropThing"](e["handleOf"](thing));
  assert.equal(Thing.dropped, before + 1);
  const both = [e["make"](), e["make"]()];
  e["both"](both[0], both[1]);
  e["bothBack"](both[0], e["make"]());
});

Deno.test("a guest that asks for more memory than there can be is told so, and lives on", () => {
  const { exports } = guest("kinds/kinds").instantiateSync();
  const work = exports["test:kinds/work@0.1.0"];
  assert.equal(work.grow(70_000), -1);
  assert.equal(work.calls(), 0);
});
