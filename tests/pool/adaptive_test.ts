/** An adaptive pool: its count follows the work, and its clock rests when there is none. */
import assert from "node:assert/strict";
import { AdaptiveSlots, type Clock } from "../../src/pool/adaptive.ts";
import { inRepository } from "../support/airlock.ts";
import { settle, work } from "./contract.ts";

/** A clock that is moved on by hand. */
class Hand implements Clock {
  #now = 0;
  #call: (() => void) | undefined;
  #next = 0;

  get ticking(): boolean {
    return this.#call !== undefined;
  }

  now(): number {
    return this.#now;
  }

  every(milliseconds: number, call: () => void): () => void {
    assert.equal(milliseconds, 500);
    assert.equal(this.#call, undefined, "two tick");
    this.#call = call;
    this.#next = this.#now + milliseconds;
    return () => this.#call = undefined;
  }

  /** Time goes by. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    while (this.#call !== undefined && this.#next <= end) {
      this.#now = this.#next;
      this.#next += 500;
      this.#call();
      await settle();
    }
    this.#now = end;
  }
}

/** Sleepers: each runs for some time of the clock's. */
function sleeper(clock: Hand, pool: AdaptiveSlots, milliseconds: number) {
  const until: { at: number; end: () => void }[] = [];
  return {
    begin: () =>
      pool.run(() => {
        const { run, end } = work();
        until.push({ at: clock.now() + milliseconds, end });
        return run();
      }),
    wake: () => {
      for (const { at, end } of until) if (at <= clock.now()) end();
    },
  };
}

Deno.test("it begins with one, grows while calls wait, and has no more than the most", async () => {
  const clock = new Hand();
  const pool = new AdaptiveSlots(6, 64, clock);
  const { begin, wake } = sleeper(clock, pool, 1000);
  const calls = Array.from({ length: 60 }, begin);
  assert.equal(pool.size, 1);
  let most = 0;
  while (pool.running > 0) {
    await clock.pass(500);
    wake();
    await settle();
    most = Math.max(most, pool.size);
    assert.ok(pool.running <= 6);
  }
  await Promise.all(calls);
  assert.equal(most, 6);
});

Deno.test("the clock ticks only while there is work; what it left out counts when work comes again", async () => {
  const clock = new Hand();
  const pool = new AdaptiveSlots(8, 64, clock);
  assert.equal(clock.ticking, false);
  const works = Array.from({ length: 20 }, () => work());
  const calls = works.map(({ run }) => pool.run(run));
  assert.equal(clock.ticking, true);
  await clock.pass(10_000);
  assert.equal(pool.size, 8);
  works.forEach(({ end }) => end());
  await Promise.all(calls);
  await clock.pass(500);
  assert.equal(clock.ticking, false, "nothing is left to look at");
  await clock.pass(3_000);
  const short = work();
  const one = pool.run(short.run);
  assert.equal(pool.size, 8, "it was idle for less than eight ticks");
  short.end();
  await one;
  await clock.pass(60_000);
  await pool.run(() => Promise.resolve());
  assert.equal(pool.size, 1, "it was idle for a minute");
});

Deno.test("a smaller count ends nothing that runs", async () => {
  const clock = new Hand();
  const pool = new AdaptiveSlots(8, 64, clock);
  const works = Array.from({ length: 8 }, () => work());
  const calls = works.map(({ run }) => pool.run(run));
  await clock.pass(10_000);
  assert.equal(pool.running, 8);
  works.slice(2).forEach(({ end }) => end());
  await clock.pass(60_000);
  assert.equal(pool.running, 2);
  assert.ok(pool.size < 8 && pool.size >= 2, `${pool.size}`);
  works.forEach(({ end }) => end());
  await Promise.all(calls);
});

Deno.test("a program that has nothing else to do ends, though a pool of its has worked", async () => {
  const program = `
    import { AdaptiveSlots } from ${
    JSON.stringify(new URL(`file://${inRepository("src/pool/adaptive.ts")}`).href)
  };
    const pool = new AdaptiveSlots(4);
    await Promise.all([1, 2, 3].map(() => pool.run(() => new Promise((resolve) => setTimeout(resolve, 10)))));
    console.log("done");
  `;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-check", "--ext=ts", program],
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(30_000),
  });
  const { code, stdout, stderr } = await child.output();
  assert.equal(new TextDecoder().decode(stdout), "done\n", new TextDecoder().decode(stderr));
  assert.equal(code, 0);
});
