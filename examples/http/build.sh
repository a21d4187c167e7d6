#!/bin/sh
# Builds title.wasm: a program in Rust, with the bindings of WASI 0.2 from crates.io.
# Needs Rust 1.95.0 with `rustup target add wasm32-wasip2`.
set -eu
cd "$(dirname "$0")"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
# Without the places in the sources that panics would name: they are paths of whoever builds.
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$tmp}" RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Zlocation-detail=none
cargo build --locked --release --target wasm32-wasip2
cp "$CARGO_TARGET_DIR/wasm32-wasip2/release/title.wasm" title.wasm
sha256sum title.wasm # app.yaml names this hash
