#!/bin/sh
# Checks every shell script of the repository: that it parses, and with shellcheck where that is installed (it is in .venv).
set -eu
cd "$(dirname -- "$0")/.."

shellcheck=''
for candidate in .venv/bin/shellcheck "$(command -v shellcheck || true)"; do
    if [ -z "$shellcheck" ] && [ -x "$candidate" ]; then shellcheck=$candidate; fi
done
[ -n "$shellcheck" ] || echo "lint: shellcheck is not here ('make setup-tests' installs it); the scripts are only parsed" >&2

status=0
for script in scripts/*.sh deploy/debian/* .ci/run Benchmarks/*.sh; do
    [ -e "$script" ] || continue
    case "$(head -n 1 "$script")" in
        *bash*) bash -n "$script" || status=1 ;;
        *) sh -n "$script" || status=1 ;;
    esac
    if [ -n "$shellcheck" ]; then "$shellcheck" "$script" || status=1; fi
done
exit "$status"
