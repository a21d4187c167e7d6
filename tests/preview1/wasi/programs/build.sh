#!/bin/sh
# Builds the programs of this folder: C and Rust, to modules of preview 1.
# Needs Debian's clang-19 (19.1.7), lld-19, wasi-libc (0.0~git20220510), libclang-rt-19-dev-wasm32; Rust 1.95 with the
# target wasm32-wasip1.
set -eu
cd "$(dirname "$0")"
clang-19 --target=wasm32-wasi -Os -Wall -Wextra -Wl,--strip-all -o tour-c.wasm tour.c
rustc --target wasm32-wasip1 --edition 2024 -C opt-level=s -C lto -C strip=symbols -C panic=abort -C codegen-units=1 \
  -o tour-rust.wasm tour.rs
sha256sum tour-*.wasm
