#!/bin/sh
# Builds minimal.wasm: C with the bindings of wit-bindgen, nearly nothing else.
# Needs Debian's clang-19 (19.1.7), lld-19, wasi-libc (0.0~git20220510), libclang-rt-19-dev-wasm32, and from crates.io
# `cargo install wit-bindgen-cli@0.63.0 wasm-tools@1.263.0`.
set -eu
cd "$(dirname "$0")"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
wit-bindgen c minimal.wit --out-dir "$tmp"
clang-19 --target=wasm32-wasi -mexec-model=reactor -Os -Wall -Wextra -I"$tmp" -Wl,--strip-debug \
  -o "$tmp/minimal.wasm" minimal.c "$tmp/minimal.c" "$tmp/minimal_component_type.o"
wasm-tools component new "$tmp/minimal.wasm" -o minimal.wasm
sha256sum minimal.wasm
