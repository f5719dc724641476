#!/usr/bin/env bash
#
# normalise.sh FOLDER PORT OUT FILE…: copies the files into the folder OUT, with what differs from
# run to run replaced by stable words; the head of run_scenario.sh lists them. FOLDER is the scratch
# folder, PORT the sandbox's, "" for none. All files at once, since a case has many small ones.

set -eu
folder=$(sed 's/[][\.*^$|]/\\&/g' <<<"$1")
port=$2 out=$3
shift 3
time='[0-9]{2}:[0-9]{2}:[0-9]{2}'

parts=$(mktemp -d "${TMPDIR:-/tmp}/roster-normalise.XXXXXX")
trap 'rm -rf "$parts"' EXIT
cp "$@" "$parts/"
# A byte behind the end tells awk, which only knows lines, whether there was a line end.
for file in "$parts"/*; do
    printf '.' >>"$file"
done
sed -E -i \
    -e "s|$folder|\$PWD|g" \
    ${port:+-e "s/(127\.0\.0\.1|localhost):$port([^0-9]|\$)/\1:PORT\2/g"} \
    -e 's/RQ[0-9a-f]{32}/RQ<…>/g' \
    -e "s/[0-9]{4}-[0-9]{2}-[0-9]{2}T$time(\.[0-9]+)?Z/<iso-date>/g" \
    -e "s/[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} $time \+0000/<rfc-date>/g" \
    -e 's/([^0-9.]|^)[0-9]+\.[0-9]+ ?m?s([^A-Za-z0-9_]|$)/\1T s\2/g' \
    -e 's/([^A-Za-z]in )[0-9]+ ?m?s([^A-Za-z0-9_]|$)/\1T s\2/g' "$parts"/*
awk -v out="$out" -f "$(dirname "${BASH_SOURCE[0]}")/normalise.awk" "$parts"/*
