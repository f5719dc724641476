#!/usr/bin/env bash
#
# The workflows, pipelines and manifests of examples/ by the tools of their kind, from npm (lint.mjs).
#
#     lint.sh FOLDER
#
# FOLDER, in the build tree, keeps the npm packages. Exit status 77: skipped, for lack of a program.

set -eu
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=${1:?usage: lint.sh FOLDER}

for program in node npm git; do
    if ! command -v "$program" >/dev/null; then
        echo "SKIPPED: $program is not installed (.ci/install-packages test installs it)"
        exit 77
    fi
done
# shellcheck source=tests/support/npm_packages.sh
. "$here/../support/npm_packages.sh"
npm_packages "$here" "$folder" || exit 1

scratch=$(mktemp -d "${TMPDIR:-/tmp}/roster-lint.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
export HOME=$scratch GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
# node looks for packages beside the script.
cp "$here"/*.mjs "$folder/"
node "$folder/lint.mjs" "$here/../../examples" "$scratch"
