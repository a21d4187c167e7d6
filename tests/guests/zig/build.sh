#!/bin/sh
# Builds lines.wasm: Zig, compiled to a WASI preview 1 core module, made a component by the official adapter (a newer one
# than the C guests').
# Needs Zig 0.14.1 (`pip install ziglang==0.14.1` has it), npm (for the adapter only), and from crates.io
# `cargo install wasm-tools@1.263.0`.
set -eu
cd "$(dirname "$0")"
zig=${ZIG:-python3 -m ziglang}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
npm pack --silent --pack-destination "$tmp" @bytecodealliance/jco@1.35.0 > "$tmp/name"
tar xzf "$tmp/$(cat "$tmp/name")" -C "$tmp" package/lib
cp lines.zig "$tmp"
(cd "$tmp" && $zig build-exe lines.zig -target wasm32-wasi -O ReleaseSmall -fstrip)
wasm-tools component new "$tmp/lines.wasm" -o lines.wasm --adapt "$tmp/package/lib/wasi_snapshot_preview1.command.wasm"
sha256sum lines.wasm
