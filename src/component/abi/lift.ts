/**
 * `canon lift`: a core function as a component function.
 *
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/CanonicalABI.md#canon-lift
 * @module
 */
import type { FuncType } from "../wit/types.ts";
import { findMismatch, type Mismatch, show, witFunc } from "./check.ts";
import type { LiftContext } from "./context.ts";
import { Body, type Boundary, type CodeBudget, Emitter, spendCode } from "./emit.ts";
import { FlatCursor, liftFlat, lowerFlat } from "./flat.ts";
import { layoutOf, offsetsOf, recordLayout, signatureOf } from "./layout.ts";
import { load, openBudget } from "./load.ts";
import { store } from "./store.ts";
import { type Encoding, loadString, stored, storeString } from "./strings.ts";
import { BadValue, support } from "./support.ts";

/** What decides the text of a lift. */
export interface LiftShape {
  readonly type: FuncType;
  readonly encoding: Encoding;
  readonly boundary: Boundary;
  /** The core function may suspend: it is a `promising` one and returns a promise. */
  readonly suspends: boolean;
  /** There is a memory. */
  readonly memory: boolean;
  /** There is a post-return function. */
  readonly post: boolean;
  /** What the text is taken from. */
  readonly code: CodeBudget;
}

/** Makes the JavaScript function for one instance. */
export type LiftFactory = (context: LiftContext) => (...args: never[]) => unknown;

/** Writes the JavaScript of a lift and compiles it, once; binding it to an instance is cheap. */
export function makeLift(shape: LiftShape): LiftFactory {
  const { type, suspends, boundary } = shape;
  const host = boundary === "host";
  const emitter = new Emitter(boundary, shape.encoding);
  emitter.undoes = host;
  const signature = signatureOf(type);
  const { result } = type;
  const types = type.params.map((p) => p.type);
  const names = types.map((_, i) => `a${i}`);

  const lower = new Body(emitter);
  const flat: string[] = [];
  if (signature.paramsInMemory) {
    const { size, align } = recordLayout(types);
    const offsets = offsetsOf(types);
    const pointer = lower.hold(`A(0, 0, ${align}, ${size})`);
    types.forEach((t, i) => store(lower, t, names[i]!, pointer, offsets[i]!));
    flat.push(pointer);
  } else {
    types.forEach((t, i) => flat.push(...lowerFlat(lower, t, names[i]!).map((v) => v.text)));
  }

  const finish = new Body(emitter);
  let value = "undefined";
  if (result) finish.line(openBudget([result]));
  if (result && signature.resultInMemory) {
    const { size, align } = layoutOf(result);
    finish.line("const p = r >>> 0;");
    finish.line(`M.check(p, ${size}, ${align}, "result");`);
    value = finish.hold(load(finish, result, "p", 0));
  } else if (result) {
    const cursor = new FlatCursor([{ text: "r", type: signature.results[0]! }]);
    value = finish.hold(liftFlat(finish, result, cursor));
  }
  if (emitter.borrows) finish.line("if (B.borrows !== 0) $.checkBorrows(B);");
  if (shape.post) finish.line(`I.mayLeave = false;\npost(${result ? "r" : ""});`);
  if (emitter.borrows) finish.line("if (L.handles.length !== 0 || L.expire.length !== 0) $.giveBack(L);");
  // A guest can catch what killed it, and return as if nothing had happened.
  finish.line("if (S.dead !== undefined) throw S.dead;");
  if (shape.post) finish.line("I.mayLeave = true;");
  finish.line("N.mayEnter = true;\nif (W.length !== 0) S.leave(W);");
  finish.line(`return ${value};`);

  const unwrap = host && result?.kind === "result"
    ? (v: string) => `const t = ${v};\nif (t.tag === "err") throw new $.ComponentError(t.val);\nreturn t.val;`
    : (v: string) => `return ${v};`;
  const refresh = shape.memory ? "if (M.u8.length === 0) M.refresh();" : "";
  const params = names.join(", ");
  const catching = `catch (e) {
${emitter.borrows || emitter.owns ? "if (!running) $.undo(T, U, B);" : ""}
${emitter.borrows ? "B.borrows = 0;\n$.giveBack(L);" : ""}
throw S.failed(e, running, N, W, () => explain(c, [${params}], e));
}`;
  const text = `
"use strict";
const { M, A, T, I, S, R, N, W, f, post } = c;
${[...emitter.resources].map((slot) => `const r${slot} = R[${slot}];`).join("\n")}
${
    emitter.lends || emitter.borrows || emitter.owns
      ? "const L = { handles: [], expire: [] }, B = { borrows: 0 }, U = [];"
      : ""
  }
${emitter.helpers()}
function finish(r) {
${refresh}
${finish.text()}
}
${suspends && host ? "" : "return "}function lifted(${params}) {
if (S.dead !== undefined || !N.mayEnter || W.length !== 0) S.enter(N, W);
N.mayEnter = false;
let running = false, v;
try {
${refresh}
${lower.text()}
running = true;
${emitter.owns ? "U.length = 0;" : ""}
v = f(${flat.join(", ")});
${suspends ? "" : "v = finish(v);"}
} ${catching}
${
    suspends
      ? `return v.then((v) => { try { v = finish(v); } ${catching}\n${
        unwrap("v")
      } }, (e) => { try { throw e; } ${catching} });`
      : unwrap("v")
  }
}${suspends && host ? `;\nreturn $.rejecting(lifted)` : ""};`;
  spendCode(shape.code, text);
  const factory = new Function("$", "K", "P", "str", "put", "explain", "c", text);
  const { constants } = emitter;
  const str = loadString[shape.encoding], put = storeString[shape.encoding];
  return (context) => factory(support, constants, stored, str, put, explain, context);
}

/** Says which parameter a caller got wrong. What an argument's own code threw stays what it is. */
function explain({ name, type }: LiftContext, args: readonly unknown[], error: unknown): unknown {
  if (!(error instanceof TypeError)) return error;
  let mismatch: Mismatch | undefined;
  try {
    mismatch = findMismatch(type, args);
  } catch {
    return error;
  }
  const of = `${name}: ${witFunc(type)}`;
  if (mismatch) {
    const { path, expected, found } = mismatch;
    return new TypeError(`parameter ${path} is ${expected}, got ${found} (calling ${of})`);
  }
  if (!(error instanceof BadValue)) return error;
  return new TypeError(`arguments ${show(args)} do not fit: ${error.message} (calling ${of})`);
}
