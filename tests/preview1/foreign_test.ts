/** Core modules that ask for what no host provides: which imports, and who would have provided them. */
import assert from "node:assert/strict";
import { LinkError } from "../../src/component/mod.ts";
import { core, thrown } from "./support.ts";

const MEMORY = `(memory (export "memory") 1)`;
const func = (module: string, name: string, type = "") => `(import "${module}" "${name}" (func ${type}))`;
const own = (name: string, type = "") => func("wasi_snapshot_preview1", name, type);

const NEEDS =
  "the functions of wasi_snapshot_preview1 read and write an exported memory called memory, and the module";

const FOREIGN:
  readonly (readonly [name: string, fields: string, message: RegExp, imports: readonly string[]])[] = [
    [
      "anything",
      func("host", "log"),
      /^the module imports host\.log, which no host provides: a core module may import functions of wasi_snapshot_preview1 alone/,
      ["host.log"],
    ],
    [
      "of several kinds",
      `(import "a1" "g" (global i32)) (import "a1" "t" (table 1 funcref)) ${func("b1", "f")}`,
      /^the module imports a1\.g, a1\.t, b1\.f,/,
      ["a1.g", "a1.t", "b1.f"],
    ],
    [
      "its memory",
      `(import "env" "memory" (memory 1))`,
      /^the module imports env\.memory, which no host provides: a core module may/,
      ["env.memory"],
    ],
    [
      "threads by their memory",
      `(import "env" "memory" (memory 1 2 shared))`,
      /built for threads, which are not supported$/,
      ["env.memory"],
    ],
    [
      "threads by their beginning",
      func("wasi", "thread-spawn", "(param i32) (result i32)"),
      /built for threads/,
      ["wasi.thread-spawn"],
    ],
    [
      "the older snapshot",
      func("wasi_unstable", "fd_write", "(param i32 i32 i32 i32) (result i32)"),
      /wasi_unstable is an older snapshot than wasi_snapshot_preview1.*newer toolchain$/,
      ["wasi_unstable.fd_write"],
    ],
    [
      "interfaces of components",
      func("wasi:cli/stdout@0.2.0", "get-stdout", "(result i32)"),
      /the inside of a component; make one of it/,
      ["wasi:cli/stdout@0.2.0.get-stdout"],
    ],
    ["functions of a world", func("$root", "log"), /the inside of a component/, ["$root.log"]],
    [
      "Emscripten's JavaScript",
      func("env", "emscripten_memcpy_js", "(param i32 i32 i32)"),
      /built by Emscripten for its JavaScript/,
      ["env.emscripten_memcpy_js"],
    ],
    [
      "Emscripten's system calls",
      func("env", "__syscall_openat", "(param i32 i32 i32 i32) (result i32)"),
      /built by Emscripten/,
      ["env.__syscall_openat"],
    ],
    ["Emscripten's exceptions", func("env", "invoke_vii", "(param i32 i32 i32)"), /built by Emscripten/, [
      "env.invoke_vii",
    ]],
    [
      "AssemblyScript's end",
      func("env", "abort", "(param i32 i32 i32 i32)"),
      /looks built by AssemblyScript/,
      ["env.abort"],
    ],
    [
      "wasm-bindgen's glue",
      func("wbg", "__wbg_log_1d3ae0273d8f4f8a", "(param i32)"),
      /built for JavaScript by wasm-bindgen/,
      ["wbg.__wbg_log_1d3ae0273d8f4f8a"],
    ],
    [
      "Go's JavaScript",
      func("gojs", "runtime.wasmExit", "(param i32)"),
      /built by Go for JavaScript.*GOOS=wasip1/,
      ["gojs.runtime.wasmExit"],
    ],
    [
      "something beside preview 1",
      `${own("sched_yield", "(result i32)")} ${func("env", "log")}`,
      /^the module imports env\.log,/,
      ["env.log"],
    ],
    [
      "a function that preview 1 does not have",
      own("fd_fly", "(param i32) (result i32)"),
      /^the module imports wasi_snapshot_preview1\.fd_fly, and wasi_snapshot_preview1 has no such function$/,
      ["wasi_snapshot_preview1.fd_fly"],
    ],
    ["what every object has", own("constructor"), /has no such function$/, [
      "wasi_snapshot_preview1.constructor",
    ]],
    [
      "a function of another type",
      `${own("fd_close", "(param i64) (result i32)")}`,
      /fd_close as func\(i64\) -> i32, and it is func\(i32\) -> i32$/,
      ["wasi_snapshot_preview1.fd_close"],
    ],
    [
      "an i32 that is an i64",
      `${own("fd_seek", "(param i32 i32 i32 i32) (result i32)")} ${MEMORY}`,
      /and it is func\(i32, i64, i32, i32\) -> i32$/,
      ["wasi_snapshot_preview1.fd_seek"],
    ],
    [
      "a global of preview 1",
      `(import "wasi_snapshot_preview1" "fd_close" (global i32))`,
      /fd_close as a global, and it is func/,
      ["wasi_snapshot_preview1.fd_close"],
    ],
    [
      "addresses without a memory",
      own("random_get", "(param i32 i32) (result i32)"),
      new RegExp(`^${NEEDS} exports none$`),
      ["wasi_snapshot_preview1"],
    ],
    [
      "addresses and a memory that is none",
      `${own("random_get", "(param i32 i32) (result i32)")} (global (export "memory") i32 (i32.const 0))`,
      /exports none$/,
      ["wasi_snapshot_preview1"],
    ],
    [
      "addresses in a 64-bit memory",
      `${own("random_get", "(param i32 i32) (result i32)")} (memory (export "memory") i64 1)`,
      /is 64-bit/,
      ["wasi_snapshot_preview1"],
    ],
    [
      "addresses in a shared memory",
      `${own("random_get", "(param i32 i32) (result i32)")} (memory (export "memory") 1 1 shared)`,
      /is shared between threads/,
      ["wasi_snapshot_preview1"],
    ],
  ];

for (const [name, fields, message, imports] of FOREIGN) {
  Deno.test(`a module imports ${name}`, async () => {
    const module = await core(`(module ${fields})`);
    for (
      const run of [
        () => module.checkImports(),
        () => module.instantiate({}, { missing: () => new Error("missing") }),
      ]
    ) {
      const error = await thrown(run);
      assert.ok(error instanceof LinkError, String(error));
      assert.match(error.message, message);
      assert.deepEqual(error.imports, imports);
    }
  });
}

Deno.test("of many imports some are named, and long names are cut", async () => {
  const many = await core(`(module ${Array.from({ length: 20 }, (_, i) => func("host", `f${i}`)).join("")})`);
  assert.match((await thrown(() => many.checkImports())).message, /host\.f11 and 8 more, which/);
  const long = await core(`(module ${func("m".repeat(1000), "n".repeat(1000))})`);
  const { message } = await thrown(() => long.checkImports());
  assert.match(message, /^the module imports m{77}\.\.\.\.n{77}\.\.\., which/);
});

Deno.test("functions without addresses need no memory", async () => {
  const module = await core(
    `(module ${own("proc_exit", "(param i32)")} ${own("fd_close", "(param i32) (result i32)")})`,
  );
  module.checkImports();
});
