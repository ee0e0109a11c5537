#!/usr/bin/env bash
# Writes Benchmarks/functions-in-order.txt anew: the order in which the release's linker puts what a request runs through (Package.swift says
# what that buys). Due when the path of a request has changed much: scripts/check-order.sh says how many names are gone, and a release isn't
# built when too many are.
#
#   Benchmarks/order.sh
#
# Environment, optional: HSSGW_TEST_PYTHON, a Python 3.10 or newer; without it `python3`.
set -euo pipefail

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(dirname -- "$here")
export HSSGW_BENCH_DIRECTORY=$root/.build/benchmarks
mkdir -p "$HSSGW_BENCH_DIRECTORY"

# A stale list is the reason for this run, so it must not fail.
binary=$(HSSGW_ORDER_MISSING=100 "$root/scripts/build.sh" release)
"$here/install-peers.sh"
if ! command -v valgrind >/dev/null 2>&1; then
    as_root=()
    [ "$(id -u)" = 0 ] || as_root=(sudo -n)
    "${as_root[@]}" apt-get -qq -o Acquire::Retries=3 update
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends valgrind >/dev/null
fi

ordered=$(mktemp "$HSSGW_BENCH_DIRECTORY/order.XXXXXX")
trap 'rm -f "$ordered"' EXIT
# shellcheck disable=SC1091  # checked by itself
. "$root/scripts/environment.sh"
python=${HSSGW_TEST_PYTHON:-python3}
keep_only
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$here" "$python" -m proxybench.order "$binary" >"$ordered"
cp "$ordered" "$here/functions-in-order.txt"
