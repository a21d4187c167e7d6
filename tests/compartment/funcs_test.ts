/** Calls of other entries at the guest's end, and over the channel: what a process that lies may not do. */
import assert from "node:assert/strict";
import { checkSignature } from "../../src/component/link/signatures.ts";
import type { FuncType, ValueType } from "../../src/component/wit/types.ts";
import { ChannelError, UnsupportedError } from "../../src/compartment/error.ts";
import { encodeFrame, FrameReader, Kind } from "../../src/compartment/frame.ts";
import {
  type AskFuncs,
  type FuncsAnswer,
  funcsInterface,
  type FuncsRequest,
  MAX_PAYLOAD,
} from "../../src/compartment/funcs.ts";
import { Guest } from "../../src/compartment/guest.ts";
import type { Start } from "../../src/compartment/process.ts";
import { Processes } from "../../src/compartment/processes.ts";
import type { GuestSpec } from "../../src/compartment/spec.ts";
import { starter } from "../../src/compartment/start.ts";
import { decodeValue, encodeValue } from "../../src/compartment/value.ts";
import { ComponentError } from "../../src/component/mod.ts";
import { denied, type Package } from "../../src/grant/grant.ts";
import type { IncomingExchange } from "../../src/wasi/http/incoming_exchange.ts";
import { inRepository } from "../support/airlock.ts";

const start = starter({ lacking: (reason) => assert.fail(reason) });

function spec(method: string, packages: readonly Package[] = ["funcs"]): GuestSpec {
  return {
    file: inRepository("tests/guests/funcs/funcs.wasm"),
    hash: undefined,
    method,
    program: "it",
    grant: { ...denied, holder: "app:it", packages: new Set(packages) },
    strict: false,
    maxMemoryBytes: undefined,
    where: undefined,
  };
}

/** Notes what is asked for, and answers. */
function asked(answer: (request: FuncsRequest) => FuncsAnswer | Promise<FuncsAnswer>) {
  const requests: FuncsRequest[] = [];
  const ask: AskFuncs = (request) => {
    requests.push(request);
    return Promise.resolve(answer(request));
  };
  return { requests, ask };
}

/** The guest in this process and in one of its own. */
const WAYS: readonly [string, (spec: GuestSpec) => Promise<Pick<Processes, "call" | "close">>][] = [
  ["inline", async (spec) => {
    const guest = await Guest.load(spec);
    return { call: (args, options) => guest.call(args, options), close: () => Promise.resolve() };
  }],
  ["process", (spec) => Promise.resolve(new Processes(spec, { start, maxExecutionMs: undefined }))],
];

