#!/usr/bin/env bash
set -euo pipefail
source "$(dirname "$0")/lib.sh"
"$BIN/ruff" check .
"$BIN/ruff" format --check .
for script in scripts/*.sh .ci/run; do bash -n "$script"; done
