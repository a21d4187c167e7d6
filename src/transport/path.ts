/**
 * Paths of requests as routes see them: cleaned, cut into segments, percent-decoded segment by segment.
 *
 * Decoded text is kept as one character for each byte: a path may hold bytes that are no UTF-8, and two paths are the same
 * only if their bytes are.
 *
 * @module
 */

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** What may stand in a path as it is (RFC 3986, section 3.3): the rest is written with a percent sign. */
const PLAIN = /^[\w\-.~!$&'()*+,;=:@/%[\]]*$/;

/** A percent sign that begins no escape. */
const BAD_ESCAPE = /%(?![0-9a-f]{2})/i;

/**
 * A path in the form in which it is compared and sent back to clients: what may not stand in a path is escaped; escapes
 * stay as they came.
 *
 * @param path As the client sent it, without the query.
 * @returns `undefined` where a percent sign begins no escape: nobody can tell what was meant.
 */
export function normalPath(path: string): string | undefined {
  if (BAD_ESCAPE.test(path)) return undefined;
  const text = path === "" ? "/" : path;
  if (PLAIN.test(text)) return text;
  let escaped = "";
  for (const byte of encoder.encode(text)) {
    const c = String.fromCharCode(byte);
    escaped += byte < 0x80 && PLAIN.test(c) ? c : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return escaped;
}

/**
 * A path without empty segments, `.` and `..`, as {@link https://www.rfc-editor.org/rfc/rfc3986#section-5.2.4} resolves
 * those; nothing leads above the root. Escaped dots and slashes are text and stay.
 */
export function cleanPath(path: string): string {
  if (!/\/\/|\/\.\.?(\/|$)/.test(path)) return path;
  const kept: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment === "..") kept.pop();
    else kept.push(segment);
  }
  const clean = `/${kept.join("/")}`;
  // A slash at the end names what is below, and is kept. `/a/.` has none.
  return path.endsWith("/") && clean !== "/" ? `${clean}/` : clean;
}

/** The bytes of a piece of a path, one character for each, escapes resolved. A piece with a bad escape stands for itself. */
export function unescapePath(text: string): string {
  if (/^[\0-$&-\x7f]*$/.test(text)) return text;
  const bytes = bytesOf(text);
  return BAD_ESCAPE.test(text)
    ? bytes
    : bytes.replace(/%([0-9a-f]{2})/gi, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)));
}

function bytesOf(text: string): string {
  let bytes = "";
  for (const byte of encoder.encode(text)) bytes += String.fromCharCode(byte);
  return bytes;
}

/**
 * What bytes, one character for each, say in UTF-8.
 *
 * @returns `undefined` where they are none.
 */
export function textOf(bytes: string): string | undefined {
  if (/^[\0-\x7f]*$/.test(bytes)) return bytes;
  try {
    return decoder.decode(Uint8Array.from(bytes, (c) => c.charCodeAt(0)));
  } catch {
    return undefined;
  }
}
