;; Makes an instance of a component that it imports.
(component
  (import "c" (component $C
    (export "grow-a" (func (param "pages" u32) (result s32)))
    (export "grow-b" (func (param "pages" u32) (result s32)))))
  (instance $c (instantiate $C))
  (export "grow-a" (func $c "grow-a"))
  (export "grow-b" (func $c "grow-b")))
