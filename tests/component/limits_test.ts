/** `maxMemoryBytes` and `maxHandles`: what an instance may hold, seen from outside. */
import assert from "node:assert/strict";
import {
  type CompileOptions,
  Component,
  DecodeError,
  type Exports,
  LimitError,
  LinkError,
  suspending,
  Trap,
} from "../../src/component/mod.ts";
import { component, name, type Part, section, u32, vec, vecOf } from "./bytes.ts";
import { around, core } from "./cores.ts";
import { assertDead, hosts, rejection, thrown, written } from "./guests.ts";

const PAGE = 65536;
const ELEMENT = 24;

const read = (path: string) => Deno.readFileSync(new URL(path, import.meta.url));

/** A hand-written component under a limit. */
function limited(name: string, maxMemoryBytes: number): Component {
  return Component.compileSync(read(`wasm/${name}.wasm`), { maxMemoryBytes });
}

/** A guest of a real toolchain under a limit. */
function limitedGuest(name: string, maxMemoryBytes: number): Component {
  return Component.compileSync(read(`../guests/${name}.wasm`), { maxMemoryBytes });
}

/** The error must be a `LimitError` with these facts. */
function assertLimit(error: unknown, value: number, asked: number | undefined, message: RegExp): void {
  assert.ok(error instanceof LimitError, String(error));
  assert.ok(error instanceof RangeError);
  assert.deepEqual([error.name, error.code, error.limit], ["LimitError", "limit", "maxMemoryBytes"]);
  assert.deepEqual([error.value, error.asked], [value, asked]);
  assert.match(error.message, message);
}

/** What the component of `hold.wat` begins with: memories of 1, 2, 1 and 1 pages, and a table. */
const BEGIN = 5 * PAGE + 10 * ELEMENT;

Deno.test("memories of one module, of an adapter, and of instances inside share one limit", () => {
  const { exports: e } = limited("hold", 20 * PAGE + 10 * ELEMENT).instantiateSync();
  assert.deepEqual([e["one"].got(), e["two"].got()], [1, 1], "both start functions grew by 3");
  assert.equal(e["grow"](10), -1, "9 are left");
  assert.equal(e["growByAdapter"](2), 1);
  assert.equal(e["grow"](1), 3, "it is one memory, by whomever it is grown");
  assert.equal(e["growSecond"](3), 2);
  assert.equal(e["growSecond"](1), -1, "more than it declares");
  assert.equal(e["one"].grow(2), 4);
  assert.equal(e["two"].grow(2), -1);
  assert.equal(e["two"].grow(1), 4);
  for (const grow of [e["grow"], e["growByAdapter"], e["one"].grow, e["two"].grow]) assert.equal(grow(1), -1);
  assert.equal(e["grow"](0), 4, "growing by nothing always works");
  assert.equal(e["sizes"](), 4005);
  assert.equal(e["grow"](0xffffffff), -1);
});

Deno.test("tables count, and keep the size that they begin with", () => {
  const { exports } = limited("hold", 100 * PAGE).instantiateSync();
  assert.deepEqual([exports["growTable"](1), exports["growTable"](0)], [-1, 10]);
  const free = written("hold").instantiateSync().exports;
  assert.deepEqual([free["growTable"](1), free["growTable"](0)], [10, 11], "without a limit they grow");
});

Deno.test("with the least that will do, nothing can grow", () => {
  const { exports: e } = limited("hold", BEGIN).instantiateSync();
  assert.deepEqual([e["one"].got(), e["two"].got(), e["grow"](1), e["growSecond"](1)], [-1, -1, -1, -1]);
});

