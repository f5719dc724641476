#!/usr/bin/env bash
# That no failing file operation makes roster lie or lose anything: the nth operation below the folder
# of the files fails (fail_file.c), for each n. And that running out of memory does not either: the nth
# allocation fails from where a plan file is made, or the journal opened, to the end. roster may abort
# then; what it leaves behind has to be as good, but for a temporary file.
#   - `plan --out` over a good plan: afterwards the old or the new one is there, whole, and nothing
#     beside it. It exits with 0 only when it is the new one.
#   - `apply --journal`: ends by itself; what it says was done, and no more, was done; it exits with 0
#     only when the account is as the roster says; nothing was asked of the server that is not in the
#     journal, but for the second halves of what was half done; `roster journal` can read that; a second apply gets to the end.
#   - `adopt` of a roster of two files: afterwards both are the old ones or both the new ones, and nothing
#     beside them, unless it says which one could not be put back. It exits with 0 only when they are new.
#
#     tests/faults/files.sh                 each n: no space from there on; every third: EIO; every
#                                           1,000th allocation of plan, every 100th of apply, other
#                                           ones each commit
#     tests/faults/files.sh --all           each n: EIO, no space once, no space from there on; every
#                                           25th allocation of plan, every third of apply
#   --memory N   every Nth allocation of plan, every N/10th of apply; 1: all, which takes an hour
#     tests/faults/files.sh --case NAME...  some cases again, as a failure names them
#
#   --jobs N     that many cases at once (default 4)
#   --keep DIR   leave each case's files in the new folder DIR
#
# A case is called WHAT:HOW:N, as apply:full:30, adopt:enospc:9, plan:eio:4 or plan:memory:20000. Needs the release preset's build and jq.
# ROSTER, ROSTER_SANDBOX and ROSTER_FAIL_FILE name other programs and another library.
set -eu
cd "$(dirname "$0")/../.."
data=$PWD/tests/faults/kill
export data account_filter=$PWD/tests/scenario/account.jq
export roster=${ROSTER:-$PWD/build/release/reconciler/roster}
export sandbox=${ROSTER_SANDBOX:-$PWD/build/release/reconciler/roster-sandbox}
export fail_file=${ROSTER_FAIL_FILE:-$PWD/build/release/tests/faults/fail_file.so}
export LC_ALL=C.UTF-8 SOURCE_DATE_EPOCH=1700000000

usage() {
    echo "usage: ${0##*/} [--all] [--memory N] [--jobs N] [--keep DIR] [--case NAME...]" >&2
    exit 1
}

# failing HOW N COMMAND...: its files are to be below the folder files/ of the case.
failing() {
    local how=$1 at=$2
    shift 2
    timeout -k 5 30 env FAIL_FOLDER="$PWD/files" FAIL_HOW="$how" FAIL_AT="$at" \
        FAIL_PROGRAM="$(basename "$roster")" LD_PRELOAD="$fail_file" "$@"
}

# aborted HOW STATUS: whether it ended as a program without memory may.
aborted() { [ "$1" = memory ] && [ "$2" -eq 134 ]; }

of_plan() {
    local status=0
    mkdir files
    # The old plan is of another roster, and so another one than the new.
    sed 's/NEW\b/OLD/' "$data/roster.yaml" >old.yaml
    cp "$data/roster.yaml" new.yaml
    "$roster" plan --take-over --out old.json old.yaml >/dev/null 2>&1
    "$roster" plan --take-over --out new.json new.yaml >/dev/null 2>&1
    cmp -s old.json new.json && echo "the old plan and the new one are the same"
    cp -p old.json files/plan.json
    failing "$1" "$2" env ${3:+FAIL_COUNT=$3} "$roster" plan --take-over --out "$PWD/files/plan.json" \
        new.yaml >out 2>err || status=$?
    [ $status -le 1 ] || aborted "$1" $status || echo "plan ended with status $status"
    [ $status -eq 0 ] || grep -q 'error: \|out of memory' err || echo "plan failed and did not say why"
    if cmp -s files/plan.json old.json; then
        [ $status -ne 0 ] || echo "plan exits with 0, and the old plan is there"
    elif ! cmp -s files/plan.json new.json; then
        echo "there is neither the old plan nor the new one"
    fi
    [ "$(ls -A files)" = plan.json ] || aborted "$1" $status || echo "left behind: $(ls -A files)"
}

