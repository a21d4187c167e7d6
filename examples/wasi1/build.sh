#!/bin/sh
# Builds total.wasm: one file of Rust, with the standard library, as a core module of WASI preview 1.
# Needs Rust 1.95.0 with `rustup target add wasm32-wasip1`.
set -eu
cd "$(dirname "$0")"
# Without the places in the sources that panics would name: they are paths of whoever builds.
export RUSTC_BOOTSTRAP=1
rustc --edition 2021 --target wasm32-wasip1 -C opt-level=z -C lto -C codegen-units=1 -C panic=abort -C strip=symbols \
  -Z location-detail=none -o total.wasm total.rs
sha256sum total.wasm # app.yaml names this hash
