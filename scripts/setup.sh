#!/bin/sh
# Checks what building, running and testing need, and installs what is missing.
#
#   scripts/setup.sh           what `make run` needs
#   scripts/setup.sh --package the same, and what `make deb` needs
#   scripts/setup.sh --tests   all of that, and Python tools for the tests in .venv and .venv-keystone
#
# Quick and silent on the network when nothing is missing. Missing Debian packages are installed when this runs as root or
# when sudo asks for no password; otherwise the one command that installs them is printed and the exit code is 1.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
# Where a Swift toolchain is usually unpacked, for shells that don't have it on PATH.
PATH="$PATH:/opt/swift/usr/bin:/usr/local/swift/usr/bin:${HOME:-/root}/.local/share/swiftly/bin"
export PATH

for_tests=no
for_package=no
case "${1-}" in
    '') ;;
    --package) for_package=yes ;;
    --tests) for_tests=yes for_package=yes ;;
    *) echo "usage: $0 [--package | --tests]" >&2; exit 2 ;;
esac

say() { printf 'setup: %s\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

missing=''
need() { missing="$missing $1"; }
has() { command -v "$1" >/dev/null 2>&1; }
# True when a pattern that the shell expanded names something that exists.
exists() { [ -e "$1" ]; }

find_missing() {
    missing=''
    has git || need git
    has curl || need curl
    has openssl || need openssl
    has unzip || need unzip
    has make || need make
    exists /etc/ssl/certs/ca-certificates.crt || need ca-certificates
    has pkg-config || need pkg-config
    # The C parts of the packages, C++ among them, and the linker.
    { exists /usr/include/stdio.h && exists /usr/include/c++/*/vector && exists /usr/lib/gcc/*/*/crtbeginS.o && has ld; } || need g++
    { has pkg-config && pkg-config --exists 'libcurl >= 7.85'; } || need libcurl4-openssl-dev
    exists /usr/include/zlib.h || need zlib1g-dev
    # With the option, which the update for CVE-2024-28182 brought.
    grep -qs nghttp2_option_set_max_continuations /usr/include/nghttp2/nghttp2.h || need libnghttp2-dev
    exists /usr/include/sqlite3.h || need libsqlite3-dev
    exists /usr/include/yaml.h || need libyaml-dev
    { has pkg-config && pkg-config --exists libpq; } || need libpq-dev
    # Swift's own tools are linked to these; the list is empty when the toolchain starts.
    missing="$missing$(missing_libraries)"
    if [ "$for_package" = yes ]; then
        has dpkg-shlibdeps || need dpkg-dev
    fi
    if [ "$for_tests" = yes ]; then
        # The checker of the package, and the shells for completions.
        has lintian || need lintian
        has man || need man-db
        has zsh || need zsh
        has fish || need fish
        has python3 || need python3
        # The console is tested in two browsers.
        { has chromium-headless-shell || has chromium; } || need chromium-headless-shell
        has firefox-esr || has firefox || need firefox-esr
        { has python3 && python3 -c 'import venv, ensurepip' >/dev/null 2>&1; } || need python3-venv
        # Real servers that records are shipped to.
        exists /usr/lib/postgresql/*/bin/postgres || need postgresql
        # A pooler between gateways and such a server, and a clock that jumps.
        exists /usr/sbin/pgbouncer || need pgbouncer
        exists /usr/lib/*/faketime/libfaketime.so.1 || need libfaketime
        exists /usr/sbin/rsyslogd || need rsyslog
        exists /usr/lib/*/rsyslog/lmnsd_gtls.so || need rsyslog-gnutls
        has openssl || need openssl
        # A file system that loses what was not synced.
        exists /usr/lib/*/libfuse.so.2 || need libfuse2
        # System calls that fail on command.
        has strace || need strace
        # Reads metrics, rules and their cases as it does in operation.
        has promtool || need prometheus
        # An HTTP/2 server that isn't ours.
        has nghttpd || need nghttp2-server
        # What the report on a request's cost compares with.
        has wrk || need wrk
        { has nginx || exists /usr/sbin/nginx; } || need nginx-light
    fi
}

# Debian packages for the shared libraries that the Swift toolchain was linked to and the system doesn't have.
missing_libraries() {
    has swift || return 0
    tools=$(dirname -- "$(readlink -f -- "$(command -v swift)")")
    for tool in swift-package swift-frontend lld; do
        [ -x "$tools/$tool" ] && ldd "$tools/$tool" 2>/dev/null || true
    done | sed -n 's/^[[:space:]]*\([^ ]*\) => not found.*/\1/p' | sort -u | while read -r library; do
        case "$library" in
            libcurl.so.*) printf ' libcurl4' ;;
            libedit.so.*) printf ' libedit2' ;;
            libncurses*.so.* | libtinfo.so.*) printf ' libncurses6' ;;
            libpanel*.so.*) printf ' libncurses6' ;;
            libsqlite3.so.*) printf ' libsqlite3-0' ;;
            libstdc++.so.*) printf ' libstdc++6' ;;
            libxml2.so.*) printf ' libxml2' ;;
            libz3.so.*) printf ' libz3-4' ;;
            libz.so.*) printf ' zlib1g' ;;
            libuuid.so.*) printf ' libuuid1' ;;
            *) printf 'setup: the Swift toolchain needs %s; install the package that has it\n' "$library" >&2 ;;
        esac
    done
}

