#!/bin/sh
# Needs rustc with the target wasm32-unknown-unknown; the tests need only the .wasm.
set -eu
cd "$(dirname "$0")"
rustc --edition 2021 --target wasm32-unknown-unknown -C opt-level=s -C lto -C panic=abort -C strip=symbols \
  -o words.wasm words.rs
