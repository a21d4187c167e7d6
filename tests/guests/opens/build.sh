#!/usr/bin/env bash
# Needs wasm-tools (cargo install wasm-tools).
set -euo pipefail
cd "$(dirname "$0")"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
mkdir "$tmp/wit"
cp ../wasi.wit opens.wit "$tmp/wit"
wasm-tools parse opens.wat -o "$tmp/core.wasm"
wasm-tools component embed "$tmp/wit" --world test:opens/opens "$tmp/core.wasm" -o "$tmp/embedded.wasm"
wasm-tools component new "$tmp/embedded.wasm" -o opens.wasm
