#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Every test of the project, stage by stage; the log of each stage is build/check/STAGE.log. Ends
# with one line per stage and "N passed, N failed": the tests of the suites, and one for each stage
# that is not a suite. Fails when anything failed.
#
# usage: check.sh [STAGE...]    default: all stages, in the order of the list below
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

stages=(rules format dev valgrind asan tsan clang-tidy cppcheck)
jobs=${JOBS:-$(nproc)}
logs=build/check
passed=0
failed=0
summary=()

# Sanitizers need a memory layout that some kernels' randomisation does not leave them.
plain=()
if setarch -R true 2>/dev/null; then
    plain=(setarch -R)
fi

# ---- suites: "PASSED FAILED" goes to the file .count beside the log ------------------------------

# suite PRESET "TARGETS" CTEST_ARGUMENT...
suite() {
    local preset=$1 targets=$2 junit=$PWD/$logs/$1.xml status=0
    shift 2
    rm -f "$junit"
    cmake --preset "$preset" || return 1
    # shellcheck disable=SC2086
    cmake --build --preset "$preset" -j "$jobs" ${targets:+--target $targets} || return 1
    "${plain[@]}" ctest --preset "$preset" -j "$jobs" --output-junit "$junit" "$@" || status=1
    [ -s "$junit" ] || return 1
    local total bad
    total=$(grep -c '<testcase ' "$junit")
    bad=$(grep -c '<testcase .*status="fail"' "$junit")
    echo "$((total - bad)) $bad" >"$logs/$preset.count"
    [ "$total" -gt 0 ] && return $status
}

stage_dev() {
    suite dev ""
}

stage_asan() {
    suite asan ""
}

stage_tsan() {
    suite tsan "tests_concurrency tests_adapter" -L '^(concurrency|adapter)$'
}

# ---- stages that count as one test --------------------------------------------------------------

stage_rules() {
    python3 tests/tidy/check.py .
}

sources() {
    find include lib adapters examples tests -name '*.[ch]' -print0
}

stage_format() {
    sources | xargs -0 -r -n 16 -P "$jobs" clang-format --dry-run --Werror
}

# The programs of the inner parts, and those of the outer ones that a shop's day goes through. Left
# out is what computes for long and allocates nothing.
stage_valgrind() {
    local programs
    programs=$(find build/dev/tests/{base,entity} \
        build/dev/tests/api/{cart,checkout,order,bad_input_{plain,sales,states}} \
        -type f -perm -u+x 2>/dev/null | grep -v -e /money$ -e /allocate$ | sort)
    [ -n "$programs" ] || return 1
    # shellcheck disable=SC2016
    echo "$programs" | xargs -P "$jobs" -I '{}' sh -c '
        cd build/dev/tests && log=$(timeout 300 valgrind -q --error-exitcode=99 --leak-check=full \
            --errors-for-leak-kinds=definite --child-silent-after-fork=yes "$1" 2>&1) || {
            echo "== $1"; echo "$log"; exit 1
        }' sh "$PWD/{}"
}

stage_clang-tidy() {
    [ -e build/dev/compile_commands.json ] || cmake --preset dev || return 1
    run-clang-tidy -quiet -j "$jobs" -p build/dev "$PWD/(lib|adapters|examples)/.*\.c\$" 2>&1 |
        sed -e 's/\x1b\[[0-9;]*m//g' -e '/^clang-tidy.* -quiet /d' -e '/ warnings\? generated/d'
}

# autoVariables: check.c links the path of its stack frames and unlinks it again.
stage_cppcheck() {
    mkdir -p build/cppcheck
    cppcheck --quiet --error-exitcode=1 -j "$jobs" --cppcheck-build-dir=build/cppcheck --std=c11 \
        --enable=warning,performance,portability --library=posix -D_POSIX_C_SOURCE=200809L \
        --inline-suppr --suppress=missingIncludeSystem --suppress=autoVariables:lib/entity/check.c \
        -I include -I lib lib adapters examples
}

# -------------------------------------------------------------------------------------------------

run_stage() {
    local name=$1 log=$logs/$1.log begin=$SECONDS state=ok count
    rm -f "$logs/$name.count"
    printf '%-11s ' "$name"
    "stage_$name" >"$log" 2>&1 || state=FAILED
    if [ -s "$logs/$name.count" ]; then
        read -r good bad <"$logs/$name.count"
        count="$good passed, $bad failed"
        # a suite whose tests all pass may still have failed, for example by finding none
        [ $state = ok ] || [ "$bad" -gt 0 ] || bad=1
    elif [ $state = ok ]; then
        good=1 bad=0 count=""
    else
        good=0 bad=1 count="see $log"
    fi
    passed=$((passed + good))
    failed=$((failed + bad))
    local line
    line=$(printf '%-7s %5d s  %s' "$state" $((SECONDS - begin)) "$count")
    echo "$line"
    summary+=("$(printf '%-11s %s' "$name" "$line")")
    if [ $state != ok ]; then
        echo "---- the end of $log"
        tail -n 60 "$log"
        echo "----"
    fi
}

mkdir -p $logs
for stage in "${@:-${stages[@]}}"; do
    if ! declare -F "stage_$stage" >/dev/null; then
        echo "check.sh: no stage $stage; there are: ${stages[*]}" >&2
        exit 2
    fi
    run_stage "$stage"
done

echo
printf '%s\n' "${summary[@]}"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
