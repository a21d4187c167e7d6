// Writes the core module of the world `forward`, as text: each export calls the import of the same name with the very
// same flat values, so nothing but the host looks at them. Standard input is what `wasm-tools component embed --dummy`
// makes of that world; its imports tell the flat signatures.
import { readFileSync } from "node:fs";

const importLine =
  /\(import "([^"]+)" "([^"]+)" \(func \(;\d+;\) \(type \d+\)(?: \(param ([^)]*)\))?(?: \(result (\w+)\))?\)\)/g;
const imports = [...readFileSync(0, "utf8").matchAll(importLine)];
const list = (word, types) => types.length ? ` (${word} ${types.join(" ")})` : "";

const lines = ["(module"];
imports.forEach(([, module, name, params = "", result], index) => {
  const types = params.split(" ").filter(Boolean);
  lines.push(
    `  (import "${module}" "${name}" (func $${index}${list("param", types)}${
      list("result", result ? [result] : [])
    }))`,
  );
});
lines.push(`
  (memory (export "cm32p2_memory") 1)
  (global $top (mut i32) (i32.const 1024)) ;; below it: the return area

  ;; Takes the next free bytes; each call's end gives all of them back.
  (func (export "cm32p2_realloc") (param $old i32) (param $old-size i32) (param $align i32) (param $size i32) (result i32)
    (local $new i32)
    (if (i32.or (i32.ne (i32.popcnt (local.get $align)) (i32.const 1)) (i32.gt_u (local.get $align) (i32.const 8)))
      (then unreachable))
    (local.set $new (i32.and
      (i32.add (global.get $top) (i32.sub (local.get $align) (i32.const 1)))
      (i32.sub (i32.const 0) (local.get $align))))
    (global.set $top (i32.add (local.get $new) (local.get $size)))
    (block $fits
      (br_if $fits (i32.le_u (global.get $top) (i32.mul (memory.size) (i32.const 65536))))
      (br_if $fits (i32.ne (i32.const -1) (memory.grow (i32.add (i32.const 1) (i32.shr_u (local.get $size) (i32.const 16))))))
      unreachable)
    (if (local.get $old) (then
      (memory.copy (local.get $new) (local.get $old) (select (local.get $size) (local.get $old-size)
        (i32.lt_u (local.get $size) (local.get $old-size))))))
    (local.get $new))
  (func (export "cm32p2_initialize"))`);
imports.forEach(([, module, name, params = "", result], index) => {
  const types = params.split(" ").filter(Boolean);
  // A function that returns nothing flat but takes a last pointer writes its result there; `nothing` alone does not.
  const area = !result && types.length > 0;
  if (area) types.pop();
  const results = area ? ["i32"] : result ? [result] : [];
  const body = types.map((_, i) => `local.get ${i} `).join("") + (area ? "i32.const 16 " : "") +
    `call $${index}` +
    (area ? " i32.const 16" : "");
  lines.push(`
  (func (export "${module}|${name}")${list("param", types)}${list("result", results)} ${body})
  (func (export "${module}|${name}_post")${list("param", results)} i32.const 1024 global.set $top)`);
});
lines.push(")");
console.log(lines.join("\n"));
