#!/bin/sh
# Builds kinds.wasm (Rust), forward.wasm (text) and through.wasm (the first plugged into the second).
# Needs rustc 1.96.0 with its library sources (Debian: rustc-web, rust-web-src; RUSTC says which rustc), cargo 1.95.0,
# lld 19.1.7, Node, and from crates.io `cargo install wasm-tools@1.263.0 wac-cli@0.12.0`.
set -eu
cd "$(dirname "$0")"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$tmp}" RUSTC_BOOTSTRAP=1
export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-19 RUSTFLAGS=-Zlocation-detail=none
cargo build --locked --release --target wasm32-unknown-unknown -Z build-std=std,panic_abort
wasm-tools component new "$CARGO_TARGET_DIR/wasm32-unknown-unknown/release/kinds.wasm" -o kinds.wasm

wasm-tools component embed kinds.wit --world forward --dummy --wat | node forward.mjs > "$tmp/forward.wat"
wasm-tools component embed kinds.wit --world forward "$tmp/forward.wat" -o "$tmp/forward.wasm"
wasm-tools component new "$tmp/forward.wasm" -o forward.wasm

wac plug forward.wasm --plug kinds.wasm -o through.wasm
sha256sum ./*.wasm
