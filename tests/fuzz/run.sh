#!/usr/bin/env bash
# Builds the fuzz preset (clang) and feeds the roster reader for a while.
#
#     tests/fuzz/run.sh [SECONDS]     60 by default
#
# Seeds are the corpus and the examples. What libFuzzer finds stays in build/fuzz/found/, and the run
# fails; what it learns stays in build/fuzz/learned/ and is used by the next run.
set -eu
cd "$(dirname "$0")/../.."
seconds=${1:-60}
cmake --preset fuzz -DBUILD_TESTING=ON >/dev/null
cmake --build --preset fuzz -- --quiet fuzz_roster
mkdir -p build/fuzz/learned build/fuzz/found build/fuzz/seeds
find tests/corpus examples -name '*.yaml' -size -64k -exec cp {} build/fuzz/seeds/ \;
UBSAN_OPTIONS=halt_on_error=1 build/fuzz/tests/fuzz/fuzz_roster -max_total_time="$seconds" \
    -max_len=65536 -timeout=10 -rss_limit_mb=2048 -dict=tests/fuzz/roster.dict \
    -artifact_prefix=build/fuzz/found/ -print_final_stats=1 -verbosity=0 \
    build/fuzz/learned build/fuzz/seeds 2>build/fuzz/log || {
    tail -n 60 build/fuzz/log
    exit 1
}
executions=$(sed -n 's/^stat::number_of_executed_units: *//p' build/fuzz/log)
[ "${executions:-0}" -gt 0 ] || { tail -n 20 build/fuzz/log; exit 1; }
echo "fuzz_roster: $executions inputs in $seconds s, nothing found"
