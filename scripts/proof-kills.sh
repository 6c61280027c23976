#!/usr/bin/env bash
# kill -9 of web, worker and backup at 200 random moments on each engine; kept in docs/proofs/kills-*.txt.
# proof-kills.sh [--engine sqlite|postgres] [--rounds N] [--seed N]: a single engine or seed is only shown.
set -euo pipefail
source "$(dirname "$0")/lib.sh"

engine="" rounds=200 rest=()
while [ $# -gt 0 ]; do
  case $1 in
    --engine) engine=$2; shift 2 ;;
    --rounds) rounds=$2; shift 2 ;;
    *) rest+=("$1"); shift ;;
  esac
done
# Without one of the two the proof is not asked for: show, do not keep.
kept() { if [ ${#rest[@]} -eq 0 ] && [ "$rounds" -ge 200 ]; then tee "docs/proofs/kills-$1.txt"; else cat; fi; }
run() { "$@" "$BIN/python" -m tests.kills --rounds "$rounds" "${rest[@]}"; }

mkdir -p docs/proofs
if [ "${engine:-sqlite}" = sqlite ]; then run env -u DATABASE_URL | kept sqlite; fi
if [ "${engine:-postgres}" = postgres ]; then run scripts/with-postgres.sh | kept postgres; fi