Deno.test("what begins with more is refused before any memory is made", () => {
  const made: unknown[] = [];
  const { Memory, Instance } = WebAssembly;
  WebAssembly.Memory = class extends Memory {
    constructor(type: WebAssembly.MemoryDescriptor) {
      super(type);
      made.push(type);
    }
  };
  WebAssembly.Instance = class extends Instance {
    constructor(module: WebAssembly.Module, imports?: WebAssembly.Imports) {
      super(module, imports);
      made.push(module);
    }
  };
  try {
    for (const limit of [0, 1, 4 * PAGE, BEGIN - 1]) {
      const component = limited("hold", limit);
      const error = thrown(() => component.instantiateSync());
      assertLimit(error, limit, BEGIN, /begin with 327920 bytes, more than the \d+ that they may have/);
    }
    assert.deepEqual(made, []);
    limited("hold", BEGIN).instantiateSync();
    assert.ok(made.length > 5, "the test would have seen them");
  } finally {
    Object.assign(WebAssembly, { Memory, Instance });
  }
});

Deno.test("a limit that is no number of bytes is a mistake", () => {
  for (const maxMemoryBytes of [-1, 1.5, NaN, Infinity, 2 ** 53]) {
    assert.throws(() => limited("hold", maxMemoryBytes), /maxMemoryBytes must be a whole number/);
  }
});

Deno.test("a guest that may be suspended grows as any other, after it has waited too", async () => {
  const waits = { nap: async (ms: number) => await new Promise<void>((done) => setTimeout(done, ms)) };
  const { exports: e } = limited("grows", 8 * PAGE).instantiateSync(waits);
  assert.equal(await e["grow"](4, 1), 1);
  assert.equal(await e["grow"](4, 0), -1);
  assert.equal(await e["grow"](3, 1), 5);
  assert.equal(await e["size"](), 8);
});

Deno.test("growing at the end of the stack is paid for, whatever call fails there", () => {
  const nap = () => {};
  const component = limited("grows", 4 * PAGE);
  /** What growing gave that deep in calls, and that in the end the memory is as large as it may be. */
  const deep = (depth: number): number | "dead" => {
    const { exports: e } = component.instantiateSync({ nap });
    let result: number;
    try {
      result = e["deep"](depth);
    } catch (error) {
      assert.ok(error instanceof Trap && /call stack exhausted/.test(error.message), String(error));
      return "dead";
    }
    while (e["grow"](1, 0) >= 0);
    assert.equal(e["size"](), 4, `at depth ${depth}`);
    return result;
  };
  // What runs often takes less stack in the end.
  for (let i = 0; i < 300; i++) component.instantiateSync({ nap }).exports["deep"](10_000);
  let [lives, end] = [1, 1 << 20];
  while (end - lives > 1) {
    const middle = (lives + end) >> 1;
    if (deep(middle) === "dead") end = middle;
    else lives = middle;
  }
  // Each level leaves another rest of stack to what is called there.
  const results = new Map<number | "dead", number>();
  for (let depth = lives - 400; depth < lives + 100; depth++) {
    const result = deep(depth);
    results.set(result, (results.get(result) ?? 0) + 1);
  }
  assert.ok((results.get(1) ?? 0) > 0, "where there was room it grew");
  assert.ok((results.get("dead") ?? 0) > 0, "where there was none it ended: V8 lets no guest catch that");
});

Deno.test("a start function that grows and blocks is waited for", async () => {
  for (const name of ["start_blocks", "start_after"]) {
    const wait = async (ms: number) =>
      await new Promise<number>((done) => setTimeout(() => done(ms + 1), ms));
    await limited(name, 10 * PAGE).instantiate({ wait });
    const error = thrown(() => limited(name, 10 * PAGE).instantiateSync({ wait }));
    assert.ok(error instanceof LinkError && /use instantiate\(\)/.test(error.message), String(error));
    limited(name, 10 * PAGE).instantiateSync({ wait: (ms: number) => ms + 1 });
  }
  assert.match(
    String(thrown(() => limited("start_trap", 10 * PAGE).instantiateSync())),
    /Trap: .*unreachable/,
  );
});

Deno.test("names that the engine uses for what it adds may be taken", () => {
  const { exports } = limited("taken_names", 6 * PAGE).instantiateSync();
  assert.equal(exports["globals"](), 189, "the start function grew its own memory, from 1");
  assert.equal(exports["grow"](1), 1 * 1000 + 2);
  assert.equal(exports["grow"](1), 2 * 1000 - 1, "one page was left, and the first memory took it");
  assert.equal(exports["globals"](), 189);
});