for (const [way, open] of WAYS) {
  Deno.test(`what a guest asks for is asked, and the answer is its own: ${way}`, async () => {
    const guest = await open(spec("hand"));
    const bytes = await open(spec("hand-bytes"));
    const { requests, ask } = asked(({ target, input }) => target === "a:no" ? { err: "no" } : { ok: input });
    const options = { stdio: {}, funcs: ask };
    assert.equal(await guest.call(["a:b", "text"], options), "text");
    assert.deepEqual(await bytes.call(["a:b", Uint8Array.of(0, 255)], options), Uint8Array.of(0, 255));
    await assert.rejects(guest.call(["a:no", "text"], options), (error) => {
      assert.ok(error instanceof ComponentError);
      assert.equal(error.payload, "no");
      return true;
    });
    assert.deepEqual(requests, [
      { target: "a:b", input: "text" },
      { target: "a:b", input: Uint8Array.of(0, 255) },
      { target: "a:no", input: "text" },
    ]);
    await guest.close();
    await bytes.close();
  });

  Deno.test(`a hundred guests ask at once, and each gets its own answer: ${way}`, async () => {
    const guest = await open(spec("hand"));
    const all = Promise.withResolvers<void>();
    const { requests, ask } = asked(async ({ input }) => {
      if (requests.length === 100) all.resolve();
      await all.promise;
      return { ok: `to ${input}` };
    });
    const calls = Array.from(
      { length: 100 },
      (_, i) => guest.call(["a:b", String(i)], { stdio: {}, funcs: ask }),
    );
    assert.deepEqual(await Promise.all(calls), Array.from({ length: 100 }, (_, i) => `to ${i}`));
    await guest.close();
  });

  Deno.test(`where there is nobody to ask, a guest that is granted to is told so: ${way}`, async () => {
    const guest = await open(spec("hand"));
    await assert.rejects(guest.call(["a:b", ""], { stdio: {} }), (error) => {
      assert.ok(error instanceof UnsupportedError, String(error));
      assert.match(error.message, /app:it declares funcs, and runs where there are no other entries/);
      return true;
    });
    await guest.close();
  });

  Deno.test(`without the grant nobody is asked, whoever could be: ${way}`, async () => {
    const guest = await open(spec("hand", []));
    const { requests, ask } = asked(() => ({ ok: "" }));
    await assert.rejects(guest.call(["a:b", ""], { stdio: {}, funcs: ask }), { name: "CapabilityError" });
    assert.deepEqual(requests, []);
    await guest.close();
  });

  Deno.test(`a call that is given up while it asks ends, and so does what it asked for: ${way}`, async () => {
    const guest = await open(spec("hand"));
    const controller = new AbortController();
    const ended = Promise.withResolvers<void>();
    const funcs: AskFuncs = (_, signal) => {
      signal.addEventListener("abort", () => ended.resolve());
      controller.abort(new Error("enough"));
      return new Promise(() => {});
    };
    const { signal } = controller;
    await assert.rejects(guest.call(["a:b", ""], { stdio: {}, funcs, signal }), { message: "enough" });
    await ended.promise;
    // What comes too late is of no use to the next one.
    const { ask } = asked(() => ({ ok: "next" }));
    assert.equal(await guest.call(["a:b", ""], { stdio: {}, funcs: ask }), "next");
    await guest.close();
  });
}

Deno.test("an answer that comes after the call was given up reaches nobody", async () => {
  const processes = new Processes(spec("hand"), { start, maxExecutionMs: undefined });
  const controller = new AbortController();
  const late = Promise.withResolvers<FuncsAnswer>();
  const funcs: AskFuncs = () => {
    controller.abort(new Error("enough"));
    return late.promise;
  };
  const { signal } = controller;
  await assert.rejects(processes.call(["a:b", ""], { stdio: {}, funcs, signal }), { message: "enough" });
  late.resolve({ ok: "late" });
  const { ask } = asked(() => ({ ok: "next" }));
  assert.equal(await processes.call(["a:b", ""], { stdio: {}, funcs: ask }), "next");
  await processes.close();
});

Deno.test("a process that dies while it asks ends what it asked for", async () => {
  const children: { kill(): void }[] = [];
  const processes = new Processes(spec("hand"), {
    start: async (spec, onBytes) => {
      const child = await start(spec, onBytes);
      children.push(child);
      return child;
    },
    maxExecutionMs: undefined,
  });
  const ended = Promise.withResolvers<void>();
  const funcs: AskFuncs = (_, signal) => {
    signal.addEventListener("abort", () => ended.resolve());
    children[0]!.kill();
    return new Promise(() => {});
  };
  await assert.rejects(processes.call(["a:b", ""], { stdio: {}, funcs }), { name: "CompartmentError" });
  await ended.promise;
  await processes.close();
});

const READY = encodeFrame(Kind.Ready, 0, encodeValue({ name: "hand", type: undefined }));

/** A process that is ready, answers the first call with these frames, and tells what it is sent. */
function liar(...says: Uint8Array[]) {
  let dead = false;
  let say: (bytes: Uint8Array) => void;
  const heard: number[] = [];
  const start: Start = (_, onBytes) => {
    say = onBytes;
    const ended = Promise.withResolvers<{ code: number; signal: undefined }>();
    const reader = new FrameReader();
    queueMicrotask(() => onBytes(READY));
    return Promise.resolve({
      pid: 0,
      send: (bytes) => {
        for (const { kind } of reader.push(bytes)) {
          heard.push(kind);
          if (kind === Kind.Call || kind === Kind.Request) queueMicrotask(() => says.forEach(onBytes));
        }
      },
      kill: () => {
        dead = true;
        ended.resolve({ code: 1, signal: undefined });
      },
      ended: ended.promise,
    });
  };
  return { start, heard, killed: () => dead, say: (bytes: Uint8Array) => say(bytes) };
}

