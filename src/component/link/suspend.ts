/**
 * JavaScript Promise Integration: the only file that knows how a guest is suspended.
 *
 * @see https://github.com/WebAssembly/js-promise-integration/blob/main/proposals/js-promise-integration/Overview.md
 * @module
 */
type Func = (...args: never[]) => unknown;

const jspi = WebAssembly as unknown as {
  Suspending?: new (f: Func) => object;
  promising?: (f: Func) => Func;
};

/** Whether this platform can suspend guests at all. */
export const canSuspendGuests: boolean = jspi.Suspending !== undefined && jspi.promising !== undefined;

const exports = new WeakMap<Func, Func>();

/** A JavaScript function as an import that suspends its caller while the promise it returned is pending. */
export function asSuspendingImport(f: Func): object {
  return new jspi.Suspending!(f);
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
