/** Whatever grows whatever in whatever order: together it is never more than the limit, and never less than it may. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { Component, LimitError } from "../../src/component/mod.ts";
import { type Holding, holding, type Range } from "./cores.ts";

const PAGE = 65536;
const ELEMENT = 24;

const range = (least: number, more: number): fc.Arbitrary<Range> =>
  fc.record({ min: fc.nat(least), more: fc.option(fc.nat(more), { nil: undefined }) })
    .map(({ min, more }) => ({ min, max: more === undefined ? undefined : min + more }));

const module = fc.record({
  picks: fc.array(fc.nat(1000), { maxLength: 2 }),
  memories: fc.array(range(3, 12), { maxLength: 3 }),
  tables: fc.array(range(50, 100), { maxLength: 2 }),
  start: fc.option(fc.nat(8), { nil: undefined }),
});

/** Modules, each of which imports some memories of those before it. */
const modules: fc.Arbitrary<Holding[]> = fc.array(module, { minLength: 1, maxLength: 4 }).map((drawn) => {
  const made: Holding[] = [];
  for (const { picks, ...rest } of drawn) {
    const there = made.flatMap((m, from) =>
      [...m.imports, ...m.memories].map((_, memory) => ({ from, memory }))
    );
    const imports = there.length === 0 ? [] : picks.map((pick) => there[pick % there.length]!);
    made.push({ imports, ...rest });
  }
  return made;
});

const steps = fc.array(
  fc.record({
    pick: fc.nat(1000),
    pages: fc.oneof(
      { weight: 8, arbitrary: fc.nat(6) },
      fc.constantFrom(40, 65535, 65536, 2 ** 31, 2 ** 32 - 1),
    ),
  }),
  { maxLength: 30 },
);

/** A memory as it should be. */
interface Model {
  pages: number;
  readonly max: number;
}

class Expected {
  readonly memories: Model[][] = [];
  readonly #limit: number;
  #used: number;

  constructor(modules: readonly Holding[], limit: number) {
    this.#limit = limit;
    this.#used = initialOf(modules);
    for (const { imports, memories, start } of modules) {
      const own = memories.map(({ min, max = 65536 }) => ({ pages: min, max }));
      const all = [...imports.map(({ from, memory }) => this.memories[from]![memory]!), ...own];
      this.memories.push(all);
      if (start !== undefined && all.length > 0) this.grow(all[0]!, start);
    }
  }

  grow(memory: Model, by: number): number {
    const { pages } = memory;
    if (pages + by > memory.max || this.#used + by * PAGE > this.#limit) return -1;
    this.#used += by * PAGE;
    memory.pages += by;
    return pages;
  }
}

function initialOf(modules: readonly Holding[]): number {
  const sum = (ranges: readonly Range[]) => ranges.reduce((total, { min }) => total + min, 0);
  return modules.reduce((total, m) => total + sum(m.memories) * PAGE + sum(m.tables) * ELEMENT, 0);
}

Deno.test("memories grow exactly as far as all of them together may", () => {
  let instances = 0, refusedGrowth = 0, grown = 0, refused = 0;
  fc.assert(
    fc.property(modules, fc.nat(30 * PAGE), steps, (drawn, limit, calls) => {
      const component = Component.compileSync(holding(drawn), { maxMemoryBytes: limit });
      const initial = initialOf(drawn);
      if (initial > limit) {
        refused++;
        assert.throws(() => component.instantiateSync(), (error: unknown) => {
          assert.ok(error instanceof LimitError, String(error));
          assert.deepEqual([error.limit, error.value, error.asked], ["maxMemoryBytes", limit, initial]);
          return true;
        });
        return;
      }
      instances++;
      const { exports } = component.instantiateSync();
      const expected = new Expected(drawn, limit);
      const all = expected.memories.flatMap((memories, m) => memories.map((model, i) => ({ model, m, i })));
      const check = () => {
        for (const { model, m, i } of all) assert.equal(exports[`m${m}Size${i}`](), model.pages);
        const distinct = [...new Set(all.map(({ model }) => model))];
        const pages = distinct.reduce((sum, model) => sum + model.pages, 0);
        assert.ok(pages * PAGE <= limit, `${pages} pages, ${limit} bytes`);
      };
      check();
      if (all.length > 0) {
        for (const { pick, pages } of calls) {
          const { model, m, i } = all[pick % all.length]!;
          const want = expected.grow(model, pages);
          assert.equal(exports[`m${m}Grow${i}`](pages), want);
          if (want < 0) refusedGrowth++;
          else if (pages > 0) grown++;
        }
      }
      check();
      drawn.forEach(({ tables }, m) =>
        tables.forEach(({ min }, i) => {
          assert.equal(exports[`m${m}Table${i}`](1), -1);
          assert.equal(exports[`m${m}Table${i}`](0), min);
          assert.equal(exports[`m${m}Length${i}`](), min);
        })
      );
    }),
    { numRuns: 200 },
  );
  // A sweep that reaches nothing proves nothing.
  for (const count of [instances, refused, grown, refusedGrowth]) assert.ok(count > 10, String(count));
});

Deno.test("without a limit the same components grow as they say", () => {
  fc.assert(
    fc.property(modules, steps, (drawn, calls) => {
      const { exports } = Component.compileSync(holding(drawn)).instantiateSync();
      const expected = new Expected(drawn, Infinity);
      const all = expected.memories.flatMap((memories, m) => memories.map((model, i) => ({ model, m, i })));
      for (const { pick, pages } of calls) {
        if (all.length === 0 || pages > 100) continue;
        const { model, m, i } = all[pick % all.length]!;
        assert.equal(exports[`m${m}Grow${i}`](pages), expected.grow(model, pages));
      }
    }),
    { numRuns: 50 },
  );
});
