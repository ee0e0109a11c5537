#!/bin/sh
# Says how many functions of Benchmarks/functions-in-order.txt a binary doesn't have, and fails when that is more than a share of them: the list
# goes stale when functions are renamed, and what it buys (Package.swift says how much) is lost without anybody noticing.
#
#   scripts/check-order.sh BINARY [LIST]
#
# Environment, optional: HSSGW_ORDER_MISSING, the largest share that may be missing, in percent; 25 without it, 100 for none too large.
# Exit codes: 0 the list fits, 1 it is stale, 2 it couldn't be checked.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
binary=${1:?usage: check-order.sh BINARY [LIST]}
list=${2:-$root/Benchmarks/functions-in-order.txt}
most=${HSSGW_ORDER_MISSING:-25}
# The toolchain brings one of the two.
PATH="$PATH:/opt/swift/usr/bin:/usr/local/swift/usr/bin:${HOME:-/root}/.local/share/swiftly/bin"

case $most in '' | *[!0-9]*) echo "check-order: HSSGW_ORDER_MISSING is a share in percent, not $most" >&2; exit 2 ;; esac
for tool in nm llvm-nm ''; do
    if [ -z "$tool" ] || command -v "$tool" >/dev/null 2>&1; then break; fi
done
[ -n "$tool" ] || { echo "check-order: neither nm nor llvm-nm is here" >&2; exit 2; }

names=$(mktemp)
trap 'rm -f "$names"' EXIT
"$tool" --defined-only "$binary" >"$names" || { echo "check-order: $tool can't read $binary" >&2; exit 2; }
# A stripped binary has no names to compare with.
grep -q ' [tTwW] ' "$names" || { echo "check-order: $binary has no names of functions; it is stripped" >&2; exit 2; }
awk -v most="$most" -v list="$list" '
    FNR == NR { if ($2 ~ /^[tTwW]$/) has[$3] = 1; next }
    NF { count++; if (!($1 in has)) missing++ }
    END {
        if (count == 0) { printf "check-order: %s names no function\n", list; exit 2 }
        isStale = missing * 100 > most * count
        printf "check-order: %d of %d functions in %s are not in the binary%s\n", missing, count, list,
            isStale ? ": make the list anew with Benchmarks/order.sh" : ""
        exit isStale
    }' "$names" "$list" >&2
