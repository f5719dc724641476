#!/usr/bin/env bash
#
# The units of examples/systemd by systemd's own tools: no warning, and an exposure level ("systemd-
# analyze security") that a service on the network seldom has; the user and folders that they need.
# Exit status 77: skipped, for lack of systemd.

set -eu
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
units=$here/../../examples/systemd
# Of 10.0, in tenths; 1.5 is OK, and what most services have is beyond 9.
exposure=15

for program in systemd-analyze systemd-sysusers systemd-tmpfiles; do
    if ! command -v "$program" >/dev/null; then
        echo "SKIPPED: $program is not installed (.ci/install-packages test installs it)"
        exit 77
    fi
done
scratch=$(mktemp -d "${TMPDIR:-/tmp}/roster-systemd.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
export HOME=$scratch XDG_RUNTIME_DIR=$scratch XDG_CONFIG_HOME=$scratch

fail() {
    echo "FAILED: $*"
    exit 1
}

# verify FOLDER: what systemd finds wrong with the units there.
verify() {
    systemd-analyze verify --man=no "$1"/*.service "$1"/*.timer 2>&1 || true
}

# The program has to be there, so that it is the built one.
mkdir "$scratch/units" "$scratch/plain"
cp -r "$units"/* "$scratch/units/"
rm "$scratch"/units/*.conf
sed -i "s|/usr/bin/roster|$ROSTER|" "$scratch"/units/*.service "$scratch"/units/*/*.conf
cp "$scratch"/units/*.service "$scratch"/units/*.timer "$scratch/plain/"
for folder in units plain; do
    found=$(verify "$scratch/$folder")
    [ -z "$found" ] || fail "$folder: $found"
done
mkdir "$scratch/broken"
cp "$scratch"/plain/* "$scratch/broken/"
sed -i 's/^ProtectSystem=/ProtectSystems=/' "$scratch/broken/roster-drift.service"
case $(verify "$scratch/broken") in
*ProtectSystems*) ;;
*) fail "no mistake is found in an unknown setting" ;;
esac

for unit in roster-watch.service roster-drift.service; do
    systemd-analyze security --offline=true --no-pager --threshold=$exposure "$scratch/plain/$unit" \
        >"$scratch/security" || fail "$(cat "$scratch/security")"
    tail -n 1 "$scratch/security"
done

# In a root of their own.
mkdir -p "$scratch/root/etc"
systemd-sysusers --root="$scratch/root" "$units/roster.sysusers.conf" >/dev/null
grep -q '^roster:.*:/var/lib/roster:' "$scratch/root/etc/passwd" || fail "there is no user roster"
if [ "$(id -u)" = 0 ]; then
    systemd-tmpfiles --root="$scratch/root" --create "$units/roster.tmpfiles.conf"
    for folder in etc/roster:750 var/lib/roster-metrics:755; do
        [ "$(stat -c %a "$scratch/root/${folder%:*}")" = "${folder#*:}" ] || fail "${folder%:*}"
    done
fi
