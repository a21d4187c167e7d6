/** One entry calls another: who may be called, what the caller is told, and how it ends. */
import assert from "node:assert/strict";
import { CapabilityError, ComponentError, LimitError, LinkError } from "../../mod.ts";
import { MAX_DEPTH } from "../../src/runtime/funcs.ts";
import { func, funcs, load, REST } from "./funcs_support.ts";
import { Collector } from "./support.ts";

const ISOLATIONS = ["inline", "process"] as const;

/** The `err` of a call. */
async function errOf(call: Promise<unknown>): Promise<string> {
  const error = await call.then((value) => assert.fail(`it returned ${value}`), (error: unknown) => error);
  assert.ok(error instanceof ComponentError, String(error));
  return error.payload as string;
}

const TARGETS: readonly (readonly [target: string, err: string])[] = [
  ["", 'Invalid: the target "" is no id: namespace:name is expected'],
  [":", 'Invalid: the target ":" is no id: namespace:name is expected'],
  [":echo", 'Invalid: the target ":echo" is no id: namespace:name is expected'],
  ["app:", 'Invalid: the target "app:" is no id: namespace:name is expected'],
  ["app:none", "NotFound: there is no function app:none"],
  ["none", "NotFound: there is no function app:none"],
  ["other:echo", "NotFound: there is no function other:echo"],
  ["app:echo ", "NotFound: there is no function app:echo "],
  ["App:echo", "NotFound: there is no function App:echo"],
  ["app:files", "NotFound: there is no function app:files: that is fs.directory"],
  ["app:worker", "NotFound: there is no function app:worker: that is process.wasm"],
  ["app:do-work", "NotFound: there is no function app:do-work"],
  ["app:serve", "Invalid: a method that takes or returns resources cannot be called by another entry"],
  ["a".repeat(1025), "Invalid: the target is longer than any id"],
];

