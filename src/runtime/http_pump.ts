/**
 * A file's bytes on their way to a client, no faster than the client takes them.
 *
 * @module
 */
import type { ResponseBody } from "../wasi/http/response_body.ts";
import { whenReady } from "../wasi/io/waitable.ts";

/** How much is read at once, in bytes. */
const CHUNK = 64 * 1024;

/**
 * Sends so many bytes of a file, from where it stands. Where the file has fewer by now, or the signal says so, the contents
 * are cut off; where the client leaves, it ends.
 */
export async function pump(
  file: Pick<Deno.FsFile, "read">,
  length: number,
  body: ResponseBody,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { sink } = body;
  const cut = () => body.cut();
  signal?.addEventListener("abort", cut, { once: true });
  if (signal?.aborted) cut();
  const buffer = new Uint8Array(CHUNK);
  try {
    for (let rest = length; rest > 0;) {
      const count = await file.read(buffer.subarray(0, Math.min(CHUNK, rest)));
      if (count === null) return cut();
      for (let from = 0; from < count;) {
        const room = sink.room();
        if (room === null) return;
        if (room === 0) await whenReady(sink);
        else {
          const to = Math.min(count, from + room);
          sink.write(buffer.subarray(from, to));
          from = to;
        }
      }
      rest -= count;
    }
    body.finish();
  } catch (error) {
    cut();
    throw error;
  } finally {
    signal?.removeEventListener("abort", cut);
  }
}
