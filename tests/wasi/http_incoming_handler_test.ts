/** `incoming-handler`: what becomes of a call of `handle`, for the client and for the operator. */
import assert from "node:assert/strict";
import { Trap } from "../../src/component/error.ts";
import { ExitError } from "../../src/wasi/cli/exit.ts";
import { Fields } from "../../src/wasi/http/fields.ts";
import { HandlerError } from "../../src/wasi/http/handler_error.ts";
import { type Handle, handleIncoming } from "../../src/wasi/http/incoming_handler.ts";
import { OutgoingBody } from "../../src/wasi/http/outgoing_body.ts";
import { OutgoingResponse } from "../../src/wasi/http/outgoing_response.ts";
import { ResponseOutparam } from "../../src/wasi/http/response_outparam.ts";
import type { ErrorCode } from "../../src/wasi/http/types.ts";
import { type Collected, contentsOf, exchangeOf, type Given } from "./http_incoming_support.ts";
import { bytes } from "./support.ts";

/** A response with these contents, set and, unless it is to stay open, finished. */
async function set(out: ResponseOutparam, contents: string, finish = true): Promise<OutgoingBody> {
  const response = new OutgoingResponse(new Fields());
  const body = response.body();
  ResponseOutparam.set(out, { tag: "ok", val: response });
  const stream = body.write();
  await stream.blockingWriteAndFlush(bytes(contents));
  stream[Symbol.dispose]();
  if (finish) OutgoingBody.finish(body, undefined);
  return body;
}

/** Runs a handler; what the client got, and what was thrown. */
async function run(
  handle: Handle,
  given?: Given,
  statusFor?: (error: unknown) => number,
): Promise<Collected & { error: unknown }> {
  const collected = exchangeOf(given);
  const error = await handleIncoming(collected.exchange, handle, statusFor).then(
    () => undefined,
    (error: unknown) => error,
  );
  return Object.assign(collected, { error });
}

const trap = new Trap("unreachable");

interface Outcome {
  readonly does: string;
  readonly handle: Handle;
  readonly status: number;
  readonly contents: { readonly text: string; readonly cut: boolean };
  readonly error: RegExp | undefined;
}

const OUTCOMES: readonly Outcome[] = [
  {
    does: "answers",
    handle: async (_, out) => void await set(out, "hello"),
    status: 200,
    contents: { text: "hello", cut: false },
    error: undefined,
  },
  {
    does: "returns without an answer",
    handle: () => Promise.resolve(),
    status: 500,
    contents: { text: "Internal Server Error\n", cut: false },
    error: /^HandlerError: it returned without calling response-outparam\.set$/,
  },
  {
    does: "drops the right to answer",
    handle: (_, out) => Promise.resolve(out[Symbol.dispose]()),
    status: 500,
    contents: { text: "Internal Server Error\n", cut: false },
    error: /^HandlerError: it returned without calling response-outparam\.set$/,
  },
  {
    does: "traps before it answers",
    handle: () => Promise.reject(trap),
    status: 500,
    contents: { text: "Internal Server Error\n", cut: false },
    error: /^Trap: unreachable$/,
  },
  {
    does: "traps in the middle of its answer",
    handle: async (_, out) => {
      await set(out, "part", false);
      throw trap;
    },
    status: 200,
    contents: { text: "part", cut: true },
    error: /^Trap: unreachable$/,
  },
  {
    does: "traps after a complete answer",
    handle: async (_, out) => {
      await set(out, "all");
      throw trap;
    },
    status: 200,
    contents: { text: "all", cut: false },
    error: /^Trap: unreachable$/,
  },
  {
    does: "returns in the middle of its answer",
    handle: async (_, out) => void await set(out, "part", false),
    status: 200,
    contents: { text: "part", cut: true },
    error: /^HandlerError: it returned without finishing its response$/,
  },
  {
    does: "drops its body in the middle",
    handle: async (_, out) => (await set(out, "part", false))[Symbol.dispose](),
    status: 200,
    contents: { text: "part", cut: true },
    error: /^HandlerError: it returned without finishing its response$/,
  },
  {
    does: "exits with 0 after a complete answer",
    handle: async (_, out) => {
      await set(out, "all");
      throw new ExitError(0);
    },
    status: 200,
    contents: { text: "all", cut: false },
    error: undefined,
  },
  {
    does: "exits with 0 and no answer",
    handle: () => Promise.reject(new ExitError(0)),
    status: 500,
    contents: { text: "Internal Server Error\n", cut: false },
    error: /^HandlerError: it returned without calling response-outparam\.set$/,
  },
  {
    does: "exits with 3 after a complete answer",
    handle: async (_, out) => {
      await set(out, "all");
      throw new ExitError(3);
    },
    status: 200,
    contents: { text: "all", cut: false },
    error: /^ExitError: /,
  },
];

