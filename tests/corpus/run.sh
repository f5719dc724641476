#!/usr/bin/env bash
# The corpus: rosters that are valid, and rosters with one mistake each.
#
#     ROSTER=…/roster tests/corpus/run.sh [--update]
#
# valid/NAME.yaml          accepted; when it gives warnings, NAME.txt has them as they are shown
# invalid/NAME.yaml        refused for exactly one mistake, shown as in NAME.txt
# folders/valid/NAME/      rosters of several files, in the same way: NAME.txt beside the folder
# folders/invalid/NAME/
# stdout.txt               what is said of the valid ones on standard output, one line each
#
# The texts are what `roster validate NAME.yaml` (or NAME) prints on standard error in that folder,
# with file, line and column. --update writes them and stdout.txt; read the difference before you
# keep it: it says what is, not what is right.
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
: >"$scratch/said"

fail() { # NAME WHY
    echo "FAILED $1: $2"
    failed=$((failed + 1))
}

check() { # FOLDER ROSTER EXPECTED-STATUS
    local folder=$1 name=${2%.yaml} expected=$3 status problem=
    local text=$folder/$name.txt
    (cd "$folder" && exec "$roster" validate "$2") >"$scratch/out" 2>"$scratch/err" </dev/null
    status=$?
    [ "$status" = "$expected" ] || problem="exit $status instead of $expected"
    if [ "$expected" = 1 ]; then
        [ "$(grep -ac '^[^ ].*: error: ' "$scratch/err")" = 1 ] ||
            problem="$problem; not exactly one error"
        [ -s "$scratch/out" ] && problem="$problem; something on standard output"
    fi
    sed "s|^|$folder/|" "$scratch/out" >>"$scratch/said"
    if [ "$update" = --update ]; then
        if [ -s "$scratch/err" ]; then cp "$scratch/err" "$text"; else rm -f "$text"; fi
    elif [ -e "$text" ]; then
        diff -a -u "$text" "$scratch/err" || problem="$problem; another text"
    elif [ -s "$scratch/err" ]; then
        problem="$problem; no expected text"
        head -n 5 "$scratch/err"
    fi
    if [ -n "$problem" ]; then
        fail "$folder/$name" "${problem#; }"
    else
        passed=$((passed + 1))
    fi
}

for file in valid/*.yaml; do check valid "${file#valid/}" 0; done
for file in invalid/*.yaml; do check invalid "${file#invalid/}" 1; done
for path in folders/valid/*/; do check folders/valid "$(basename "$path")" 0; done
for path in folders/invalid/*/; do check folders/invalid "$(basename "$path")" 1; done

for text in {,folders/}{valid,invalid}/*.txt; do
    [ -e "${text%.txt}.yaml" ] || [ -d "${text%.txt}" ] || fail "$text" "belongs to no roster"
done
if [ "$update" = --update ]; then
    cp "$scratch/said" stdout.txt
elif ! diff -a -u stdout.txt "$scratch/said"; then
    fail stdout.txt "something else is said of the valid ones"
fi
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
