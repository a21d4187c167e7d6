;; Imports one interface of each form of version. Nothing is called.
(component
  (import "t:minor/i@0.2.3" (instance (export "f" (func))))
  (import "t:patch/i@0.0.7" (instance (export "f" (func))))
  (import "t:major/i@1.2.0" (instance (export "f" (func))))
  (import "t:pre/i@1.0.0-rc.1" (instance (export "f" (func))))
  (import "t:build/i@0.2.0+b.1" (instance (export "f" (func))))
  (import "t:none/i" (instance (export "f" (func))))
)
