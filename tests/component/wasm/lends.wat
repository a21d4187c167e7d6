;; A component lends a handle to one inside it, which calls back; what is called back drops what is lent, or not.
(component
  (type $thing (resource (rep i32)))
  (core func $new (canon resource.new $thing))
  (core func $drop (canon resource.drop $thing))
  (core module $Outer
    (import "h" "drop" (func $drop (param i32)))
    (global $handle (mut i32) (i32.const 0))
    (global $drops (mut i32) (i32.const 0))
    (func (export "set") (param i32 i32) (global.set $handle (local.get 0)) (global.set $drops (local.get 1)))
    (func (export "back") (if (global.get $drops) (then (call $drop (global.get $handle))))))
  (core instance $outer (instantiate $Outer (with "h" (instance (export "drop" (func $drop))))))
  (func $back (canon lift (core func $outer "back")))
  (component $Inner
    (import "thing" (type $thing (sub resource)))
    (import "back" (func $back))
    (core func $back (canon lower (func $back)))
    (core func $drop (canon resource.drop $thing))
    (core module $M
      (import "h" "back" (func $back))
      (import "h" "drop" (func $drop (param i32)))
      (func (export "use") (param i32) (call $back) (call $drop (local.get 0))))
    (core instance $m (instantiate $M (with "h" (instance
      (export "back" (func $back)) (export "drop" (func $drop))))))
    (func (export "use") (param "it" (borrow $thing)) (canon lift (core func $m "use"))))
  (instance $inner (instantiate $Inner (with "thing" (type $thing)) (with "back" (func $back))))
  (core func $use (canon lower (func $inner "use")))
  (core module $M
    (import "h" "new" (func $new (param i32) (result i32)))
    (import "h" "drop" (func $drop (param i32)))
    (import "h" "use" (func $use (param i32)))
    (import "h" "set" (func $set (param i32 i32)))
    ;; Lends a new handle so many times, and drops it at the end.
    (func (export "run") (param $drops i32) (param $times i32)
      (local $handle i32)
      (local.set $handle (call $new (i32.const 7)))
      (call $set (local.get $handle) (local.get $drops))
      (loop $again
        (call $use (local.get $handle))
        (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1)))))
      (call $drop (local.get $handle))))
  (core instance $m (instantiate $M (with "h" (instance
    (export "new" (func $new)) (export "drop" (func $drop)) (export "use" (func $use))
    (export "set" (func $outer "set"))))))
  (func (export "run") (param "drops" bool) (param "times" u32) (canon lift (core func $m "run"))))
