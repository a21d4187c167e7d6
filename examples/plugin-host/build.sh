#!/bin/sh
# Builds typography.wasm (AssemblyScript) and counter.wasm (Rust).
# Needs Node with npm; Rust 1.95.0 with `rustup target add wasm32-wasip2`; from crates.io
# `cargo install wasm-tools@1.263.0`.
set -eu
cd "$(dirname "$0")"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# By another name, since it is not the TypeScript that other tools take it for.
cp typography/typography.as "$tmp/typography.ts"
(cd "$tmp" && npx -y -p assemblyscript@0.28.20 -- asc typography.ts -o core.wasm -O2 --runtime minimal --use abort=)
wasm-tools component embed plugin.wit --encoding utf16 "$tmp/core.wasm" -o "$tmp/typography.wasm"
wasm-tools component new "$tmp/typography.wasm" -o typography.wasm

# Without the places in the sources that panics would name: they are paths of whoever builds.
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$tmp}" RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Zlocation-detail=none
cargo build --locked --release --target wasm32-wasip2 --manifest-path counter/Cargo.toml
cp "$CARGO_TARGET_DIR/wasm32-wasip2/release/counter.wasm" counter.wasm

sha256sum ./*.wasm # app.yaml names these hashes
