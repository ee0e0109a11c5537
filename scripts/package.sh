#!/bin/sh
# Puts a release into dist/, named by version and platform: an archive with the stripped binary, its manual pages, completions, handbook and deploy/;
# what it is made of (SPDX), which is in the archive too; and the SHA-256 of both.
#
#   scripts/package.sh PATH-OF-THE-BINARY [DIRECTORY]
#
# The same commit and binary give the same bytes: files are sorted, belong to root, and have the commit's time.
set -eu
binary=${1:?usage: scripts/package.sh BINARY [DIRECTORY]}
case "$binary" in /*) ;; *) binary="$PWD/$binary" ;; esac
dist=${2:-$(dirname -- "$0")/../dist}
mkdir -p "$dist"
dist=$(CDPATH='' cd -- "$dist" && pwd)
cd "$(dirname -- "$0")/.."

version=$("$binary" --version | grep -Eo '[0-9]+\.[0-9]+\.[0-9]+[0-9A-Za-z.+-]*' | head -n 1)
[ -n "$version" ] || { echo "package: '$binary --version' shows no version" >&2; exit 1; }
name="hss-gateway-$version-linux-$(uname -m)"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root="$work/$name"
umask 022

rm -f "$dist/$name.tar.gz" "$dist/$name.sha256" "$dist/$name.spdx.json"
install -D -m 0755 "$binary" "$root/bin/hss-gateway"
strip "$root/bin/hss-gateway"
"$root/bin/hss-gateway" --version >/dev/null || { echo "package: the stripped binary does not start" >&2; exit 1; }
install -m 0644 -t "$root" README.md README.zh-CN.md CHANGELOG.md LICENSE
# The handbook that the README links to, for machines without a way out; and what it names: alerts, dashboards, manifests.
git ls-files -z docs deploy CONTRIBUTING.md SECURITY.md | xargs -0 cp --parents --target-directory "$root"
install -D -m 0644 -t "$root/examples" deploy/examples/full.yaml deploy/examples/minimal.yaml deploy/examples/environment.env
install -D -m 0644 -t "$root/systemd" deploy/systemd/*

scripts/documents.sh "$binary" "$work/documents"
install -D -m 0644 -t "$root/share/man/man1" "$work"/documents/man/*.1
install -D -m 0644 "$work/documents/bash/hss-gateway" "$root/share/bash-completion/completions/hss-gateway"
install -D -m 0644 "$work/documents/zsh/_hss-gateway" "$root/share/zsh/site-functions/_hss-gateway"
install -D -m 0644 "$work/documents/fish/hss-gateway.fish" "$root/share/fish/vendor_completions.d/hss-gateway.fish"

scripts/sbom.sh "$dist/$name.spdx.json" >/dev/null
install -m 0644 "$dist/$name.spdx.json" "$root/hss-gateway.spdx.json"
tar --create --directory "$work" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$(git log -1 --format=%ct)" "$name" |
    gzip -9n >"$work/$name.tar.gz"
mv "$work/$name.tar.gz" "$dist/$name.tar.gz"
(cd "$dist" && sha256sum "$name.tar.gz" "$name.spdx.json" >"$name.sha256")
printf '%s  %s bytes, the binary %s\n' "$dist/$name.tar.gz" "$(stat -c %s "$dist/$name.tar.gz")" "$(stat -c %s "$root/bin/hss-gateway")"
cat "$dist/$name.sha256"
echo "shared libraries: $(ldd "$root/bin/hss-gateway" | wc -l)"
