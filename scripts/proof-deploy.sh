#!/usr/bin/env bash
# A new installation behind nginx and behind Caddy, as docs/deployment.md says, on loopback with a certificate of our own.
set -euo pipefail
source "$(dirname "$0")/lib.sh"
debian nginx-light caddy chromium libnss3-tools openssl
for tool in nginx caddy chromium certutil openssl; do
  command -v "$tool" >/dev/null || [ -x "/usr/sbin/$tool" ] || { unavailable "no $tool"; exit 0; }
done
name=guixiao.example.gov.cn repo=$PWD out=$PWD/docs/proofs/deploy.txt
place=$(mktemp -d) pids=()
cleanup() { for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done; wait 2>/dev/null || true; rm -rf "$place"; }
trap cleanup EXIT
export HOME=$place/user GUIXIAO_HOME=$place/home GUIXIAO_HOSTS=$name DATABASE_URL= ; unset DATABASE_URL GUIXIAO_HTTPS GUIXIAO_DEMO || true
mkdir -p "$HOME/.pki/nssdb" "$place/tls"

certificate() {  # an authority of our own, and a certificate by it
  cd "$place/tls"
  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=Proof CA" -keyout ca.key -out ca.pem
  openssl req -newkey rsa:2048 -nodes -subj "/CN=$name" -keyout private.pem -out request.pem
  openssl x509 -req -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out leaf.pem \
    -extfile <(echo "subjectAltName=DNS:$name")
  cat leaf.pem ca.pem >fullchain.pem
  certutil -d "sql:$HOME/.pki/nssdb" -N --empty-password
  certutil -d "sql:$HOME/.pki/nssdb" -A -t C,, -n proof -i ca.pem
  cd "$repo"
}

wait_for() { for _ in $(seq 900); do (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return; sleep 0.2; done; return 1; }

proof() {
  echo "Deployment proof, $(date -u +%F), $(uname -m), $(nginx -v 2>&1 | sed 's/.*: //'), Caddy $(caddy version)"
  systemd-analyze verify deploy/systemd/*.service deploy/systemd/*.timer 2>&1 | grep -v 'is not executable' |
    sed 's/^/  NO  systemd: /' | grep . || echo "  ok  systemd-analyze finds nothing in the units (the program itself is not in /opt here)"
  "$BIN/guixiao" init >/dev/null 2>&1
  "$BIN/guixiao" found-county 青禾县 --system-admin 甲 --security-admin 乙 --audit-admin 丙 >"$place/logins"
  echo "  ok  an empty installation, its county and three administrators"
  port=$(free_port "$BIN/python")
  "$BIN/guixiao" serve --port "$port" --workers 1 >"$place/serve.log" 2>&1 & pids+=($!)
  wait_for "$port"
  local account=sysadmin proxy
  for proxy in nginx caddy; do
    https=$(free_port "$BIN/python") http=$(free_port "$BIN/python")
    echo "$proxy, with the file under deploy/$proxy"
    "$proxy"_up
    wait_for "$https"
    "$BIN/python" scripts/proof_deploy.py "$name" "$https" "$http" "$place/tls/ca.pem" \
      "$account" "$(awk -v who="$account" '$3 == who {print $4}' "$place/logins")"
    account=secadmin
  done
}

nginx_up() {
  sed -e "s#listen \[::\].*##; s#listen 80;#listen 127.0.0.1:$http;#; s#listen 443#listen 127.0.0.1:$https#" \
    -e "s#127.0.0.1:8000#127.0.0.1:$port#; s#/etc/guixiao/tls#$place/tls#" deploy/nginx/guixiao.conf >"$place/site.conf"
  cat >"$place/nginx.conf" <<END
pid $place/nginx.pid; error_log $place/nginx.log; daemon off; user root;
events {}
http { access_log off; include /etc/nginx/mime.types; client_body_temp_path $place/body; proxy_temp_path $place/proxy;
fastcgi_temp_path $place/f; uwsgi_temp_path $place/u; scgi_temp_path $place/s; include $place/site.conf; }
END
  nginx -t -q -c "$place/nginx.conf" && echo "  ok  nginx -t"
  nginx -c "$place/nginx.conf" & pids+=($!)
}

caddy_up() {
  { printf '{\n\tadmin off\n\thttp_port %s\n\thttps_port %s\n}\n' "$http" "$https"
    sed -e "s#127.0.0.1:8000#127.0.0.1:$port#; s#/etc/guixiao/tls#$place/tls#g" deploy/caddy/Caddyfile; } >"$place/Caddyfile"
  caddy validate --config "$place/Caddyfile" --adapter caddyfile >"$place/caddy.log" 2>&1 && echo "  ok  caddy validate"
  caddy run --config "$place/Caddyfile" --adapter caddyfile >"$place/caddy.log" 2>&1 & pids+=($!)
}

certificate >/dev/null 2>&1
mkdir -p docs/proofs
proof 2>&1 | sed -u "s#:[0-9]\{5\}/#:…/#" | tee "$out"
