#!/bin/sh
# Builds words.wasm: AssemblyScript, with the canonical ABI by hand, and UTF-16 strings.
# Needs Node with npm, and from crates.io `cargo install wasm-tools@1.263.0`.
set -eu
cd "$(dirname "$0")"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cp words.as "$tmp/words.ts" # by another name here, since it is not the TypeScript that other tools take it for
(cd "$tmp" && npx -y -p assemblyscript@0.28.20 -- asc words.ts -o core.wasm -O2 --runtime incremental --use abort=)
wasm-tools component embed words.wit --encoding utf16 "$tmp/core.wasm" -o "$tmp/words.wasm"
wasm-tools component new "$tmp/words.wasm" -o words.wasm
sha256sum words.wasm