install_missing() {
    if ! has apt-get; then
        fail "missing:$missing (Debian's names). This system has no apt-get: install them with its own package tool."
    fi
    if [ "$(id -u)" = 0 ]; then
        as_root=''
    elif has sudo && sudo -n true 2>/dev/null; then
        as_root='sudo -n'
    else
        say "missing:$missing" >&2
        fail "not root, and sudo asks for a password. Run this once:  sudo apt-get update && sudo apt-get install -y$missing"
    fi
    say "installing:$missing"
    # Split on purpose: a list of package names, and a command with its flag.
    # shellcheck disable=SC2086
    if ! { $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::Retries=3 update &&
        $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::Retries=3 -o Dpkg::Use-Pty=0 \
            install -y --no-install-recommends $missing >/dev/null; }; then
        fail "apt-get could not install:$missing. Its messages are above; install them by hand and run this again."
    fi
}

check_swift() {
    has swift || fail "Swift is not on PATH and not in /opt/swift. Install Swift 6.2 or newer from https://www.swift.org/install/linux/ and add its usr/bin to PATH."
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1)
    [ -n "$version" ] || fail "'swift --version' does not work: run it by hand to see why."
    major=${version%%.*}
    rest=${version#*.}
    minor=${rest%%.*}
    if [ "$major" -lt 6 ] || { [ "$major" -eq 6 ] && [ "$minor" -lt 2 ]; }; then
        fail "Swift $version is too old: 6.2 or newer is needed, from https://www.swift.org/install/linux/"
    fi
}

# prepare_python NAME FILE MODULES: what Tests/FILE lists in the virtual environment NAME, made anew when that file changed or the
# modules can't be imported.
prepare_python() {
    requirements="$root/Tests/$2"
    venv="$root/$1"
    if cmp -s "$requirements" "$venv/installed-requirements.txt" && "$venv/bin/python3" -W ignore -c "import $3" 2>/dev/null; then
        return
    fi
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' || fail "python3 is older than 3.10, which the test tools need."
    say "preparing Python tools for the tests in $1"
    rm -rf "$venv"
    python3 -m venv "$venv" || fail "python3 could not make the virtual environment $1."
    "$venv/bin/python3" -m pip install --quiet --disable-pip-version-check --requirement "$requirements" ||
        fail "pip could not install Tests/$2. Its messages are above; PyPI must be reachable once."
    cp "$requirements" "$venv/installed-requirements.txt"
}

find_missing
if [ -n "$missing" ]; then
    install_missing
    find_missing
    [ -z "$missing" ] || fail "still missing after the installation:$missing"
fi
check_swift
if [ "$for_tests" = yes ]; then
    prepare_python .venv requirements.txt 'pytest, yaml'
    # A real identity service of the same kind as the cloud's.
    prepare_python .venv-keystone requirements-keystone.txt 'keystone, waitress'
fi
