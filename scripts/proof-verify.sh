#!/usr/bin/env bash
# Hundreds of tamperings, each with its seed: found and named. Kept in docs/proofs/verify.txt.
set -euo pipefail
source "$(dirname "$0")/lib.sh"
mkdir -p docs/proofs
GUIXIAO_TAMPERINGS="${1:-400}" GUIXIAO_PROOF="$PWD/docs/proofs/verify.txt" \
  "$BIN/pytest" -q -n 0 --timeout 1200 tests/verify -k test_every_tampering_is_found_and_named
tail -1 docs/proofs/verify.txt
