#!/usr/bin/env bash
# That SIGKILL never loses anything: an apply with every kind of change is killed at every number of
# records that its journal can have, behind operations on the files of its state folder, and at random
# instants. After each kill
#   - `roster journal` explains it, or says that there is none yet, and counts every change;
#   - nothing was asked of the server without being in the journal, and each outcome in it is true;
#   - the lock is free: the next apply is not refused, and exits with 0;
#   - then plan finds no changes, and the account is as kill/account.json says: no two services of a
#     name, every sender in the one service that wants it, the bystander untouched, and no service
#     that was there before has been made anew.
#
#     tests/faults/kill.sh                      a good part of it, in less than a minute
#     tests/faults/kill.sh --all --random 200   the whole measure
#     tests/faults/kill.sh --case NAME...       some cases again, as a failure names them
#
#   --all        at every number of records that are written at once, too; before and behind every
#                operation, not every third; and in the middle of every write
#   --random N   that many random instants (default 20)
#   --seed N     the same instants again; the one that was taken is printed
#   --jobs N     that many cases at once (default 4: they mostly wait for the server's latency)
#   --keep DIR   leave each case's files in the new folder DIR
#
# A case is called records:N:P, behind:N:P (or before, half), or after:MS:P; P is the --parallelism of
# the apply that is killed. Needs the release preset's build, jq and python3. ROSTER, ROSTER_SANDBOX
# and ROSTER_FAIL_FILE name other programs, and the library that counts operations (fail_file.c).
set -eu
cd "$(dirname "$0")/../.."
data=$PWD/tests/faults/kill
export data account_filter=$PWD/tests/scenario/account.jq
export roster=${ROSTER:-$PWD/build/release/reconciler/roster}
export sandbox=${ROSTER_SANDBOX:-$PWD/build/release/reconciler/roster-sandbox}
export fail_file=${ROSTER_FAIL_FILE:-$PWD/build/release/tests/faults/fail_file.so}
export LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1 latency=10

usage() {
    echo "usage: ${0##*/} [--all] [--random N] [--seed N] [--jobs N] [--keep DIR] [--case NAME...]" >&2
    exit 1
}

# Runs below the sandbox of one case, in the folder of that case; prints what is wrong. The server
# outlives the apply that is killed.
inside() {
    local kind=$1 limit=$2 parallelism=$3 journal status=0 unreadable=0 moment preload=()
    export XDG_STATE_HOME=$PWD/state
    journal=$XDG_STATE_HOME/roster/$TWILIO_ACCOUNT_SID.jsonl
    moment=$kind:$limit
    case $kind in
    before | behind | half)
        preload=(FAIL_FOLDER="$PWD/state" FAIL_AT="$limit" FAIL_HOW="${kind/behind/after}" LD_PRELOAD="$fail_file")
        moment=after:30000
        ;;
    esac
    python3 "$data/kill_at.py" "$moment" "$journal" env "${preload[@]}" "$roster" apply --auto-approve --take-over \
        --parallelism "$parallelism" "$data/roster.yaml" >killed.out 2>killed.err
    # What was sent takes effect, if it does at all, when the server gets it: let it have done so.
    sleep 0.1

    # Linux looks for a fatal signal between the pages of a write, so a kill may tear the last line:
    # then, and only then, one can't be read.
    if [ -s "$journal" ] && [ -n "$(tail -c 1 "$journal")" ]; then unreadable=1; fi
    "$roster" journal --format json >journal.json 2>journal.err || status=$?
    if [ ! -e "$journal" ]; then
        grep -q "there is no journal of account $TWILIO_ACCOUNT_SID" journal.err && [ $status -eq 1 ] ||
            echo "roster journal without a journal: status $status, $(head -n 1 journal.err)"
    elif [ "$(tail -n 1 killed.out | sed 's/.* \([0-9]*\) [0-9]*$/\1/')" -gt 0 ]; then
        [ $status -eq 0 ] || echo "roster journal: status $status, $(head -n 1 journal.err)"
        jq -e --argjson most $unreadable '
            .may_still_run == false and .unreadable_lines <= $most
            and (.summary | add) == (.changes | length)' journal.json >/dev/null ||
            echo "roster journal does not see that the apply is over, can't read it all, or forgets changes"
    else
        # The file is there, and nothing in it yet.
        [ $status -eq 0 ] || grep -q "is no journal, or has no run in it" journal.err ||
            echo "roster journal of an empty one: status $status, $(head -n 1 journal.err)"
    fi
    cp -r state state.killed 2>/dev/null || true

    status=0
    "$roster" apply --auto-approve --take-over "$data/roster.yaml" >again.out 2>again.err || status=$?
    [ $status -eq 0 ] || echo "the second apply: status $status, $(grep -m 1 error again.err || tail -n 1 again.err)"
    status=0
    "$roster" plan --detailed-exitcode --take-over "$data/roster.yaml" >plan.out 2>plan.err || status=$?
    [ $status -eq 0 ] || echo "the plan after it: status $status, $(grep -m 1 '^Plan' plan.out || tail -n 1 plan.err)"
    # After a kill that came when all was done there is nothing to apply, and no journal of that.
    "$roster" journal --format json >journal-again.json 2>>again.err || echo "roster journal after the second apply fails"
    find state -type f ! -perm 600 | sed 's/$/ is not private/'
    find state -type f ! -name '*.jsonl' ! -name '*.lock' | sed 's/$/ was left behind/'
}

