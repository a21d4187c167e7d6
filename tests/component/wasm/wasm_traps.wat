;; One function for each way in which core wasm traps.
(component
  (core module $M
    (memory 1)
    (table 1 funcref)
    (type $none (func))
    (func $unreachable (export "unreachable") unreachable)
    (func $divide (export "divide") (drop (i32.div_u (i32.const 1) (i32.const 0))))
    (func $out-of-bounds (export "out-of-bounds") (drop (i32.load (i32.const 65536))))
    (func $bad-indirect (export "bad-indirect") (call_indirect (type $none) (i32.const 0)))
    (func $overflow (export "overflow") (drop (i32.div_s (i32.const 0x80000000) (i32.const -1))))
  )
  (core instance $m (instantiate $M))
  (func (export "unreachable") (canon lift (core func $m "unreachable")))
  (func (export "divide") (canon lift (core func $m "divide")))
  (func (export "out-of-bounds") (canon lift (core func $m "out-of-bounds")))
  (func (export "bad-indirect") (canon lift (core func $m "bad-indirect")))
  (func (export "overflow") (canon lift (core func $m "overflow")))
)
