#!/usr/bin/env bash
# with-postgres.sh COMMAND…: run it with DATABASE_URL pointing at a PostgreSQL made for it and thrown away after.
set -euo pipefail
source "$(dirname "$0")/lib.sh"

bindir=$(command -v pg_config >/dev/null && pg_config --bindir || true)
[ -x "${bindir:-}/initdb" ] || bindir=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 || true)
[ -x "${bindir:-}/initdb" ] || { unavailable "no PostgreSQL server (Debian: postgresql)"; exit 0; }

home=$(mktemp -d)
as_owner=()
if [ "$(id -u)" = 0 ]; then  # the server refuses to run as root
  id postgres >/dev/null 2>&1 || { unavailable "PostgreSQL is here but its user 'postgres' is not"; exit 0; }
  chown postgres "$home"
  as_owner=(runuser -u postgres --)
fi
port=$(free_port "$BIN/python")
cleanup() {
  ( cd / && "${as_owner[@]}" "$bindir/pg_ctl" -D "$home/data" -m immediate -s stop ) >/dev/null 2>&1 || true
  rm -rf "$home"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

( cd / && "${as_owner[@]}" "$bindir/initdb" -D "$home/data" -U guixiao -A trust -E UTF8 --no-locale --no-sync >/dev/null &&
  "${as_owner[@]}" "$bindir/pg_ctl" -D "$home/data" -s -w -l "$home/log" -o "-p $port -k $home \
    -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off -c full_page_writes=off" start ) ||
  { cat "$home/log" >&2 || true; exit 1; }
( cd / && "${as_owner[@]}" "$bindir/createdb" -h 127.0.0.1 -p "$port" -U guixiao guixiao )
DATABASE_URL="postgresql://guixiao@127.0.0.1:$port/guixiao" "$@"
