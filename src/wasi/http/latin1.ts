/**
 * Bytes of fields as text, one character for each byte: HTTP's own view of them, and that of `node:http`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-5.5
 * @module
 */

/** Arguments of one call: engines bound them. */
const PIECE = 8192;

/** Each byte as the character of that number. (`TextDecoder` knows no such encoding: its latin1 is windows-1252.) */
export function fromLatin1(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += PIECE) {
    text += String.fromCharCode(...bytes.subarray(i, i + PIECE));
  }
  return text;
}

/** Each character, all of them below 256, as one byte. */
export function toLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
