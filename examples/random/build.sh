#!/bin/sh
# Builds password.wasm: C with the bindings of wit-bindgen. The WIT of WASI is that of tests/guests.
# Needs Debian's clang-19 (19.1.7), lld-19, wasi-libc (0.0~git20220510), libclang-rt-19-dev-wasm32, and from crates.io
# `cargo install wit-bindgen-cli@0.63.0 wasm-tools@1.263.0`.
set -eu
cd "$(dirname "$0")"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
mkdir "$tmp/wit"
cp password.wit ../../tests/guests/wasi.wit "$tmp/wit"
wit-bindgen c "$tmp/wit" --out-dir "$tmp"
clang-19 --target=wasm32-wasi -mexec-model=reactor -Os -Wall -Wextra -I"$tmp" -Wl,--strip-debug \
  -o "$tmp/password.wasm" password.c "$tmp/generator.c" "$tmp/generator_component_type.o"
wasm-tools component new "$tmp/password.wasm" -o password.wasm
sha256sum password.wasm # app.yaml names this hash