of_adopt() {
    local status=0 now
    mkdir files
    # Two services of the account, each in a file of its own, and two that it has not.
    printf 'version: 1\nservices:\n  - {friendly_name: Orders}\n  - friendly_name: Gone 1\n' >files/a.yaml
    printf 'version: 1\nservices:\n  - {friendly_name: Marketing}\n  - friendly_name: Gone 2\n' >files/b.yaml
    cp -pr files old
    cp -pr files new
    "$roster" adopt --auto-approve --remove-entries new >/dev/null 2>&1 || [ $? -eq 3 ]
    cmp -s new/a.yaml old/a.yaml && echo "there is nothing to adopt into the first file"
    cmp -s new/b.yaml old/b.yaml && echo "there is nothing to adopt into the second file"
    failing "$1" "$2" env ${3:+FAIL_COUNT=$3} "$roster" adopt --auto-approve --remove-entries "$PWD/files" \
        >out 2>err || status=$?
    [ $status -le 1 ] || [ $status -eq 3 ] || echo "adopt ended with status $status"
    [ $status -ne 1 ] || grep -q 'error: ' err || echo "adopt failed and did not say why"
    for now in files/*.yaml; do
        cmp -s "$now" "old/${now##*/}" || cmp -s "$now" "new/${now##*/}" || echo "$now is neither old nor new"
    done
    if diff -rq files new >/dev/null; then
        return
    fi
    [ $status -eq 1 ] || echo "adopt exits with $status, and the files are not the new ones"
    diff -rq files old >/dev/null || grep -q 'is left as it was edited' err || echo "some are old and some are new"
}

# How many requests that change the account must have worked for what the report says was done.
claimed() {
    awk '/^Done:$/ { on = 1; next } /^[^ ]/ { on = 0 } on && /^  [^ ]/ { n += / move / ? 2 : 1 }
        END { print n + 0 }' "$1"
}

changes() {
    jq -s 'map(select(.method != "GET" and .status < 300)) | length' log.jsonl
}

of_apply() {
    local status=0 done_requests sum
    mkdir files
    export XDG_STATE_HOME=$PWD/files
    local journal=$PWD/files/own.jsonl
    failing "$1" "$2" env ${3:+FAIL_COUNT=$3} "$roster" apply --auto-approve --take-over --parallelism 2 \
        --journal "$journal" "$data/roster.yaml" >out 2>err || status=$?
    done_requests=$(changes)
    case $status in
    0) [ "$done_requests" -eq "$whole_requests" ] || [ "$1" = memory ] || echo "exit 0 after $done_requests changing requests" ;;
    1) [ "$done_requests" -eq 0 ] || echo "an error (1), but $done_requests changing requests worked" ;;
    3) ;;
    *) aborted "$1" $status || echo "apply ended with status $status" ;;
    esac
    [ $status -eq 0 ] || grep -q 'error: \|out of memory' err || echo "apply failed and did not say why"
    # Without memory an answer may be lost: then something is put back, or done again.
    if [ "$1" = memory ]; then
        [ "$(claimed out)" -le "$done_requests" ] ||
            echo "the report claims $(claimed out) requests, only $done_requests were done"
    elif [ "$(claimed out)" -ne "$done_requests" ]; then
        echo "the report claims $(claimed out) requests, $done_requests were done"
    fi
    if sum=$(grep '^Apply: ' out); then
        sum=$(grep -o '[0-9][0-9]*' <<<"$sum" | paste -sd+)
        [ $((sum)) -eq "$planned" ] || echo "the report is of $((sum)) changes, not $planned"
    fi
    if [ -s "$journal" ]; then
        jq -s -r --rawfile journal "$journal" --argjson torn 1 --argjson halves 2 \
            --argjson repeats "$([ "$1" = memory ] && echo 1 || echo 0)" \
            -f "$data/journal.jq" log.jsonl
        if ! "$roster" journal "$journal" >journal.out 2>journal.err; then
            [ "$done_requests" -eq 0 ] && grep -q 'is no journal, or has no run in it' journal.err ||
                echo "roster journal fails: $(head -n 1 journal.err)"
        elif [ $status -ne 1 ] && ! aborted "$1" $status; then
            [ "$(grep -c '^  .*: ' <(sed -n '/^Done:$/,/^$/p' journal.out))" -le \
                "$(grep -c '^  .*: ' <(sed -n '/^Done:$/,/^$/p' out))" ] ||
                echo "the journal has more done than the report"
        fi
    else
        [ "$done_requests" -eq 0 ] || echo "$done_requests changing requests, and no journal"
    fi

    status=0
    "$roster" apply --auto-approve --take-over --journal "$journal" "$data/roster.yaml" >again.out \
        2>again.err || status=$?
    [ $status -eq 0 ] || echo "the second apply: status $status, $(grep -m 1 error again.err)"
    "$roster" plan --detailed-exitcode --take-over "$data/roster.yaml" >plan.out 2>plan.err ||
        echo "the plan after it: status $?"
}

