#!/bin/sh
# Builds mapper_component.wasm (Rust, with its standard library). What it needs: ../component.sh.
set -eu
cd "$(dirname "$0")"
exec ../component.sh mapper "$PWD/../../app/src/test/wasm/mapper_component.wasm" p1
