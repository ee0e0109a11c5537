#!/bin/sh
# Says which of the Swift packages that the program is built with have a newer version, pinned ones and those that they bring along.
#
#   scripts/outdated.sh         exit code 1 when one has
#
# Only released versions count: a tag of three numbers, with or without a `v`.
set -eu
cd "$(dirname -- "$0")/.."
# Where a Swift toolchain is usually unpacked, for shells that don't have it on PATH.
PATH="$PATH:/opt/swift/usr/bin:/usr/local/swift/usr/bin:${HOME:-/root}/.local/share/swiftly/bin"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
swift package show-dependencies --format text | sed -n 's/^[^a-zA-Z]*\([A-Za-z0-9._-]*\)<\(.*\)@\([^@>]*\)>.*/\1 \3 \2/p' | sort -u >"$work/packages"
[ -s "$work/packages" ] || { echo "outdated: SwiftPM names no dependencies" >&2; exit 2; }

newer=0
while read -r name version address; do
    newest=$(git ls-remote --tags --refs "$address" </dev/null | sed -n 's|.*refs/tags/v\{0,1\}\([0-9]*\.[0-9]*\.[0-9]*\)$|\1|p' | sort -V | tail -n 1)
    [ -n "$newest" ] || { echo "outdated: $address can't be asked, or has no released version" >&2; exit 2; }
    if [ "$(printf '%s\n%s\n' "$version" "$newest" | sort -V | tail -n 1)" != "$version" ]; then
        printf '%s %s: %s is there\n' "$name" "$version" "$newest"
        newer=$((newer + 1))
    fi
done <"$work/packages"
if [ "$newer" -gt 0 ]; then
    exit 1
fi
echo "Each of $(wc -l <"$work/packages") packages is the newest."
