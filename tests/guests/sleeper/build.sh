#!/bin/sh
# Builds sleeper.wasm (Rust).
# Needs rustc 1.96.0 with its library sources (Debian: rustc-web, rust-web-src; RUSTC says which rustc), cargo 1.95.0,
# lld 19.1.7, and from crates.io `cargo install wasm-tools@1.263.0`.
set -eu
cd "$(dirname "$0")"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$tmp}" RUSTC_BOOTSTRAP=1
export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-19 RUSTFLAGS=-Zlocation-detail=none
cargo build --locked --release --target wasm32-unknown-unknown -Z build-std=std,panic_abort
wasm-tools component new "$CARGO_TARGET_DIR/wasm32-unknown-unknown/release/sleeper.wasm" -o sleeper.wasm
sha256sum sleeper.wasm
