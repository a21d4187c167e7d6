#!/bin/sh
# Needs rustc with the targets wasm32-wasip1 and wasm32-wasip2, and cargo (with a registry, for http-client's bindings).
set -eu
cd "$(dirname "$0")"
program() { # <target> <source> <output>
  rustc --edition 2021 --target "wasm32-$1" -C opt-level=3 -C lto=fat -C panic=abort -C strip=symbols \
    -C codegen-units=1 "$2" -o "$3"
}
program wasip1 peer.rs peer-wasip1.wasm
program wasip2 peer.rs peer-wasip2.wasm
program wasip2 tcp.rs tcp.wasm
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
CARGO_TARGET_DIR="$tmp" cargo build --quiet --locked --release --target wasm32-wasip2 \
  --manifest-path http-client/Cargo.toml
cp "$tmp/wasm32-wasip2/release/http-client.wasm" http-client.wasm
