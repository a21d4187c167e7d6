#!/usr/bin/env bash
# Needs wasm-tools (cargo install wasm-tools).
set -euo pipefail
cd "$(dirname "$0")"
wasm-tools parse endless.wat -o endless.wasm
