;; Its start function calls the import `wait`, and keeps what that returned; `kept` returns it.
;; Beside the start function the module has all kinds of sections, which must survive that it is moved.
(component
  (import "wait" (func $wait (param "ms" u32) (result u32)))
  (core func $wait (canon lower (func $wait)))
  (core module $M
    (import "host" "wait" (func $wait (param i32) (result i32)))
    (type $none (func))
    (table 2 funcref)
    (memory (export "memory") 1)
    (global $kept (mut i32) (i32.const -1))
    (tag $e)
    (func $start (global.set $kept (call $wait (i32.const 20))))
    (func (export "kept") (result i32) (call_indirect (result i32) (i32.const 1)))
    (func $get (result i32) (i32.add (global.get $kept) (i32.load8_u (i32.const 3))))
    (elem (i32.const 1) func $get)
    (data (i32.const 3) "\05")
    (start $start)
  )
  (core instance $m (instantiate $M (with "host" (instance (export "wait" (func $wait))))))
  (func (export "kept") (result u32) (canon lift (core func $m "kept")))
)
