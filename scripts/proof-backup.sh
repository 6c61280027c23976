#!/usr/bin/env bash
# proof-backup.sh [HOME]: backups of the demo county under load, on both engines, restored elsewhere and compared; and
# everything that must be refused. Without HOME the demo is built. Output kept in docs/proofs/backup.txt.
set -euo pipefail
source "$(dirname "$0")/lib.sh"
out=$PWD/docs/proofs/backup.txt
if [ "${1:-}" != --inside ]; then
  place=$(mktemp -d)
  trap 'umount "$place/small" 2>/dev/null || true; rm -rf "$place"' EXIT
  export GUIXIAO_DEMO=1 GUIXIAO_HTTPS=0
  if [ -n "${1:-}" ]; then cp -r "$1" "$place/home"; else GUIXIAO_HOME="$place/home" "$BIN/guixiao" demo --prepare; fi
  GUIXIAO_HOME="$place/home" "$BIN/guixiao" init >/dev/null 2>&1
  mkdir -p docs/proofs
  PLACE=$place scripts/with-postgres.sh "$0" --inside 2>&1 | sed -u "s#$place#…#g; s#postgresql://[^ ]*#postgresql://…#g" | tee "$out"
  exit "${PIPESTATUS[0]}"
fi

server=$DATABASE_URL
unset DATABASE_URL
export GUIXIAO_HOME=$PLACE/home
gx() { "$BIN/guixiao" "$@"; }
refused() {  # WHAT COMMAND…: it must fail, and say why
  local what=$1 said; shift
  if said=$("$@" 2>&1); then echo "NOT REFUSED: $what"; exit 1; fi
  echo "  refused, $what: $(tail -n 1 <<<"$said")"
}
under_load() {  # COMMAND… while two processes write
  "$BIN/python" scripts/backup_load.py & local one=$!
  "$BIN/python" scripts/backup_load.py & local two=$!
  sleep 8
  local began=$SECONDS
  "$@"
  echo "  took $((SECONDS - began)) s beside two writers"
  kill "$one" "$two"; wait "$one" "$two"
}
newest() { ls -t "$GUIXIAO_HOME"/backups/*.gxb | head -n 1; }
state() { find "$1" -type f -not -path '*/backups/*' -not -name '.running' -print0 | sort -z | xargs -0 sha256sum | sha256sum; }

echo "Backup proof, $(date -u +%F), $(nproc) cores, $(free -g | awk '/Mem/{print $2}') GB, SQLite and $(psql --version)"
echo "== SQLite: the drill, under load"
under_load gx backup --drill
first=$(newest)
echo "== restored elsewhere"
gx restore "$first" --home "$PLACE/elsewhere"
GUIXIAO_KEYS=$GUIXIAO_HOME/keys.json GUIXIAO_HOME=$PLACE/elsewhere gx verify

echo "== what must be refused, and touches nothing"
before=$(state "$PLACE/elsewhere")
KEY='from pathlib import Path; import sys; from guixiao.conf.keys import KeyRing; KeyRing.new().save(Path(sys.argv[1]))'
"$BIN/python" -c "$KEY" "$PLACE/wrong.json"
refused "another key ring" env GUIXIAO_KEYS="$PLACE/wrong.json" "$BIN/guixiao" restore "$first" --home "$PLACE/elsewhere" --replace
size=$(stat -c %s "$first")
for cut in 0 3 100 $((size / 3)) $((size / 2)) $((size - 1)); do
  head -c "$cut" "$first" >"$PLACE/cut.gxb"
  refused "cut after $cut of $size bytes" gx restore "$PLACE/cut.gxb" --home "$PLACE/elsewhere" --replace
done
cp "$first" "$PLACE/turned.gxb"
printf '\x55' | dd of="$PLACE/turned.gxb" bs=1 seek=$((size / 2)) conv=notrunc status=none
cmp -s "$first" "$PLACE/turned.gxb" && { printf '\xaa' | dd of="$PLACE/turned.gxb" bs=1 seek=$((size / 2)) conv=notrunc status=none; }
refused "one byte changed" gx restore "$PLACE/turned.gxb" --home "$PLACE/elsewhere" --replace
refused "a home that is not empty" gx restore "$first" --home "$PLACE/elsewhere"
[ "$before" = "$(state "$PLACE/elsewhere")" ] && echo "  the home they were aimed at is byte for byte as it was"

echo "== a disk that runs full"
kept=$(cd "$GUIXIAO_HOME/backups" && sha256sum ./*.gxb)
mkdir "$PLACE/small"
if mount -t tmpfs -o size=4m tmpfs "$PLACE/small" 2>/dev/null; then
  refused "seen beforehand, 4 MB" gx backup --to "$PLACE/small"
  FULL='import sys; from guixiao.operations import backup; backup._room = lambda *_: None; from guixiao.cli import main; main(sys.argv[1:])'
  refused "ENOSPC in the middle of writing" "$BIN/python" -c "$FULL" backup --to "$PLACE/small"
  echo "  left on the small disk: $(find "$PLACE/small" -type f -size +0 | wc -l) files"
else
  echo "  no right to mount here: see test_a_disk_that_runs_full_leaves_the_earlier_ones_alone"
fi
[ "$kept" = "$(cd "$GUIXIAO_HOME/backups" && sha256sum ./*.gxb)" ] && echo "  earlier backups are byte for byte as they were"

echo "== moved to PostgreSQL"
GUIXIAO_MOVE_TO=$server gx move-to-postgres
refused "a second time" env GUIXIAO_MOVE_TO="$server" "$BIN/guixiao" move-to-postgres
export DATABASE_URL=$server
echo "== PostgreSQL: the drill, under load"
under_load gx backup --drill | grep -v '^  =' || exit 1
gx backup --list
