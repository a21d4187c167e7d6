#!/bin/sh
# Builds utf8.wasm, utf16.wasm and latin1.wasm, the same hand-written text with another string encoding each; and every
# pair of them: utf8-utf16.wasm is utf8.wasm on top of utf16.wasm.
# Needs, from crates.io, `cargo install wasm-tools@1.263.0 wac-cli@0.12.0`.
set -eu
cd "$(dirname "$0")"
for encoding in utf8 utf16 latin1+utf16; do
  sed "s/=ENCODING/=$encoding/" text.wat | wasm-tools parse -o "${encoding%+utf16}.wasm"
done
for upper in utf8 utf16 latin1; do
  for lower in utf8 utf16 latin1; do
    wac plug "$upper.wasm" --plug "$lower.wasm" -o "$upper-$lower.wasm"
  done
done
sha256sum ./*.wasm
