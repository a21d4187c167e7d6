#!/bin/sh
# Builds funcs.wasm: C with the bindings of wit-bindgen; of WASI its WIT is wasi.wit and network.wit beside this folder.
# Needs Debian's clang-19 (19.1.7), lld-19, wasi-libc (0.0~git20220510), libclang-rt-19-dev-wasm32, and from crates.io
# `cargo install wit-bindgen-cli@0.63.0 wasm-tools@1.263.0`.
set -eu
cd "$(dirname "$0")"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
mkdir "$tmp/wit"
cp funcs.wit ../wasi.wit ../network.wit "$tmp/wit"
wit-bindgen c "$tmp/wit" --out-dir "$tmp" > "$tmp/log" 2>&1 || { cat "$tmp/log"; exit 1; }
clang-19 --target=wasm32-wasi -mexec-model=reactor -Os -Wall -Wextra -I"$tmp" -Wl,--strip-debug \
  -o "$tmp/funcs.wasm" funcs.c "$tmp/funcs.c" "$tmp/funcs_component_type.o"
wasm-tools component new "$tmp/funcs.wasm" -o funcs.wasm
sha256sum funcs.wasm
