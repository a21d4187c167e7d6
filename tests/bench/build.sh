#!/usr/bin/env bash
# Builds the benchmark's guest with wasm-tools 1.263.0: core.wasm, and component.wasm around the same module.
set -euo pipefail
cd "$(dirname "$0")"
wasm-tools parse core.wat -o core.wasm
python3 - <<'PY' | WAST_STRICT_COMPONENT_INDICES=0 wasm-tools parse - -o component.wasm
text = open("core.wat").read().replace("(module $core", "(core module $core", 1)
print(open("component.wat").read().replace("CORE", text))
PY
wasm-tools validate core.wasm
wasm-tools validate component.wasm
# The reader: Debian's clang-19 (19.1.7) and wasi-libc, made a component by the adapter that jco 1.13.0 ships.
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
clang-19 --target=wasm32-wasi -O2 -Wl,--strip-debug -o "$tmp/read.wasm" read.c
npx -y @bytecodealliance/jco@1.13.0 new --wasi-command "$tmp/read.wasm" -o read.wasm
