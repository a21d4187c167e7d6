/**
 * Calls as spans of OpenTelemetry.
 *
 * Deno has its tracer built in, and registers it where the packages of OpenTelemetry look for one: so a tracer is there
 * where `OTEL_DENO` is on, or where the program has registered one of its own, and no package is needed to reach it.
 * {@link https://opentelemetry.io/docs/specs/otel/trace/api/}
 *
 * @module
 */
import type { Events } from "./events.ts";
import type { CallEnded, CallStarted, RuntimeEvent } from "./events_types.ts";

/** What is used of a span. */
interface Span {
  setAttribute(key: string, value: string | number): unknown;
  setStatus(status: { readonly code: number; readonly message?: string }): unknown;
  recordException(exception: { readonly name: string; readonly message: string }): void;
  end(): void;
}

/** What is used of a context: values by key. */
interface Context {
  setValue(key: symbol, value: unknown): Context;
}

/** What OpenTelemetry's API for JavaScript keeps for the whole process, as far as it is used. */
interface Registered {
  readonly trace?: {
    getTracer(name: string): {
      startSpan(
        name: string,
        options: { readonly attributes: Readonly<Record<string, string | number>> },
        context?: Context,
      ): Span;
    };
  };
  readonly context?: { active(): Context };
}

/** Where the API keeps it: the same in all of its versions 1.x. */
const API = Symbol.for("opentelemetry.js.api.1");
/** Under which key a context holds the span that new ones are children of. */
const SPAN = Symbol.for("OpenTelemetry Context Key SPAN");
/** `StatusCode` of the specification. */
const ERROR = 2;

/** What OpenTelemetry's API has, where anybody has registered anything. */
function registered(): Registered | undefined {
  return (globalThis as { readonly [API]?: Registered })[API];
}

/**
 * Makes spans of calls, for as long as there are events: each of the name of its entry, nested calls below those that have
 * asked for them, the others below what is active where they are made: the span of a request, or the program's own.
 */
export function traceCalls(events: Events): void {
  const api = registered();
  const tracer = api?.trace?.getTracer("airlock");
  if (tracer === undefined) return;
  const spans = new Map<number, Span>();

  const begin = ({ entry, call, parent }: CallStarted) => {
    const above = parent === undefined ? undefined : spans.get(parent);
    const active = (api?.context ?? Deno.telemetry.contextManager as Registered["context"])?.active();
    const attributes = { "airlock.entry": entry, "airlock.call": call };
    spans.set(call, tracer.startSpan(entry, { attributes }, above ? active?.setValue(SPAN, above) : active));
  };

  const end = ({ call, outcome, error }: CallEnded) => {
    const span = spans.get(call);
    // One that began before anybody listened.
    if (span === undefined) return;
    spans.delete(call);
    span.setAttribute("airlock.outcome", outcome);
    if (error !== undefined) {
      span.setAttribute("error.type", error.name);
      if (error.code !== undefined) span.setAttribute("airlock.error.code", error.code);
      // Without its code: of what has one, Deno takes that for its type.
      const { name, message } = error;
      span.recordException({ name, message });
      span.setStatus({ code: ERROR, message: error.message });
    }
    span.end();
  };

  events.listen((event: RuntimeEvent) => {
    if (event.type === "call-started") begin(event);
    else if (event.type === "call-ended") end(event);
  });
}
