/**
 * The header of a request as it is sent, and how its contents are framed.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-6
 * @module
 */
import type { Field } from "./fields.ts";
import { fromLatin1 } from "./latin1.ts";
import type { Contents } from "./request_body.ts";

/** Methods whose requests have no contents, unless somebody adds some. */
const WITHOUT_CONTENTS: ReadonlySet<string> = new Set(["DELETE", "GET", "HEAD", "OPTIONS", "TRACE"]);

/**
 * Names and values in turn, as `node:http` takes them.
 *
 * @param host The authority.
 * @param fields The guest's, sent as they are.
 * @param declared What they say of the length.
 * @param contents What is known of them now. What is complete before the header is sent has a length; the rest comes
 * in chunks.
 */
export function headOf(
  method: string,
  host: string,
  fields: readonly Readonly<Field>[],
  declared: bigint | undefined,
  contents: Contents,
): string[] {
  const head = ["Host", host];
  for (const [name, value] of fields) head.push(name, fromLatin1(value));
  if (declared !== undefined) return head;
  if (contents.kind === "open") head.push("Transfer-Encoding", "chunked");
  // Servers tell "no contents" from "contents to come" by this, where the method leaves it open.
  else if (contents.length > 0 || !WITHOUT_CONTENTS.has(method)) {
    head.push("Content-Length", String(contents.length));
  }
  return head;
}
