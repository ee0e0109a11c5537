#!/bin/sh
# Puts a release binary into a Debian package in dist/: with the units, an example configuration, manual pages and completions.
#
#   scripts/deb.sh PATH-OF-THE-BINARY [DIRECTORY]
#
# The package goes into dist/, or into the directory. DEBFULLNAME and DEBEMAIL name its maintainer, as they do for Debian's own tools, and
# DEB_COMPRESSION another compression than xz.
set -eu
binary=${1:?usage: scripts/deb.sh BINARY [DIRECTORY]}
case "$binary" in /*) ;; *) binary="$PWD/$binary" ;; esac
dist=${2:-$(dirname -- "$0")/../dist}
mkdir -p "$dist"
dist=$(CDPATH='' cd -- "$dist" && pwd)
maintainer="${DEBFULLNAME:-hss-gateway contributors} <${DEBEMAIL:-contributors@hss-gateway.example}>"
cd "$(dirname -- "$0")/.."
for tool in dpkg-deb dpkg-shlibdeps; do
    command -v "$tool" >/dev/null || { echo "deb: $tool is missing; 'scripts/setup.sh --package' installs it" >&2; exit 1; }
done

version=$("$binary" --version | grep -Eo '[0-9]+\.[0-9]+\.[0-9]+[0-9A-Za-z.+-]*' | head -n 1)
[ -n "$version" ] || { echo "deb: '$binary --version' shows no version" >&2; exit 1; }
architecture=$(dpkg --print-architecture)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root="$work/root"
umask 022

install -D -m 0755 "$binary" "$root/usr/bin/hss-gateway"
strip --strip-unneeded --remove-section=.comment --remove-section=.note "$root/usr/bin/hss-gateway"
install -D -m 0644 -t "$root/usr/lib/systemd/system" deploy/systemd/hss-gateway.service deploy/systemd/hss-gateway.socket
install -D -m 0644 deploy/systemd/config.yaml "$root/etc/hss-gateway/config.yaml"
doc="$root/usr/share/doc/hss-gateway"
install -D -m 0644 -t "$doc/examples" deploy/examples/full.yaml deploy/examples/minimal.yaml
# The handbook with what it links to, for machines without a way out.
git ls-files -z README.md README.zh-CN.md docs deploy/examples deploy/grafana deploy/kubernetes deploy/prometheus CONTRIBUTING.md SECURITY.md |
    xargs -0 cp --parents --target-directory "$doc"
gzip -9n <CHANGELOG.md >"$doc/changelog.gz"
{
    printf 'hss-gateway (%s-1) unstable; urgency=medium\n\n  * Version %s. What changed stands in changelog.gz beside this file.\n\n' "$version" "$version"
    printf ' -- %s  %s\n' "$maintainer" "$(git log -1 --format=%cD)"
} | gzip -9n >"$doc/changelog.Debian.gz"
{
    printf 'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\nUpstream-Name: hss-gateway\n\n'
    printf 'Files: *\nCopyright: 2026 hss-gateway contributors\nLicense: Apache-2.0\n\nLicense: Apache-2.0\n'
    printf ' On Debian systems the full text of the Apache License 2.0 is in\n /usr/share/common-licenses/Apache-2.0.\n'
} >"$doc/copyright"

scripts/documents.sh "$binary" "$work/documents"
install -D -m 0644 "$work/documents/bash/hss-gateway" "$root/usr/share/bash-completion/completions/hss-gateway"
install -D -m 0644 "$work/documents/zsh/_hss-gateway" "$root/usr/share/zsh/vendor-completions/_hss-gateway"
install -D -m 0644 "$work/documents/fish/hss-gateway.fish" "$root/usr/share/fish/vendor_completions.d/hss-gateway.fish"
mkdir -p "$root/usr/share/man/man1"
for page in "$work"/documents/man/*.1; do
    name=$(basename "$page")
    install -m 0644 "$page" "$root/usr/share/man/man1/$name"
    gzip -9n "$root/usr/share/man/man1/$name"
done

# What the binary is linked to, as packages with the versions that it needs.
mkdir "$work/debian"
printf 'Source: hss-gateway\n\nPackage: hss-gateway\nArchitecture: any\n' >"$work/debian/control"
depends=$(cd "$work" && dpkg-shlibdeps -O "$root/usr/bin/hss-gateway" 2>/dev/null | sed -n 's/^shlibs:Depends=//p')
[ -n "$depends" ] || { echo "deb: dpkg-shlibdeps names no libraries" >&2; exit 1; }

install -d -m 0755 "$root/DEBIAN"
install -m 0755 deploy/debian/postinst deploy/debian/prerm deploy/debian/postrm "$root/DEBIAN"
printf '/etc/hss-gateway/config.yaml\n' >"$root/DEBIAN/conffiles"
(cd "$root" && find usr -type f -exec md5sum {} +) >"$root/DEBIAN/md5sums"
cat >"$root/DEBIAN/control" <<END
Package: hss-gateway
Version: $version-1
Architecture: $architecture
Maintainer: $maintainer
Installed-Size: $(du -sk --exclude=DEBIAN "$root" | cut -f 1)
Depends: $depends, ca-certificates
Section: net
Priority: optional
Description: gateway of internal teams to Huawei Cloud HSS
 Teams call HSS through it without cloud credentials. It decides who they are
 and what they may do, signs their requests, streams the answers back and
 writes an audit record that nobody can quietly change.
END
file="$dist/hss-gateway_${version}-1_$architecture.deb"
dpkg-deb --root-owner-group "-Z${DEB_COMPRESSION:-xz}" --build "$root" "$file" >/dev/null
printf '%s  %s bytes\n' "$file" "$(stat -c %s "$file")"
