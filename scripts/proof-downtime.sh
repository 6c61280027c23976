#!/usr/bin/env bash
# A week of silence over a holiday, then start: drawn from many seeds, on both engines. ARGS: how many seeds (8).
set -euo pipefail
source "$(dirname "$0")/lib.sh"
count=${1:-8}
GUIXIAO_SEEDS=$("$BIN/python" -c "import secrets; print(*(secrets.randbelow(10**6) for _ in range($count)))")
export GUIXIAO_SEEDS
say "seeds: $GUIXIAO_SEEDS (each: the whole server off, the worker off, requests killed before they settled)"
for engine in sqlite postgres; do
  say "$engine"
  run=("$BIN/pytest" -q -n 0 -p no:cacheprovider tests/together/test_downtime.py)
  if [ $engine = postgres ]; then scripts/with-postgres.sh "${run[@]}"; else "${run[@]}"; fi
done
