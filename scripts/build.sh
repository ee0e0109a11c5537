#!/bin/sh
# Builds a product (hss-gateway when none is named) and prints where it is.
#
#   scripts/build.sh debug|release [PRODUCT]
#
# A release is for production: optimised, one file without Swift's shared libraries. A debug build is there in a fraction of the time, and the tests
# use the same one. This is the one place that knows a release's flags: with another set SwiftPM would compile everything again.
set -eu
cd "$(dirname -- "$0")/.."
configuration=${1:?usage: scripts/build.sh debug|release [PRODUCT]}
product=${2:-hss-gateway}
# Where a Swift toolchain is usually unpacked, for shells that don't have it on PATH.
PATH="$PATH:/opt/swift/usr/bin:/usr/local/swift/usr/bin:${HOME:-/root}/.local/share/swiftly/bin"

set -- swift build --product "$product"
case $configuration in
debug) ;;
release)
    # --disable-local-rpath: without it the program would look for shared libraries beside itself, where somebody else may have put one.
    # For the libraries what Package.swift says of our own modules: functions in sections of their own, so that the linker can put those that a
    # request runs through where it should.
    # A .build from before these flags has to be cleaned: the compiler keeps an object whose code hasn't changed, whatever the flags.
    set -- "$@" -c release --static-swift-stdlib --disable-local-rpath -Xcc -ffunction-sections -Xswiftc -Xfrontend -Xswiftc -function-sections
    ;;
*)
    echo "scripts/build.sh: $configuration is neither debug nor release" >&2
    exit 2
    ;;
esac

# On a terminal one line says what is built, how many of how many, and for how long; elsewhere SwiftPM's own lines pass as they are.
took=.build/$configuration-build-seconds
begun=$(date +%s)
if [ -t 2 ]; then
    if [ -s "$took" ]; then last=", the last build took $(cat "$took") s"; else last=', the first build takes some minutes'; fi
    printf 'building %s%s\n' "$product" "$last" >&2
    result=$(mktemp)
    trap 'rm -f "$result"' EXIT
    { "$@" 2>&1 && echo 0 >"$result"; } | awk -v begun="$begun" '
        /^\[[0-9]+\/[0-9]+\]/ { "date +%s" | getline now; close("date +%s"); printf "\r\033[K%s  %d s", substr($0, 1, 70), now - begun; fflush(); next }
        { printf "\r\033[K%s\n", $0; fflush() }
        END { printf "\r\033[K" }' >&2
    [ -s "$result" ] || { echo "building $product failed; the reason stands above" >&2; exit 1; }
else
    "$@" >&2
fi
# A build that had next to nothing to do says nothing about the next one.
seconds=$(($(date +%s) - begun))
if [ -d .build ] && [ "$seconds" -ge 20 ]; then echo "$seconds" >"$took"; fi
binary=$("$@" --show-bin-path)/$product
# The order in which the linker puts what a request runs through is a list of names, which goes stale when they change.
if [ "$configuration $product" = "release hss-gateway" ]; then scripts/check-order.sh "$binary"; fi
printf '%s\n' "$binary"
