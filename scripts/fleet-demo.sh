#!/usr/bin/env bash
# Shows two gateways that act as one: a PostgreSQL, a stand-in for HSS and IAM, two gateways and nginx in front of them, all as plain processes; one
# export is created, polled and downloaded through both, and a stranger is refused by both.
#
#   scripts/fleet-demo.sh PATH-OF-THE-BINARY
#
# Uses free ports and a temporary directory, and leaves neither behind, also when it fails.
set -euo pipefail

binary=$(readlink -f -- "${1:?usage: scripts/fleet-demo.sh BINARY}")

# Longest wait for a process to start, and for one to end; both take a moment.
readonly start_seconds=30 stop_seconds=40 most_polls=30

# Debian's nginx is in a place that is on the PATH of root only.
PATH="$PATH:/usr/sbin"

# The user's proxy, keys and settings must not affect this.
# shellcheck disable=SC1091  # checked by itself
. "$(dirname -- "$0")/environment.sh"
keep_only

work=$(mktemp -d)
chmod 755 "$work"
pids=()

stop_all() {
    local pid deadline=$((SECONDS + stop_seconds))
    # The balancer first, the database last.
    for ((i = ${#pids[@]} - 1; i >= 0; i--)); do kill -TERM "${pids[i]}" 2>/dev/null || true; done
    for pid in "${pids[@]}"; do
        while kill -0 "$pid" 2>/dev/null; do
            if [ "$SECONDS" -ge "$deadline" ]; then kill -KILL "$pid" 2>/dev/null || true; fi
            sleep 0.1
        done
    done
    pids=()
}

on_exit() {
    local status=$?
    trap - EXIT
    stop_all
    if [ "$status" -ne 0 ]; then tail -n 20 "$work"/*.log >&2 || true; fi
    rm -rf "$work"
    exit "$status"
}
trap on_exit EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

fail() { printf 'Failed: %s\n' "$*" >&2; exit 1; }
step() { printf '\n%s\n' "$*"; }

# until_true WHAT COMMAND...: tries until it succeeds.
until_true() {
    local what=$1 deadline=$((SECONDS + start_seconds))
    shift
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$deadline" ] || fail "$what did not come up within $start_seconds seconds"
        sleep 0.1
    done
}

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
field() { sed -nE 's/.*"'"$1"'" *: *"?([^",}]*)"?.*/\1/p' "$2" | head -n 1; }
ready() { sed -n "s/^$1=//p" "$2" | head -n 1; }

# call FILE ARGUMENTS: curl; sets `status` and `gateway`, the one that answered.
call() {
    local file=$1
    shift
    status=$(curl --silent --max-time 60 --dump-header "$file.head" --output "$file" --write-out '%{http_code}' "$@") || fail 'nothing answered'
    gateway=$(sed -nE 's/^X-Served-By: *([^\r]*)\r?$/\1/Ip' "$file.head" | head -n 1)
    printf 'HTTP %s from gateway %s\n' "$status" "${gateway:-?}"
}

step '1. A PostgreSQL, and the fleet'"'"'s schema in it'
postgres=$(find /usr/lib/postgresql -name postgres -path '*/bin/*' 2>/dev/null | sort -V | tail -n 1 || true)
[ -n "$postgres" ] || fail 'PostgreSQL is not installed: scripts/setup.sh --tests'
command -v nginx >/dev/null || fail 'nginx is not installed: scripts/setup.sh --tests'
as=()
mkdir "$work/pg"
if [ "$(id -u)" = 0 ]; then
    chown postgres "$work/pg"
    as=(setpriv --reuid=postgres --regid=postgres --clear-groups)
fi
port=$(free_port)
(cd / && "${as[@]}" "$(dirname "$postgres")/initdb" -D "$work/pg/data" -A trust -U owner -E UTF8 --no-sync --locale=C) >"$work/initdb.log"
(cd / && exec "${as[@]}" "$postgres" -D "$work/pg/data" -p "$port" -k "$work/pg" -c listen_addresses=127.0.0.1) >"$work/pg.log" 2>&1 &
pids+=($!)
umask 077
printf 'postgresql://owner@127.0.0.1:%s/postgres\n' "$port" >"$work/owner-url"
printf 'postgresql://hssgw_gateway@127.0.0.1:%s/postgres\n' "$port" >"$work/fleet-url"
until_true 'PostgreSQL' "$binary" fleet migrate --url-file "$work/owner-url"
"$binary" fleet role --url-file "$work/fleet-url"

step '2. A stand-in for HSS and IAM, two gateways, and nginx in front of them'
export HUAWEICLOUD_SDK_AK=SANDBOXACCESSKEY0001 HUAWEICLOUD_SDK_SK=sandbox-secret-key-that-opens-nothing-0001
export HUAWEICLOUD_SDK_PROJECT_ID=0123456789abcdef0123456789abcdef
"$binary" sandbox --hss 127.0.0.1:0 --iam 127.0.0.1:0 --ready-file "$work/sandbox" >"$work/sandbox.log" 2>&1 &
pids+=($!)
until_true 'the stand-in' test -s "$work/sandbox"
printf '%s\n' "$HUAWEICLOUD_SDK_AK" >"$work/ak"
printf '%s\n' "$HUAWEICLOUD_SDK_SK" >"$work/sk"
for name in a b; do
    cat >"$work/$name.yaml" <<YAML
listeners: [{ name: internal, address: '127.0.0.1:0', trusted_proxies: [127.0.0.1/32] }]
admin: { address: '127.0.0.1:0' }
regions: { cn-north-4: { hss: 'http://$(ready hss "$work/sandbox")', iam: 'http://$(ready iam "$work/sandbox")' } }
credentials: [{ name: keys, type: aksk, access_key_file: $work/ak, secret_key_file: $work/sk }]
projects: [{ name: prod, id: $HUAWEICLOUD_SDK_PROJECT_ID, region: cn-north-4, credential: keys }]
callers:
  - { name: image-team, authenticate: { cidr: [10.0.1.0/24] }, projects: [prod] }
  - { name: stranger, authenticate: { cidr: [10.0.2.0/24] }, projects: [prod] }
policy: [{ name: everything, callers: ['*'], action: allow }]
audit: { directory: $work/audit-$name }
fleet: { url_file: $work/fleet-url, instance: $name }
YAML
    "$binary" serve --config "$work/$name.yaml" --ready-file "$work/$name" >"$work/$name.log" 2>&1 &
    pids+=($!)
    until_true "gateway $name" test -s "$work/$name"
done
balancer=$(free_port)
cat >"$work/nginx.conf" <<NGINX
pid $work/nginx.pid;
error_log $work/nginx.log;
daemon off;
events {}
http {
    access_log off;
    client_body_temp_path $work/nginx-body;
    proxy_temp_path $work/nginx-proxy;
    fastcgi_temp_path $work/nginx-fastcgi;
    uwsgi_temp_path $work/nginx-uwsgi;
    scgi_temp_path $work/nginx-scgi;
    upstream fleet { server $(ready data "$work/a"); server $(ready data "$work/b"); }
    map \$upstream_addr \$gateway { $(ready data "$work/a") a; $(ready data "$work/b") b; }
    server {
        listen 127.0.0.1:$balancer;
        location / {
            proxy_pass http://fleet;
            proxy_set_header Host 127.0.0.1;
            proxy_set_header X-Forwarded-For \$http_x_demo_address;
            add_header X-Served-By \$gateway always;
        }
    }
}
NGINX
nginx -c "$work/nginx.conf" >"$work/nginx.out.log" 2>&1 &
pids+=($!)
until_true 'nginx' curl --silent --output /dev/null "http://127.0.0.1:$balancer/"
"$binary" fleet status --config "$work/a.yaml"

step '3. One export: created, polled and downloaded through both gateways'
team=(-H 'X-Demo-Address: 10.0.1.7') other=(-H 'X-Demo-Address: 10.0.2.9')
base=http://127.0.0.1:$balancer/v5/_
call "$work/create" "${team[@]}" -X POST "$base/image/baseline/export" -H 'Content-Type: application/json' -H 'Idempotency-Key: demo' -d '{"operate_all":true}'
[ "$status" = 200 ] || fail "the export: $(cat "$work/create")"
task=$(field task_id "$work/create")
call "$work/again" "${team[@]}" -X POST "$base/image/baseline/export" -H 'Content-Type: application/json' -H 'Idempotency-Key: demo' -d '{"operate_all":true}'
[ "$(field task_id "$work/again")" = "$task" ] || fail 'the same key made another task'
printf 'The same Idempotency-Key on the other gateway: the same task %s.\n' "$task"
seen=''
for ((poll = 1; ; poll++)); do
    call "$work/poll" "${team[@]}" "$base/export-task/$task"
    seen="$seen $gateway"
    [ "$status" = 200 ] || fail "the poll: $(cat "$work/poll")"
    if [ "$(field task_status "$work/poll")" = success ] && [ "$poll" -ge 2 ]; then break; fi
    [ "$poll" -lt "$most_polls" ] || fail 'the export takes too long'
    sleep 0.3
done
case "$seen" in *a*b* | *b*a*) ;; *) fail "all polls went to one gateway:$seen" ;; esac
file=$(field file_id "$work/poll")
for attempt in 1 2; do
    call "$work/file-$attempt" "${team[@]}" "$base/download/$file"
    [ "$status" = 200 ] || fail "the download: $(cat "$work/file-$attempt")"
done
cmp "$work/file-1" "$work/file-2"

step '4. A stranger asks both gateways for it'
for attempt in 1 2; do
    call "$work/stranger-$attempt" "${other[@]}" "$base/export-task/$task"
    [ "$status" = 403 ] || fail "a stranger got HTTP $status"
done

step '5. Everything stops'
stop_all
printf 'Nothing is left running.\n'
