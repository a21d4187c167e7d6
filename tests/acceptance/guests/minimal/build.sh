#!/bin/sh
# Builds minimal_component.wasm (Rust). What it needs: ../component.sh.
set -eu
cd "$(dirname "$0")"
exec ../component.sh minimal "$PWD/../../app/src/test/wasm/minimal_component.wasm"
