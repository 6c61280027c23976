# Sourced by the other scripts: where we are, and how we speak up.
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DEBIAN_FRONTEND=noninteractive
BIN="$PWD/.venv/bin"

say() { printf '\n\033[1m== %s\033[0m\n' "$*"; }

# Something this machine cannot give. Under CI that is a failure; elsewhere one loud line, and we go on.
unavailable() {
  if [ "${CI:-}" = true ]; then
    printf '\n!!!! FAILED: %s\n\n' "$*" >&2
    exit 1
  fi
  printf '\n!!!! SKIPPED, NOT TESTED: %s\n\n' "$*" >&2
}

# stale STAMP FILE…: true when the stamp does not hold the present state of the files (folders count whole).
fingerprint() { { find "$@" -type f -not -name '*.mo' -print0 2>/dev/null || true; } | sort -z | xargs -0 -r sha256sum | sha256sum; }
stale() { local stamp=$1; shift; [ ! -f "$stamp" ] || [ "$(cat "$stamp")" != "$(fingerprint "$@")" ]; }
stamp() { local stamp=$1; shift; mkdir -p "$(dirname "$stamp")"; fingerprint "$@" >"$stamp"; }

# Debian packages, when we are root and they are missing. Never fatal here: the target that needs them says so.
debian() {
  local missing=() package
  command -v apt-get >/dev/null && [ "$(id -u)" = 0 ] || return 0
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  say "Debian packages: ${missing[*]}"
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >/dev/null ||
    echo "apt-get could not install: ${missing[*]}" >&2
}

# free_port PYTHON: a port nobody listens on.
free_port() { "$1" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
