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
 * @param delivery Told of the contents on their way.
 * @param gzip Whether the contents are compressed on their way. The head says so already.
 */
export function responseOf(method: string, head: ResponseHead, delivery: Delivery, gzip = false): Response {
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
  if (gzip) {
    const plain = whole === undefined ? streamOf(body, UNTOLD, Infinity) : new Response(whole).body!;
    return new Response(counted(plain.pipeThrough(new CompressionStream("gzip")), delivery), {
      status,
      headers,
    });
  }
  if (whole !== undefined && whole.length > LARGE) {
    return new Response(slices(whole, delivery), {
      status,
      headers: [...headers, ["content-length", `${whole.length}`]],
    });
  }
  if (whole !== undefined) {
    delivery.sent(whole.length);
    delivery.ended("complete");
    return new Response(whole, { status, headers });
  }
  const length = lengthOf(headers);
  if (length > 0) return new Response(streamOf(body, delivery, length), { status, headers });
  delivery.ended("complete");
  return new Response(nothing(), { status, headers });
}

/**
 * Contents in one piece that are longer than this go out slice by slice, in bytes: what the server has taken is gone when
 * the process ends, and nobody could tell whether the client has it.
 */
const LARGE = 256 * 1024;
const SLICE = 64 * 1024;

function slices(whole: Uint8Array<ArrayBuffer>, delivery: Delivery): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      const slice = whole.subarray(at, at += SLICE);
      controller.enqueue(slice);
      delivery.sent(slice.length);
      if (at < whole.length) return;
      controller.close();
      delivery.ended("complete");
    },
    cancel: () => delivery.ended("gone"),
  }, { highWaterMark: 0 });
}

/** Whoever hands the contents on tells of them. */
const UNTOLD: Delivery = { sent() {}, ended() {} };

/** How long the contents are to be; infinite where the head does not say. */
function lengthOf(headers: readonly (readonly [string, string])[]): number {
  const field = headers.find(([name]) => name.toLowerCase() === "content-length");
  return field !== undefined && /^\d+$/.test(field[1]) ? Number(field[1]) : Infinity;
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

/**
 * @param length How many bytes there will be, as far as that is known. With the last of them the contents are complete:
 * the server asks for no more then, and would only say that it does not want any.
 */
function streamOf(
  { source }: ResponseBody,
  delivery: Delivery,
  length: number,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let rest = length;
  /** Hands on what is there; false if that is nothing. */
  const hand = (controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>): boolean => {
    let bytes: Uint8Array | null;
    try {
      bytes = source.read(Math.min(MAX_READ, rest));
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
    controller.enqueue(bytes as Uint8Array<ArrayBuffer>);
    delivery.sent(bytes.length);
    rest -= bytes.length;
    if (rest === 0) {
      controller.close();
      delivery.ended("complete");
    }
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

/** The same contents, told of as they are taken. */
function counted(stream: ReadableStream<Uint8Array>, delivery: Delivery): ReadableStream<Uint8Array> {
  const reader = stream.getReader();
  return new ReadableStream({
    async pull(controller) {
      try {
        const { value, done } = await reader.read();
        if (done) {
          controller.close();
          delivery.ended("complete");
        } else {
          controller.enqueue(value);
          delivery.sent(value.length);
        }
      } catch (error) {
        controller.error(error);
        delivery.ended("cut");
      }
    },
    async cancel(reason) {
      delivery.ended("gone");
      await reader.cancel(reason).catch(() => {});
    },
  }, { highWaterMark: 0 });
}
