/**
 * JavaScript Promise Integration: the only file that knows how a guest is suspended.
 *
 * @see https://github.com/WebAssembly/js-promise-integration/blob/main/proposals/js-promise-integration/Overview.md
 * @module
 */
import { Reader } from "../binary/reader.ts";

type Func = (...args: never[]) => unknown;

const jspi = WebAssembly as unknown as {
  Suspending?: new (f: Func) => object;
  promising?: (f: Func) => Func;
};

/** Whether this platform can suspend guests at all. */
export const canSuspendGuests: boolean = jspi.Suspending !== undefined && jspi.promising !== undefined;

const imports = new WeakMap<Func, object>();
const exports = new WeakMap<Func, Func>();

/** A JavaScript function as an import that suspends its caller while the promise it returned is pending. */
export function asSuspendingImport(f: Func): object {
  let wrapped = imports.get(f);
  if (!wrapped) imports.set(f, wrapped = new jspi.Suspending!(f));
  return wrapped;
}

/** A core function as one that may be suspended, and so returns a promise. */
export function asPromising(f: Func): Func {
  let wrapped = exports.get(f);
  if (!wrapped) exports.set(f, wrapped = promising(f));
  return wrapped;
}

function promising(f: Func): Func {
  try {
    return jspi.promising!(f);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // A built-in, or a host function that was lowered and is lifted as it is: no guest is on the stack.
    return (...args) => new Promise((resolve) => resolve(f(...args)));
  }
}

/** The name under which a moved start function is exported: no toolchain writes it. */
export const START = "\u0000airlock start";

/** Calls `start` and then `done`: `(func (export "run") call 0 call 1)`. */
// deno-fmt-ignore
const RUN = Uint8Array.of(
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00,
  0x01, 0x04, 0x01, 0x60, 0x00, 0x00, // type: [] -> []
  0x02, 0x0b, 0x02, 0x00, 0x01, 0x73, 0x00, 0x00, 0x00, 0x01, 0x64, 0x00, 0x00, // imports "" "s", "" "d"
  0x03, 0x02, 0x01, 0x00,
  0x07, 0x07, 0x01, 0x03, 0x72, 0x75, 0x6e, 0x00, 0x02, // export "run"
  0x0a, 0x08, 0x01, 0x06, 0x00, 0x10, 0x00, 0x10, 0x01, 0x0b,
);
let run: WebAssembly.Module | undefined;

/**
 * Runs a start function that was moved to an export.
 *
 * @returns `undefined` if it has returned by now; a promise if it called what may suspend, or failed. V8
 * suspends at each such call, also where the host function returns no promise.
 */
export function runStart(start: Func): Promise<unknown> | undefined {
  let done = false;
  const d = () => {
    done = true;
  };
  const { exports } = new WebAssembly.Instance(run ??= new WebAssembly.Module(RUN), {
    "": { s: start as never, d },
  });
  const started = (asPromising(exports["run"] as Func) as () => Promise<unknown>)();
  return done ? undefined : started;
}

/**
 * Moves a module's start function to an export. V8 cannot suspend a start function, nor run a suspending
 * import under it, since `new WebAssembly.Instance` is a JavaScript frame; as an export it is called like
 * any other.
 *
 * @param bytes A valid core module.
 * @returns The rewritten module, or `undefined` if it has no start function.
 */
export function moveStart(bytes: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  const reader = new Reader(bytes, 8);
  let start: number | undefined;
  let exportSection: { count: number; body: Uint8Array } | undefined;
  const parts: { id: number; bytes: Uint8Array }[] = [];
  while (!reader.done) {
    const from = reader.offset;
    const id = reader.byte("section id");
    const section = reader.window(reader.u32("section size"), "section");
    if (id === 8) start = section.u32("start function");
    else if (id === 7) {
      const count = section.u32("exports");
      exportSection = { count, body: bytes.subarray(section.offset, section.end) };
    }
    if (id !== 8 && id !== 7) parts.push({ id, bytes: bytes.subarray(from, reader.offset) });
  }
  if (start === undefined) return undefined;
  const name = new TextEncoder().encode(START);
  const body = [
    ...leb((exportSection?.count ?? 0) + 1),
    ...(exportSection?.body ?? []),
    ...leb(name.length),
    ...name,
    0x00,
    ...leb(start),
  ];
  const exported = { id: 7, bytes: Uint8Array.from([0x07, ...leb(body.length), ...body]) };
  // Exports stand after globals (6, and tags 13) and before elements (9).
  const after = parts.findIndex((p) => p.id >= 9 && p.id !== 13);
  parts.splice(after < 0 ? parts.length : after, 0, exported);
  const result = new Uint8Array(8 + parts.reduce((n, p) => n + p.bytes.length, 0));
  result.set(bytes.subarray(0, 8));
  let at = 8;
  for (const part of parts) {
    result.set(part.bytes, at);
    at += part.bytes.length;
  }
  return result;
}

function leb(value: number): number[] {
  const bytes: number[] = [];
  do {
    const low = value % 128;
    value = Math.floor(value / 128);
    bytes.push(value > 0 ? low | 0x80 : low);
  } while (value > 0);
  return bytes;
}
