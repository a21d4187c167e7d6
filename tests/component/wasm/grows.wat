;; A guest that may be suspended while it grows: what it imports may block.
(component
  (import "nap" (func $nap (param "ms" u32)))
  (core func $nap (canon lower (func $nap)))
  (core module $M
    (import "host" "nap" (func $nap (param i32)))
    (memory 1)
    (func (export "grow") (param $pages i32) (param $ms i32) (result i32)
      (call $nap (local.get $ms))
      (memory.grow (local.get $pages)))
    ;; Grows by a page where so many calls are under way, and catches what a host may throw there.
    (func $deep (export "deep") (param $depth i32) (result i32)
      (if (result i32) (local.get $depth)
        (then (i32.add (call $deep (i32.sub (local.get $depth) (i32.const 1))) (i32.const 0)))
        (else
          (block $caught
            (return (try_table (result i32) (catch_all $caught) (memory.grow (i32.const 1)))))
          (i32.const -2))))
    (func (export "size") (result i32) (memory.size)))
  (core instance $m (instantiate $M (with "host" (instance (export "nap" (func $nap))))))
  (func (export "grow") (param "pages" u32) (param "ms" u32) (result s32) (canon lift (core func $m "grow")))
  (func (export "deep") (param "depth" u32) (result s32) (canon lift (core func $m "deep")))
  (func (export "size") (result u32) (canon lift (core func $m "size"))))
