#!/bin/sh
# The manual pages are clean for mandoc's linter, its remarks on style and on pages that they refer to
# included, and for groff where that is installed; and each variable that the sources read is in one.
#
#     manual.sh FOLDER SOURCES
set -eu
pages=$1 sources=$2 failed=0
for variable in $(grep -rhoE '"(ROSTER|TWILIO)_[A-Z_]+"' "$sources" --include='*.c' | tr -d '"' | sort -u); do
    # A command's page has those that are its own.
    grep -qE "^\.It.* Ev $variable( |\$)" "$pages"/*.1 || {
        echo "no manual page has $variable"
        failed=1
    }
done
if ! command -v mandoc >/dev/null 2>&1; then
    echo "SKIPPED: mandoc is not installed"
    [ "$failed" = 0 ] || exit 1
    exit 77
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/man1" "$scratch/man5"
found=0
for page in "$pages"/*.[1-9]; do
    found=$((found + 1))
    cp "$page" "$scratch/man${page##*.}/"
done
[ "$found" -gt 0 ] || { echo "no manual page in $pages"; exit 1; }
for page in "$scratch"/man?/*; do
    # It finds the pages without an index, and says that there is none.
    MANPATH=$scratch mandoc -T lint -W style "$page" >"$scratch/said" 2>&1 || true
    if grep -v 'outdated mandoc.db' "$scratch/said"; then failed=1; fi
    if command -v groff >/dev/null 2>&1; then
        groff -K utf8 -mdoc -Tutf8 -ww -z "$page" >"$scratch/said" 2>&1 || failed=1
        if grep . "$scratch/said"; then failed=1; fi
    fi
    # Nothing is wider than a terminal but what can't be broken: examples and tables.
    mandoc -T ascii -O width=78 "$page" | awk -v page="${page##*/}" '
        { gsub(/.\b/, "") }
        length > 105 { print page ": wide: " $0; wide = 1 }
        END { exit wide }' || failed=1
done
[ "$failed" = 0 ] || exit 1
echo "$found manual pages are clean"
