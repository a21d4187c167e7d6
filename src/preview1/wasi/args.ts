/**
 * `args_*` and `environ_*`: {@link https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#args_get}
 *
 * @module
 */
import { environment } from "../../wasi/cli/environment.ts";
import type { Work } from "./enter.ts";
import { Errno } from "./errno.ts";
import type { Guest } from "./guest.ts";

const encoder = new TextEncoder();

/**
 * Arguments and variables. Without `wasi:cli` there are none: every libc asks for them before the program has begun, so
 * that a refusal would end programs that have no use for them.
 */
export function args(guest: Guest): Record<string, Work> {
  const { getArguments, getEnvironment } = environment(guest.grant);
  const list = (func: string, texts: () => string[]) => {
    let encoded: Uint8Array[] | undefined;
    return () => {
      if (!guest.allowed.cli) return [];
      guest.told?.used("wasi:cli/environment", func);
      return encoded ??= texts().map((text) => encoder.encode(`${text}\0`));
    };
  };
  const words = list("get-arguments", getArguments);
  const variables = list(
    "get-environment",
    () => getEnvironment().map(([name, value]) => `${name}=${value}`),
  );
  return {
    args_get: getting(guest, words, "args_get"),
    args_sizes_get: sizing(guest, words, "args_sizes_get"),
    environ_get: getting(guest, variables, "environ_get"),
    environ_sizes_get: sizing(guest, variables, "environ_sizes_get"),
  };
}

/** Writes the texts one behind the other, each with a NUL, and where each begins. */
function getting({ memory }: Guest, texts: () => readonly Uint8Array[], what: string): Work {
  return (pointers: number, buffer: number) => {
    for (const text of texts()) {
      memory.storeU32(pointers, buffer, what);
      memory.bytes(buffer, text.length, what).set(text);
      pointers += 4;
      buffer += text.length;
    }
    return Errno.success;
  };
}

function sizing({ memory }: Guest, texts: () => readonly Uint8Array[], what: string): Work {
  return (count: number, size: number) => {
    const all = texts();
    memory.storeU32(count, all.length, what);
    memory.storeU32(size, all.reduce((sum, text) => sum + text.length, 0), what);
    return Errno.success;
  };
}
