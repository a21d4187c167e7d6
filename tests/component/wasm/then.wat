;; A resource with a method `then`, which JavaScript would take for a promise.
(component
  (type $R' (resource (rep i32)))
  (export $R "thing" (type $R'))
  (core func $new (canon resource.new $R'))
  (core module $m
    (import "" "new" (func $new (param i32) (result i32)))
    (func (export "make") (result i32) (call $new (i32.const 7)))
    (func (export "then") (param i32) (result i32) (local.get 0)))
  (core instance $i (instantiate $m (with "" (instance (export "new" (func $new))))))
  (func (export "make") (result (own $R)) (canon lift (core func $i "make")))
  (func (export "[method]thing.then") (param "self" (borrow $R)) (result u32)
    (canon lift (core func $i "then"))))