# What the whole case left, once its server has written the account.
judge() {
    local journal torn=0
    [ "$1" != half ] || torn=1
    for journal in state/roster/*.jsonl; do
        [ -e "$journal" ] || { echo "there is no journal"; return; }
        jq -s -r --rawfile journal "$journal" --argjson torn $torn --argjson halves 0 \
            -f "$data/journal.jq" log.jsonl
    done
    jq -S -f "$account_filter" state.json | diff -u "$data/account.json" - | sed -n '3,40p'
    jq -n -r --slurpfile before "$data/state.json" --slurpfile after state.json '
        $after[0].services as $services
        | $before[0].services[] | select(.friendly_name != "Doomed") | . as $old
        | select([$services[] | select(.friendly_name == $old.friendly_name) | .sid] != [$old.sid])
        | "\(.friendly_name) is another service than before"'
}

# one NAME: one case; prints a line for it, and what is wrong below.
one() {
    local name=$1 kind limit parallelism folder said
    IFS=: read -r kind limit parallelism <<<"$name"
    folder=$scratch/cases/$name
    mkdir -p "$folder"
    cd "$folder"
    cp "$data/state.json" state.json
    timeout -k 5 60 "$sandbox" --state state.json --log log.jsonl --seed 1 --latency $latency -- \
        bash -c 'inside "$@"' inside "$kind" "$limit" "$parallelism" >problems 2>&1 ||
        echo "the sandbox or the case ended with status $?" >>problems
    judge "$kind" >>problems 2>&1 || echo "what is left can't be judged" >>problems
    said=$(tail -n 1 killed.out)
    echo "$name $said"
    if [ -s problems ]; then
        {
            echo "FAILED $name ($said records and ms):"
            sed 's/^/    /' problems
            echo "    again: tests/faults/kill.sh --case $name --keep DIR"
        } >failure
    fi
}

# How many records a whole apply writes, and how many milliseconds it takes, with one request at once.
measure() {
    mkdir -p "$scratch/whole"
    (
        cd "$scratch/whole"
        cp "$data/state.json" state.json
        "$sandbox" --state state.json --latency $latency -- bash -c '
            export XDG_STATE_HOME=$PWD/state
            python3 "$data/kill_at.py" after:60000 "state/roster/$TWILIO_ACCOUNT_SID.jsonl" \
                env FAIL_FOLDER="$PWD/state" FAIL_COUNT=operations LD_PRELOAD="$fail_file" "$roster" apply --auto-approve --take-over --parallelism 1 \
                "$data/roster.yaml" >out 2>err' || true
        tail -n 1 out
    )
}

random=20 all='' seed='' jobs=4 keep='' cases=()
while [ $# -gt 0 ]; do
    case $1 in
    --all) all=yes ;;
    --random | --seed | --jobs | --keep)
        [ $# -gt 1 ] || usage
        declare "${1#--}=$2"
        shift
        ;;
    --case)
        shift
        while [ $# -gt 0 ] && [[ $1 != --* ]]; do cases+=("$1"); shift; done
        [ ${#cases[@]} -gt 0 ] || usage
        continue
        ;;
    *) usage ;;
    esac
    shift
done
[[ $random =~ ^[0-9]+$ && $seed =~ ^[0-9]*$ && $jobs =~ ^[1-9][0-9]*$ ]] || usage
[ -x "$roster" ] && [ -x "$sandbox" ] && [ -r "$fail_file" ] || { echo "build the release preset first" >&2; exit 1; }
# shellcheck disable=SC2046
unset $(compgen -e | grep -E '^(ROSTER|TWILIO)|_(proxy|PROXY)$') NO_COLOR
if [ -n "$keep" ]; then
    mkdir "$keep"
    scratch=$(cd "$keep" && pwd)
else
    scratch=$(mktemp -d "${TMPDIR:-/tmp}/roster-kill.XXXXXX")
    trap 'rm -rf "$scratch"' EXIT
fi
export scratch
export -f inside judge one

if [ ${#cases[@]} -eq 0 ]; then
    read -r how status records duration < <(measure)
    [ "$how $status" = "ended 0" ] || { echo "an apply that is not killed fails"; cat "$scratch/whole/err"; exit 1; }
    planned=$(jq -s 'map(select(.record == "planned")) | length' "$scratch"/whole/state/roster/*.jsonl)
    operations=$(wc -l <"$scratch/whole/operations")
    [ -n "$seed" ] || seed=$(od -An -N2 -tu2 /dev/urandom | tr -d ' ')
    echo "A whole apply: $records records, $operations operations, $duration ms. Seed $seed (--seed)."
    for ((n = 1; n <= records; n++)); do
        # The head and what is planned go out in one write.
        [ -z "$all" ] && [ $n -gt 1 ] && [ $n -le "$planned" ] && continue
        cases+=("records:$n:1")
    done
    while read -r n name; do
        [ -z "$all" ] && [ $(((n + seed) % 3)) -ne 0 ] || cases+=("behind:$n:1")
        [ -z "$all" ] || cases+=("before:$n:2")
        [ -z "$all" ] || [ "$name" != write ] || cases+=("half:$n:1")
    done <"$scratch/whole/operations"
    RANDOM=$seed
    for ((n = 0; n < random; n++)); do
        # With more requests at once it is over sooner.
        parallelism=$((1 + n % 4))
        cases+=("after:$((RANDOM % (duration / (1 + n % 4) + duration / 5))).$((RANDOM % 10)):$parallelism")
    done
fi

printf '%s\n' "${cases[@]}" | sort -u | xargs -P "$jobs" -I{} bash -c 'set -eu; one {}' >"$scratch/lines"
awk '$2 == "killed" { killed++; if (!($3 in seen)) { seen[$3]; distinct++ } if ($3 == 0) early++ }
    END {
        printf "%d cases: %d killed, at %d different numbers of records, %d of them before the first; %d had ended.\n",
            NR, killed, distinct, early, NR - killed
    }' "$scratch/lines"
failed=$(find "$scratch/cases" -name failure | wc -l)
find "$scratch/cases" -name failure -exec cat {} +
[ "$(wc -l <"$scratch/lines")" -eq "$(printf '%s\n' "${cases[@]}" | sort -u | wc -l)" ] || { echo "some cases gave no result"; exit 1; }
[ "$failed" -eq 0 ] || { echo "$failed failed"; exit 1; }
