#!/bin/sh
# Builds complex_component.wasm (Rust). What it needs: ../component.sh.
set -eu
cd "$(dirname "$0")"
exec ../component.sh complex "$PWD/../../app/src/test/wasm/complex_component.wasm"
