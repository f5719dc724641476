#!/usr/bin/env bash
# How much of what the server allows apply uses, and how often it is refused, for 5,000 phone numbers
# added to 25 services, at 30 ms an answer:
#   - 100 requests a second allowed: at least 95 % of them are used, with at most 2 % of the requests
#     refused, both when roster is told (--rate 100) and when it has to find out;
#   - 100 in flight allowed: at least 90 % of what 100 in flight can carry. What that is on this
#     machine is measured in the same run: 5,000 bare requests, 100 at a time, by curl.
#
#     tests/bench/rate.sh       takes two minutes; needs the release preset's build, curl and jq
#
# ROSTER_SANDBOX names another server program.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=$PWD/build/release
roster=$build/reconciler/roster sandbox=${ROSTER_SANDBOX:-$build/reconciler/roster-sandbox}
[ -x "$roster" ] && [ -x "$sandbox" ] || { echo "build the release preset first" >&2; exit 1; }
numbers=5000 latency=30
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export LC_ALL=C
failed=0

awk -v numbers=$numbers 'BEGIN {
    print "version: 1\nservices:"
    for (n = 0; n < numbers; n++) {
        if (n % 200 == 0)
            printf "  - friendly_name: Service %d\n    phone_numbers:\n", n / 200
        printf "      - \"+1555%07d\"\n", n + 1
    }
}' >"$scratch/roster.yaml"

# served LOG [OPTION...] -- COMMAND...: runs it against a fresh account.
served() {
    local log=$1
    shift
    "$sandbox" --generate services=0,numbers=$numbers --seed 1 --latency $latency --log "$log" "$@"
}

# adds LOG: requests a second that added a number, and the share of all of apply's changing requests
# that were refused, in percent. The log has the time at which each request came.
adds() {
    jq -r 'select(.method == "POST" and (.path | test("/PhoneNumbers$")))
           | "\(.time | sub("\\.[0-9]+Z$"; "Z") | fromdate) \(.time | capture("\\.(?<ms>[0-9]+)Z").ms) \(.status)"' \
        "$1" | awk -v latency=$latency -v wanted=$numbers '
        { at = $1 + $2 / 1000; if (NR == 1) first = at; last = at }
        $3 == 201 { good++ }
        $3 == 429 { refused++ }
        END {
            if (good != wanted) { print "rate.sh: " good " of " wanted " were added" >"/dev/stderr"; exit 1 }
            printf "%.1f %.2f\n", good / (last - first + latency / 1000), 100 * refused / NR
        }'
}

# judge WHAT RATE WANTED REFUSED MOST
judge() {
    awk -v what="$1" -v rate="$2" -v wanted="$3" -v refused="$4" -v most="$5" 'BEGIN {
        bad = rate < wanted || refused > most
        printf "%-34s %7.1f/s (at least %.1f), %.2f %% refused (at most %.2f)%s\n", what, rate, wanted,
            refused, most, bad ? "  FAILED" : ""
        exit bad
    }' || failed=1
}

# measure WHAT WANTED MOST SANDBOX-OPTIONS -- ROSTER-OPTIONS
measure() {
    local what=$1 wanted=$2 most=$3 limits=()
    shift 3
    while [ "$1" != -- ]; do limits+=("$1"); shift; done
    shift
    served "$scratch/log" "${limits[@]}" -- "$roster" apply --auto-approve "$@" "$scratch/roster.yaml" \
        >"$scratch/out" 2>&1 || { tail -n 5 "$scratch/out" >&2; failed=1; return; }
    read -r rate refused < <(adds "$scratch/log")
    judge "$what" "$rate" "$wanted" "$refused" "$most"
}

# What 100 requests in flight carry, a second, when nothing is done with the answers.
carried() {
    cat >"$scratch/carry" <<'END'
url="$ROSTER_API_URL/v1/Services?PageSize=1&n=[1-5000]"
start=$(date +%s%N)
curl -sSZ --parallel-max 100 -u "$TWILIO_ACCOUNT_SID:$TWILIO_AUTH_TOKEN" -o /dev/null "$url" 2>/dev/null
echo "$start $(date +%s%N)" | awk '{ printf "%.1f\n", 5000 / (($2 - $1) / 1e9) }'
END
    served "$scratch/log" -- bash "$scratch/carry"
}

measure "100/s allowed, --rate 100" 95 2 --rate 100 -- --rate 100
measure "100/s allowed, nothing told" 95 2 --rate 100 --
most=$(carried)
measure "100 in flight allowed ($most/s)" "$(awk -v most="$most" 'BEGIN { print most * 0.9 }')" 2 \
    --max-concurrency 100 -- --parallelism 100
exit $failed
