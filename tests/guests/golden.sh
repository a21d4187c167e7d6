#!/bin/sh
# Writes, beside each component here, what `wasm-tools component wit` (1.263.0) prints for it: x.wasm, x.wit.golden.
set -eu
cd "$(dirname "$0")"
for component in */*.wasm; do
  case $component in strings/*-*) continue ;; esac # plugged pairs: the same text nine times
  if grep -qs report.h "${component%.wasm}.c"; then continue; fi # what the adapter says of each: shell's will do
  wasm-tools component wit "$component" > "${component%.wasm}.wit.golden"
done
