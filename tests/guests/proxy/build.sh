#!/bin/sh
# Builds proxy.wasm: C with the bindings of wit-bindgen; its WIT is wasi.wit and network.wit beside this folder.
# Needs Debian's clang-19 (19.1.7), lld-19, wasi-libc (0.0~git20220510), libclang-rt-19-dev-wasm32, and from crates.io
# `cargo install wit-bindgen-cli@0.63.0 wasm-tools@1.263.0`.
set -eu
cd "$(dirname "$0")"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
mkdir "$tmp/wit"
cp proxy.wit ../wasi.wit ../network.wit "$tmp/wit"
wit-bindgen c "$tmp/wit" --out-dir "$tmp" > "$tmp/log" 2>&1 || { cat "$tmp/log"; exit 1; }
clang-19 --target=wasm32-wasi -mexec-model=reactor -Os -Wall -Wextra -I"$tmp" -Wl,--strip-debug \
  -o "$tmp/proxy.wasm" proxy.c "$tmp/proxy.c" "$tmp/proxy_component_type.o"
wasm-tools component new "$tmp/proxy.wasm" -o proxy.wasm
sha256sum proxy.wasm
