#!/bin/sh
# Writes the manual pages and the completions of a binary into a directory, with swift-argument-parser's own generators.
#
#   scripts/documents.sh BINARY DIRECTORY
set -eu
binary=${1:?usage: scripts/documents.sh BINARY DIRECTORY}
directory=${2:?usage: scripts/documents.sh BINARY DIRECTORY}
cd "$(dirname -- "$0")/.."
# Where a Swift toolchain is usually unpacked, for shells that don't have it on PATH.
PATH="$PATH:/opt/swift/usr/bin:/usr/local/swift/usr/bin:${HOME:-/root}/.local/share/swiftly/bin"

mkdir -p "$directory/man" "$directory/bash" "$directory/zsh" "$directory/fish"
"$binary" --generate-completion-script bash >"$directory/bash/hss-gateway"
"$binary" --generate-completion-script zsh >"$directory/zsh/_hss-gateway"
"$binary" --generate-completion-script fish >"$directory/fish/hss-gateway.fish"

[ -d .build/checkouts/swift-argument-parser ] || swift package resolve >&2
# A build of its own, since the generator is no product of that package.
set -- swift build --package-path .build/checkouts/swift-argument-parser --scratch-path "$PWD/.build/manual" --product generate-manual
"$@" >&2
"$("$@" --show-bin-path)/generate-manual" "$binary" --multi-page --date "$(git log -1 --format=%cd --date=format:%Y-%m-%d)" --section 1 \
    --output-directory "$directory/man"
