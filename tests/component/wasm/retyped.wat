;; Asks for random bytes by a number that is no integer.
(component
  (import "wasi:random/random@0.2.0" (instance $random
    (export "get-random-u64" (func (param "extra" f64) (result u64)))))
  (core func $f (canon lower (func $random "get-random-u64"))))
