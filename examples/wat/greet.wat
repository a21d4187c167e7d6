(component
  (core module $code
    (memory (export "memory") 1)
    (data (i32.const 1017) "Hello, ") ;; right in front of where the name will be
    (func (export "room") (param i32 i32 i32 i32) (result i32)
      (i32.const 1024))
    (func (export "greet") (param $name i32) (param $length i32) (result i32)
      (i32.store (i32.const 0) (i32.const 1017))
      (i32.store (i32.const 4) (i32.add (local.get $length) (i32.const 7)))
      (i32.const 0)))
  (core instance $it (instantiate $code))
  (func (export "greet") (param "name" string) (result string)
    (canon lift (core func $it "greet") (memory $it "memory") (realloc (func $it "room")))))
