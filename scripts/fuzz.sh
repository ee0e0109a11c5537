#!/usr/bin/env bash
# Feeds the targets of Tests/Fuzz with what libFuzzer makes of their corpora, under AddressSanitizer, one after the other.
#
#   scripts/fuzz.sh [TARGET...]      all targets when none is named
#   FUZZ_SECONDS=60                  seconds for each target
#   FUZZ_RUNS=10000000               inputs for each target instead, however long that takes
#
# What breaks a promise is left in .build-fuzz/found and ends the run; put it into Tests/Fuzz/Corpus/TARGET once it is mended. What reached something
# new is kept in .build-fuzz/corpus, where the next run goes on.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly build=.build-fuzz
targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
    for folder in Tests/Fuzz/Corpus/*/; do targets+=("$(basename "$folder")"); done
fi
if [ -n "${FUZZ_RUNS:-}" ]; then bound="-runs=$FUZZ_RUNS"; else bound="-max_total_time=${FUZZ_SECONDS:-60}"; fi

# The crash reporter of Swift would hold the process for minutes. Tokens and journals of other processes have no place in it either.
export HSSGW_FUZZING=1 SWIFT_BACKTRACE=enable=no
# A build of its own: instrumented modules fit no other program. A release, so that the libraries' cryptography is optimised as well.
readonly options=(--configuration release --scratch-path "$build" --product Fuzz)
swift build "${options[@]}"
program=$(swift build "${options[@]}" --show-bin-path)/Fuzz

mkdir -p "$build/found"
for target in "${targets[@]}"; do
    [ -d "Tests/Fuzz/Corpus/$target" ] || { echo "fuzz: there is no target '$target' in Tests/Fuzz/Corpus" >&2; exit 2; }
    mkdir -p "$build/corpus/$target"
    log=$build/$target.log
    # Leaks are not looked for: the runtime's metadata and caches live as long as the process. Short stacks: walking them took a tenth of the time.
    if ! FUZZ_TARGET=$target ASAN_OPTIONS=detect_leaks=0:malloc_context_size=10 "$program" "$bound" \
        -max_len=8192 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix="$build/found/$target-" \
        "$build/corpus/$target" "Tests/Fuzz/Corpus/$target" >"$log" 2>&1; then
        tail -n 40 "$log" >&2
        echo "fuzz: $target breaks its promise; the input is in $build/found, the log in $log" >&2
        exit 1
    fi
    printf '%-16s %10s inputs, %s of coverage\n' "$target" "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")" \
        "$(sed -n 's/.* cov: \([0-9]*\) ft: \([0-9]*\).*/\1 edges/p' "$log" | tail -n 1)"
done
