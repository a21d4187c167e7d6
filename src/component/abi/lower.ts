/**
 * `canon lower`: a component function as a core function.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/CanonicalABI.md#canon-lower
 * @module
 */
import type { FuncType, ValueType } from "../wit/types.ts";
import { type Mismatch, mismatchOf } from "./check.ts";
import type { LowerContext } from "./context.ts";
import { Body, type CodeBudget, Emitter, quote, spendCode } from "./emit.ts";
import { FlatCursor, type FlatValue, liftFlat, lowerFlat } from "./flat.ts";
import { contains, offsetsOf, recordLayout, signatureOf } from "./layout.ts";
import { layoutOf } from "./layout.ts";
import { isNested, load, openBudget } from "./load.ts";
import { loadString, stored, storeString } from "./strings.ts";
import { store } from "./store.ts";
import type { Encoding } from "./strings.ts";
import { BadValue, support, unmarkedPromise } from "./support.ts";

/** How the callee is called. */
export type Callee =
  /** A host function. */
  | { readonly form: "call" }
  /** A host class's constructor. */
  | { readonly form: "new" }
  /** A method of the first argument. */
  | { readonly form: "method"; readonly method: string }
  /** Another component's function: raw representations, tagged results. */
  | { readonly form: "guest" };

/** What decides the text of a lower. */
export interface LowerShape {
  readonly type: FuncType;
  readonly encoding: Encoding;
  readonly callee: Callee;
  /** The callee may return a promise. */
  readonly suspends: boolean;
  /** There is a memory. */
  readonly memory: boolean;
  /** What the text is taken from. */
  readonly code: CodeBudget;
}

/** Makes the core function for one instance. */
export type LowerFactory = (context: LowerContext) => (...args: never[]) => unknown;

/** Writes the JavaScript of a lower and compiles it, once; binding it to an instance is cheap. */
export function makeLower(shape: LowerShape): LowerFactory {
  const { type, callee, suspends } = shape;
  const guest = callee.form === "guest";
  const emitter = new Emitter(guest ? "guest" : "host", shape.encoding);
  // Another guest may call back into the one that it is inside of, which may drop what it has lent.
  emitter.countLends = guest || type.params.some((p) => contains(p.type, (t) => t.kind === "own"));
  const signature = signatureOf(type);
  const result = type.result;
  /** The host throws its errors; another guest returns them as tagged values. */
  const throws = !guest && result?.kind === "result";

  const main = new Body(emitter);
  const params = signature.paramsInMemory ? ["a0"] : signature.params.map((_, i) => `a${i}`);
  if (signature.resultInMemory) params.push("ret");
  main.line(openBudget(type.params.map((p) => p.type)));
  const args = liftParams(main, type.params.map((p) => p.type), signature);
  main.line(`called = true;\nv = ${callText(callee, args)};\ncalled = false;`);

  const finish = new Body(emitter);
  if (emitter.lends) finish.line("if (L.handles.length !== 0 || L.expire.length !== 0) $.giveBack(L);");
  lowerResult(finish, result, signature.resultInMemory);

  const refresh = shape.memory ? "if (M.u8.length === 0) M.refresh();" : "";
  const ret = signature.resultInMemory ? ", ret" : "";
  const value = throws ? `{ tag: "ok", val: v }` : "v";
  const text = `
"use strict";
const { M, A, T, I, S, R } = c, f = c.f;
${[...emitter.resources].map((slot) => `const r${slot} = R[${slot}];`).join("\n")}
${emitter.lends || emitter.borrows ? "const L = { handles: [], expire: [] }, B = { borrows: 0 };" : ""}
${emitter.helpers()}
function finish(v${ret}) {
${refresh}
${finish.text()}
}
function failed(e${ret}) {
${
    throws
      ? `if ($.isErr(e)) {
const val = $.errOf(e);
try { return finish({ tag: "err", val }${ret}); } catch (e) { throw S.kill(explain(e, val, c.name, "err"), I); }
}`
      : ""
  }
throw S.kill(e, I);
}
${
    suspends
      ? `function settled(v${ret}) {
try { return finish(${value}${ret}); } catch (e) { throw S.kill(explain(e, v, c.name), I); }
}`
      : ""
  }
return function lowered(${params.join(", ")}) {
if (!I.mayLeave) $.cannotLeave(S, I);
let v, called = false;
try {
${refresh}
${main.text()}
${
    suspends
      ? `if (v !== null && typeof v === "object" && typeof v.then === "function") {
return ${guest ? "v" : "S.waiting(v)"}.then((v) => settled(v${ret}), (e) => failed(e${ret}));
}`
      : ""
  }
${
    !guest && !suspends && takesAnyObject(result)
      ? `if (v !== undefined && v !== null && typeof v.then === "function") $.unmarkedPromise();`
      : ""
  }
return finish(${value}${ret});
} catch (e) {
if (called) return failed(e${ret});
throw S.kill(explain(e, v, c.name), I);
}
};`;
  spendCode(shape.code, text);
  const factory = new Function("$", "K", "P", "str", "put", "explain", "c", text);
  const explain = explainReturn(type);
  const { constants } = emitter;
  const str = loadString[shape.encoding], put = storeString[shape.encoding];
  return (context) => factory(support, constants, stored, str, put, explain, context);
}

