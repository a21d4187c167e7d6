;; Written by hand. Every call is handed on to the host, in the string encoding that build.sh puts in for ENCODING:
;; two of these plugged together transcode from each encoding to each.
(component
  (import "test:strings/text@0.1.0" (instance $host
    (export "echo" (func (param "text" string) (result string)))
    (export "echo-all" (func (param "texts" (list string)) (result (list string))))
  ))

  (core module $Memory
    (memory (export "memory") 1)
    (global $top (mut i32) (i32.const 16)) ;; below it: the return area

    (func (export "realloc") (param $old i32) (param $old-size i32) (param $align i32) (param $size i32) (result i32)
      (local $new i32)
      (if (i32.or (i32.ne (i32.popcnt (local.get $align)) (i32.const 1)) (i32.gt_u (local.get $align) (i32.const 8)))
        (then unreachable))
      (local.set $new (i32.and
        (i32.add (global.get $top) (i32.sub (local.get $align) (i32.const 1)))
        (i32.sub (i32.const 0) (local.get $align))))
      (global.set $top (i32.add (local.get $new) (local.get $size)))
      (block $fits
        (br_if $fits (i32.le_u (global.get $top) (i32.mul (memory.size) (i32.const 65536))))
        (br_if $fits
          (i32.ne (i32.const -1) (memory.grow (i32.add (i32.const 1) (i32.shr_u (local.get $size) (i32.const 16))))))
        unreachable)
      (memory.copy (local.get $new) (local.get $old)
        (select (local.get $size) (local.get $old-size) (i32.lt_u (local.get $size) (local.get $old-size))))
      (local.get $new))

    (func (export "reset") (param i32) (global.set $top (i32.const 16)))
  )
  (core instance $memory (instantiate $Memory))
  (alias core export $memory "memory" (core memory $mem))
  (alias core export $memory "realloc" (core func $realloc))
  (alias core export $memory "reset" (core func $reset))

  (core func $host-echo (canon lower (func $host "echo")
    string-encoding=ENCODING (memory $mem) (realloc $realloc)))
  (core func $host-echo-all (canon lower (func $host "echo-all")
    string-encoding=ENCODING (memory $mem) (realloc $realloc)))

  (core module $Guest
    (import "host" "echo" (func $echo (param i32 i32 i32)))
    (import "host" "echo-all" (func $echo-all (param i32 i32 i32)))
    (func (export "echo") (param i32 i32) (result i32)
      (call $echo (local.get 0) (local.get 1) (i32.const 0)) i32.const 0)
    (func (export "echo-all") (param i32 i32) (result i32)
      (call $echo-all (local.get 0) (local.get 1) (i32.const 0)) i32.const 0)
    (func (export "units") (param i32 i32) (result i32) local.get 1)
  )
  (core instance $guest (instantiate $Guest (with "host" (instance
    (export "echo" (func $host-echo))
    (export "echo-all" (func $host-echo-all))
  ))))

  (func $echo (param "text" string) (result string) (canon lift (core func $guest "echo")
    string-encoding=ENCODING (memory $mem) (realloc $realloc) (post-return (core func $reset))))
  (func $echo-all (param "texts" (list string)) (result (list string)) (canon lift (core func $guest "echo-all")
    string-encoding=ENCODING (memory $mem) (realloc $realloc) (post-return (core func $reset))))
  ;; The length as the guest sees it: in code units, with the top bit set for UTF-16 under latin1+utf16.
  (func $units (param "text" string) (result u32) (canon lift (core func $guest "units")
    string-encoding=ENCODING (memory $mem) (realloc $realloc) (post-return (core func $reset))))

  (instance $text (export "echo" (func $echo)) (export "echo-all" (func $echo-all)))
  (export "test:strings/text@0.1.0" (instance $text))
  (export "units" (func $units))
)
