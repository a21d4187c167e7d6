(module
  (func (export "gcd") (param $a i32) (param $b i32) (result i32)
    (local $rest i32)
    (loop $again (result i32)
      (if (result i32) (i32.eqz (local.get $b))
        (then (local.get $a))
        (else
          (local.set $rest (i32.rem_u (local.get $a) (local.get $b)))
          (local.set $a (local.get $b))
          (local.set $b (local.get $rest))
          (br $again))))))
