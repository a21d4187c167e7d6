#!/bin/sh
# Needs clang and wasm-ld (of LLVM 19); the tests need only the .wasm.
set -eu
cd "$(dirname "$0")"
${CC:-clang-19} --target=wasm32 -O2 -nostdlib -mexec-model=reactor -Wl,--no-entry -Wl,--strip-all \
  -o words.wasm words.c
