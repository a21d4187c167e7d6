;; A guest whose `realloc` and `post-return` do what `set` chose last, and nothing bad before.
(component
  (import "call-out" (func $call-out))
  (core func $call-out (canon lower (func $call-out)))
  (core module $M
    (import "host" "call-out" (func $call-out))
    (memory (export "memory") 1 16)
    (tag $e)
    (global $how (mut i32) (i32.const 0))
    (global $after (mut i32) (i32.const 0))
    (global $cleaned (mut i32) (i32.const 0))
    (global $top (mut i32) (i32.const 1024))
    (func (export "set") (param i32 i32) (global.set $how (local.get 0)) (global.set $after (local.get 1)))
    (func $good (param $align i32) (param $size i32) (result i32)
      (local $at i32)
      (local.set $at (i32.and
        (i32.add (global.get $top) (i32.sub (local.get $align) (i32.const 1)))
        (i32.sub (i32.const 0) (local.get $align))))
      (global.set $top (i32.add (local.get $at) (local.get $size)))
      (local.get $at))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (block $catch
        (block $throw (block $callout-caught (block $callout (block $grow-all (block $grow (block $trap
          (block $end (block $max (block $odd (block $far (block $good
            (br_table $good $far $odd $max $end $trap $grow $grow-all $callout $callout-caught $throw
              (global.get $how)))
          (return (call $good (local.get 2) (local.get 3))))
          ;; far: the first byte behind the memory
          (return (i32.const 65536)))
          ;; odd: not aligned
          (return (i32.const 1025)))
          ;; max
          (return (i32.const -8)))
          ;; end: so close to the end that nothing fits
          (return (i32.const 65532)))
          ;; trap
          unreachable)
          ;; grow: moves the memory, and returns the new page
          (return (i32.mul (memory.grow (i32.const 1)) (i32.const 65536))))
          ;; grow-all: grows by nothing, which detaches all the same
          (drop (memory.grow (i32.const 0)))
          (return (call $good (local.get 2) (local.get 3))))
          ;; callout
          (call $call-out)
          (return (call $good (local.get 2) (local.get 3))))
          ;; callout-caught: takes the refusal and goes on
          (block $caught
            (try_table (catch_all $caught) (call $call-out)))
          (return (call $good (local.get 2) (local.get 3))))
        (throw $e))
      unreachable)
    (func (export "take") (param i32 i32) (result i32)
      ;; Calls out too: the host must not hear of it once the guest is dead.
      (block $caught (try_table (catch_all $caught) (call $call-out)))
      (local.get 1))
    (func (export "text") (result i32)
      (i32.store (i32.const 8) (i32.const 512))
      (i32.store (i32.const 12) (i32.const 2))
      (i32.store16 (i32.const 512) (i32.const 0x6968))
      (i32.const 8))
    (func (export "text-post") (param i32)
      (global.set $cleaned (i32.add (global.get $cleaned) (i32.const 1)))
      (block $caught
        (block $throw (block $callout-caught (block $callout (block $grow (block $trap (block $good
          (br_table $good $trap $grow $callout $callout-caught $throw (global.get $after)))
          return)
          unreachable)
          (drop (memory.grow (i32.const 1)))
          (i32.store16 (i32.const 512) (i32.const 0))
          return)
          (call $call-out)
          return)
          (try_table (catch_all $caught) (call $call-out))
          return)
        (throw $e)))
    (func (export "cleaned") (result i32) (global.get $cleaned))
  )
  (core instance $m (instantiate $M (with "host" (instance (export "call-out" (func $call-out))))))
  (alias core export $m "memory" (core memory $mem))
  (alias core export $m "realloc" (core func $realloc))
  (func (export "set") (param "realloc" u32) (param "post-return" u32) (canon lift (core func $m "set")))
  (func (export "take") (param "v" string) (result u32)
    (canon lift (core func $m "take") (memory $mem) (realloc $realloc)))
  (func (export "take16") (param "v" string) (result u32)
    (canon lift (core func $m "take") (memory $mem) (realloc $realloc) string-encoding=utf16))
  (func (export "take-longs") (param "v" (list u64)) (result u32)
    (canon lift (core func $m "take") (memory $mem) (realloc $realloc)))
  (func (export "take-texts") (param "v" (list string)) (result u32)
    (canon lift (core func $m "take") (memory $mem) (realloc $realloc)))
  (func (export "text") (result string)
    (canon lift (core func $m "text") (memory $mem) (post-return (core func $m "text-post"))))
  (func (export "cleaned") (result u32) (canon lift (core func $m "cleaned")))
)
