#!/bin/sh
# Builds redact.wasm: one file of Rust, with the standard library, which is one of WASI 0.2.
# Needs Rust 1.95.0 with `rustup target add wasm32-wasip2`.
set -eu
cd "$(dirname "$0")"
# Without the places in the sources that panics would name: they are paths of whoever builds.
export RUSTC_BOOTSTRAP=1
rustc --edition 2021 --target wasm32-wasip2 -C opt-level=z -C lto -C codegen-units=1 -C panic=abort -C strip=symbols \
  -Z location-detail=none -o redact.wasm redact.rs
sha256sum redact.wasm # app.yaml names this hash
