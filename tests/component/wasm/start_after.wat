;; Two modules with start functions, the second one of which blocks, and neither has an export.
(component
  (import "wait" (func $wait (param "ms" u32) (result u32)))
  (core func $wait (canon lower (func $wait)))
  (core module $Memory (memory (export "memory") 1))
  (core instance $memory (instantiate $Memory))
  (core module $First
    (import "memory" "memory" (memory 1))
    (func $start (i32.store (i32.const 0) (i32.const 1)))
    (start $start)
  )
  (core instance (instantiate $First (with "memory" (instance $memory))))
  (core module $Second
    (import "memory" "memory" (memory 1))
    (import "host" "wait" (func $wait (param i32) (result i32)))
    (func $start (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (call $wait (i32.const 10)))))
    (start $start)
  )
  (core instance (instantiate $Second
    (with "memory" (instance $memory)) (with "host" (instance (export "wait" (func $wait))))))
  (core module $Get
    (import "memory" "memory" (memory 1))
    (func (export "get") (result i32) (i32.load (i32.const 0)))
  )
  (core instance $get (instantiate $Get (with "memory" (instance $memory))))
  (func (export "get") (result u32) (canon lift (core func $get "get")))
)
