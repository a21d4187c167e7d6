;; A guest that returns more than it has: a list of strings that are all the same.
(component
  (core module $m
    (memory (export "memory") 256)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 0))
    ;; A list of n strings, each of the same `length` bytes at 8 MiB; all bytes there are zero.
    (func (export "strings") (param $n i32) (param $length i32) (result i32)
      (local $i i32)
      (loop $next
        (i32.store (i32.add (i32.const 16) (i32.mul (local.get $i) (i32.const 8))) (i32.const 8388608))
        (i32.store (i32.add (i32.const 20) (i32.mul (local.get $i) (i32.const 8))) (local.get $length))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $next (i32.lt_u (local.get $i) (local.get $n))))
      (i32.store (i32.const 0) (i32.const 16))
      (i32.store (i32.const 4) (local.get $n))
      (i32.const 0))
    ;; A list of n booleans.
    (func (export "booleans") (param $n i32) (result i32)
      (i32.store (i32.const 0) (i32.const 16))
      (i32.store (i32.const 4) (local.get $n))
      (i32.const 0)))
  (core instance $i (instantiate $m))
  (func (export "strings") (param "n" u32) (param "length" u32) (result (list string))
    (canon lift (core func $i "strings") (memory (core memory $i "memory")) (realloc (core func $i "realloc"))))
  (func (export "booleans") (param "n" u32) (result (list bool))
    (canon lift (core func $i "booleans") (memory (core memory $i "memory")) (realloc (core func $i "realloc")))))
