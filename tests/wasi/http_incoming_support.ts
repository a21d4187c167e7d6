/** An exchange without a server: what came is given, what goes back is collected. */
import type { Field } from "../../src/wasi/http/fields.ts";
import type { IncomingExchange, ResponseHead } from "../../src/wasi/http/incoming_exchange.ts";
import { whenReady } from "../../src/wasi/io/waitable.ts";
import { bytes, PushSource, text } from "./support.ts";

/** What a test says of a request. */
export interface Given {
  readonly method?: string;
  readonly path?: string | undefined;
  readonly headers?: readonly (readonly [string, string])[];
  readonly trailers?: readonly (readonly [string, string])[];
}

/** An exchange, and what became of it. */
export interface Collected {
  readonly exchange: IncomingExchange;
  readonly body: PushSource;
  /** The response, once it has begun. */
  head: ResponseHead | undefined;
}

/** An exchange. */
export function exchangeOf(given: Given = {}): Collected {
  const fields = (pairs: Given["headers"]) => pairs?.map(([name, value]): Field => [name, bytes(value)]);
  const body = new PushSource();
  const collected: Collected = {
    head: undefined,
    body,
    exchange: {
      method: given.method ?? "GET",
      scheme: "HTTP",
      authority: "example.com:8080",
      pathWithQuery: "path" in given ? given.path : "/",
      headers: fields(given.headers) ?? [],
      body,
      trailers: () => Promise.resolve(fields(given.trailers)),
      respond(head) {
        if (collected.head !== undefined) throw new Error("answered twice");
        collected.head = head;
      },
    },
  };
  return collected;
}

/** All contents of a response as text, and whether they were cut off. */
export async function contentsOf(head: ResponseHead): Promise<{ text: string; cut: boolean }> {
  const { source } = head.body;
  let all = "";
  for (;;) {
    let part: Uint8Array | null;
    try {
      part = source.read(1 << 20);
    } catch {
      return { text: all, cut: true };
    }
    if (part === null) return { text: all, cut: false };
    all += text(part);
    if (part.length === 0) await whenReady(source);
  }
}
