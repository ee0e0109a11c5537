#!/usr/bin/env bash
# Builds everything once, runs every test, and ends with one line of totals. All parts run even when one fails.
#
# The tests find what they need in the environment:
#   HSSGW_TEST_PYTHON  a Python that has what Tests/requirements.txt lists
#   HSSGW_BINARY       the gateway, debug build
#
# HSSGW_TEST_PROCESSES is how many files of client tests run side by side; 4 without it. BUILD_ONCE=1 builds what will be built once only
# (scripts/build.sh).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Limits for a machine with two slow cores. A part that takes longer hangs.
readonly build_limit=50m swift_limit=25m python_limit=30m

export HSSGW_TEST_PYTHON=$PWD/.venv/bin/python3
# Tools that look for `python3` on PATH find the same one.
export PATH=$PWD/.venv/bin:$PATH
# Tests start real servers and wait for them: more at a time than this, and they wait for each other on two cores.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=${SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH:-4}
# Neither the developer's proxy nor the developer's gateway must change what is tested.
# shellcheck disable=SC1091  # checked by itself
. "$PWD/scripts/environment.sh"
keep_only HSSGW_TEST_PYTHON HSSGW_TEST_PROCESSES

export PYTHONDONTWRITEBYTECODE=1

logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

passed=0 failed=0 skipped=0
declare -a summary=() failures=()

# note PART PASSED FAILED SKIPPED: one row of the table at the end.
note() {
    passed=$((passed + $2)) failed=$((failed + $3)) skipped=$((skipped + $4))
    summary+=("$(printf '%-28s %5d passed %4d failed %4d skipped   %4ds' "$1" "$2" "$3" "$4" "$SECONDS")")
}

# number PATTERN FILE: the last number that the pattern's group finds, or 0.
number() { sed -nE "s/$1/\\1/p" "$2" | tail -n 1 | grep . || echo 0; }

# lines PATTERN FILE: how many lines match.
lines() { grep -Ec "$1" "$2" || true; }

run_swift_tests() {
    local log=$logs/swift status=0 ran broken left
    SECONDS=0
    timeout --kill-after=30s "$swift_limit" swift test --skip-build --disable-xctest 2>&1 | tee "$log" || status=$?
    ran=$(number '.*Test run with ([0-9]+) tests?.*' "$log")
    # Each failed test has one such line with its name; the run itself has one too, which doesn't count.
    broken=$(grep -E '^✘ Test .* failed after' "$log" | grep -Evc '^✘ Test run with' || true)
    left=$(lines '^➜ Test .* skipped' "$log")
    # Failures are repeated next to the totals: a log of two thousand tests is read from its end.
    mapfile -t -O "${#failures[@]}" failures < <(grep -E '^✘ .*(recorded an issue|failed after)' "$log" | grep -Ev '^✘ Test run with' | head -n 40)
    if [ "$status" -ne 0 ] && [ "$broken" -eq 0 ]; then
        broken=1
        failures+=("swift test ended with status $status and no failed test; its last lines:")
        mapfile -t -O "${#failures[@]}" failures < <(tail -n 15 "$log")
    fi
    if [ "$ran" -eq 0 ]; then echo "test: swift test executed no test" >&2; broken=1; fi
    ran=$((ran - broken - left))
    note 'Swift' "$((ran > 0 ? ran : 0))" "$broken" "$left"
}

# Schemathesis brings plugins of pytest, which no test uses: they take seconds to load and leave folders behind.
readonly unused_plugins=(-p no:schemathesis -p no:hypothesispytest -p no:anyio)

# start_python_tests NAME DIRECTORY [OPTION...]: one run of pytest in the background, with options of its own. What it says is in a log of its name.
declare -A running=() begun=()
start_python_tests() {
    local name=$1 directory=$2
    shift 2
    : >"$logs/$name"
    begun[$name]=$(date +%s)
    timeout --kill-after=30s "$python_limit" "$HSSGW_TEST_PYTHON" -m pytest -ra --color=no -p no:cacheprovider "${unused_plugins[@]}" "$@" "$directory" \
        >"$logs/$name" 2>&1 &
    running[$name]=$!
}
trap 'kill "${running[@]}" 2>/dev/null || true; rm -rf "$logs"' EXIT

# finish_python_tests NAME: shows what such a run says until it has ended, and counts what it did.
finish_python_tests() {
    local name=$1 log=$logs/$1 status=0 bad
    tail --lines=+1 --follow --pid="${running[$name]}" "$log"
    wait "${running[$name]}" || status=$?
    unset "running[$name]"
    bad=$(($(number '.*[ =]([0-9]+) failed.*' "$log") + $(number '.*[ =]([0-9]+) errors?.*' "$log")))
    mapfile -t -O "${#failures[@]}" failures < <(grep -E '^(FAILED|ERROR) ' "$log" | head -n 40)
    if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then
        bad=1
        failures+=("the run of pytest for '$name' ended with status $status; its last lines:")
        mapfile -t -O "${#failures[@]}" failures < <(tail -n 15 "$log")
    fi
    SECONDS=$(($(stat --format=%Y "$log") - begun[$name]))
    note "$name" "$(number '.*[ =]([0-9]+) passed.*' "$log")" "$bad" "$(number '.*[ =]([0-9]+) skipped.*' "$log")"
}

if ! HSSGW_BINARY=$(timeout --kill-after=30s "$build_limit" scripts/build.sh tests); then
    echo "test: the build failed; no test was run" >&2
    exit 1
fi
export HSSGW_BINARY

run_swift_tests
# The tests of deploy/ run beside the others, which mostly wait, for servers and for times to pass: four files of them side by side, each as a whole so
# that what its tests share is started once.
# The files stay in the order that Tests/Clients/conftest.py gives them; without the last option the ones with the most tests would come first.
start_python_tests 'Clients' Tests/Clients --numprocesses "${HSSGW_TEST_PROCESSES:-4}" --dist loadfile --no-loadscope-reorder
start_python_tests 'Deployment' Tests/Deploy
finish_python_tests 'Clients'
finish_python_tests 'Deployment'

printf '\n'
Benchmarks/report.sh
printf '%s\n' "${summary[@]}"
if [ "${#failures[@]}" -gt 0 ]; then printf '%s\n' 'What failed:' "${failures[@]}"; fi
printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ]
