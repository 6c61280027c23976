#!/usr/bin/env bash
# mypy --strict. Its Django plugin loads the settings and mypy leaves without a farewell, so we sweep their home away.
set -euo pipefail
source "$(dirname "$0")/lib.sh"
GUIXIAO_HOME=$(mktemp -d); export GUIXIAO_HOME
trap 'rm -rf "$GUIXIAO_HOME"' EXIT
"$BIN/mypy" src tests
