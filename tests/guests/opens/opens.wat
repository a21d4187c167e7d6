;; Asks for the first preopened directory, and then for /0000000, /0000001 … below it: absolute paths, each refused.
(module
  (type $open (func (param i32 i32 i32 i32 i32 i32 i32)))
  (import "wasi:filesystem/preopens@0.2.3" "get-directories" (func $directories (param i32)))
  (import "wasi:filesystem/types@0.2.3" "[method]descriptor.open-at" (func $open-at (type $open)))
  (memory (export "memory") 2)
  (data (i32.const 16) "/0000000")
  ;; Only the list of directories is ever allocated, at 1024.
  (global $next (mut i32) (i32.const 1024))
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $next) (i32.const 7)) (i32.const -8)))
    (global.set $next (i32.add (local.get $at) (local.get 3)))
    (local.get $at))
  ;; Counts up in decimal digits.
  (func $advance
    (local $at i32)
    (local.set $at (i32.const 23))
    (loop $carry
      (i32.store8 (local.get $at) (i32.add (i32.load8_u (local.get $at)) (i32.const 1)))
      (if (i32.gt_u (i32.load8_u (local.get $at)) (i32.const 57)) (then
        (i32.store8 (local.get $at) (i32.const 48))
        (local.set $at (i32.sub (local.get $at) (i32.const 1)))
        (br $carry)))))
  (func (export "opens") (param $count i32)
    (local $directory i32)
    (call $directories (i32.const 0))
    (local.set $directory (i32.load (i32.load (i32.const 0))))
    (loop $again
      (if (local.get $count) (then
        (call $open-at (local.get $directory) (i32.const 0) (i32.const 16) (i32.const 8)
          (i32.const 0) (i32.const 1) (i32.const 8))
        (call $advance)
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $again))))))
