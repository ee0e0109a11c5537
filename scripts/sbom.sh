#!/bin/sh
# Writes what the program is made of, as an SPDX 2.3 document in JSON (a software bill of materials): the Swift packages that it was built with, the
# sources of others that some of them contain, and the libraries of the system that it is linked to, each with its version and licence.
#
#   scripts/sbom.sh FILE
#
# A package whose licence can't be determined is a fault: it must be checked by hand. So are sources of others that nobody has looked at.
set -eu
file=${1:?usage: scripts/sbom.sh FILE}
case "$file" in /*) ;; *) file="$PWD/$file" ;; esac
cd "$(dirname -- "$0")/.."
# Where a Swift toolchain is usually unpacked, for shells that don't have it on PATH.
PATH="$PATH:/opt/swift/usr/bin:/usr/local/swift/usr/bin:${HOME:-/root}/.local/share/swiftly/bin"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
version=$(sed -n 's/.*static let version = "\(.*\)".*/\1/p' Sources/*/Process/Build.swift | head -n 1)
commit=$(git rev-parse HEAD)

# One line for each Swift package: name, version, address. The tree has a package once for each way to it.
swift package show-dependencies --format text >"$work/tree"
sed -n 's/^[^a-zA-Z]*\([A-Za-z0-9._-]*\)<\(.*\)@\([^@>]*\)>.*/\1 \3 \2/p' "$work/tree" | sort -u >"$work/packages"
[ -s "$work/packages" ] || { echo "sbom: SwiftPM names no dependencies" >&2; exit 1; }

# The SPDX identifier of the licence that a package's own file names.
licence() {
    for text in .build/checkouts/"$1"/LICENSE*; do
        if grep -q 'Apache License' "$text"; then
            grep -q 'Runtime Library Exception' "$text" && echo 'Apache-2.0 WITH Swift-exception' || echo Apache-2.0
        elif grep -q 'Permission is hereby granted, free of charge' "$text"; then
            echo MIT
        fi
        return
    done 2>/dev/null
}

# Sources of others that a package contains, as `package name version licence home`. A package's own version doesn't tell whether a fault of theirs is in the
# program. Whatever is in C may be somebody else's.
contained() {
    checkout=.build/checkouts/$1/Sources
    [ -d "$checkout" ] || return 0
    find "$checkout" -type f \( -name '*.c' -o -name '*.cc' -o -name '*.cpp' -o -name '*.S' \) >"$work/sources"
    sed "s|^$checkout/\([^/]*\)/.*|\1|" "$work/sources" | sort -u >"$work/modules"
    while read -r module; do
        directory=$checkout/$module
        case "$module" in
            CCryptoBoringSSL | CNIOBoringSSL)
                revision=$(sed -n 's/.* at revision \([0-9a-f]*\)$/\1/p' "$directory/hash.txt")
                grep -q 'Licensed under the Apache License' "$directory/crypto/crypto.cc" || revision=
                part="boringssl ${revision:--} Apache-2.0 https://boringssl.googlesource.com/boringssl"
                ;;
            CXKCP)
                revision=$(sed -n 's/^Vendored code from XKCP.*-g\([0-9a-f]*\)).*/\1/p' "$directory/vendored-sources.txt")
                part="xkcp ${revision:--} CC0-1.0 https://github.com/XKCP/XKCP"
                ;;
            CNIOLLHTTP)
                revision=$(sed -n 's/^#define LLHTTP_VERSION_[MP][A-Z]* \([0-9]*\)$/\1/p' "$directory/include/c_nio_llhttp.h" | paste -s -d . -)
                part="llhttp ${revision:--} MIT https://github.com/nodejs/llhttp"
                ;;
            # FreeBSD's, for WebSockets, which the program has none of.
            CNIOSHA1) continue ;;
            # The packages' own declarations of what is in C.
            CNIO* | CSystem | _CWASI | *Shims) continue ;;
            *) part='- -' ;;
        esac
        case "$part" in *' -'*) echo "sbom: whose sources $directory has, in which version and under which licence, must be checked by hand" >&2; return 1 ;; esac
        printf '%s %s\n' "$1" "$part"
    done <"$work/modules"
}

