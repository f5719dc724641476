#!/bin/sh
#
# readme.sh TREE ROSTER ROSTER_SANDBOX: README.md and the programs' help agree.
#   - README.md shows every command that `roster help` lists, as "roster <command>".
#   - It has a row for every exit code that `roster help exit-codes` explains, and for no other.
#   - Every --option that it mentions is in the help of roster, of one of its commands, or of
#     roster-sandbox. Lines about other programs (cmake, ctest, cpack, git, apt-get, curl) don't count.

set -u
readme=$1/README.md roster=$2 sandbox=$3
failed=0

fail() {
    echo "$*"
    failed=1
}

[ -f "$readme" ] || { echo "$readme is missing"; exit 1; }
# Lines of two blanks, a command, and two blanks or more before what it does.
commands=$("$roster" help | sed -n 's/^  \([a-z][a-z-]*\)  .*/\1/p')
[ -n "$commands" ] || fail "roster help lists no commands"

options=$({
    "$roster" --help
    "$sandbox" --help
    for command in $commands; do
        "$roster" "$command" --help || echo "roster $command --help failed" >&2
    done
} | grep -oE -- '--[a-z][a-z-]*' | sort -u)

for command in $commands; do
    grep -qE "roster[\` ]+$command([^a-z-]|\$)|^\| *\`$command[\` ]" "$readme" ||
        fail "README.md does not show \"roster $command\""
done
codes=$("$roster" help exit-codes | sed -n 's/^  \([0-9]\)  .*/\1/p' | sort -u)
shown=$(sed -n 's/^| \([0-9]\) | .*/\1/p' "$readme" | sort -u)
[ "$codes" = "$shown" ] || fail "README.md shows the exit codes" $shown "and not" $codes
[ -n "$codes" ] || fail "roster help exit-codes explains none"
for option in $(grep -vE '(cmake|ctest|cpack|git|apt-get|curl) ' "$readme" |
    grep -oE -- '(^|[^A-Za-z0-9-])--[a-z][a-z-]*' | grep -oE -- '--[a-z][a-z-]*' | sort -u); do
    echo "$options" | grep -qxe "$option" || fail "README.md mentions $option, which no help knows"
done
exit $failed
