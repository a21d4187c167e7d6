(component
  (import "bench:host/calls" (instance $host
    (export "now" (func (result u64)))
    (export "bytes" (func (result (list u8))))))
  CORE
  ;; `bytes` is lowered with the memory of the module that imports it, so it goes through a table.
  (core module $shim
    (type $f (func (param i32)))
    (table (export "table") 1 1 funcref)
    (func (export "bytes") (param i32) (call_indirect (type $f) (local.get 0) (i32.const 0))))
  (core module $fixup
    (import "" "table" (table 1 1 funcref))
    (import "" "bytes" (func $bytes (param i32)))
    (elem (i32.const 0) func $bytes))
  (core func $now (canon lower (func $host "now")))
  (core instance $shim (instantiate $shim))
  (core instance $main (instantiate $core
    (with "bench:host/calls" (instance (export "now" (func $now)) (export "bytes" (func $shim "bytes"))))))
  (core func $bytes (canon lower (func $host "bytes")
    (memory $main "memory") (realloc (func $main "cabi_realloc"))))
  (core instance (instantiate $fixup (with "" (instance
    (export "table" (table $shim "table")) (export "bytes" (func $bytes))))))
  (func (export "spin-now") (param "n" u32) (result u64) (canon lift (core func $main "spin-now")))
  (func (export "spin-bytes") (param "n" u32) (result u32) (canon lift (core func $main "spin-bytes")))
  (func (export "add") (param "a" u32) (param "b" u32) (result u32) (canon lift (core func $main "add")))
  (func (export "echo") (param "s" string) (result string)
    (canon lift (core func $main "echo") (memory $main "memory") (realloc (func $main "cabi_realloc")))))
