#!/bin/sh
# Builds demo_component.wasm (Rust, with its standard library). What it needs: ../component.sh.
set -eu
cd "$(dirname "$0")"
exec ../component.sh tutorial "$PWD/../../tutorial/src/demo/wasm/demo_component.wasm" p2
