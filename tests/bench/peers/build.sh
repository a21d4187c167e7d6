#!/bin/sh
# Needs rustc with the targets wasm32-wasip1 and wasm32-wasip2.
set -eu
cd "$(dirname "$0")"
for target in wasip1 wasip2; do
  rustc --edition 2021 --target "wasm32-$target" -C opt-level=3 -C lto=fat -C panic=abort -C strip=symbols \
    -C codegen-units=1 peer.rs -o "peer-$target.wasm"
done
