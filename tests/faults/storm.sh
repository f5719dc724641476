#!/usr/bin/env bash
# Proves that apply gets through a storm: a fifth of all answers are 429 or 5xx, the latter with the
# effect or without it, while 2,000 phone numbers are added to 10 new services. apply runs until it
# ends with 0, six times at most. After each run what the report says is done has to be done, and
# what it says failed (and not "may have happened") must not be; at the end each number is in its
# service, once, and no service is there twice.
#
#     tests/faults/storm.sh            2,000 numbers
#     tests/faults/storm.sh 200        so many, a multiple of 10
#     tests/faults/storm.sh 2000 7     with another seed of the faults
#     tests/faults/storm.sh 2000 1 0   with "Retry-After: 0" in each 429 instead of 1
#
# ROSTER and ROSTER_SANDBOX name other programs than those of the release preset's build.
set -eu
folder=$(cd "$(dirname "$0")" && pwd)
build=$folder/../../build/release/reconciler
roster=${ROSTER:-$build/roster} sandbox=${ROSTER_SANDBOX:-$build/roster-sandbox}
[ -x "$roster" ] && [ -x "$sandbox" ] || { echo "build the release preset first" >&2; exit 1; }
unset ROSTER_COLOR ROSTER_PARALLELISM ROSTER_RATE ROSTER_PLAN_KEY
unset ROSTER_CONNECT_TIMEOUT ROSTER_REQUEST_TIMEOUT
numbers=${1:-2000} seed=${2:-1} retry_after=${3:-1} services=10 most_runs=6
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export LC_ALL=C.UTF-8 XDG_STATE_HOME=$scratch/xdg
cd "$scratch"

# Of 100 answers 10 are 429, then 5 of the other 90 are 503 and 5 of the other 85 are 500.
cat >faults.yaml <<END
faults:
  - {probability: 0.1, status: 429, retry_after: $retry_after}
  - {probability: 0.0556, status: 503}
  - {probability: 0.0588, status: 500, effect: true}
END
awk -v numbers="$numbers" -v services=$services 'BEGIN {
    print "version: 1\nservices:"
    for (n = 0; n < numbers; n++) {
        if (n % (numbers / services) == 0)
            printf "  - friendly_name: Service %d\n    phone_numbers:\n", n * services / numbers
        printf "      - \"+1555%07d\"\n", n + 1
    }
}' >roster.yaml
"$sandbox" --state state.json --generate services=0,numbers="$numbers" --seed 1 -- true

# judge: whether report and account agree.
judge() {
    python3 -B - "$folder" <<'END'
import sys
sys.path.insert(0, sys.argv[1])
import judge
account = judge.read_account("state.json")
with open("report", encoding="utf-8") as file:
    wrong = judge.untruths(file.read(), account, {}, judge.read_account("before.json"))
wrong += judge.strays(account)
for text in wrong[:20]:
    print("    " + text)
sys.exit(1 if wrong else 0)
END
}

failed=0 status=1 run=0
while [ "$status" != 0 ] && [ $run -lt $most_runs ]; do
    run=$((run + 1))
    cp state.json before.json
    begun=$(date +%s%N) status=0
    "$sandbox" --state state.json --faults faults.yaml --seed $((seed + run)) --log log -- \
        timeout 300 "$roster" apply --auto-approve roster.yaml >report 2>said || status=$?
    took=$(($(date +%s%N) - begun))
    jq -rn --arg run $run --arg status "$status" --arg ms $((took / 1000000)) '
        [inputs] | "run \($run): exit \($status) after \($ms) ms, \(length) requests, " +
        "\(map(select(.status == 429)) | length) times 429, \(map(select(.status >= 500)) | length) times 5xx"' log
    grep '^Apply: ' report | sed 's/^/    /' || tail -n 3 said | sed 's/^/    /'
    echo "    $(grep -c 'may have happened' report || true) reported as \"may have happened\""
    case $status in
    0 | 1 | 3) ;;
    *) echo "    FAILED: apply ends with $status"; failed=1 ;;
    esac
    judge || { echo "    FAILED: the report is wrong"; failed=1; }
done
[ "$status" = 0 ] || { echo "FAILED: still not done after $run runs"; failed=1; }

"$sandbox" --state state.json -- "$roster" plan --detailed-exitcode roster.yaml >plan ||
    { echo "FAILED: the plan still has changes"; tail -n 3 plan; failed=1; }
there=$(jq '[.services[].phone_numbers[].phone_number] | unique | length' state.json)
count=$(jq '.services | length' state.json)
echo "$there of $numbers numbers in $count of $services services, after $run runs"
[ "$there" = "$numbers" ] && [ "$count" = $services ] || failed=1
exit $failed
