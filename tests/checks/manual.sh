#!/bin/sh
# The manual pages are clean for mandoc's linter, its remarks on style too.
#
#     manual.sh FOLDER
set -eu
if ! command -v mandoc >/dev/null 2>&1; then
    echo "SKIPPED: mandoc is not installed"
    exit 77
fi
found=0
for page in "$1"/*.[1-9]; do
    found=$((found + 1))
    mandoc -T lint -W style "$page"
done
[ "$found" -gt 0 ] || { echo "no manual page in $1"; exit 1; }
echo "$found manual pages are clean"
