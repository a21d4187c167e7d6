;; Lifts a lowered host function: there is no core function between the host and its caller; and once more
;; as it comes through a core module that exports what it imports.
(component
  (import "wait" (func $wait (param "ms" u32) (result u32)))
  (core func $wait (canon lower (func $wait)))
  (func (export "wait-again") (param "ms" u32) (result u32) (canon lift (core func $wait)))
  (core module $M
    (import "host" "wait" (func $wait (param i32) (result i32)))
    (export "wait" (func $wait))
  )
  (core instance $m (instantiate $M (with "host" (instance (export "wait" (func $wait))))))
  (func (export "wait-through") (param "ms" u32) (result u32) (canon lift (core func $m "wait")))
)
