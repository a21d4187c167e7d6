/**
 * A guest's response as the `Response` that `Deno.serve` sends.
 *
 * @module
 */
import { hasNoContent, type ResponseHead } from "../wasi/http/incoming_exchange.ts";
import { fromLatin1 } from "../wasi/http/latin1.ts";
import type { ResponseBody } from "../wasi/http/response_body.ts";
import { MAX_READ } from "../wasi/io/source.ts";
import { whenReady } from "../wasi/io/waitable.ts";

/** How the contents of a response ended: all of it was handed to the server, it was cut off, or the client left. */
export type Ending = "complete" | "cut" | "gone";

/** What is told about the contents on their way. */
export interface Delivery {
  /** So many bytes were handed to the server. */
  sent(bytes: number): void;
  /** There will be no more. Called once. */
  ended(how: Ending): void;
}

/**
 * Makes the response.
 *
 * @param method The request's.
 * @param head What the guest set. Contents that are complete by now go out in one piece, with their length; others
 * as they are written, and no faster than the client takes them.
 */
export function responseOf(method: string, head: ResponseHead, delivery: Delivery): Response {
  const { status, body } = head;
  const whole = body.whole();
  // The server says the length of a body that it has, and where a second one stood it would say two.
  const headers = fieldsOf(head, whole !== undefined && !hasNoContent(method, status));
  if (hasNoContent(method, status)) {
    delivery.ended("complete");
    // With no body at all the server would say that a GET has 0 bytes; with one that is not there yet it says nothing.
    return new Response(method === "HEAD" && !isNull(status) ? nothing() : null, {
      status,
      headers,
    });
  }
  if (whole !== undefined) {
    delivery.sent(whole.length);
    delivery.ended("complete");
    return new Response(whole, { status, headers });
  }
  return new Response(streamOf(body, delivery), { status, headers });
}

function nothing(): ReadableStream<Uint8Array> {
  return new ReadableStream({ start: (controller) => controller.close() });
}

/** Statuses of which `Response` allows no body. */
function isNull(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}

function fieldsOf({ headers }: ResponseHead, withoutLength: boolean): [string, string][] {
  const fields: [string, string][] = [];
  for (const [name, value] of headers) {
    if (withoutLength && name.toLowerCase() === "content-length") continue;
    fields.push([name, fromLatin1(value)]);
  }
  return fields;
}

function streamOf({ source }: ResponseBody, delivery: Delivery): ReadableStream<Uint8Array> {
  /** Hands on what is there; false if that is nothing. */
  const hand = (controller: ReadableStreamDefaultController<Uint8Array>): boolean => {
    let bytes: Uint8Array | null;
    try {
      bytes = source.read(MAX_READ);
    } catch (error) {
      // The server closes the connection: without the end of its contents, the client knows that they are not whole.
      controller.error(error);
      delivery.ended("cut");
      return true;
    }
    if (bytes === null) {
      controller.close();
      delivery.ended("complete");
      return true;
    }
    if (bytes.length === 0) return false;
    controller.enqueue(bytes);
    delivery.sent(bytes.length);
    return true;
  };
  let left = false;
  return new ReadableStream({
    async pull(controller) {
      while (!left && !hand(controller)) await whenReady(source);
    },
    cancel() {
      left = true;
      source.close?.();
      delivery.ended("gone");
    },
  }, { highWaterMark: 0 });
}