/** Lifts the parameters; returns the argument expressions. */
function liftParams(
  body: Body,
  types: readonly ValueType[],
  signature: ReturnType<typeof signatureOf>,
): string[] {
  if (signature.paramsInMemory) {
    const { size, align } = recordLayout(types);
    const offsets = offsetsOf(types);
    body.line("a0 >>>= 0;");
    body.line(`M.check(a0, ${size}, ${align}, "parameters");`);
    return types.map((t, i) => body.hold(load(body, t, "a0", offsets[i]!)));
  }
  const cursor = new FlatCursor(signature.params.map((type, i): FlatValue => ({ text: `a${i}`, type })));
  return types.map((t) => body.hold(liftFlat(body, t, cursor)));
}

function callText(callee: Callee, args: readonly string[]): string {
  switch (callee.form) {
    case "new":
      return `new f(${args.join(", ")})`;
    case "method":
      return `${args[0]}[${quote(callee.method)}](${args.slice(1).join(", ")})`;
    default:
      return `f(${args.join(", ")})`;
  }
}

function lowerResult(body: Body, result: ValueType | undefined, inMemory: boolean): void {
  if (!result) return body.line("return;");
  if (inMemory) {
    const { size, align } = layoutOf(result);
    body.line("ret >>>= 0;");
    body.line(`M.check(ret, ${size}, ${align}, "result");`);
    return store(body, result, "v", "ret", 0);
  }
  const [flat] = lowerFlat(body, result, "v");
  body.line(`return ${flat!.text};`);
}

/** Whether an object without any of the properties that are looked for, such as a promise, would do. */
function takesAnyObject(type: ValueType | undefined): boolean {
  switch (type?.kind) {
    case undefined:
    case "own":
    case "flags":
      return true;
    case "record":
      return type.fields.every(({ type: t }) => t.kind === "flags" || t.kind === "option" && !isNested(t));
    case "option":
      return takesAnyObject(type.type);
    case "result":
      return takesAnyObject(type.ok);
    default:
      return false;
  }
}

/** Turns a bare error about what a host function returned into one that says so. */
function explainReturn(
  type: FuncType,
): (error: unknown, value: unknown, name: string, side?: "err") => unknown {
  return (error, value, name, side) => {
    if (!(error instanceof TypeError)) return error;
    if (typeof (value as { then?: unknown } | undefined)?.then === "function") return unmarkedPromise();
    const wanted = type.result?.kind === "result" ? type.result[side ?? "ok"] : type.result;
    let mismatch: Mismatch | undefined;
    try {
      mismatch = wanted && mismatchOf(wanted, value, side ?? "result");
    } catch {
      return error;
    }
    if (!mismatch) {
      if (!(error instanceof BadValue)) return error;
      return new TypeError(`the host function ${name} returned what does not fit: ${error.message}`);
    }
    return new TypeError(
      `the host function ${name} returned ${mismatch.found} for ${mismatch.path}, expected ${mismatch.expected}`,
    );
  };
}
