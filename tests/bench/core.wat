;; The core module of the benchmark: the same one is the guest of the component and, alone, the floor.
(module $core
  (import "bench:host/calls" "now" (func $now (result i64)))
  (import "bench:host/calls" "bytes" (func $bytes (param i32)))
  (memory (export "memory") 1)
  (global $top (mut i32) (i32.const 4096))
  ;; Everything lives until the next call: allocation is a bump, reset by each exported function.
  (func $realloc (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
    (local $at i32)
    (local.set $at
      (i32.and (i32.add (global.get $top) (i32.sub (local.get 2) (i32.const 1)))
        (i32.sub (i32.const 0) (local.get 2))))
    (global.set $top (i32.add (local.get $at) (local.get 3)))
    (local.get $at))
  ;; Calls `now` n times; the sum of what it said.
  (func (export "spin-now") (param $n i32) (result i64)
    (local $sum i64)
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $n)))
        (local.set $sum (i64.add (local.get $sum) (call $now)))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br $next)))
    (local.get $sum))
  ;; Calls `bytes` n times; the sum of the first bytes.
  (func (export "spin-bytes") (param $n i32) (result i32)
    (local $sum i32)
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $n)))
        (global.set $top (i32.const 4096))
        (call $bytes (i32.const 16))
        (local.set $sum (i32.add (local.get $sum) (i32.load8_u (i32.load (i32.const 16)))))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br $next)))
    (local.get $sum))
  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  ;; string -> string: the very same bytes.
  (func (export "echo") (param $p i32) (param $n i32) (result i32)
    (i32.store (i32.const 32) (local.get $p))
    (i32.store (i32.const 36) (local.get $n))
    (global.set $top (i32.const 4096))
    (i32.const 32)))
