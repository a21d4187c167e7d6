// Guests in processes of their own: what crosses, what a process that dies or lies does to its callers, and its limits.
import assert from "node:assert/strict";
import { ChannelError, CompartmentError } from "../../src/compartment/error.ts";
import { encodeFrame, Kind } from "../../src/compartment/frame.ts";
import type { ChildProcess, Start } from "../../src/compartment/process.ts";
import { Processes } from "../../src/compartment/processes.ts";
import type { GuestSpec } from "../../src/compartment/spec.ts";
import { starter } from "../../src/compartment/start.ts";
import { encodeValue } from "../../src/compartment/value.ts";
import { LimitError } from "../../src/component/mod.ts";
import { denied } from "../../src/grant/grant.ts";
import type { IncomingExchange } from "../../src/wasi/http/incoming_exchange.ts";
import { inRepository } from "../support/airlock.ts";

const start = starter({ lacking: (reason) => assert.fail(reason) });

function spec(file: string, method: string, more: Partial<GuestSpec> = {}): GuestSpec {
  return {
    file: inRepository(file),
    hash: undefined,
    method,
    program: "it",
    grant: { ...denied, holder: "app:it" },
    strict: false,
    maxMemoryBytes: undefined,
    where: undefined,
    ...more,
  };
}

const endless = (method: string) => spec("tests/guests/endless/endless.wasm", method);
const options = { stdio: {} };

/** Keeps what was started, to look at and to kill. */
function watched(): { start: Start; children: ChildProcess[] } {
  const children: ChildProcess[] = [];
  return {
    children,
    start: async (spec, onBytes) => {
      // The tests wait for their ends, where a program would not.
      const { hold: _, ...child } = await start(spec, onBytes);
      children.push(child);
      return child;
    },
  };
}

function alive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(Deno.readTextFileSync(`/proc/${pid}/status`));
  } catch {
    return false;
  }
}

async function using(processes: Processes, test: (processes: Processes) => Promise<void>): Promise<void> {
  try {
    await test(processes);
  } finally {
    await processes.close();
  }
}

Deno.test("calls share one process, and closing ends it", async () => {
  const { start, children } = watched();
  const processes = new Processes(endless("add"), { start, maxExecutionMs: undefined });
  const sums = await Promise.all(Array.from({ length: 50 }, (_, i) => processes.call([i, 1], options)));
  assert.deepEqual(sums, Array.from({ length: 50 }, (_, i) => i + 1));
  assert.equal(children.length, 1);
  assert.ok(alive(children[0]!.pid));
  await processes.close();
  assert.ok(!alive(children[0]!.pid));
  await assert.rejects(processes.call([1, 2], options), CompartmentError);
});

Deno.test("a process that was killed fails the calls under way, and the next call has another one", async () => {
  const { start, children } = watched();
  await using(new Processes(endless("spin"), { start, maxExecutionMs: undefined }), async (spinning) => {
    await spinning.method();
    const calls = [spinning.call([], options), spinning.call([], options)].map((call) =>
      assert.rejects(call, {
        name: "CompartmentError",
        message: "the process of app:it was ended by SIGKILL while it was needed",
      })
    );
    Deno.kill(children[0]!.pid, "SIGKILL");
    await Promise.all(calls);
    assert.equal((await spinning.method()).name, "spin");
    assert.equal(children.length, 2);
  });
});

Deno.test("a call that takes longer than it may is killed with its process; others go on", async () => {
  const { start, children } = watched();
  await using(new Processes(endless("spin"), { start, maxExecutionMs: 300 }), async (spinning) => {
    await using(new Processes(endless("add"), { start, maxExecutionMs: 300 }), async (adding) => {
      const begun = performance.now();
      const spun = assert.rejects(spinning.call([], options), (error) => {
        assert.ok(error instanceof LimitError);
        assert.deepEqual([error.limit, error.value], ["max_execution_ms", 300]);
        assert.match(error.message, /app:it ran longer than limits.max_execution_ms: 300 allows/);
        return true;
      });
      assert.equal(await adding.call([20, 22], options), 42);
      await spun;
      assert.ok(performance.now() - begun >= 300);
      await Promise.any(children.map(({ ended }) => ended));
      assert.equal(children.filter(({ pid }) => alive(pid)).length, 1, "the one that adds");
    });
  });
});

Deno.test("a call ends when its signal says so", async () => {
  await using(new Processes(endless("spin"), { start, maxExecutionMs: undefined }), async (spinning) => {
    const controller = new AbortController();
    const call = spinning.call([], { ...options, signal: controller.signal });
    setTimeout(() => controller.abort(new Error("enough")), 200);
    await assert.rejects(call, { message: "enough" });
    await assert.rejects(spinning.call([], { ...options, signal: AbortSignal.abort(new Error("never")) }), {
      message: "never",
    });
  });
});

/** A process that says these bytes instead of what a compartment says. */
function liar(...says: Uint8Array[]): { start: Start; killed: () => boolean } {
  let dead = false;
  return {
    killed: () => dead,
    start: (_, onBytes) => {
      const ended = Promise.withResolvers<{ code: number; signal: undefined }>();
      queueMicrotask(() => says.forEach(onBytes));
      return Promise.resolve({
        pid: 0,
        send: () => {},
        kill: () => {
          dead = true;
          ended.resolve({ code: 1, signal: undefined });
        },
        ended: ended.promise,
      });
    },
  };
}

