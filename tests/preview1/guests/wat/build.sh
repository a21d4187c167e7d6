#!/bin/sh
# Encodes every .wat of this folder. Needs wasm-tools; the tests need only the .wasm.
set -eu
cd "$(dirname "$0")"
for wat in *.wat; do
  wasm-tools parse "$wat" -o "${wat%.wat}.wasm"
  wasm-tools validate --features all "${wat%.wat}.wasm"
done
