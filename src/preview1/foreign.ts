/**
 * Imports of core modules that are none of preview 1's: who would have provided them.
 *
 * @module
 */
import { type CoreExtern, type CoreModuleType, LinkError } from "../component/mod.ts";
import { externText, funcText, nameText, sameFunc } from "./core_type.ts";
import { FUNCTIONS, PREVIEW1 } from "./functions.ts";
import { MEMORY, unusable } from "./lift.ts";

type Import = CoreModuleType["imports"][number];

/** More imports than this are counted, and not named. */
const MOST_NAMED = 12;

/**
 * Refuses a module that asks for what no host here provides.
 *
 * @throws {LinkError} With the imports at fault, and what they were made for.
 */
export function checkForeign({ imports, exports }: Pick<CoreModuleType, "imports" | "exports">): void {
  const foreign = imports.filter(({ module }) => module !== PREVIEW1);
  const names = foreign.map(({ module, name }) => `${nameText(module)}.${nameText(name)}`);
  if (foreign.length > 0) {
    const rest = names.length - MOST_NAMED;
    throw new LinkError(
      `the module imports ${names.slice(0, MOST_NAMED).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}, ` +
        `which no host provides: ${madeFor(foreign)}`,
      names,
    );
  }
  for (const one of imports) checkOwn(one);
  if (imports.some(({ name }) => FUNCTIONS.get(name)!.memory)) checkMemory(exports.get(MEMORY));
}

function checkOwn({ name, type }: Import): void {
  const full = `${PREVIEW1}.${nameText(name)}`;
  const known = FUNCTIONS.get(name);
  if (!known) throw new LinkError(`the module imports ${full}, and ${PREVIEW1} has no such function`, [full]);
  if (type.kind === "core-func" && sameFunc(type, known.type)) return;
  throw new LinkError(
    `the module imports ${full} as ${externText(type)}, and it is ${funcText(known.type)}`,
    [full],
  );
}

function checkMemory(memory: CoreExtern | undefined): void {
  const needs = `the functions of ${PREVIEW1} read and write an exported memory called ${MEMORY}`;
  if (memory?.kind !== "memory") throw new LinkError(`${needs}, and the module exports none`, [PREVIEW1]);
  const wrong = unusable(memory);
  if (wrong !== undefined) throw new LinkError(`${needs}, and the module's is ${wrong}`, [PREVIEW1]);
}

const EMSCRIPTEN =
  /^(emscripten_|_emscripten|__syscall_|invoke_[vijfdp]|__cxa_|_embind_|_emval_|__assert_fail$|_?abort$|_localtime|_tzset)/;

/** What the first import that tells anything tells. */
function madeFor(foreign: readonly Import[]): string {
  const threads = foreign.some(({ module, name, type }) =>
    (type.kind === "memory" && type.limits.shared) || (module === "wasi" && name === "thread-spawn")
  );
  if (threads) return "it was built for threads, which are not supported";
  for (const { module, name } of foreign) {
    if (module === "wasi_unstable") {
      return `${module} is an older snapshot than ${PREVIEW1}, with other layouts; build it with a newer toolchain`;
    }
    if (/^(wasi:|\[export]|\$root$|cm32p2|[a-z][a-z0-9-]*:[a-z][a-z0-9-]*\/)/.test(module)) {
      return "it is the inside of a component; make one of it (`wasm-tools component new`)";
    }
    if (module === "wbg" || module.startsWith("__wbindgen") || module.includes("_bg.js")) {
      return "it was built for JavaScript by wasm-bindgen; build it for wasm32-wasip2, or without wasm-bindgen";
    }
    if (module === "go" || module === "gojs") {
      return "it was built by Go for JavaScript; build it with GOOS=wasip1 GOARCH=wasm";
    }
    if (module === "a" || (module === "env" && EMSCRIPTEN.test(name) && name !== "abort")) {
      return "it was built by Emscripten for its JavaScript; build it with -sSTANDALONE_WASM, or with wasi-sdk";
    }
    if (module === "env" && (name === "abort" || name === "seed" || name === "trace")) {
      return "it looks built by AssemblyScript for JavaScript; build it with @assemblyscript/wasi-shim, or --use abort=";
    }
  }
  return `a core module may import functions of ${PREVIEW1} alone; for others, make it a component that imports them`;
}
