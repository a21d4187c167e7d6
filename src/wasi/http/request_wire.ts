/**
 * A request of `node:http` as the wire of its contents.
 *
 * @module
 */
import type { ClientRequest } from "node:http";
import { fromLatin1 } from "./latin1.ts";
import type { Wire } from "./request_body.ts";

/** Where the contents of a request are written. */
export function wireOf(message: ClientRequest): Wire {
  return {
    write: (bytes, taken) => void message.write(bytes, taken),
    end: (trailers) => {
      if (trailers.length > 0) {
        message.addTrailers(trailers.map(([name, value]) => [name, fromLatin1(value)] as [string, string]));
      }
      message.end();
    },
  };
}
