#!/usr/bin/env bash
# One line about the cost of a request, beside nginx in the same run, against what is on record (recorded.json). For the end of `make test`: it
# takes the build that is there, half a minute, and never fails. A debug build's requests cost several times a release's, but what makes
# them dearer shows in both.
set -uo pipefail

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(dirname -- "$here")
binary=${HSSGW_BINARY:-$root/.build/debug/hss-gateway}

say() { printf 'report: %s\n' "$*"; }
for tool in wrk nginx taskset; do
    PATH="$PATH:/usr/sbin:/sbin" command -v "$tool" >/dev/null 2>&1 || { say "no comparison with nginx without $tool"; exit 0; }
done
[ -x "$binary" ] || { say "no build to measure at $binary"; exit 0; }

directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
# shellcheck disable=SC1091  # checked by itself
. "$root/scripts/environment.sh"
keep_only HSSGW_TEST_PYTHON
# No more than the session allows; nothing here needs many.
ulimit -n "$(ulimit -Hn)" 2>/dev/null || true
HSSGW_BINARY=$binary HSSGW_BENCH_DIRECTORY=$directory PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$here \
    timeout --kill-after=10s 90s "${HSSGW_TEST_PYTHON:-python3}" -m proxybench --short --scenario regression 2>"$directory/errors" |
    grep 'build,' || say "not measured: $(tail -n 1 "$directory/errors")"
exit 0
