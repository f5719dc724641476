#!/usr/bin/env bash
# Does what CONTRIBUTING.md tells a newcomer who adds a setting of a service: takes the differences
# of its section from the page itself, applies them to a copy of the tree, builds that, and uses the
# setting.
#
#     tests/newcomer/run.sh [COMPILER]
set -euo pipefail
cd "$(dirname "$0")/../.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
tree=$scratch/tree
export CC=${1:-cc} XDG_STATE_HOME=$scratch/state HOME=$scratch
unset ROSTER_COLOR ROSTER_API_URL

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

expect() { # WHAT PATTERN FILE
    sed 's/<wbr>//g' "$3" | grep -- "$2" >/dev/null || {
        head -n 20 "$3" >&2
        fail "$1: no \"$2\""
    }
}

# The first block of the section, and the second: DIFFERENCE N
difference() {
    awk -v wanted="$1" '
        /^## / { here = /^## Adding a setting of a service/ }
        here && /^```diff$/ { n++; inside = (n == wanted); next }
        /^```$/ { inside = 0 }
        inside' CONTRIBUTING.md
}

mkdir "$tree"
tar -cf - --exclude=__pycache__ --exclude=node_modules CMakeLists.txt README.md CHANGELOG.md LICENSE \
    reconciler schemas examples tests | tar -xf - -C "$tree"
difference 1 >"$scratch/setting.diff"
difference 2 >"$scratch/sandbox.diff"

# One row, one member, one test, and not a line taken away.
touched=$(sed -n 's|^+++ b/||p' "$scratch/setting.diff" | tr '\n' ' ')
[ "$touched" = "reconciler/model/resource.h reconciler/model/resource.c \
tests/corpus/invalid/redact-bodies-string.yaml tests/corpus/invalid/redact-bodies-string.txt " ] ||
    fail "it touches $touched"
grep -q '^-[^-]' "$scratch/setting.diff" && fail "it takes lines away"
patch --quiet -p1 -d "$tree" <"$scratch/setting.diff"

build() {
    cmake --build "$scratch/build" --target roster roster-sandbox test_generated test_plan_schema -- \
        --quiet || fail "it does not build"
}

cmake -S "$tree" -B "$scratch/build" -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_FLAGS_DEBUG=-O0 \
    -DROSTER_HARDENING=OFF -DBUILD_TESTING=ON >"$scratch/cmake.log" 2>&1 || {
    cat "$scratch/cmake.log" >&2
    fail "it does not configure"
}
build
roster=$scratch/build/reconciler/roster
sandbox=$scratch/build/reconciler/roster-sandbox

echo "The files that are made from the tables:"
for test in test_generated test_plan_schema; do
    ROSTER_UPDATE_GOLDEN=1 "$scratch/build/tests/$test" >"$scratch/log" 2>&1 || {
        cat "$scratch/log" >&2
        fail "$test"
    }
done
expect "roster's schema" '"redact_bodies"' "$tree/schemas/roster.schema.json"
expect "plan's schema" '"redact_bodies"' "$tree/schemas/plan.schema.json"
expect "manual" 'redact_bodies' "$tree/reconciler/man/roster.yaml.5"
expect "manual" 'Keep no bodies of messages' "$tree/reconciler/man/roster.yaml.5"

echo "Its test:"
for case in "$tree"/tests/corpus/invalid/redact-bodies-*.yaml; do
    (cd "${case%/*}" && "$roster" validate "${case##*/}") >"$scratch/out" 2>"$scratch/err" &&
        fail "$case is accepted"
    diff -u "${case%.yaml}.txt" "$scratch/err" || fail "another text for $case"
done

cat >"$scratch/roster.yaml" <<'YAML'
version: 1
services:
  - friendly_name: Orders
    redact_bodies: true
YAML

# use NAME EXIT-CODE COMMAND...: in the sandbox; its output is in NAME.
use() {
    local name=$1 wanted=$2 code=0
    shift 2
    "$sandbox" --state "$scratch/account.json" -- "$@" >"$scratch/$name" 2>"$scratch/err" || code=$?
    [ "$code" = "$wanted" ] || {
        cat "$scratch/$name" "$scratch/err" >&2
        fail "$name: exit code $code instead of $wanted"
    }
}

echo "A Twilio that does not know it:"
use ignored 3 "$roster" apply --auto-approve "$scratch/roster.yaml"
expect ignored "redact_bodies" "$scratch/ignored"

echo "A Twilio that does:"
rm -f "$scratch/account.json"
patch --quiet -p1 -d "$tree" <"$scratch/sandbox.diff"
build
use apply 0 "$roster" apply --auto-approve "$scratch/roster.yaml"
use nothing 0 "$roster" plan --detailed-exitcode "$scratch/roster.yaml"
expect account '"redact_bodies": true' "$scratch/account.json"
sed -i 's/redact_bodies: true/redact_bodies: false/' "$scratch/roster.yaml"
use plan 2 "$roster" plan --detailed-exitcode "$scratch/roster.yaml"
expect plan 'redact_bodies' "$scratch/plan"
for format in json markdown html; do
    use "plan.$format" 0 "$roster" plan --format "$format" "$scratch/roster.yaml"
    expect "plan.$format" 'redact_bodies' "$scratch/plan.$format"
done
use drift 2 "$roster" drift "$scratch/roster.yaml"
expect drift 'redact_bodies' "$scratch/drift"
use export 0 "$roster" export
expect export 'redact_bodies: true' "$scratch/export"
cp "$scratch/export" "$scratch/exported.yaml"
use nothing 0 "$roster" plan --detailed-exitcode "$scratch/exported.yaml"
use fmt 0 "$roster" fmt --check "$scratch/exported.yaml"
echo "One row, one member, one test: that is all."
