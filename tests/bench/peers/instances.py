"""The same in wasmtime, through its package for Python: what Python itself takes for the calls is in the figure."""

import sys
from time import perf_counter

from wasmtime import Engine, Store
from wasmtime.component import Component, Linker

engine = Engine()
component = Component.from_file(engine, sys.argv[1])
linker = Linker(engine)
index = component.get_export_index("add")

start = perf_counter()
instances, seconds = 0, 0.0
while seconds < 1:
    store = Store(engine)
    add = linker.instantiate(store, component).get_func(store, index)
    assert add(store, 20, 22) == 42
    add.post_return(store)
    instances += 1
    seconds = perf_counter() - start
print(instances / seconds)
