/** Spans of OpenTelemetry: exported by Deno to a collector of this test's, from a program that calls entries. */
import assert from "node:assert/strict";
import { inRepository } from "../support/airlock.ts";
import { HEAD, project } from "../support/project.ts";
import { func, FUNCS, funcs } from "./funcs_support.ts";

/** A span, as OTLP has it in JSON. https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding */
interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly status?: { readonly code?: number; readonly message?: string };
  readonly attributes: readonly Attribute[];
  readonly events: readonly { readonly name: string; readonly attributes: readonly Attribute[] }[];
}

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** Attributes as an object. Numbers come in any of the ways that JSON has for them. */
function attributesOf(attributes: readonly Attribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

/** What a program exports: it is run to its end with these variables. */
async function spansOf(program: string, env: Readonly<Record<string, string>>) {
  const spans: Span[] = [];
  await using collector = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const body = await request.json();
    for (const { scopeSpans } of body.resourceSpans ?? []) {
      for (const { scope, spans: own } of scopeSpans) {
        if (scope.name === "airlock" || scope.name === "test") spans.push(...own);
      }
    }
    return Response.json({});
  });
  const child = new Deno.Command(Deno.execPath(), {
    // Exporting needs no permission, and nothing is loaded for it.
    args: ["run", "--no-prompt", `--allow-read`, "--cached-only", "--config", inRepository("deno.json"), "-"],
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collector.addr.port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_DENO_CONSOLE: "ignore",
      ...env,
    },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(program));
  await writer.close();
  const { code, stderr, stdout } = await child.output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  return { spans, stdout: new TextDecoder().decode(stdout) };
}

/** An application whose `chain` calls others; and one that traps. */
async function application() {
  const entries = await funcs(["chain", "echo"], { isolation: "inline" }) +
    await func("trap", { name: "traps", isolation: "inline" });
  return await project({ "funcs.wasm": FUNCS, "app.yaml": HEAD + entries });
}

Deno.test("where OTEL_DENO is on, each call is a span, below the one that asked for it; a trap is recorded", async () => {
  await using folder = await application();
  const program = `
    import { Runtime } from ${JSON.stringify(inRepository("mod.ts"))};
    const tracer = Deno.telemetry.tracerProvider.getTracer("test");
    await using runtime = await Runtime.load(${
    JSON.stringify(`${folder.directory}/app.yaml`)
  }, { onWarning() {} });
    await tracer.startActiveSpan("own", async (span) => {
      await runtime.call("app:chain", "chain echo hello");
      span.end();
    });
    await runtime.call("traps").catch(({ name }) => console.log(name));
  `;
  const { spans, stdout } = await spansOf(program, { OTEL_DENO: "true" });
  assert.equal(stdout, "Trap\n");
  const named = (name: string) => spans.filter((span) => span.name === name);
  const [own] = named("own"), [echo] = named("app:echo"), [traps] = named("app:traps");
  assert.deepEqual(spans.map(({ name }) => name).sort(), [
    "app:chain",
    "app:chain",
    "app:echo",
    "app:traps",
    "own",
  ]);
  const outer = named("app:chain").find(({ parentSpanId }) => parentSpanId === own!.spanId)!;
  const inner = named("app:chain").find(({ parentSpanId }) => parentSpanId === outer.spanId)!;
  assert.equal(echo!.parentSpanId, inner.spanId);
  assert.ok([outer, inner, echo!].every(({ traceId }) => traceId === own!.traceId), "one trace");
  assert.equal(traps!.parentSpanId ?? "", "", "nothing was active");
  const { "airlock.call": call, ...good } = attributesOf(outer.attributes);
  assert.equal(Number(call), 1);
  assert.deepEqual(good, { "airlock.entry": "app:chain", "airlock.outcome": "ok" });
  assert.equal(outer.status?.code ?? 0, 0);
  const { "airlock.call": _, ...bad } = attributesOf(traps!.attributes);
  assert.deepEqual(bad, {
    "airlock.entry": "app:traps",
    "airlock.outcome": "error",
    "airlock.error.code": "trap",
    "error.type": "Trap",
  });
  assert.equal(traps!.status?.code, 2, "the specification's Error");
  const [exception] = traps!.events;
  assert.equal(exception?.name, "exception");
  const recorded = attributesOf(exception!.attributes);
  assert.equal(recorded["exception.type"], "Trap");
  assert.match(String(recorded["exception.message"]), /unreachable/);
});

Deno.test("where it is not on, nothing is exported", async () => {
  await using folder = await application();
  const program = `
    import { Runtime } from ${JSON.stringify(inRepository("mod.ts"))};
    await using runtime = await Runtime.load(${
    JSON.stringify(`${folder.directory}/app.yaml`)
  }, { onWarning() {} });
    console.log(await runtime.call("app:chain", "echo hello"));
    console.log(Symbol.for("opentelemetry.js.api.1") in globalThis);
  `;
  assert.deepEqual(await spansOf(program, {}), { spans: [], stdout: "hello\nfalse\n" });
});
