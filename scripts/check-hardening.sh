#!/bin/sh
# Checks what makes a release hard to subvert from within: it is loaded at addresses that nobody can guess, addresses of functions and constants are
# read-only while it runs, nothing is both writable and executable, and no shared library is looked for beside the program.
#
#   scripts/check-hardening.sh BINARY
#
# Exit codes: 0 all of it holds, 1 something doesn't, 2 it couldn't be checked.
set -eu
binary=${1:?usage: check-hardening.sh BINARY}
# The toolchain brings one of the two.
PATH="$PATH:/opt/swift/usr/bin:/usr/local/swift/usr/bin:${HOME:-/root}/.local/share/swiftly/bin"
for tool in readelf llvm-readelf ''; do
    if [ -z "$tool" ] || command -v "$tool" >/dev/null 2>&1; then break; fi
done
[ -n "$tool" ] || { echo "check-hardening: neither readelf nor llvm-readelf is here" >&2; exit 2; }

said=$(mktemp)
trap 'rm -f "$said"' EXIT
LC_ALL=C "$tool" -hldSW "$binary" >"$said" 2>/dev/null || { echo "check-hardening: $tool can't read $binary" >&2; exit 2; }
awk -v binary="$binary" '
    function fault(sentence) { printf "check-hardening: %s: %s\n", binary, sentence; faults = 1 }
    /^ *Type: / { isIndependent = $2 == "DYN" }
    /^ *GNU_RELRO / { hasRelro = 1 }
    /^ *LOAD / { loads++; if (/RWE/) fault("a segment is writable and executable") }
    /^ *GNU_STACK / { hasStack = 1; if (/RWE/) fault("the stack is executable") }
    /\(FLAGS\).*BIND_NOW|\(FLAGS_1\).*NOW|\(BIND_NOW\)/ { bindsNow = 1 }
    /\((RPATH|RUNPATH)\)/ { fault("it looks for shared libraries in " $NF) }
    # [Nr] Name Type Address Off Size ES Flg Lk Inf Al
    /\] \.rodata / { sub(/^ *\[ *[0-9]+\] */, ""); if ($7 ~ /W/) fault("constants (.rodata) can be written to") }
    END {
        if (!loads) { printf "check-hardening: %s has no segments\n", binary; exit 2 }
        if (!isIndependent) fault("it is loaded at a fixed address")
        if (!hasRelro) fault("addresses of functions and data stay writable (no RELRO)")
        if (!bindsNow) fault("addresses of functions are looked up while it runs (no BIND_NOW)")
        if (!hasStack) fault("nothing says that the stack is not executable")
        exit faults
    }' "$said" >&2
