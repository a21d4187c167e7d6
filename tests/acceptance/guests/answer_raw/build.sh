#!/bin/sh
# Builds answer_raw.wasm, a core module, of the text that answer_wat is.
# Needs from crates.io `cargo install wasm-tools@1.263.0`.
set -eu
cd "$(dirname "$0")"
wasm=../../app/src/test/wasm
wasm-tools parse $wasm/answer.wat -o $wasm/answer_raw.wasm
sha256sum $wasm/answer_raw.wasm
