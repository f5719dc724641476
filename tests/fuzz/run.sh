#!/usr/bin/env bash
# Builds the fuzz preset (clang) and feeds the readers for a while.
#
#     tests/fuzz/run.sh [SECONDS]     60 by default, shared by the targets
#
#   fuzz_roster  rosters; seeds are the corpus and the examples
#   fuzz_plan    saved plans; seeds are the golden ones
#   fuzz_webhook requests with webhooks; the seeds are below
#
# What libFuzzer finds stays in build/fuzz/found/, and the run fails; what it learns stays in
# build/fuzz/learned-TARGET/ and is used by the next run.
set -eu
cd "$(dirname "$0")/../.."
seconds=$(((${1:-60} + 2) / 3))
cmake --preset fuzz -DBUILD_TESTING=ON >/dev/null
cmake --build --preset fuzz -- --quiet fuzz_roster fuzz_plan fuzz_webhook
mkdir -p build/fuzz/found build/fuzz/seeds-fuzz_roster build/fuzz/seeds-fuzz_plan \
    build/fuzz/seeds-fuzz_webhook
find tests/corpus examples -type f -name '*.yaml' -size -64k -exec cp {} build/fuzz/seeds-fuzz_roster/ \;
for plan in tests/golden/*/plan.json; do
    # The first byte chooses how it is read.
    { printf '1' && cat "$plan"; } >"build/fuzz/seeds-fuzz_plan/$(basename "$(dirname "$plan")")"
done

# webhook NAME TYPE URL SIGNATURE BODY: a seed; a method of "0" is POST, of "1" GET.
webhook() {
    printf '%s\n%s\n%s\n%s' "$2" "$3" "$4" "$5" >"build/fuzz/seeds-fuzz_webhook/$1"
}
sid=SM0123456789abcdef0123456789abcdef
webhook status 0- "https://user:pass@example.com:443/status?a=it's+1&a=2" \
    RSOYDt4T1cUTdK1PDd93/VVr8B8= \
    "MessageSid=$sid&SmsSid=$sid&MessageStatus=sent&To=%2B15558675310&ErrorCode=30003&X=1&X=2"
webhook inbound 1- "http://example.com/?MessageSid=$sid&SmsStatus=received&Body=%C3%A4" \
    RSOYDt4T1cUTdK1PDd93/VVr8B8= ""
webhook json 0application/json \
    "https://mycompany.com:443/myapp.php?foo=1&bar=2&bodySHA256=$(printf '{}' | sha256sum | cut -c1-64)" \
    Ldidvp12m26NI7eqEvxnEpkd9Hc= '{}'

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
fuzz fuzz_webhook webhook.dict
