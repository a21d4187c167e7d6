;; Imports functions named like what every JavaScript object has.
(component
  (import "t:i/i" (instance
    (export "to-string" (func (result string)))
    (export "value-of" (func (result u32)))
    (export "constructor" (func (result u32)))
    (export "has-own-property" (func (param "v" string) (result bool)))
    (export "thing" (type $thing (sub resource)))
    (export "[constructor]thing" (func (result (own $thing))))
    (export "[method]thing.to-string" (func (param "self" (borrow $thing)) (result string)))
    (export "[static]thing.call" (func (result u32)))
    (export "[static]thing.bind" (func (result u32)))
  ))
)
