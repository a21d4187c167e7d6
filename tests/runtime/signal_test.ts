/** `signal` of a call: wherever the call is when it aborts, it fails with the reason, and nothing of it goes on. */
import assert from "node:assert/strict";
import type { RuntimeEvent } from "../../mod.ts";
import type { ChildProcess } from "../../src/compartment/process.ts";
import { starter } from "../../src/compartment/start.ts";
import { load as loadRegistry } from "../../src/registry/load.ts";
import { Live } from "../../src/runtime/live.ts";
import { component, HEAD, project } from "../support/project.ts";
import { func, FUNCS } from "./funcs_support.ts";
import { Log } from "./serve_support.ts";
import { Collector, it } from "./support.ts";

const FILES = {
  "funcs.wasm": FUNCS,
  "kinds.wasm": component("tests/guests/kinds/kinds.wasm"),
  "sleeper.wasm": component("tests/guests/sleeper/sleeper.wasm"),
};

/** An application, its events, and the processes that were started for it. */
async function application(entries: string) {
  const folder = await project({ ...FILES, "app.yaml": HEAD + entries });
  const children: ChildProcess[] = [];
  const start = starter({ lacking() {} });
  const live = new Live(loadRegistry(`${folder.directory}/app.yaml`), {
    start: () =>
      Promise.resolve(async (spec, onBytes) => {
        // The tests wait for their ends, where a program would not.
        const { hold: _, ...child } = await start(spec, onBytes);
        children.push(child);
        return child;
      }),
    stdio: { stderr: new Collector() },
    terminal: {},
    warn() {},
  });
  const events = new Log<RuntimeEvent>();
  live.events.listen((event) => events.add(event));
  const enough = new Error("enough");
  const controller = new AbortController();
  return {
    children,
    /** Calls with the signal; it must fail with the signal's own reason. */
    async fails(name: string, ...args: unknown[]): Promise<void> {
      await assert.rejects(live.call(name, args, { signal: controller.signal }), (error) => error === enough);
    },
    call: (name: string, ...args: unknown[]) => live.call(name, args, {}),
    abort: () => controller.abort(enough),
    /** Once a call of an entry was started. */
    async started(entry: string): Promise<void> {
      await events.find((event) => event.type === "call-started" && event.entry === entry);
    },
    /** Every call that was started is over, now or soon. */
    async over(): Promise<void> {
      const count = (type: string) => events.all.filter((event) => event.type === type).length;
      await events.find(() => count("call-ended") === count("call-started"));
    },
    async [Symbol.asyncDispose]() {
      await live.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

const HOUR = 3_600_000;
const SLEEP = "test-sleep#sleep-ms";
const SPIN = "test:kinds/work@0.1.0#spin";

for (const isolation of ["inline", "process"]) {
  Deno.test(`a signal that has aborted before: nothing of the call runs: ${isolation}`, async () => {
    await using app = await application(await it("sleeper", SLEEP, { isolation }));
    app.abort();
    await app.fails("it", HOUR);
    await app.over();
  });

  Deno.test(`a signal that aborts while the entry is made ready: ${isolation}`, async () => {
    await using app = await application(await it("sleeper", SLEEP, { isolation }));
    const call = app.fails("it", HOUR);
    app.abort();
    await call;
    await app.over();
  });

  Deno.test(`a signal that aborts while the call waits for a slot, which it leaves to the next: ${isolation}`, async () => {
    await using app = await application(await it("sleeper", SLEEP, { isolation, pool: "{type: inline}" }));
    const running = app.call("it", 300);
    await app.started("app:it");
    const waiting = app.fails("it", HOUR);
    const next = app.call("it", 1);
    app.abort();
    await waiting;
    await Promise.all([running, next]);
    await app.over();
  });

  Deno.test(`a signal that aborts while the guest is suspended: ${isolation}`, async () => {
    await using app = await application(await it("sleeper", SLEEP, { isolation }));
    const call = app.fails("it", HOUR);
    await app.started("app:it");
    app.abort();
    await call;
    assert.equal(typeof await app.call("it", 1), "bigint", "its process, if any, goes on");
    assert.equal(app.children.length, isolation === "inline" ? 0 : 1);
    await app.over();
  });

  Deno.test(`a signal that aborts while a call waits for another one: both end: ${isolation}`, async () => {
    await using app = await application(
      await func("hand", { isolation }) + await func("wait", { isolation }),
    );
    const call = app.fails("hand", "wait", String(HOUR));
    await app.started("app:wait");
    app.abort();
    await call;
    await app.over();
  });

  Deno.test(`a signal that aborts while a call waits for one that computes: its process is killed: ${isolation}`, async () => {
    await using app = await application(
      await func("hand", { isolation }) + await func("spin", { isolation: "process" }),
    );
    const call = app.fails("hand", "spin", "");
    await app.started("app:spin");
    app.abort();
    await call;
    await app.over();
    assert.equal((await app.children.at(-1)!.ended).signal, "SIGKILL");
  });
}

Deno.test("a signal that aborts while the guest computes: its process is killed", async () => {
  await using app = await application(
    await it("kinds", SPIN, { name: "spin", isolation: "process" }),
  );
  const call = app.fails("spin");
  await app.started("app:spin");
  app.abort();
  await call;
  assert.equal((await app.children[0]!.ended).signal, "SIGKILL");
  await app.over();
});
