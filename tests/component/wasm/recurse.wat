;; Calls itself until the stack is exhausted.
(component
  (core module $M
    (func $recurse (export "recurse") (param i64) (result i64)
      (i64.add (call $recurse (i64.add (local.get 0) (i64.const 1))) (i64.const 1)))
    (func (export "start") (drop (call $recurse (i64.const 0))))
  )
  (core instance $m (instantiate $M))
  (func (export "recurse") (canon lift (core func $m "start")))
)
