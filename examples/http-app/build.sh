#!/bin/sh
# Builds text.wasm: a library in Rust, which imports nothing.
# Needs Rust 1.95.0 with `rustup target add wasm32-unknown-unknown`, and from crates.io
# `cargo install wasm-tools@1.263.0`.
set -eu
cd "$(dirname "$0")"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
# Without the places in the sources that panics would name: they are paths of whoever builds.
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$tmp}" RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Zlocation-detail=none
cargo build --locked --release --target wasm32-unknown-unknown
wasm-tools component new "$CARGO_TARGET_DIR/wasm32-unknown-unknown/release/text.wasm" -o text.wasm
sha256sum text.wasm # app.yaml names this hash
