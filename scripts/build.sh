#!/bin/sh
# Builds a product (hss-gateway when none is named) and prints where it is.
#
#   scripts/build.sh debug|release [PRODUCT]
#   scripts/build.sh tests
#
# A release is for production: optimised, one file without Swift's shared libraries. A debug build is there in a fraction of the time; `tests` is the
# same one with all tests. This is the one place that knows a build's flags: with another set SwiftPM would compile everything again.
#
# BUILD_ONCE=1 is for a checkout that is built once, as by .ci/run: a debug build without what only the next build or a debugger would
# use (a build file by file, line numbers), in less processor time. (The index stays: SwiftPM looks for tests in it.)
set -eu
cd "$(dirname -- "$0")/.."
configuration=${1:?usage: scripts/build.sh debug|release|tests [PRODUCT]}
product=${2:-hss-gateway}
# Where a Swift toolchain is usually unpacked, for shells that don't have it on PATH.
PATH="$PATH:/opt/swift/usr/bin:/usr/local/swift/usr/bin:${HOME:-/root}/.local/share/swiftly/bin"

# Most of what the C++ of the two BoringSSLs costs is reading the standard library's headers, in each of 529 files. They are read once instead; without
# the toolchain's clang everything is compiled as SwiftPM does it. An empty file shows when the compiler or a header has changed.
read_headers_once() {
    clang=$(swift -print-target-info | sed -n 's|.*"runtimeResourcePath": "\(.*\)/lib/swift".*|\1/bin/clang|p')
    headers=$PWD/.build/standard-headers.pch
    # What SwiftPM passes as well, as far as both sides must have it the same.
    language='-std=c++17 -fblocks -fPIC -O0'
    # shellcheck disable=SC2086  # several words
    "$clang" -x c++ $language -include-pch "$headers" -fsyntax-only /dev/null 2>/dev/null || {
        mkdir -p .build &&
            "$clang" -x c++-header $language -fpch-instantiate-templates scripts/standard-headers.hpp -o "$headers"
    }
}

case $configuration in
debug | tests)
    if [ "$configuration" = tests ]; then set -- --build-tests; else set -- --product "$product"; fi
    set -- swift build "$@"
    if [ "${BUILD_ONCE:-}" = 1 ]; then
        # Each file keeps an object of its own, which SwiftPM links: hence the threads.
        set -- "$@" -debug-info-format none -Xswiftc -whole-module-optimization -Xswiftc -disable-batch-mode -Xswiftc -num-threads -Xswiftc 2
    fi
    if read_headers_once; then set -- "$@" -Xcxx -include-pch -Xcxx "$headers"; fi
    ;;
release)
    set -- swift build --product "$product"
    # --disable-local-rpath: without it the program would look for shared libraries beside itself, where somebody else may have put one.
    # For the libraries what Package.swift says of our own modules: functions in sections of their own, so that the linker can put those that a
    # request runs through where it should.
    # A .build from before these flags has to be cleaned: the compiler keeps an object whose code hasn't changed, whatever the flags.
    set -- "$@" -c release --static-swift-stdlib --disable-local-rpath -Xcc -ffunction-sections -Xswiftc -Xfrontend -Xswiftc -function-sections
    ;;
*)
    echo "scripts/build.sh: $configuration is none of debug, release and tests" >&2
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
if [ "$configuration $product" = "release hss-gateway" ]; then scripts/check-order.sh "$binary" && scripts/check-hardening.sh "$binary"; fi
printf '%s\n' "$binary"
