#!/usr/bin/env bash
# Eight writers state 4,000 facts on PostgreSQL at once, beside two workers: none unseen. ARGS: a seed to repeat.
set -euo pipefail
source "$(dirname "$0")/lib.sh"
seed=${1:-$("$BIN/python" -c 'import secrets; print(secrets.randbelow(10**6))')}
out=docs/proofs/writers.txt
mkdir -p docs/proofs
{
  echo "scripts/proof-writers.sh $seed"
  echo "$(date -u +%Y-%m-%dT%H:%MZ), $(nproc) cores, PostgreSQL made for this run, commit $(git rev-parse --short HEAD)"
  GUIXIAO_FACTS=4000 GUIXIAO_SEED=$seed scripts/with-postgres.sh \
    "$BIN/python" -m pytest -q -n 0 -p no:cacheprovider --timeout 3000 tests/together/test_writers.py 2>&1
} | tee "$out.new"
mv "$out.new" "$out"
