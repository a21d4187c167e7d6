;; Memories and tables of many kinds, and functions that grow each. Pages are of 64 KiB.
(component
  ;; Two memories in one module, and a table that could grow.
  (core module $main
    (memory (export "first") 1)
    (memory $second (export "second") 2 5)
    (table $table 10 20 funcref)
    (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
    (func (export "grow-second") (param i32) (result i32) (memory.grow $second (local.get 0)))
    (func (export "grow-table") (param i32) (result i32) (table.grow $table (ref.null func) (local.get 0)))
    (func (export "sizes") (result i32)
      (i32.add (i32.mul (memory.size) (i32.const 1000)) (memory.size $second))))
  ;; Memories of others, as the adapter of preview 1 has.
  (core module $adapter
    (import "main" "second" (memory $second 2 5))
    (import "main" "first" (memory $first 0))
    (func (export "grow") (param i32) (result i32) (memory.grow $first (local.get 0))))
  ;; One that grows before anything else has run.
  (component $inner
    (core module $starter
      (memory 1)
      (global $got (mut i32) (i32.const 0))
      (func $start (global.set $got (memory.grow (i32.const 3))))
      (start $start)
      (func (export "got") (result i32) (global.get $got))
      (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))
    (core instance $starter (instantiate $starter))
    (func (export "got") (result s32) (canon lift (core func $starter "got")))
    (func (export "grow") (param "pages" u32) (result s32) (canon lift (core func $starter "grow"))))
  (core instance $main (instantiate $main))
  (core instance $adapter (instantiate $adapter (with "main" (instance $main))))
  (instance $one (instantiate $inner))
  (instance $two (instantiate $inner))
  (func (export "grow") (param "pages" u32) (result s32) (canon lift (core func $main "grow")))
  (func (export "grow-second") (param "pages" u32) (result s32) (canon lift (core func $main "grow-second")))
  (func (export "grow-table") (param "by" u32) (result s32) (canon lift (core func $main "grow-table")))
  (func (export "grow-by-adapter") (param "pages" u32) (result s32) (canon lift (core func $adapter "grow")))
  (func (export "sizes") (result u32) (canon lift (core func $main "sizes")))
  (export "one" (instance $one))
  (export "two" (instance $two)))
