#!/usr/bin/env bash
# Measures the gateway side by side with other proxies, in one run, on this machine. `make bench` calls it.
#
#   Benchmarks/run.sh [--short] [--scenario NAME]... [--markdown FILE] [--plot FILE]
#
# Environment, both optional:
#   HSSGW_BINARY        the gateway to measure; without it a release is built
#   HSSGW_TEST_PYTHON   a Python 3.10 or newer; without it `python3`
#
# Everything happens on loopback and in .build/benchmarks; nothing is left running, however this ends.
set -euo pipefail

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(dirname -- "$here")
python=${HSSGW_TEST_PYTHON:-python3}
export HSSGW_BENCH_DIRECTORY=$root/.build/benchmarks
mkdir -p "$HSSGW_BENCH_DIRECTORY"

if [ -z "${HSSGW_BINARY-}" ]; then
    HSSGW_BINARY=$("$root/scripts/build.sh" release)
fi
export HSSGW_BINARY
# Built next to the gateway by `make bench`; without it its scenario is left out.
HSSGW_MICROBENCHMARKS=$(dirname "$HSSGW_BINARY")/hss-microbenchmarks
export HSSGW_MICROBENCHMARKS

"$here/install-peers.sh"

# shellcheck disable=SC1091  # checked by itself
. "$root/scripts/environment.sh"
keep_only HSSGW_BINARY HSSGW_BENCH_DIRECTORY HSSGW_MICROBENCHMARKS

# Thousands of connections need as many descriptors as this session may have.
ulimit -n "$(ulimit -Hn)" 2>/dev/null || true

# The Python process stops its servers itself, on signals too; `exec` lets the signals reach it.
export PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$here
exec "$python" -m proxybench "$@"