const REQUEST: FuncsRequest = { target: "a:b", input: "" };
const ask = (value: unknown, call = 1) => encodeFrame(Kind.Funcs, call, encodeValue(value));

const LIES: readonly [string, Uint8Array[]][] = [
  ["asks twice at once", [ask(REQUEST), ask(REQUEST)]],
  ["asks for a call that nobody made", [ask(REQUEST, 77)]],
  ["asks without a call", [ask(REQUEST, 0)]],
  ["asks with no value", [encodeFrame(Kind.Funcs, 1, Uint8Array.of(99))]],
  ["asks with nothing", [encodeFrame(Kind.Funcs, 1)]],
  ["asks with no request", [ask(undefined)]],
  ["asks with a number", [ask(5)]],
  ["asks for nobody", [ask({ input: "" })]],
  ["asks for a list", [ask({ target: ["a:b"], input: "" })]],
  ["asks with an object for an input", [ask({ target: "a:b", input: { length: 3 } })]],
  ["asks with a list of numbers", [ask({ target: "a:b", input: Uint32Array.of(1) })]],
  ["asks with more than it may", [ask({ target: "a:b", input: new Uint8Array(MAX_PAYLOAD + 1) })]],
  ["asks for a target without end", [ask({ target: "a".repeat(100_000), input: "" })]],
  ["answers itself", [encodeFrame(Kind.FuncsAnswer, 1, encodeValue({ ok: "" }))]],
];

for (const [what, says] of LIES) {
  Deno.test(`a process that ${what} is killed, and its caller told`, async () => {
    const { start, killed } = liar(...says);
    const processes = new Processes(spec("hand"), { start, maxExecutionMs: undefined });
    const signals: AbortSignal[] = [];
    const funcs: AskFuncs = (_, signal) => {
      signals.push(signal);
      return new Promise(() => {});
    };
    await assert.rejects(processes.call(["a:b", ""], { stdio: {}, funcs }), ChannelError);
    assert.ok(killed());
    assert.ok(signals.length <= 1 && signals.every(({ aborted }) => aborted), "and what it asked for ends");
    await processes.close();
  });
}

/** Calls, and requests: both ways in which a process gets to ask. */
const ENTRIES: readonly [string, (processes: Processes, funcs: AskFuncs | undefined) => Promise<unknown>][] =
  [
    ["a call", (processes, funcs) => processes.call(["a:b", ""], { stdio: {}, funcs })],
    ["a request", (processes, funcs) => {
      const exchange: IncomingExchange = {
        ...{ method: "GET", scheme: "HTTP", authority: "a", pathWithQuery: "/", headers: [] },
        body: { ready: () => true, watch: () => () => {}, read: () => null },
        trailers: () => Promise.resolve(undefined),
        respond: () => {},
      };
      return processes.handle(exchange, { stdio: {}, funcs }, () => 500);
    }],
  ];

for (const [what, call] of ENTRIES) {
  Deno.test(`a process that asks without the grant is killed, in ${what}`, async () => {
    for (const packages of [[], ["wasi:cli"]] as const) {
      const { start, killed } = liar(ask(REQUEST));
      const { requests, ask: funcs } = asked(() => ({ ok: "" }));
      const processes = new Processes(spec("hand", packages), { start, maxExecutionMs: undefined });
      await assert.rejects(call(processes, funcs), ChannelError);
      assert.ok(killed());
      assert.deepEqual(requests, []);
      await processes.close();
    }
  });

  Deno.test(`a process that asks where there is nobody to ask is killed, in ${what}`, async () => {
    const { start, killed } = liar(ask(REQUEST));
    const processes = new Processes(spec("hand"), { start, maxExecutionMs: undefined });
    await assert.rejects(call(processes, undefined), ChannelError);
    assert.ok(killed());
    await processes.close();
  });
}

