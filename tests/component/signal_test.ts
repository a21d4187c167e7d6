/** `instantiate(imports, { signal })`: a guest that waits can be given up. */
import assert from "node:assert/strict";
import { guest, hosts } from "./guests.ts";
import { release } from "../../src/wasi/mod.ts";

const sleeper = guest("sleeper/sleeper");
const HOUR = 3_600_000;

/** An instance on WASI hosts that a signal gives up. */
async function start(signal: AbortSignal) {
  const imports = hosts();
  const { exports } = await sleeper.instantiate(imports, { signal });
  return { sleep: exports["test-sleep"].sleepMs as (ms: number) => Promise<unknown>, imports, exports };
}

Deno.test("a guest that waits fails with the signal's reason, and is dead", async () => {
  const controller = new AbortController();
  const { sleep, imports } = await start(controller.signal);
  const asleep = sleep(HOUR);
  const reason = new Error("enough");
  controller.abort(reason);
  assert.equal(await asleep.catch((error: unknown) => error), reason);
  const later = await sleep(0).catch((error: unknown) => error) as Error;
  assert.match(later.message, /the instance is dead/);
  assert.equal(later.cause, reason);
  release(imports);
});

Deno.test("a guest that comes to wait after the signal does not wait", async () => {
  const controller = new AbortController();
  const { sleep, imports } = await start(controller.signal);
  const reason = new Error("too late");
  controller.abort(reason);
  assert.equal(await sleep(HOUR).catch((error: unknown) => error), reason);
  release(imports);
});

Deno.test("a guest that need not wait does not notice", async () => {
  const controller = new AbortController();
  const { exports, imports } = await start(controller.signal);
  controller.abort();
  assert.equal(await exports["add"](20, 22), 42);
  release(imports);
});

Deno.test("one signal gives up all that wait, and is left alone by those that do not any more", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  let listeners = 0;
  const add = signal.addEventListener.bind(signal), remove = signal.removeEventListener.bind(signal);
  Object.assign(signal, {
    addEventListener: (...args: Parameters<typeof add>) => (listeners++, add(...args)),
    removeEventListener: (...args: Parameters<typeof remove>) => (listeners--, remove(...args)),
  });
  const instances = await Promise.all(Array.from({ length: 10 }, () => start(signal)));
  await Promise.all(instances.map(({ sleep }) => sleep(1)));
  assert.equal(listeners, 0, "nothing stays behind");
  const asleep = instances.map(({ sleep }) =>
    sleep(HOUR).then(() => "awake", (error: Error) => error.message)
  );
  controller.abort(new Error("all of you"));
  assert.deepEqual(await Promise.all(asleep), instances.map(() => "all of you"));
  for (const { imports } of instances) release(imports);
});

Deno.test("release() stops the timers of a guest that was given up: nothing keeps the process", async () => {
  const script = `
    import { guest, hosts } from ${JSON.stringify(new URL("guests.ts", import.meta.url).href)};
    import { release } from ${JSON.stringify(new URL("../../src/wasi/mod.ts", import.meta.url).href)};
    const controller = new AbortController();
    const imports = hosts();
    const { exports } = await guest("sleeper/sleeper").instantiate(imports, { signal: controller.signal });
    const asleep = exports["test-sleep"].sleepMs(${HOUR}).catch(() => {});
    controller.abort();
    await asleep;
    release(imports);
  `;
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", `data:application/typescript,${encodeURIComponent(script)}`],
    signal: AbortSignal.timeout(60_000),
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
});
