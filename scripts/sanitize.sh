#!/usr/bin/env bash
# Runs the Swift tests under a sanitizer, in a build of its own.
#
#   scripts/sanitize.sh thread|address
#   SANITIZE_FILTER=GatewayTests     the tests to run, as `swift test --filter` takes them; all when empty
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

sanitizer=${1-}
case "$sanitizer" in
    thread | address) ;;
    *) echo "usage: $0 thread|address" >&2; exit 2 ;;
esac

export SWIFT_BACKTRACE=enable=no HSSGW_TEST_PYTHON=$PWD/.venv/bin/python3
# A report ends the run. Leaks are not looked for: the runtime's metadata and caches live as long as the process. Tests ask for more memory than there
# can be and expect a refusal.
common=halt_on_error=1:allocator_may_return_null=1
export TSAN_OPTIONS=$common:exitcode=66:suppressions=$PWD/Tests/Sanitizer/thread.supp ASAN_OPTIONS=$common:detect_leaks=0
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=${SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH:-4}
build=(--scratch-path ".build-$sanitizer" --sanitize "$sanitizer")
swift build "${build[@]}" --build-tests
if [ "$sanitizer" = thread ]; then
    # Says what the standard library's locks acquire and release, which isn't compiled for the sanitizer.
    clang=$(swift -print-target-info | sed -n 's|.*"runtimeResourcePath": "\(.*\)/lib/swift".*|\1/bin/clang|p')
    "$clang" -Wall -Wextra -Werror -O1 -fPIC -shared Tests/Sanitizer/mutex.c -o "$PWD/.build-thread/mutex.so"
    export LD_PRELOAD=$PWD/.build-thread/mutex.so
fi
filter=()
if [ -n "${SANITIZE_FILTER:-}" ]; then filter=(--filter "$SANITIZE_FILTER"); fi
swift test "${build[@]}" --skip-build --disable-xctest "${filter[@]}"
