;; A core module that exports the name that a start function is moved to, where what it calls may block.
(component
  (import "wait" (func $wait (param "ms" u32) (result u32)))
  (core func $wait (canon lower (func $wait)))
  (core module $M
    (import "host" "wait" (func $wait (param i32) (result i32)))
    (global $got (mut i32) (i32.const 0))
    (func (export "\00airlock start") unreachable)
    (func (export "\00airlock start 2") unreachable)
    (func $start (global.set $got (call $wait (i32.const 1))))
    (start $start)
    (func (export "got") (result i32) (global.get $got)))
  (core instance $m (instantiate $M (with "host" (instance (export "wait" (func $wait))))))
  (func (export "got") (result u32) (canon lift (core func $m "got"))))