# Libraries of the system: pkg-config's name, the licence, the home.
system_libraries() {
    cat <<'END'
libcurl curl https://curl.se
libnghttp2 MIT https://nghttp2.org
libpq PostgreSQL https://www.postgresql.org
sqlite3 blessing https://sqlite.org
yaml-0.1 MIT https://pyyaml.org/wiki/LibYAML
zlib Zlib https://zlib.net
END
}

entry() { # name version licence location purl package-that-contains-it
    id=$(printf 'SPDXRef-%s' "$1${6:+-in-$6}" | tr -c 'A-Za-z0-9.-' '-')
    printf ',\n    {"SPDXID": "%s", "name": "%s", "versionInfo": "%s", "downloadLocation": "%s", "filesAnalyzed": false,\n' "$id" "$1" "$2" "$4"
    printf '     "licenseConcluded": "%s", "licenseDeclared": "%s", "copyrightText": "NOASSERTION"' "$3" "$3"
    if [ -n "${5-}" ]; then
        printf ',\n     "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "%s"}]' "$5"
    fi
    printf '}'
    printf '%s\n' "$id" >>"$work/ids"
}

{
    while read -r name package_version address; do
        directory=$(basename "$address" .git)
        found=$(licence "$directory")
        [ -n "$found" ] || { echo "sbom: the licence of $name can't be told from its files" >&2; exit 1; }
        location=${address#https://}
        entry "$name" "$package_version" "$found" "git+$address@$package_version" "pkg:swift/${location%.git}@$package_version"
        contained "$directory" >"$work/contained" || exit 1
        while read -r package part part_version found home; do
            case "$home" in
                https://github.com/*) purl=pkg:github/$(echo "${home#https://github.com/}" | tr '[:upper:]' '[:lower:]')@$part_version ;;
                *) purl="pkg:generic/$part@$part_version?vcs_url=git%2B$home%40$part_version" ;;
            esac
            entry "$part" "$part_version" "$found" "git+$home@$part_version" "$purl" "$package"
        done <"$work/contained"
    done <"$work/packages"
    system_libraries | while read -r name found home; do
        library_version=$(pkg-config --modversion "$name") || { echo "sbom: pkg-config doesn't know $name" >&2; exit 1; }
        entry "$name" "$library_version" "$found" "$home"
    done
    # The C library, and what the C++ compiler brings: neither is known to pkg-config.
    entry glibc "$(getconf GNU_LIBC_VERSION | sed 's/^glibc //')" LGPL-2.1-or-later https://www.gnu.org/software/libc
    compiler_version=$(g++ -dumpfullversion) || { echo "sbom: there is no g++ to tell the version of its libraries" >&2; exit 1; }
    for name in libstdc++ libgcc; do
        entry "$name" "$compiler_version" 'GPL-3.0-or-later WITH GCC-exception-3.1' https://gcc.gnu.org
    done
    swift_version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1)
    entry swift-runtime "$swift_version" 'Apache-2.0 WITH Swift-exception' https://www.swift.org
} >"$work/entries"

{
    printf '{\n  "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": "hss-gateway-%s",\n' "$version"
    printf '  "documentNamespace": "https://spdx.org/spdxdocs/hss-gateway-%s-%s",\n' "$version" "$commit"
    printf '  "creationInfo": {"created": "%s", "creators": ["Tool: hss-gateway-scripts-sbom"]},\n' "$(TZ=UTC0 git log -1 --format=%cd --date=format-local:%Y-%m-%dT%H:%M:%SZ HEAD)"
    printf '  "documentDescribes": ["SPDXRef-hss-gateway"],\n  "packages": [\n'
    printf '    {"SPDXID": "SPDXRef-hss-gateway", "name": "hss-gateway", "versionInfo": "%s", "downloadLocation": "NOASSERTION", "filesAnalyzed": false,\n' "$version"
    printf '     "licenseConcluded": "Apache-2.0", "licenseDeclared": "Apache-2.0", "copyrightText": "NOASSERTION"}'
    cat "$work/entries"
    printf '\n  ],\n  "relationships": [\n'
    printf '    {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-hss-gateway"}'
    while read -r id; do
        printf ',\n    {"spdxElementId": "SPDXRef-hss-gateway", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": "%s"}' "$id"
    done <"$work/ids"
    printf '\n  ]\n}\n'
} >"$work/document"
mv "$work/document" "$file"
printf '%s: %s packages\n' "$file" "$(wc -l <"$work/ids")"
