/** The engine's rows: calls, instances, the time to the first instance. */
import { Component } from "../../src/component/mod.ts";
import { denied } from "../../src/grant/grant.ts";
import { wasi } from "../../src/wasi/mod.ts";
import { compare, type Row } from "./measure.ts";

const read = (path: string) => Deno.readFileSync(new URL(path, import.meta.url));

interface Core {
  readonly memory: WebAssembly.Memory;
  readonly cabi_realloc: (a: number, b: number, c: number, d: number) => number;
  readonly "spin-now": (n: number) => bigint;
  readonly "spin-bytes": (n: number) => number;
  readonly add: (a: number, b: number) => number;
  readonly echo: (p: number, n: number) => number;
}

/** All rows, in the order of the table. */
export async function engineRows(): Promise<Row[]> {
  return [...await callRows(), await freshInstance(), await firstInstance()];
}

async function callRows(): Promise<Row[]> {
  const component = Component.compileSync(read("component.wasm"));
  const bytes = new Uint8Array(32).fill(7);
  let clock = 0n;
  const now = () => clock;
  const ours = component.instantiateSync({ "bench:host/calls": { now, bytes: () => bytes } }).exports;

  // The floor: the same core module, its imports written by hand for it alone.
  let u8: Uint8Array, dv: DataView;
  const core = new WebAssembly.Instance(new WebAssembly.Module(read("core.wasm")), {
    "bench:host/calls": {
      now,
      bytes: (ret: number) => {
        const p = core.cabi_realloc(0, 0, 1, 32);
        if (u8.length === 0) u8 = new Uint8Array(core.memory.buffer), dv = new DataView(core.memory.buffer);
        u8.set(bytes, p);
        dv.setUint32(ret, p, true);
        dv.setUint32(ret + 4, 32, true);
      },
    },
  }).exports as unknown as Core;
  u8 = new Uint8Array(core.memory.buffer);
  dv = new DataView(core.memory.buffer);

  const text = "sixteen letters!";
  const encoder = new TextEncoder(), decoder = new TextDecoder();
  const echoByHand = (value: string) => {
    const p = core.cabi_realloc(0, 0, 1, value.length);
    let i = 0;
    for (; i < value.length; i++) {
      const c = value.charCodeAt(i);
      if (c >= 0x80) break;
      u8[p + i] = c;
    }
    if (i < value.length) u8.set(encoder.encode(value), p);
    const ret = core.echo(p, value.length);
    const q = dv.getUint32(ret, true), n = dv.getUint32(ret + 4, true);
    let result = "";
    for (i = 0; i < n; i++) {
      const c = u8[q + i]!;
      if (c >= 0x80) return decoder.decode(u8.subarray(q, q + n));
      result += String.fromCharCode(c);
    }
    return result;
  };
  const each = (f: () => unknown) => (n: number) => {
    for (let i = 0; i < n; i++) f();
  };
  clock = 5n;
  let sum = 0;
  return [
    await compare("host call, scalars", "raw wasm import", 1.5, 3e6, ours.spinNow, core["spin-now"]),
    await compare(
      "host call returning list<u8> of 32",
      "raw import that copies 32 bytes by hand",
      4,
      1e6,
      ours.spinBytes,
      core["spin-bytes"],
    ),
    await compare(
      "export call, scalars, cannot block",
      "raw export",
      2,
      3e6,
      each(() => sum = ours.add(sum & 0xff, 1)),
      each(() => sum = core.add(sum & 0xff, 1)),
    ),
    await compare(
      "export call string → string, 16 characters",
      "the same by hand",
      2,
      1e6,
      each(() => ours.echo(text)),
      each(() => echoByHand(text)),
    ),
  ];
}

/** Core modules of a component, instantiated with the imports they need and no glue at all. */
function coreModules(component: Uint8Array): Uint8Array<ArrayBuffer>[] {
  // Section 1 of the component binary is a core module; nothing else is needed of the format here.
  const modules: Uint8Array<ArrayBuffer>[] = [];
  let at = 8;
  const leb = () => {
    let value = 0, shift = 0, byte;
    do {
      byte = component[at++]!;
      value += (byte & 0x7f) * 2 ** shift;
      shift += 7;
    } while (byte & 0x80);
    return value;
  };
  while (at < component.length) {
    const id = component[at++]!, size = leb();
    if (id === 1) modules.push(component.slice(at, at + size) as Uint8Array<ArrayBuffer>);
    at += size;
  }
  return modules;
}

async function freshInstance(): Promise<Row> {
  const bytes = read("../../examples/calculator/calculator.wasm");
  const component = Component.compileSync(bytes);
  const modules = coreModules(bytes).map((b) => new WebAssembly.Module(b));
  const [main, start] = modules;
  return await compare(
    "fresh instance of a 21 KB component",
    "new WebAssembly.Instance of its core modules",
    3,
    2000,
    (n) => {
      for (let i = 0; i < n; i++) component.instantiateSync();
    },
    (n) => {
      for (let i = 0; i < n; i++) {
        const { exports } = new WebAssembly.Instance(main!);
        new WebAssembly.Instance(start!, { main: { _initialize: exports["_initialize"]! } });
      }
    },
  );
}

async function firstInstance(): Promise<Row> {
  const bytes = read("../guests/js/calculator.wasm");
  const modules = coreModules(bytes);
  const packages = new Set(["wasi:cli", "wasi:io", "wasi:clocks", "wasi:random", "wasi:filesystem"] as const);
  const grant = { ...denied, packages };
  let salt = 0;
  // V8 keeps compiled modules by their bytes, so each round gets bytes that were never seen.
  const fresh = (module: Uint8Array<ArrayBuffer>) => {
    const copy = new Uint8Array(module.length + 11);
    copy.set(module);
    copy.set([0, 9, 4, 115, 97, 108, 116], module.length);
    new DataView(copy.buffer).setUint32(module.length + 7, salt++);
    return copy;
  };
  const rounds = 5;
  const inputs = Array.from({ length: (rounds + 1) * 4 }, () => rebuild(bytes, fresh));
  const raws = Array.from({ length: (rounds + 1) * 4 }, () => modules.map(fresh));
  const row = await compare(
    "11 MB component, bytes to first instance",
    "new WebAssembly.Module of its core modules",
    1.5,
    1,
    async () => {
      const component = Component.compileSync(inputs.pop()!);
      await component.instantiate(wasi(grant), { missing: (name) => new Error(name) });
    },
    () => {
      for (const module of raws.pop()!) new WebAssembly.Module(module);
    },
  );
  return row;
}

/** A component with each of its core modules replaced. */
function rebuild(
  bytes: Uint8Array,
  replace: (module: Uint8Array<ArrayBuffer>) => Uint8Array,
): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [bytes.subarray(0, 8)];
  let at = 8;
  while (at < bytes.length) {
    const from = at, id = bytes[at++]!;
    let size = 0, shift = 0, byte;
    do {
      byte = bytes[at++]!;
      size += (byte & 0x7f) * 2 ** shift;
      shift += 7;
    } while (byte & 0x80);
    if (id === 1) {
      const module = replace(bytes.slice(at, at + size) as Uint8Array<ArrayBuffer>);
      const head = [1];
      let n = module.length;
      do {
        head.push(n > 127 ? (n & 127) | 128 : n);
        n >>>= 7;
      } while (n > 0);
      parts.push(Uint8Array.from(head), module);
    } else parts.push(bytes.subarray(from, at + size));
    at += size;
  }
  const result = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let to = 0;
  for (const part of parts) {
    result.set(part, to);
    to += part.length;
  }
  return result;
}
