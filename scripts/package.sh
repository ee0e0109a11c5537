#!/bin/sh
# Puts a release binary into dist/: stripped, named by version and platform, with what it is made of (SPDX) and the SHA-256 of both beside it.
#
#   scripts/package.sh PATH-OF-THE-BINARY
set -eu
binary=${1:?usage: scripts/package.sh BINARY}
cd "$(dirname -- "$0")/.."

version=$("$binary" --version | grep -Eo '[0-9]+\.[0-9]+\.[0-9]+[0-9A-Za-z.+-]*' | head -n 1)
[ -n "$version" ] || { echo "package: '$binary --version' shows no version" >&2; exit 1; }
name="hss-gateway-$version-linux-$(uname -m)"

mkdir -p dist
rm -f "dist/$name" "dist/$name.sha256" "dist/$name.spdx.json"
cp "$binary" "dist/$name"
strip "dist/$name"
chmod 755 "dist/$name"
"dist/$name" --version >/dev/null || { echo "package: the stripped binary does not start" >&2; exit 1; }
scripts/sbom.sh "dist/$name.spdx.json"
(cd dist && sha256sum "$name" "$name.spdx.json" >"$name.sha256")
printf 'dist/%s  %s bytes\n' "$name" "$(stat -c %s "dist/$name")"
cat "dist/$name.sha256"
echo "shared libraries: $(ldd "dist/$name" | wc -l)"