for (const isolation of ISOLATIONS) {
  Deno.test(`only functions can be called, by their ids, and by names of the same namespace: ${isolation}`, async () => {
    const entries = [
      await funcs(["hand", "echo"], { isolation }),
      await func("echo", { kind: "process.wasm", name: "worker", meta: "{command: {name: do-work}}" }),
      await func("wasi:http/incoming-handler@0.2.3#handle", { name: "serve", isolation }),
    ];
    await using app = await load(entries.join(""));
    for (const [target, err] of TARGETS) {
      assert.equal(await errOf(app.runtime.call("app:hand", target, "x")), err, target);
    }
    assert.equal(await app.runtime.call("app:hand", "app:echo", "x"), "x");
    assert.equal(await app.runtime.call("app:hand", "echo", "x"), "x");
  });

  Deno.test(`what goes wrong in the callee is an err of the call, and the whole of it is logged: ${isolation}`, async () => {
    const log = new Collector();
    const entries = [
      await funcs(["hand", "trap", "leave"], { isolation }),
      await func("wait", { imports: "[]", isolation }),
      await func("echo", { name: "changed", hash: `sha256:${"0".repeat(64)}`, isolation }),
      await func("echo", { name: "gone", path: "gone.wasm", isolation }),
      await func("not-there", { isolation }),
      await func("echo", {
        name: "needy",
        wasi: "{env: [{id: secret, name: A, required: true}]}",
        isolation,
      }),
      "  - {name: os, kind: env.storage.os}\n",
      "  - {name: secret, kind: env.variable, variable: AIRLOCK_TEST_NO_SUCH, storage: os}\n",
    ];
    await using app = await load(entries.join(""), { stdio: { stderr: log } });
    const expected: readonly (readonly [target: string, input: string, err: RegExp, logged?: RegExp])[] = [
      ["trap", "", /^Internal: app:trap trapped: wasm trap: unreachable$/, /Trap: wasm trap: unreachable/],
      ["leave", "true", /^Internal: app:leave exited with code 0$/],
      ["leave", "false", /^Internal: app:leave exited with code 1$/],
      [
        "wait",
        "1",
        /^PermissionDenied: app:wait was refused wasi:clocks\/monotonic-clock@0\.2\.3#subscribe-duration$/,
        /CapabilityError: .*app\.yaml/,
      ],
      [
        "changed",
        "",
        /^Internal: app:changed is not the module that was declared$/,
        /IntegrityError: .*funcs\.wasm/,
      ],
      ["gone", "", /^Internal: app:gone cannot be loaded$/, /ConfigError: .*gone\.wasm/],
      ["not-there", "", /^NotFound: app:not-there does not have its method$/, /MethodError: /],
      ["needy", "", /^NotFound: app:needy has no value for a variable that it needs$/, /EnvironmentError: /],
    ];
    for (const [target, input, err, logged] of expected) {
      const before = log.text.length;
      const is = await errOf(app.runtime.call("app:hand", target, input));
      assert.match(is, err);
      assert.ok(!is.includes(app.directory) && !is.includes("/tmp"), is);
      const said = log.text.slice(before);
      if (logged === undefined) assert.equal(said, "");
      else assert.match(said, new RegExp(`^airlock: app:${target}, called by app:hand: ${logged.source}`));
    }
    assert.equal(
      await errOf(app.runtime.call("app:hand", "app:trap", "")),
      "Internal: app:trap trapped: wasm trap: unreachable",
      "again",
    );
  });

  Deno.test(`a callee may do what its own entry declares, and its caller may not: ${isolation}`, async () => {
    const entries = [
      await func("hand", { imports: "[funcs]", isolation }),
      await func("wait", { imports: `[${REST}]`, isolation }),
      await func("wait", { name: "poor", imports: "[funcs]", isolation }),
    ];
    await using app = await load(entries.join(""), { stdio: { stderr: new Collector() } });
    assert.equal(await app.runtime.call("app:hand", "wait", "1"), "1");
    assert.match(await errOf(app.runtime.call("app:hand", "poor", "1")), /^PermissionDenied: /);
  });

  Deno.test(`without funcs among its imports a guest calls nobody: ${isolation}`, async () => {
    const entries = [
      await func("hand", { imports: `[${REST}]`, isolation }),
      await func("hand", { name: "strict", imports: `[${REST}]`, strict: "true", isolation }),
      await func("echo", { isolation }),
    ];
    await using app = await load(entries.join(""));
    await assert.rejects(app.runtime.call("app:hand", "app:echo", "x"), (error) => {
      assert.ok(error instanceof CapabilityError);
      assert.equal(error.asked, "wippy:runtime/funcs@0.1.0#call-string");
      assert.match(error.hint, /add funcs to the imports of app:hand/);
      return true;
    });
    await assert.rejects(app.runtime.call("app:strict", "app:echo", "x"), LinkError);
  });

  Deno.test(`entries whose pools have one slot call one another, and back: ${isolation}`, async () => {
    const pool = "{type: inline}";
    const entries = [
      await func("chain", { name: "a", pool, isolation }),
      await func("chain", { name: "b", pool, isolation }),
      await func("echo", { pool, isolation }),
    ];
    await using app = await load(entries.join(""));
    assert.equal(await app.runtime.call("app:a", "b a b a app:echo the end"), "the end");
    const calls = Array.from(
      { length: 64 },
      (_, i) =>
        app.runtime.call(i % 2 === 0 ? "app:a" : "app:b", `${i % 2 === 0 ? "b a" : "a b"} a b echo ${i}`),
    );
    assert.deepEqual(await Promise.all(calls), Array.from({ length: 64 }, (_, i) => String(i)));
  });

  Deno.test(`calls nest ${MAX_DEPTH} deep and no deeper: ${isolation}`, async () => {
    await using app = await load(await func("dive", { pool: "{type: inline}", isolation }));
    const limit = `Invalid: app:dive would be called ${MAX_DEPTH + 1} calls deep; ${MAX_DEPTH} is the limit`;
    assert.equal(await app.runtime.call("app:dive", "app:dive"), "+".repeat(MAX_DEPTH) + limit);
    assert.equal(await app.runtime.call("app:dive", "app:dive"), "+".repeat(MAX_DEPTH) + limit, "and again");
  });

  Deno.test(`whoever gives a call up ends those that it makes: ${isolation}`, async () => {
    const log = new Collector();
    const entries = await funcs(["chain", "hand", "wait"], { isolation });
    // Disposing of it waits for all that is under way: nothing may be left that waits for an hour.
    await using app = await load(entries, { stdio: { stderr: log } });
    assert.equal(await app.runtime.call("app:chain", "wait 1"), "1", "all are loaded");
    const controller = new AbortController();
    const call = app.runtime.invoke("app:chain", ["chain wait 3600000"], { signal: controller.signal });
    // A call that comes later and is over: what came before has begun.
    await app.runtime.call("app:chain", "chain wait 100");
    controller.abort(new Error("enough"));
    await assert.rejects(call, { message: "enough" });
    assert.equal(log.text, "", "nobody is told of what nobody waits for");
  });

  Deno.test(`a runtime that is disposed of lets calls end, and those that they make: ${isolation}`, async () => {
    const app = await load(await funcs(["chain", "echo", "wait"], { isolation }));
    const call = app.runtime.call("app:chain", "chain chain echo late");
    const longer = app.runtime.call("app:chain", "chain wait 50");
    await app.runtime[Symbol.asyncDispose]();
    assert.deepEqual(await Promise.all([call, longer]), ["late", "50"]);
    await app[Symbol.asyncDispose]();
  });
}

