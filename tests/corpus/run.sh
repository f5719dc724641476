#!/usr/bin/env bash
# The corpus: rosters that are valid, and rosters with one mistake each.
#
#     ROSTER=…/roster tests/corpus/run.sh [--update]
#
# valid/NAME.yaml     accepted; when it gives warnings, NAME.txt has them as they are shown
# invalid/NAME.yaml   refused for exactly one mistake, shown as in NAME.txt
#
# The texts are what `roster validate NAME.yaml` prints on standard error in that folder, with file,
# line and column. --update writes them; read the difference before you keep it.
#
# ${NAME} in the files sees ROSTER_TEST_HOOKS and ROSTER_TEST_NUMBER; ROSTER_TEST_UNSET is unset.
set -u
cd "$(dirname "$0")" || exit 1
roster=${ROSTER:?set ROSTER to the program}
update=${1:-}
export ROSTER_TEST_HOOKS=https://hooks.example.com ROSTER_TEST_NUMBER=+15005550001 LC_ALL=C.UTF-8
unset ROSTER_TEST_UNSET ROSTER_COLOR
passed=0 failed=0
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT

check() { # KIND NAME EXPECTED-STATUS
    local kind=$1 name=$2 expected=$3 status text=$1/$2.txt problem=
    (cd "$kind" && exec "$roster" validate "$name.yaml") >"$scratch/out" 2>"$scratch/err" </dev/null
    status=$?
    [ "$status" = "$expected" ] || problem="exit $status instead of $expected"
    if [ "$kind" = invalid ]; then
        [ "$(grep -c ': error: ' "$scratch/err")" = 1 ] || problem="$problem; not exactly one error"
        [ -s "$scratch/out" ] && problem="$problem; something on standard output"
    fi
    if [ "$update" = --update ]; then
        if [ -s "$scratch/err" ]; then cp "$scratch/err" "$text"; else rm -f "$text"; fi
    elif [ -e "$text" ]; then
        diff -u "$text" "$scratch/err" || problem="$problem; another text"
    elif [ -s "$scratch/err" ]; then
        problem="$problem; no expected text"
        head -n 5 "$scratch/err"
    fi
    if [ -n "$problem" ]; then
        echo "FAILED $kind/$name: ${problem#; }"
        failed=$((failed + 1))
    else
        passed=$((passed + 1))
    fi
}

for file in valid/*.yaml; do
    name=${file#valid/}
    check valid "${name%.yaml}" 0
done
for file in invalid/*.yaml; do
    name=${file#invalid/}
    check invalid "${name%.yaml}" 1
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
