;; What imports.wat takes as its `lib`: calls `base` twice.
(component
  (import "base" (func $base (param "x" u32) (result u32)))
  (core func $base (canon lower (func $base)))
  (core module $M
    (import "host" "base" (func $base (param i32) (result i32)))
    (func (export "twice") (param i32) (result i32) (call $base (call $base (local.get 0))))
  )
  (core instance $m (instantiate $M (with "host" (instance (export "base" (func $base))))))
  (func (export "twice") (param "x" u32) (result u32) (canon lift (core func $m "twice")))
)
