#!/usr/bin/env bash
# Proves that apply survives everything: a plan of every kind of change (roster.yaml against
# state.json), with each kind of fault at each request that apply makes.
#   - With the fault, apply ends by itself with 0, 1 or 3; with 0 only when nothing is left to do.
#     What the report says is done is done, what it says failed (and not "may have happened") is not.
#   - The next apply, without faults, ends with 0, and the account is what an apply without any fault
#     makes of it: no service twice, no sender lost, nothing else touched.
#   - A create that takes effect twice makes two services, which no client can prevent: the next
#     apply has to name both. That the one with the fault ends with 0 is noted, and no failure.
#
#     tests/faults/sweep.sh                       a tenth of the cases: each commit has another one
#     tests/faults/sweep.sh --all                 all of them
#     tests/faults/sweep.sh --case 17:reset-after one, with what apply says
#     tests/faults/sweep.sh --seed TEXT --jobs N  another tenth; so many cases at once
#
# ROSTER and ROSTER_SANDBOX name other programs than those of the release preset's build.
set -eu
folder=$(cd "$(dirname "$0")" && pwd)
build=$folder/../../build/release/reconciler
export ROSTER="${ROSTER:-$build/roster}" ROSTER_SANDBOX="${ROSTER_SANDBOX:-$build/roster-sandbox}"
[ -x "$ROSTER" ] && [ -x "$ROSTER_SANDBOX" ] ||
    { echo "build the release preset first" >&2; exit 1; }
unset ROSTER_COLOR ROSTER_PARALLELISM ROSTER_RATE ROSTER_PLAN_KEY
unset ROSTER_CONNECT_TIMEOUT ROSTER_REQUEST_TIMEOUT
seed=$(git -C "$folder" rev-parse HEAD 2>/dev/null) || seed=0
exec python3 -B "$folder/sweep.py" --seed "$seed" "$@"
