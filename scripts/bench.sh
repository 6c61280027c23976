#!/usr/bin/env bash
# bench.sh [build | rush | tick | pages | import | engine]…: measure on both engines, on a machine left alone; without
# a word, everything. `build` only makes the counties, once an engine (var/bench keeps them, the PostgreSQL
# cluster too). Figures go to docs/proofs/bench-*.json, read back as tables into docs/proofs/bench-*.txt.
# ENGINES="sqlite" leaves one out; ARGS="--pupils 3000 --classes 66" measures in a smaller county; ARGS_rush="--step 0"
# and the like are for one bench. Everything takes about an hour.
set -euo pipefail
source "$(dirname "$0")/lib.sh"

ENGINES=${ENGINES:-sqlite postgresql}
ARGS=${ARGS:-}
what=("$@"); [ ${#what[@]} -gt 0 ] || what=(engine tick pages rush import)
export GUIXIAO_HOME="${GUIXIAO_HOME:-$PWD/var}" GUIXIAO_MAKE_KEYS=1 DJANGO_SETTINGS_MODULE=guixiao.conf.settings
home="$GUIXIAO_HOME/bench/pg"
as_owner=()
[ "$(id -u)" != 0 ] || as_owner=(runuser -u postgres --)

start_postgres() {  # plain settings, durable: what a county would run
  bindir=$(command -v pg_config >/dev/null && pg_config --bindir || true)
  [ -x "${bindir:-}/initdb" ] || bindir=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 || true)
  [ -x "${bindir:-}/initdb" ] || { unavailable "no PostgreSQL server (Debian: postgresql)"; return 1; }
  mkdir -p "$home"; [ "$(id -u)" != 0 ] || chown postgres "$home"
  local port; port=$(free_port "$BIN/python")
  ( cd /
    [ -d "$home/data" ] || "${as_owner[@]}" "$bindir/initdb" -D "$home/data" -U guixiao -A trust -E UTF8 --no-locale >/dev/null
    "${as_owner[@]}" "$bindir/pg_ctl" -D "$home/data" -s -w -t 300 -l "$home/log" -o "-p $port -k $home \
      -c listen_addresses=127.0.0.1 -c shared_buffers=1GB -c max_wal_size=4GB" start
    "${as_owner[@]}" "$bindir/createdb" -h 127.0.0.1 -p "$port" -U guixiao guixiao 2>/dev/null || true )
  trap stop_postgres EXIT
  trap 'exit 130' INT TERM
  export DATABASE_URL="postgresql://guixiao@127.0.0.1:$port/guixiao"
}
stop_postgres() { ( cd / && "${as_owner[@]}" "$bindir/pg_ctl" -D "$home/data" -m fast -s stop ) >/dev/null 2>&1 || true; }

options() {  # ARGS is for those that measure in a county; ARGS_rush, ARGS_tick… for one of them
  local own="ARGS_$1"
  case "$1" in rush | tick | pages | build) echo "$ARGS ${!own:-}" ;; *) echo "${!own:-}" ;; esac
}

for engine in $ENGINES; do
  say "$engine"
  unset DATABASE_URL
  if [ "$engine" = postgresql ]; then start_postgres || continue; fi
  for one in "${what[@]}"; do
    # shellcheck disable=SC2046
    if [ "$one" = build ]; then "$BIN/guixiao" bench tick --build $(options build); continue; fi
    if [ "$one" = engine ] && [ "$engine" != "${ENGINES%% *}" ]; then continue; fi  # no database in it
    out=docs/proofs/bench-$engine-$one.json
    # shellcheck disable=SC2046
    "$BIN/guixiao" bench "$one" --json $(options "$one") >"$out.new" && mv "$out.new" "$out" || { rm -f "$out.new"; exit 1; }
    "$BIN/python" scripts/bench_report.py "$out" | tee "${out%.json}.txt"
  done
done