# one NAME [COUNT]: one case; prints its name. COUNT: a file for the operations, as they come.
one() {
    local what how at folder=$scratch/cases/$1
    IFS=: read -r what how at <<<"$1"
    mkdir -p "$folder"
    cd "$folder"
    cp "$data/state.json" state.json
    timeout -k 5 60 "$sandbox" --state state.json --log log.jsonl --seed 1 -- \
        bash -c '"$@"' one "of_$what" "$how" "$at" "${2:-}" >problems 2>&1 ||
        echo "the sandbox or the case ended with status $?" >>problems
    if [ "$what" = apply ]; then
        jq -S -f "$account_filter" state.json | diff -u "$data/account.json" - | sed -n '3,40p' >>problems
    fi
    echo "$1"
    if [ -s problems ]; then
        {
            echo "FAILED $1:"
            sed 's/^/    /' problems
            echo "    again: tests/faults/files.sh --case $1 --keep DIR"
        } >failure
    fi
}

all='' jobs=4 keep='' memory='' cases=()
while [ $# -gt 0 ]; do
    case $1 in
    --all) all=yes ;;
    --jobs | --keep | --memory)
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
[ -n "$memory" ] || memory=$([ -n "$all" ] && echo 25 || echo 1000)
[[ $jobs =~ ^[1-9][0-9]*$ && $memory =~ ^[1-9][0-9]*$ ]] || usage
[ -x "$roster" ] && [ -x "$sandbox" ] && [ -r "$fail_file" ] ||
    { echo "build the release preset first" >&2; exit 1; }
# shellcheck disable=SC2046
unset $(compgen -e | grep -E '^(ROSTER|TWILIO|FAIL)|_(proxy|PROXY)$') NO_COLOR
if [ -n "$keep" ]; then
    mkdir "$keep"
    scratch=$(cd "$keep" && pwd)
else
    scratch=$(mktemp -d "${TMPDIR:-/tmp}/roster-files.XXXXXX")
    trap 'rm -rf "$scratch"' EXIT
fi
export scratch planned=0 whole_requests=0
export -f failing aborted of_plan of_adopt claimed changes of_apply one

# Without a failure: how many operations, changes and requests there are.
(for what in apply plan adopt; do one $what:eio:0 "$scratch/$what.operations"; done) >/dev/null
planned=$(grep -c '"record":"planned"' "$scratch/cases/apply:eio:0/files/own.jsonl")
whole_requests=$(jq -s 'map(select(.method != "GET")) | length' "$scratch/cases/apply:eio:0/log.jsonl")
rm -rf "$scratch"/cases/*:eio:0
if [ ${#cases[@]} -eq 0 ]; then
    cases+=(apply:eio:0 plan:eio:0 adopt:eio:0)
    for what in apply plan adopt; do
        # Fewer requests at once mean other operations, never many more: some beyond the end do no harm.
        for ((n = 1; n <= $(wc -l <"$scratch/$what.operations"); n++)); do
            cases+=("$what:full:$n")
            [ -z "$all" ] && [ $what != plan ] && [ $((n % 3)) -ne 0 ] || cases+=("$what:eio:$n")
            [ -z "$all" ] && [ $what != plan ] || cases+=("$what:enospc:$n")
        done
    done
    # From the first file of apply on, and from the end of the same work on for plan.
    first=$(awk '{ print $3; exit }' "$scratch/apply.operations")
    commit=$(git rev-parse HEAD 2>/dev/null | tail -c 9 || echo 0)
    # Nearly all of plan's are made by the key derivation of the variables' digests.
    for what in "plan $memory" "apply $(((memory + 9) / 10))"; do
        read -r what step <<<"$what"
        last=$(tail -n 1 "$scratch/$what.operations" | cut -d' ' -f3)
        for ((n = first + 0x$commit % step; n <= last; n += step)); do cases+=("$what:memory:$n"); done
    done
    echo "$(wc -l <"$scratch/apply.operations") operations of apply, $(wc -l <"$scratch/plan.operations") of plan, $(wc -l <"$scratch/adopt.operations") of adopt."
fi
printf '%s\n' "${cases[@]}" | xargs -P "$jobs" -I{} bash -c 'set -eu; one {}' >"$scratch/lines"
echo "$(wc -l <"$scratch/lines") cases."
failed=$(find "$scratch/cases" -name failure | wc -l)
find "$scratch/cases" -name failure -exec cat {} +
[ "$(wc -l <"$scratch/lines")" -eq ${#cases[@]} ] || { echo "some cases gave no result"; exit 1; }
[ "$failed" -eq 0 ] || { echo "$failed failed"; exit 1; }