Deno.test("a core module may export the name that a start function is moved to", async () => {
  for (const options of [{}, { maxMemoryBytes: PAGE }]) {
    const component = Component.compileSync(read("wasm/start_named.wasm"), options);
    const wait = suspending((ms: number) => Promise.resolve(ms + 1));
    const { exports } = await component.instantiate({ wait });
    assert.equal(await exports["got"](), 2);
  }
});

/** The first sections of a core module: a type section with `[] -> []` behind what is given. */
const typed = (...first: Part[]): Part => section(1, vec(...first, [0x60, vec(), vec()]));
const STRUCT: Part = [0x5f, vec([0x7f, 0x00])];
const pages = (flags: number, ...rest: number[]): Part => section(5, vec([flags, ...rest]));
const tag = (...params: number[]): Part => [
  section(1, vec([0x60, vec(...params), vec()])),
  section(13, vec([0x00, 0x00])),
];

/** Core modules that take what nothing could count. */
const uncountable: readonly (readonly [what: string, module: Uint8Array, message: RegExp])[] = [
  ["structs", core(typed(STRUCT)), /types of garbage-collected objects \(type 0\)/],
  ["arrays", core(typed([0x60, vec(), vec()], [0x5e, 0x7f, 0x01])), /\(type 1\)/],
  ["structs in a group", core(typed([0x4e, vec([0x60, vec(), vec()], STRUCT)])), /\(type 1\)/],
  ["structs that may have subtypes", core(typed([0x50, vec(), STRUCT])), /\(type 0\)/],
  ["a 64-bit memory", core(pages(0x04, 0x01)), /a 64-bit memory/],
  ["a shared memory", core(pages(0x03, 0x01, 0x02)), /a shared memory/],
  ["a table of exceptions", core(section(4, vec([0x69, 0x00, 0x01]))), /keeps exceptions/],
  ["a table of exceptions, in long", core(section(4, vec([0x63, 0x69, 0x00, 0x01]))), /keeps exceptions/],
  ["a global exception", core(section(6, vec([0x69, 0x01, 0xd0, 0x69, 0x0b]))), /keeps exceptions/],
  ["exceptions in exceptions", core(tag(0x69)), /keeps exceptions/],
  [
    "large exceptions",
    core(tag(...Array.from({ length: 17 }, () => 0x7f))),
    /exceptions of more than 16 values/,
  ],
];

for (const [what, module, message] of uncountable) {
  Deno.test(`a core module with ${what} cannot be bounded, and is not run without`, () => {
    assert.ok(WebAssembly.validate(module as Uint8Array<ArrayBuffer>), "the module is valid");
    Component.compileSync(around(module));
    const error = thrown(() => Component.compileSync(around(module), { maxMemoryBytes: PAGE }));
    assertLimit(error, PAGE, undefined, message);
    assert.match(
      (error as Error).message,
      /^the core module at byte \d+ has |keeps .*, which cannot be bounded$/,
    );
  });
}

Deno.test("exceptions that hold a few numbers can be bounded", () => {
  for (const params of [0, 16]) {
    const module = core(tag(...Array.from({ length: params }, () => 0x7f)));
    Component.compileSync(around(module), { maxMemoryBytes: 0 }).instantiateSync();
  }
});

Deno.test("a core module that is imported has no bytes to look at, so it is refused", () => {
  const mod = new WebAssembly.Module(core(
    section(1, vec([0x60, vec(0x7f), vec(0x7f)])),
    section(3, vec(0x00)),
    section(7, vec([name("inc"), 0x00, u32(0)])),
    section(10, vec([0x04, 0x00, 0x20, 0x00, 0x0b])),
  ));
  class Thing {
    static best = () => new Thing();
    weight() {
      return 1;
    }
  }
  const inner = { f: () => 1, Thing, deeper: { g: () => 9 } };
  const imports = { base: (x: number) => x * 3, mod, lib: written("lib"), "t:outer/inner@1.0.0": inner };
  const error = thrown(() => limited("imports", 10 * PAGE).instantiateSync(imports));
  assertLimit(error, 10 * PAGE, undefined, /a core module that is imported cannot be bounded/);
});

