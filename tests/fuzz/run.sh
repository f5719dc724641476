#!/usr/bin/env bash
# Builds the fuzz preset (clang) and feeds the readers for a while.
#
#     tests/fuzz/run.sh [SECONDS]     60 by default, shared by the targets
#
#   fuzz_roster  rosters; seeds are the corpus and the examples
#   fuzz_plan    saved plans; seeds are the golden ones
#
# What libFuzzer finds stays in build/fuzz/found/, and the run fails; what it learns stays in
# build/fuzz/learned-TARGET/ and is used by the next run.
set -eu
cd "$(dirname "$0")/../.."
seconds=$(((${1:-60} + 1) / 2))
cmake --preset fuzz -DBUILD_TESTING=ON >/dev/null
cmake --build --preset fuzz -- --quiet fuzz_roster fuzz_plan
mkdir -p build/fuzz/found build/fuzz/seeds-fuzz_roster build/fuzz/seeds-fuzz_plan
find tests/corpus examples -type f -name '*.yaml' -size -64k -exec cp {} build/fuzz/seeds-fuzz_roster/ \;
for plan in tests/golden/*/plan.json; do
    # The first byte chooses how it is read.
    { printf '1' && cat "$plan"; } >"build/fuzz/seeds-fuzz_plan/$(basename "$(dirname "$plan")")"
done

# fuzz TARGET DICTIONARY
fuzz() {
    local executions
    mkdir -p "build/fuzz/learned-$1"
    UBSAN_OPTIONS=halt_on_error=1 "build/fuzz/tests/fuzz/$1" -max_total_time="$seconds" \
        -max_len=65536 -timeout=10 -rss_limit_mb=2048 -dict="tests/fuzz/$2" \
        -artifact_prefix=build/fuzz/found/ -print_final_stats=1 -verbosity=0 \
        "build/fuzz/learned-$1" "build/fuzz/seeds-$1" 2>"build/fuzz/log-$1" || {
        tail -n 60 "build/fuzz/log-$1"
        exit 1
    }
    executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "build/fuzz/log-$1")
    [ "${executions:-0}" -gt 0 ] || {
        tail -n 20 "build/fuzz/log-$1"
        exit 1
    }
    echo "$1: $executions inputs in $seconds s, nothing found"
}
fuzz fuzz_roster roster.dict
fuzz fuzz_plan plan.dict
