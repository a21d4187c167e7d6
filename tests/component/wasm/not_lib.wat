;; What imports.wat must not take as its `lib`: `twice` is of another type.
(component
  (core module $M (func (export "twice") (result i32) (i32.const 0)))
  (core instance $m (instantiate $M))
  (func (export "twice") (result u32) (canon lift (core func $m "twice")))
)
