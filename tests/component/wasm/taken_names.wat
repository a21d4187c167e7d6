;; A core module that uses the names that the engine gives to what it adds.
(component
  (core module $source
    (memory (export "0") 1))
  (core module $M
    (import "\00airlock memory" "0" (memory $theirs 1))
    (memory $own 1)
    (global (export "\00airlock grow") (mut i32) (i32.const 7))
    (global (export "\00airlock account 0") (mut i32) (i32.const 8))
    (global (export "\00airlock account 1") i32 (i32.const 9))
    (func $start (export "\00airlock start") (global.set 0 (memory.grow $own (i32.const 1))))
    (start $start)
    (func (export "grow") (param i32) (result i32)
      (i32.add
        (i32.mul (memory.grow $theirs (local.get 0)) (i32.const 1000))
        (memory.grow $own (local.get 0))))
    (func (export "globals") (result i32)
      (i32.add (i32.mul (global.get 0) (i32.const 100)) (i32.add (i32.mul (global.get 1) (i32.const 10)) (global.get 2)))))
  (core instance $source (instantiate $source))
  (core instance $m (instantiate $M (with "\00airlock memory" (instance $source))))
  (func (export "grow") (param "pages" u32) (result s32) (canon lift (core func $m "grow")))
  (func (export "globals") (result s32) (canon lift (core func $m "globals"))))
