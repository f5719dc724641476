#!/usr/bin/env bash
# examples/tour/tour.svg is what the commands of the README's tour show.
set -eu
cd "$(dirname "$0")/../.."
for program in git curl python3; do
    command -v $program >/dev/null || { echo "skipped: no $program"; exit 77; }
done
PATH=$(dirname "${ROSTER:?}"):$PATH PYTHONDONTWRITEBYTECODE=1 exec python3 examples/tour/record.py --check