for (const { does, handle, status, contents, error } of OUTCOMES) {
  Deno.test(`a handler that ${does}: ${status}${contents.cut ? ", cut off" : ""}`, async () => {
    const result = await run(handle);
    assert.equal(result.head!.status, status);
    assert.deepEqual(await contentsOf(result.head!), contents);
    if (error === undefined) assert.equal(result.error, undefined);
    else assert.match(String(result.error), error);
    assert.ok(result.body.closed, "the request's body is let go");
  });
}

/** RFC 9209, section 2.3. */
const STATUSES: Readonly<Record<ErrorCode["tag"], number>> = {
  "DNS-timeout": 504,
  "DNS-error": 502,
  "destination-not-found": 500,
  "destination-unavailable": 503,
  "destination-IP-prohibited": 502,
  "destination-IP-unroutable": 502,
  "connection-refused": 502,
  "connection-terminated": 502,
  "connection-timeout": 504,
  "connection-read-timeout": 504,
  "connection-write-timeout": 504,
  "connection-limit-reached": 503,
  "TLS-protocol-error": 502,
  "TLS-certificate-error": 502,
  "TLS-alert-received": 502,
  "HTTP-request-denied": 403,
  "HTTP-request-length-required": 411,
  "HTTP-request-body-size": 413,
  "HTTP-request-method-invalid": 400,
  "HTTP-request-URI-invalid": 400,
  "HTTP-request-URI-too-long": 414,
  "HTTP-request-header-section-size": 431,
  "HTTP-request-header-size": 431,
  "HTTP-request-trailer-section-size": 431,
  "HTTP-request-trailer-size": 431,
  "HTTP-response-incomplete": 502,
  "HTTP-response-header-section-size": 502,
  "HTTP-response-header-size": 502,
  "HTTP-response-body-size": 502,
  "HTTP-response-trailer-section-size": 502,
  "HTTP-response-trailer-size": 502,
  "HTTP-response-transfer-coding": 502,
  "HTTP-response-content-coding": 502,
  "HTTP-response-timeout": 504,
  "HTTP-upgrade-failed": 502,
  "HTTP-protocol-error": 502,
  "loop-detected": 502,
  "configuration-error": 500,
  "internal-error": 500,
};

Deno.test("each error-code has the status that RFC 9209 recommends, and the client learns nothing else", async () => {
  for (const [tag, status] of Object.entries(STATUSES)) {
    const code = { tag, val: "secret" } as unknown as ErrorCode;
    const result = await run((_, out) =>
      Promise.resolve(ResponseOutparam.set(out, { tag: "err", val: code }))
    );
    assert.equal(result.head!.status, status, tag);
    const { text } = await contentsOf(result.head!);
    assert.doesNotMatch(text, /secret/);
    assert.match(text, /^[A-Z][A-Za-z -]+\n$/, `${status} is said in words`);
    assert.ok(result.error instanceof HandlerError);
    assert.equal(result.error.errorCode, code, "the operator learns all of it");
    assert.match(result.error.message, /secret/);
  }
});

Deno.test("who calls decides the status of a call that failed", async () => {
  const timeout = new Error("too late");
  const result = await run(() => Promise.reject(timeout), {}, (error) => error === timeout ? 504 : 500);
  assert.equal(result.head!.status, 504);
  assert.equal(result.error, timeout);
});

Deno.test("a response that cannot be sent is a 500: two lengths, or a length and no body", async () => {
  for (const lengths of [["5", "6"], ["5"]]) {
    const result = await run((_, out) => {
      const fields = Fields.fromList(lengths.map((length) => ["content-length", bytes(length)]));
      return Promise.resolve(ResponseOutparam.set(out, { tag: "ok", val: new OutgoingResponse(fields) }));
    });
    assert.equal(result.head!.status, 500);
    assert.ok(result.error instanceof HandlerError);
  }
});

Deno.test("a guest whose client has left does not have to finish", async () => {
  const collected = exchangeOf();
  await handleIncoming(collected.exchange, async (_, out) => {
    await set(out, "part", false);
    collected.head!.body.source.close!();
  });
  assert.equal(collected.head!.body.state, "cut");
});