Deno.test("a process that ends its call while it asks is sent no answer", async () => {
  const { start, heard, killed, say } = liar(ask(REQUEST));
  const processes = new Processes(spec("hand"), { start, maxExecutionMs: undefined });
  const answer = Promise.withResolvers<FuncsAnswer>();
  const funcs: AskFuncs = (_, signal) => {
    signal.addEventListener("abort", () => answer.resolve({ ok: "" }));
    say(encodeFrame(Kind.Result, 1, encodeValue("over")));
    return answer.promise;
  };
  assert.equal(await processes.call(["a:b", ""], { stdio: {}, funcs }), "over");
  await answer.promise;
  await Promise.resolve();
  assert.deepEqual(heard, [Kind.Start, Kind.Call]);
  assert.ok(!killed());
  await processes.close();
});

Deno.test("a process that does not read what it is told is told no more", async () => {
  let dead = false;
  const told: number[] = [];
  const sent = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<{ code: number; signal: undefined }>();
  const start: Start = (_, onBytes) => {
    const reader = new FrameReader();
    queueMicrotask(() => onBytes(READY));
    return Promise.resolve({
      pid: 0,
      send: (bytes) => {
        const [frame] = reader.push(bytes);
        told.push(frame!.kind);
        if (frame!.kind === Kind.Call) queueMicrotask(() => onBytes(ask(REQUEST)));
        if (frame!.kind !== Kind.FuncsAnswer) return;
        // It wants the next thing before it has read this one.
        queueMicrotask(() => onBytes(ask(REQUEST)));
        return told.length === 3 ? sent.promise : undefined;
      },
      kill: () => {
        dead = true;
        ended.resolve({ code: 1, signal: undefined });
      },
      ended: ended.promise,
    });
  };
  const processes = new Processes(spec("hand"), { start, maxExecutionMs: undefined });
  const third = Promise.withResolvers<void>();
  const { requests, ask: funcs } = asked(() => {
    if (requests.length === 3) third.resolve();
    return { ok: "" };
  });
  const call = processes.call(["a:b", ""], { stdio: {}, funcs });
  const failed = assert.rejects(call);
  // All that could happen has happened when a timer comes.
  await new Promise((resolve) => setTimeout(resolve, 0));
  assert.equal(requests.length, 1);
  assert.deepEqual(told, [Kind.Start, Kind.Call, Kind.FuncsAnswer]);
  sent.resolve();
  await third.promise;
  assert.ok(!dead);
  await processes.close();
  await failed;
});

Deno.test("the interface is linked under its own names and types alone", () => {
  const host = funcsInterface({ ...denied, holder: "a:b" }, undefined);
  const string: ValueType = { kind: "string" };
  const bytes: ValueType = { kind: "list", element: { kind: "u8" } } as ValueType;
  const func = (input: ValueType, ok: ValueType, err: ValueType = string): FuncType => ({
    kind: "func",
    params: [{ name: "target", type: string }, { name: "input", type: input }],
    result: { kind: "result", ok, err },
    async: false,
  });
  assert.equal(checkSignature(host, "call-string", func(string, string)), "ok");
  assert.equal(checkSignature(host, "call-bytes", func(bytes, bytes)), "ok");
  assert.deepEqual(checkSignature(host, "call-string", func(bytes, bytes)), {
    wanted: "func(target: string, input: string) -> result<string, string>",
  });
  assert.deepEqual(checkSignature(host, "call-bytes", func(bytes, bytes, bytes)), {
    wanted: "func(target: string, input: list<u8>) -> result<list<u8>, string>",
  });
  assert.equal(checkSignature(host, "callString", func(string, string)), "unknown");
  assert.equal(checkSignature(host, "spawn", func(string, string)), "unknown");
});

Deno.test("frames of a value that is a request say it as it is", () => {
  const [frame] = new FrameReader().push(ask({ target: "a:b", input: Uint8Array.of(7) }));
  assert.deepEqual(decodeValue(frame!.body), { target: "a:b", input: Uint8Array.of(7) });
});
