#!/bin/sh
# Builds lines.wasm of its text. Needs wasm-tools (1.x).
set -eu
cd "$(dirname "$0")"
wasm-tools parse lines.wat -o lines.wasm
sha256sum lines.wasm # app.yaml names this hash
