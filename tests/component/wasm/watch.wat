;; Imports what a host class has beside its WIT functions, and a WIT function under a type of its own choice.
(component
  (import "wasi:io/poll@0.2.0" (instance $poll
    (export "pollable" (type $p (sub resource)))
    (export "[method]pollable.watch" (func (param "self" (borrow $p)) (param "wake" u32)))))
  (alias export $poll "pollable" (type $pollable))
  (import "wasi:clocks/monotonic-clock@0.2.0" (instance $clock
    (alias outer 1 $pollable (type $pp))
    (export "pollable" (type $p2 (eq $pp)))
    (export "subscribe-duration" (func (param "when" u64) (result (own $p2))))))
  (core func $watch (canon lower (func $poll "[method]pollable.watch")))
  (core func $sub (canon lower (func $clock "subscribe-duration")))
  (core module $m
    (import "h" "watch" (func $watch (param i32 i32)))
    (import "h" "sub" (func $sub (param i64) (result i32)))
    (func (export "go") (result i32) (call $watch (call $sub (i64.const 1000000)) (i32.const 7)) i32.const 42))
  (core instance $i (instantiate $m (with "h" (instance
    (export "watch" (func $watch)) (export "sub" (func $sub))))))
  (func (export "go") (result u32) (canon lift (core func $i "go"))))