Deno.test("the callee's time limit is the callee's, and the caller's counts what it waits for", async () => {
  const entries = [
    await funcs(["hand", "chain", "wait", "spin"]),
    await func("spin", { name: "limited", limits: "{max_execution_ms: 200}" }),
    await func("hand", { name: "hasty", limits: "{max_execution_ms: 400}" }),
  ];
  await using app = await load(entries.join(""), { stdio: { stderr: new Collector() } });
  assert.equal(
    await errOf(app.runtime.call("app:hand", "limited", "")),
    "Timeout: app:limited ran longer than the 200 ms that it may",
  );
  // What it waits for computes without end, in a process that must be killed: disposing of the runtime waits for it.
  await assert.rejects(app.runtime.call("app:hasty", "wait", "3600000"), (error) => {
    assert.ok(error instanceof LimitError);
    assert.equal(error.limit, "max_execution_ms");
    return true;
  });
  await assert.rejects(app.runtime.call("app:hasty", "app:spin", ""), LimitError);
});

Deno.test("entries whose calls have a process each call one another, and back", async () => {
  const limits = "{max_execution_ms: 60000}";
  const entries = [
    await func("chain", { name: "a", pool: "{type: static, size: 1, workers: 1}", limits }),
    await func("chain", { name: "b", pool: "{type: inline}", limits }),
    await func("echo", { pool: "{workers: 1, size: 1, worker_class: wasm}" }),
  ];
  await using app = await load(entries.join(""));
  const calls = [["app:a", "b a b echo x"], ["app:b", "a b a echo y"]] as const;
  assert.deepEqual(await Promise.all(calls.map(([id, path]) => app.runtime.call(id, path))), ["x", "y"]);
});

Deno.test("a guest that waits for another one keeps nobody waiting", async () => {
  await using app = await load(await funcs(["hand", "wait", "echo"], { isolation: "inline" }));
  const controller = new AbortController();
  const slow = app.runtime.invoke("app:hand", ["wait", "3600000"], { signal: controller.signal });
  const quick = Array.from({ length: 50 }, (_, i) => app.runtime.call("app:hand", "echo", String(i)));
  assert.deepEqual(await Promise.all(quick), Array.from({ length: 50 }, (_, i) => String(i)));
  controller.abort(new Error("enough"));
  await assert.rejects(slow, { message: "enough" });
});

Deno.test("a guest of this process that calls nobody again and again lets timers fire, and is given up by one", async () => {
  await using app = await load(await funcs(["often"], { isolation: "inline" }));
  const signal = AbortSignal.timeout(200);
  // Were no timer to fire meanwhile, it would come to its end.
  await assert.rejects(app.runtime.invoke("often", ["nobody", 300_000], { signal }));
  assert.ok(signal.aborted);
});

Deno.test("a core module in text can be called, and calls nobody", async () => {
  const text = '(module (func (export "answer") (param i32) (result i32) local.get 0 i32.const 2 i32.mul))';
  const entries = [
    await func("hand"),
    `  - {name: answer, kind: function.wat, method: answer, source: '${text}', wit: "answer: func(n: u32) -> u32;"}\n`,
  ];
  await using app = await load(entries.join(""));
  assert.equal(await app.runtime.call("app:hand", "answer", "21"), "42");
});

Deno.test("a program that is called gets the input as its argument, and its exit as the result", async () => {
  const run = "wasi:cli/run@0.2.3#run";
  const log = new Collector();
  const entries = [await funcs(["hand", "echo"]), await func(run, { name: "program" })];
  await using app = await load(entries.join(""), { stdio: { stdout: log, stderr: log } });
  assert.equal(await app.runtime.call("app:hand", "program", "echo"), "");
  assert.equal(await errOf(app.runtime.call("app:hand", "program", "")), "Unknown: app:program returned err");
  assert.equal(
    await errOf(app.runtime.call("app:hand", "program", "none")),
    "Unknown: app:program returned err",
  );
  assert.equal(log.text, "NotFound: there is no function app:none");
});
