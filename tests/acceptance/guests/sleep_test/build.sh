#!/bin/sh
# Builds sleep_test_component.wasm (Rust). What it needs: ../component.sh.
set -eu
cd "$(dirname "$0")"
exec ../component.sh sleep-test "$PWD/../../app/src/test/wasm/sleep_test_component.wasm"
