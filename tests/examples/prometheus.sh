#!/usr/bin/env bash
#
# The rules of examples/prometheus by promtool, which also runs their unit tests; each alert has one.
# Exit status 77: skipped, for lack of promtool.

set -eu
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
if ! command -v promtool >/dev/null; then
    echo "SKIPPED: promtool is not installed (.ci/install-packages test installs it)"
    exit 77
fi
scratch=$(mktemp -d "${TMPDIR:-/tmp}/roster-prometheus.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
cp "$here"/../../examples/prometheus/*.yaml "$scratch/"
cd "$scratch"

promtool check config --lint=all --lint-fatal prometheus.yaml
promtool check rules --lint=all --lint-fatal alerts.yaml
promtool test rules alerts_test.yaml

# An alert that no test has seen fire might never do so.
for alert in $(sed -n 's/.*- alert: //p' alerts.yaml); do
    grep -q "labels: ALERTS{alertname=\"$alert\",alertstate=\"firing\"" alerts_test.yaml || {
        echo "FAILED: alerts_test.yaml does not show when $alert fires"
        exit 1
    }
done
