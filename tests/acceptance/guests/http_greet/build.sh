#!/bin/sh
# Builds http_greet_component.wasm: C with the bindings of wit-bindgen, nearly nothing else.
# Needs Debian's clang-19 (19.1.7), lld-19, wasi-libc (0.0~git20220510), libclang-rt-19-dev-wasm32, and from crates.io
# `cargo install wit-bindgen-cli@0.63.0 wasm-tools@1.263.0`.
set -eu
cd "$(dirname "$0")"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
output=../../app/src/test/wasm/http_greet_component.wasm
wit-bindgen c http_greet.wit --out-dir "$tmp"
clang-19 --target=wasm32-wasi -mexec-model=reactor -Os -Wall -Wextra -I"$tmp" -Wl,--strip-debug \
  -o "$tmp/greet.wasm" greet.c "$tmp/http_greet.c" "$tmp/http_greet_component_type.o"
wasm-tools component new "$tmp/greet.wasm" -o "$output"
sha256sum "$output"
