#!/bin/sh
# Builds calculator.wasm: C with the bindings of wit-bindgen. It imports nothing, so no adapter is needed.
# Needs Debian's clang-19 (19.1.7), lld-19, wasi-libc (0.0~git20220510), libclang-rt-19-dev-wasm32, and from crates.io
# `cargo install wit-bindgen-cli@0.63.0 wasm-tools@1.263.0`.
set -eu
cd "$(dirname "$0")"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
wit-bindgen c calculator.wit --out-dir "$tmp"
clang-19 --target=wasm32-wasi -mexec-model=reactor -Os -Wall -Wextra -I"$tmp" -Wl,--strip-debug \
  -o "$tmp/calculator.wasm" calculator.c "$tmp/calculator.c" "$tmp/calculator_component_type.o"
wasm-tools component new "$tmp/calculator.wasm" -o calculator.wasm
sha256sum calculator.wasm # app.yaml names this hash