const READY = encodeFrame(Kind.Ready, 0, encodeValue({ name: "add", type: undefined }));
const LIES: readonly [string, Uint8Array[]][] = [
  ["says nothing that is a frame", [new Uint8Array(100).fill(0xff)]],
  ["speaks of a call that nobody made", [READY, encodeFrame(Kind.Result, 77, encodeValue(1))]],
  ["answers with no value", [READY, encodeFrame(Kind.Result, 1, Uint8Array.of(99))]],
  ["says what only the parent says", [READY, encodeFrame(Kind.Call, 1)]],
  ["is ready with no value", [encodeFrame(Kind.Ready, 0, Uint8Array.of(99))]],
  ["fails with no error", [encodeFrame(Kind.Failed, 0, encodeValue({ name: 1 }))]],
];

for (const [what, says] of LIES) {
  Deno.test(`a process that ${what} is killed, and its caller told`, async () => {
    const { start, killed } = liar(...says);
    const processes = new Processes(endless("add"), { start, maxExecutionMs: undefined });
    await assert.rejects(processes.call([1, 2], options), (error) => {
      assert.ok(error instanceof ChannelError || error instanceof CompartmentError, String(error));
      return true;
    });
    assert.ok(killed());
    await processes.close();
  });
}

/** A process that is ready, and answers the first frame of a call with these. */
function answering(...says: Uint8Array[]): { start: Start; killed: () => boolean } {
  const { start, killed } = liar(READY);
  return {
    killed,
    start: async (spec, onBytes) => {
      const child = await start(spec, onBytes);
      let frames = 0;
      // The first frame that it is sent is the job, the second one the call.
      const send = () => {
        if (++frames === 2) queueMicrotask(() => says.forEach(onBytes));
      };
      return { ...child, send };
    },
  };
}

Deno.test("a process that wishes for the same input twice at once is killed: each wish costs the parent a buffer", async () => {
  const wish = encodeFrame(Kind.WantStdin, 1);
  const { start, killed } = answering(wish, wish);
  const processes = new Processes(endless("add"), { start, maxExecutionMs: undefined });
  const stdin = { read: () => new Promise<null>(() => {}) };
  await assert.rejects(processes.call([1, 2], { stdio: { stdin } }), ChannelError);
  assert.ok(killed());
  await processes.close();
});

const HEADERS: readonly [string, unknown][] = [
  ["control characters in a value", [["x-y", Uint8Array.of(1, 2, 127)]]],
  ["a line break in a value", [["x-y", new TextEncoder().encode("a\r\nb: c")]]],
  ["a space in a name", [["x y", Uint8Array.of(97)]]],
  ["the framing of the message", [["transfer-encoding", new TextEncoder().encode("chunked")]]],
  ["no list", null],
  ["a hundred thousand fields", Array.from({ length: 100_000 }, () => ["a", Uint8Array.of(97)])],
];

for (const [what, headers] of HEADERS) {
  Deno.test(`a process that answers a request with ${what} is killed, and the client is told 500`, async () => {
    const head = { status: 200, headers, whole: new Uint8Array(0), failed: false };
    const { start, killed } = answering(encodeFrame(Kind.Response, 1, encodeValue(head)));
    const processes = new Processes(endless("add"), { start, maxExecutionMs: undefined });
    const told: number[] = [];
    const exchange: IncomingExchange = {
      ...{ method: "GET", scheme: "HTTP", authority: "a", pathWithQuery: "/", headers: [] },
      body: { ready: () => true, watch: () => () => {}, read: () => null },
      trailers: () => Promise.resolve(undefined),
      respond: ({ status }) => void told.push(status),
    };
    await assert.rejects(processes.handle(exchange, options, () => 500), ChannelError);
    assert.deepEqual(told, [500]);
    assert.ok(killed());
    await processes.close();
  });
}

Deno.test("a module that is not the declared one is refused in its process", async () => {
  const wrong = { ...endless("add"), hash: `sha256:${"0".repeat(64)}` };
  const processes = new Processes(wrong, { start, maxExecutionMs: undefined });
  await assert.rejects(processes.call([1, 2], options), { name: "IntegrityError" });
  await processes.close();
});

Deno.test("a thousand calls a second go through one process, each in less than 5 ms but for one in a hundred", async () => {
  await using(new Processes(endless("add"), { start, maxExecutionMs: undefined }), async (processes) => {
    await processes.call([0, 0], options);
    const rounds = 3;
    const measured: { rate: number; p99: number }[] = [];
    for (let round = 0; round < rounds; round++) {
      const times: number[] = [];
      const begun = performance.now();
      for (let i = 0; i < 2000; i++) {
        const at = performance.now();
        await processes.call([i, i], options);
        times.push(performance.now() - at);
      }
      const rate = times.length / (performance.now() - begun) * 1000;
      measured.push({ rate, p99: times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)]! });
    }
    // The machine may be busy with something else for a while: the best of three says what the channel can do.
    const best = measured.sort((a, b) => a.p99 - b.p99)[0]!;
    console.log(`    ${best.rate.toFixed(0)} calls a second, p99 ${best.p99.toFixed(2)} ms`);
    assert.ok(best.rate >= 1000 && best.p99 < 5, JSON.stringify(measured));
  });
});