Deno.test("of a component that is imported the limit of the importer holds, whatever its own", () => {
  // (component (import "c" (component $c (export "grow" …))) (instance $i (instantiate $c)) (export "grow" …))
  const wants = (options: CompileOptions) => Component.compileSync(read("wasm/holder.wasm"), options);
  for (const own of [undefined, 2 * PAGE, 1000 * PAGE]) {
    const c = Component.compileSync(read("wasm/held.wasm"), { maxMemoryBytes: own });
    const { exports } = wants({ maxMemoryBytes: 5 * PAGE }).instantiateSync({ c });
    assert.deepEqual([exports["growA"](3), exports["growB"](1), exports["growA"](2)], [1, -1, -1]);
    const free = wants({}).instantiateSync({ c }).exports;
    assert.deepEqual([free["growA"](30), free["growB"](10)], [1, 1]);
  }
  const error = thrown(() =>
    wants({ maxMemoryBytes: PAGE }).instantiateSync({ c: Component.compileSync(read("wasm/held.wasm")) })
  );
  assertLimit(error, PAGE, 2 * PAGE, /begin with/);
});

Deno.test("a few bytes that ask for thousands of instances are refused before one is made", () => {
  assert.match(
    String(thrown(() => limited("instance_bomb", 2 ** 40).instantiateSync())),
    /more than 10000 inst/,
  );
  const large = core(
    section(1, vec([0x60, vec(), vec()])),
    section(3, vecOf(Array.from({ length: 10_000 }, () => 0x00))),
    section(10, vecOf(Array.from({ length: 10_000 }, () => [0x02, 0x00, 0x0b]))),
  );
  const times = (count: number) =>
    component(section(1, large), section(2, vecOf(Array.from({ length: count }, () => [0x00, 0x00, vec()]))));
  Component.compileSync(times(10), { maxMemoryBytes: 0 }).instantiateSync();
  const error = thrown(() => Component.compileSync(times(100), { maxMemoryBytes: 0 }).instantiateSync());
  assertLimit(error, 0, undefined, /core instances .* would take more than 67108864 bytes of the host's/);
});

Deno.test("a compiled component keeps its limit as data, and nothing is compiled again", async () => {
  const component = limited("hold", 9 * PAGE + 10 * ELEMENT);
  const data = structuredClone(component.data);
  const { Module } = WebAssembly;
  let compiled = 0;
  WebAssembly.Module = class extends Module {
    constructor(bytes: BufferSource) {
      super(bytes);
      compiled++;
    }
  };
  try {
    const { exports } = Component.from(data).instantiateSync();
    assert.deepEqual([exports["one"].got(), exports["two"].got()], [1, -1]);
    assert.equal(exports["grow"](1), 1);
    assert.equal(exports["grow"](1), -1);
  } finally {
    Object.assign(WebAssembly, { Module });
  }
  assert.equal(compiled, 0);
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  try {
    const answer = new Promise<{ sum: number }>((resolve, reject) => {
      worker.onmessage = (event) => resolve(event.data);
      worker.onerror = (event) => reject(new Error(event.message));
    });
    const bytes = read("../../examples/calculator/calculator.wasm");
    worker.postMessage(Component.compileSync(bytes, { maxMemoryBytes: 4 * PAGE }).data);
    assert.equal((await answer).sum, 42);
  } finally {
    worker.terminate();
  }
});

Deno.test("what V8 refuses is a DecodeError under a limit too", () => {
  // A function that leaves nothing where a number is due; one that grows a memory that is not there.
  const broken = (...code: number[]) =>
    around(core(
      section(1, vec([0x60, vec(), vec(0x7f)])),
      section(3, vec(0x00)),
      section(5, vec([0x00, 0x01])),
      section(10, vec([u32(code.length), code])),
    ));
  for (const code of [[0x00, 0x0b], [0x00, 0x41, 0x00, 0x40, 0x01, 0x0b], [0x00, 0x41, 0x00, 0x40, 0x80]]) {
    for (const options of [{}, { maxMemoryBytes: PAGE }]) {
      assert.throws(() => Component.compileSync(broken(...code), options), (error: unknown) => {
        assert.ok(error instanceof DecodeError, String(error));
        assert.equal(error.code, "invalid");
        return true;
      });
    }
  }
});

/** Guests of real toolchains, something each does under a limit, and something that would take more. */
const toolchains: readonly (readonly [
  what: string,
  guest: string,
  limit: number,
  works: (exports: Exports) => unknown,
  fails: (exports: Exports) => unknown,
])[] = [
  [
    "Rust",
    "kinds/kinds",
    40 * PAGE,
    (e) => assert.equal(e["test:kinds/work@0.1.0"].bytes(PAGE * 4).length, PAGE * 4),
    (e) => e["test:kinds/work@0.1.0"].bytes(PAGE * 40),
  ],
  [
    "AssemblyScript",
    "assemblyscript/words",
    20 * PAGE,
    (e) => assert.equal(e["greet"]("x".repeat(PAGE)), `Hello, ${"x".repeat(PAGE)}!`),
    (e) => e["greet"]("x".repeat(PAGE * 20)),
  ],
  [
    "JavaScript",
    "js/calculator",
    256 * PAGE,
    async (e) => assert.equal(await e["greet"]("Ada"), "Hello, Ada!"),
    (e) => e["greet"]("x".repeat(PAGE * 256)),
  ],
  [
    "two Rust components in one",
    "composed/composed",
    48 * PAGE,
    async (e) => assert.equal(await e["test:composed/app@0.1.0"].add(1, 2), 3),
    (e) => e["test:composed/app@0.1.0"].find("x".repeat(PAGE * 20)),
  ],
];

for (const [what, guest, limit, works, fails] of toolchains) {
  Deno.test(`${what}: works under a limit, traps beyond it, and the next instance works`, async () => {
    const component = limitedGuest(guest, limit);
    const imports = { ...hosts(), "test:words/notes@0.1.0": { note: () => {} } };
    const missing = (name: string) => new Error(`${name} is not there`);
    for (let i = 0; i < 3; i++) {
      const { exports } = component.instantiateSync(imports, { missing });
      await works(exports);
      const error = await Promise.resolve().then(() => fails(exports)).then(
        () => assert.fail("it did not fail"),
        (e: unknown) => e,
      );
      assert.ok(error instanceof Trap, String(error));
      assert.ok(await rejection(Promise.resolve().then(() => works(exports))) instanceof Trap, "it is dead");
    }
  });
}

Deno.test("a guest that takes one handle more than it may traps, with the limit as its cause", () => {
  class Thing {}
  const things = {
    Thing,
    make: () => new Thing(),
    take: () => {},
    look: () => {},
    both: () => {},
    bothBack: () => {},
  };
  const imports = { "t:host/things": things };
  for (const [flood, maxHandles] of [["flood", 10], ["floodThings", 3], ["flood", 0]] as const) {
    const { exports } = written("handles").instantiateSync(imports, { maxHandles });
    for (let i = 0; i < maxHandles; i++) assert.equal(exports["make"](), i + 1);
    const error = thrown(() => exports["make"]());
    assert.ok(error instanceof Trap, String(error));
    assert.match(error.message, new RegExp(`more than ${maxHandles} handles at once`));
    const { cause } = error;
    assert.ok(cause instanceof LimitError, String(cause));
    assert.deepEqual([cause.limit, cause.value, cause.asked], ["maxHandles", maxHandles, maxHandles + 1]);
    assertDead(() => exports[flood](), error);
  }
  assert.throws(() => written("handles").instantiateSync(imports, { maxHandles: -1 }), /maxHandles must be/);
});

Deno.test("handles that are dropped make room", () => {
  class Thing {}
  const make = () => new Thing();
  const imports = { "t:host/things": { Thing, make, take() {}, look() {}, both() {}, bothBack() {} } };
  const { exports } = written("handles").instantiateSync(imports, { maxHandles: 2 });
  for (let i = 0; i < 1000; i++) exports["dropThing"](exports["make"]());
});
