#!/bin/sh
# Builds the release of a product (hss-gateway when none is named) and prints where it is. The one place that knows the flags: with another set
# SwiftPM would compile everything again.
set -eu
cd "$(dirname -- "$0")/.."
product=${1:-hss-gateway}
# Where a Swift toolchain is usually unpacked, for shells that don't have it on PATH.
PATH="$PATH:/opt/swift/usr/bin:/usr/local/swift/usr/bin:${HOME:-/root}/.local/share/swiftly/bin"

# --disable-local-rpath: without it the program would look for shared libraries beside itself, where somebody else may have put one.
# For the libraries what Package.swift says of our own modules: functions in sections of their own, so that the linker can put those that a
# request runs through where it should, and no run-time checks for overlapping access, which the tests' build has in libraries too.
# A .build from before these flags has to be cleaned: the compiler keeps an object whose code hasn't changed, whatever the flags.
set -- swift build -c release --product "$product" --static-swift-stdlib --disable-local-rpath -Xcc -ffunction-sections \
    -Xswiftc -Xfrontend -Xswiftc -function-sections -Xswiftc -enforce-exclusivity=unchecked
"$@" >&2
printf '%s/%s\n' "$("$@" --show-bin-path)" "$product"
