#!/usr/bin/env bash
# Shows the gateway at work without an account: starts it in front of its built-in stand-in for HSS and IAM, runs one export
# from the call to the file with plain curl, and compares the file with the audit record.
#
#   scripts/demo.sh PATH-OF-THE-BINARY
#
# Uses free ports and a temporary directory, and leaves neither behind, also when it fails.
set -euo pipefail

binary=${1:?usage: scripts/demo.sh BINARY}
binary=$(readlink -f -- "$binary")

# Longest waits: the gateway starts within a second, stops within its drain time, an export is done after a few polls.
readonly start_seconds=20 stop_seconds=40 most_polls=30

if [ -t 1 ] && [ -z "${NO_COLOR-}" ]; then
    bold=$(printf '\033[1m') dim=$(printf '\033[2m') green=$(printf '\033[32m') red=$(printf '\033[31m') plain=$(printf '\033[0m')
else
    bold='' dim='' green='' red='' plain=''
fi

# The user's proxy, keys and settings must not affect this.
# shellcheck disable=SC1091  # checked by itself
. "$(dirname -- "$0")/environment.sh"
keep_only

work=$(mktemp -d)
gateway=''

# Asks the gateway to stop and returns its exit code.
stop_gateway() {
    [ -n "$gateway" ] || return 0
    local pid=$gateway deadline=$((SECONDS + stop_seconds))
    gateway=''
    kill -TERM "$pid" 2>/dev/null || true
    while kill -0 "$pid" 2>/dev/null; do
        if [ "$SECONDS" -ge "$deadline" ]; then
            printf 'The gateway did not stop within %s seconds and was killed.\n' "$stop_seconds" >&2
            kill -KILL "$pid" 2>/dev/null || true
            break
        fi
        sleep 0.1
    done
    wait "$pid"
}

on_exit() {
    local status=$?
    trap - EXIT
    stop_gateway || true
    if [ "$status" -ne 0 ] && [ -s "$work/gateway.log" ]; then
        printf '%sThe last lines of the gateway'"'"'s log:%s\n' "$bold" "$plain" >&2
        tail -n 40 "$work/gateway.log" >&2
    fi
    rm -rf "$work"
    exit "$status"
}
trap on_exit EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

fail() { printf '%sFailed: %s%s\n' "$red" "$*" "$plain" >&2; exit 1; }

step_number=0
step() {
    step_number=$((step_number + 1))
    printf '\n%s%d. %s%s\n' "$bold" "$step_number" "$*" "$plain"
}

# field NAME FILE: the value of a string or number member, wherever it stands in the JSON.
field() { sed -nE 's/.*"'"$1"'" *: *"?([^",}]*)"?.*/\1/p' "$2" | head -n 1; }

# header NAME FILE: the value of a response header.
header() { sed -nE 's/^'"$1"': *([^\r]*)\r?$/\1/Ip' "$2" | head -n 1; }

# call FILE CURL-ARGUMENTS: shows the command, runs it, shows the answer; the body is in FILE, the head in FILE.head.
call() {
    local file=$1 argument
    shift
    printf '%s$ curl' "$green"
    for argument; do
        case "$argument" in
            *[!A-Za-z0-9_./:=,@-]*) printf " '%s'" "$argument" ;;
            *) printf ' %s' "$argument" ;;
        esac
    done
    printf '%s\n' "$plain"
    curl --silent --show-error --max-time 60 --dump-header "$file.head" --output "$file" "$@" || fail "curl could not reach the gateway"
    status=$(sed -nE '1s/^HTTP[^ ]* ([0-9]+).*/\1/p' "$file.head")
    printf '%sHTTP %s   Audit-Id: %s   X-HSSGW-Source: %s%s\n' \
        "$dim" "$status" "$(header audit-id "$file.head")" "$(header x-hssgw-source "$file.head")" "$plain"
}

# show FILE: prints it with exactly one line's end.
show() { printf '%s\n' "$(cat "$1")"; }

expect() { [ "$status" = "$1" ] || fail "expected HTTP $1, got HTTP $status: $(head -c 500 "$2")"; }

# records AUDIT-ID: the journal's lines about one exchange.
records() { grep -hF "\"id\":\"$1\"" "$work"/audit/journal-*.jsonl || true; }

# summarise: reads records, prints one row for each.
summarise() {
    while IFS= read -r line; do
        printf '%s\n' "$line" >"$work/line"
        printf '%5s  %-8s  %-24s %-7s %s\n' "$(field seq "$work/line")" "$(field phase "$work/line")" "$(field operation "$work/line")" \
            "$(field outcome "$work/line")" "$(field error_code "$work/line")"
    done
}

step 'Start the gateway in front of a stand-in for HSS and IAM (no account, no configuration)'
cd "$work"
printf '%s$ hss-gateway serve --sandbox --listen 127.0.0.1:0 --admin 127.0.0.1:0 --audit-directory audit --ready-file ready%s\n' "$green" "$plain"
SWIFT_BACKTRACE=enable=no "$binary" serve --sandbox --listen 127.0.0.1:0 --admin 127.0.0.1:0 --audit-directory "$work/audit" \
    --ready-file "$work/ready" >"$work/gateway.log" 2>&1 &
