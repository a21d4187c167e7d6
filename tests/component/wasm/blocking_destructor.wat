;; A resource whose destructor calls a host function that may block.
(component
  (import "test:host/wait" (instance $host (export "wait" (func))))
  (core func $wait (canon lower (func $host "wait")))
  (core module $Dtor
    (import "" "wait" (func $wait))
    (global $dropped (mut i32) (i32.const 0))
    (func (export "dtor") (param i32)
      (call $wait)
      (global.set $dropped (i32.add (global.get $dropped) (local.get 0))))
    (func (export "dropped") (result i32) (global.get $dropped)))
  (core instance $dtor (instantiate $Dtor (with "" (instance (export "wait" (func $wait))))))
  (type $R' (resource (rep i32) (dtor (core func $dtor "dtor"))))
  (export $R "r" (type $R'))
  (core func $new (canon resource.new $R'))
  (core func $drop (canon resource.drop $R'))
  (core module $Main
    (import "" "new" (func $new (param i32) (result i32)))
    (import "" "drop" (func $drop (param i32)))
    (func (export "make") (param i32) (result i32) (call $new (local.get 0)))
    (func (export "make-and-drop") (param i32) (call $drop (call $new (local.get 0)))))
  (core instance $main (instantiate $Main (with "" (instance
    (export "new" (func $new)) (export "drop" (func $drop))))))
  (func (export "make") (param "rep" u32) (result (own $R)) (canon lift (core func $main "make")))
  (func (export "make-and-drop") (param "rep" u32) (canon lift (core func $main "make-and-drop")))
  (func (export "dropped") (result u32) (canon lift (core func $dtor "dropped"))))