gateway=$!

deadline=$((SECONDS + start_seconds))
data='' admin=''
until [ -n "$admin" ] && curl --silent --fail --max-time 5 --output "$work/readyz" "http://$admin/readyz?verbose"; do
    if ! kill -0 "$gateway" 2>/dev/null; then
        status=0
        wait "$gateway" || status=$?
        gateway=''
        fail "the gateway ended at once, with exit code $status"
    fi
    [ "$SECONDS" -lt "$deadline" ] || fail "the gateway was not ready within $start_seconds seconds"
    sleep 0.1
    if [ -s "$work/ready" ]; then
        data=$(sed -n 's/^data=//p' "$work/ready" | head -n 1)
        admin=$(sed -n 's/^admin=//p' "$work/ready" | head -n 1)
    fi
done
[ -n "$data" ] || fail "the ready file names no data port: $(cat "$work/ready")"
printf 'data port %s, admin port %s, stand-in for HSS %s, for IAM %s\n' "$data" "$admin" "$(sed -n 's/^hss=//p' "$work/ready")" \
    "$(sed -n 's/^iam=//p' "$work/ready")"
cat "$work/readyz"

step 'Ask for an export: BatchExportBaselineTask, without any credential; _ is the first project of the caller'
call "$work/create" -X POST "http://$data/v5/_/image/baseline/export" -H 'Content-Type: application/json' -d '{"operate_all":true}'
show "$work/create"
expect 200 "$work/create"
created=$(header audit-id "$work/create.head")
task=$(field task_id "$work/create")
announced=$(field record_total_num "$work/create")
[ -n "$task" ] || fail 'the answer has no task_id'

step 'Follow the task until its file is there'
polled=''
for ((poll = 1; ; poll++)); do
    call "$work/poll" "http://$data/v5/_/export-task/$task"
    show "$work/poll"
    expect 200 "$work/poll"
    polled="$polled $(header audit-id "$work/poll.head")"
    state=$(field task_status "$work/poll")
    case "$state" in
        success) break ;;
        failure) fail 'the export task failed' ;;
    esac
    [ "$poll" -lt "$most_polls" ] || fail "the task is still '$state' after $most_polls polls"
    sleep 0.5
done
file_id=$(field file_id "$work/poll")

step 'Download the file'
call "$work/export.zip" "http://$data/v5/_/download/$file_id"
expect 200 "$work/export.zip"
downloaded=$(header audit-id "$work/export.zip.head")
size=$(stat -c %s "$work/export.zip")
digest=$(sha256sum "$work/export.zip" | cut -d ' ' -f 1)
unzip -qq -t "$work/export.zip" >/dev/null || fail 'the file is no whole ZIP'
unzip -p "$work/export.zip" >"$work/rows.csv"
rows=$(($(grep -c '' "$work/rows.csv") - 1))
printf 'size     %s bytes\nSHA-256  %s\nrows     %s (HSS announced %s)\n' "$size" "$digest" "$rows" "$announced"
head -n 4 "$work/rows.csv"
[ "$rows" = "$announced" ] || fail 'the number of rows differs from what HSS announced'

step 'What is not in the HSS API is refused by the gateway; nothing reaches HSS'
call "$work/refused" "http://$data/v5/_/no/such/operation"
show "$work/refused"
expect 403 "$work/refused"
refused=$(header audit-id "$work/refused.head")

step "The audit journal: $(basename "$work"/audit/journal-*.jsonl | head -n 1)"
printf '%5s  %-8s  %-24s %-7s %s\n' seq phase operation outcome error
for id in $created $polled $downloaded $refused; do records "$id"; done | summarise
printf '\nThe records of the download, as they stand in the file:\n'
records "$downloaded"

step 'The file against the record'
recorded=$(records "$downloaded" | grep -F '"phase":"response"' | sed -nE 's/.*"response_body":\{"bytes":([0-9]+),"sha256":"([0-9a-f]+)"\}.*/\1 \2/p')
printf 'file    %s bytes, SHA-256 %s\nrecord  %s bytes, SHA-256 %s\n' "$size" "$digest" "${recorded% *}" "${recorded#* }"
[ "$recorded" = "$size $digest" ] || fail 'the record does not match the file'
records "$created" | grep -qF '"phase":"request"' || fail 'the export has no request record from before it was sent'
records "$refused" | grep -qF 'HSSGW.4030' || fail 'the refusal has no record'
printf '%sThey are the same.%s\n' "$green" "$plain"

step 'Stop the gateway (SIGTERM)'
pid=$gateway
status=0
stop_gateway || status=$?
[ "$status" -eq 0 ] || fail "the gateway ended with exit code $status instead of 0"
if kill -0 "$pid" 2>/dev/null; then fail "the process $pid is still there"; fi
if curl --silent --max-time 5 --output /dev/null "http://$admin/livez"; then fail 'the admin port still answers'; fi
printf 'It ended with exit code 0; nothing is left running.\n'
printf '\nThe same by hand: docs/start.md, from its second step on.\n'
