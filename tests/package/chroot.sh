#!/usr/bin/env bash
# The Debian package in a bare Debian 12: apt installs it with what it depends on, it runs, its
# quickstart does, as root and as somebody else, and purging it leaves nothing behind.
#
#     chroot.sh [--source] [BUILD]
#
#   BUILD      the build whose package is tried; build/release when left out
#   --source   has the source tarball unpacked there, too, and its own quickstart run, which
#              installs the compiler and the libraries and builds: minutes, and a gigabyte
#
# ROSTER_CHROOT_CACHE=FOLDER   keeps the bare system there for the next time
# ROSTER_CHROOT_MIRROR=URL     of Debian, when not http://deb.debian.org/debian
#
# Needs root, debootstrap (.ci/install-packages chroot), and the network, and so is none of the
# tests that ctest runs.
cache=${ROSTER_CHROOT_CACHE:-}
mirror=${ROSTER_CHROOT_MIRROR:-http://deb.debian.org/debian}
. "$(dirname "$0")/support.sh"
with_source=no
if [ "${1:-}" = --source ]; then
    with_source=yes
    shift
fi
build=$(cd "${1:-$tree/build/release}" && pwd -P) || exit 1
[ "$(id -u)" = 0 ] || { echo "chroot.sh needs to be run by root" >&2; exit 1; }
need debootstrap cpack dpkg-deb chroot
root=$scratch/root

say() { echo "== $*"; }

inside() { # COMMAND…: in the bare system, with an environment of its own
    chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
        DEBIAN_FRONTEND=noninteractive "$@"
}

# shellcheck disable=SC2317 # called by the trap
clean_up() {
    mountpoint -q "$root/proc" && umount "$root/proc"
    rm -rf --one-file-system "${scratch:?}"
}
trap clean_up EXIT

bare_system() {
    local archive
    archive=${cache:-$scratch}/roster-bookworm-$(dpkg --print-architecture).tar
    if [ ! -s "$archive" ]; then
        say "Making a bare Debian 12 from $mirror"
        must debootstrap debootstrap --variant=minbase bookworm "$root" "$mirror"
        mkdir -p "${archive%/*}"
        tar -C "$root" --numeric-owner --one-file-system -cf "$archive.part" . || exit 1
        mv "$archive.part" "$archive" || exit 1
        rm -rf "${root:?}"
    fi
    say "Unpacking $archive"
    mkdir "$root"
    tar -C "$root" --numeric-owner -xpf "$archive" || exit 1
    cp /etc/resolv.conf "$root/etc/resolv.conf"
    mount -t proc proc "$root/proc" 2>/dev/null || say "No /proc there: it can't be mounted here"
    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
    chmod +x "$root/usr/sbin/policy-rc.d"
    must "apt-get update" inside apt-get update -q
}

# files NAME: what there is, but for what apt and dpkg keep for themselves and caches.
files() {
    (cd "$root" && find . -xdev \( -path ./proc -o -path ./sys -o -path ./dev -o -path ./tmp \
        -o -path ./var/cache -o -path ./var/log -o -path ./var/lib/apt \) -prune -o \
        \( -type d -printf '%p/ %m %u:%g\n' -o -printf '%p %m %u:%g\n' \)) |
        grep -vE '^\./(etc/ld\.so\.cache|var/lib/dpkg/[a-z-]+|etc/\.pwd\.lock) ' | LC_ALL=C sort \
        >"$scratch/$1"
}

check_install() {
    local version page
    must "installing the package" inside apt-get install -q -y --no-install-recommends /tmp/roster.deb
    files installed
    version=$(inside roster version) || fail "roster does not run"
    echo "$version"
    [ "$(echo "$version" | sed -n '1s/^roster //p')-1" = "$(dpkg-deb -f "$deb" Version)" ] ||
        fail "roster version is not the package's"
    inside roster help | grep -q '^  apply  ' || fail "no help"
    inside roster-sandbox --help >"$scratch/help" || fail "roster-sandbox does not run"
    for page in man1/roster.1 man1/roster-sandbox.1 man5/roster.yaml.5; do
        inside sh -c "zcat /usr/share/man/$page.gz | grep -q '^\.Sh NAME'" ||
            fail "the manual page $page can't be read"
    done
    inside sh -c 'dpkg --verify roster' | grep . && fail "dpkg --verify finds changes"
    must "no library is missing" inside sh -c '! ldd /usr/bin/roster | grep "not found"'
}

quickstart() { # USER
    local script=/usr/share/doc/roster/examples/quickstart.sh
    inside mkdir -p "/tmp/home-$1"
    inside chown "$1" "/tmp/home-$1"
    must "the quickstart as $1" inside setpriv --reuid="$1" --clear-groups \
        env HOME="/tmp/home-$1" "$script"
    grep -q '== Done' "$scratch/must.log" || fail "the quickstart as $1 did not come to its end"
    tail -n 3 "$scratch/must.log"
}

check_quickstart() {
    local said
    said=$(inside /usr/share/doc/roster/examples/quickstart.sh 2>&1) &&
        fail "the quickstart runs without curl"
    case $said in
    *"apt-get install curl"*) ;;
    *) fail "the quickstart does not say that curl is missing: $said" ;;
    esac
    must "installing what the quickstart needs" inside apt-get install -q -y \
        --no-install-recommends curl jq
    quickstart root
    quickstart nobody
    must "taking curl and jq away" inside apt-get purge -q -y curl jq
}

check_purge() {
    local list
    must "installing once more" inside dpkg --install /tmp/roster.deb
    inside dpkg -L roster | sed 's|^/\.$||; s|^|.|' | LC_ALL=C sort >"$scratch/owned"
    files before_purge
    must "purging" inside dpkg --purge roster
    files purged
    for list in before_purge purged; do
        cut -d' ' -f1 "$scratch/$list" | sed 's|/$||' | LC_ALL=C sort >"$scratch/$list.paths"
    done
    LC_ALL=C comm -23 "$scratch/before_purge.paths" "$scratch/purged.paths" |
        grep -v '^\./var/lib/dpkg/info/roster\.' |
        LC_ALL=C comm -23 - "$scratch/owned" >"$scratch/too_much"
    [ ! -s "$scratch/too_much" ] || fail "purging took away what is not its own: $(cat "$scratch/too_much")"
    grep -i roster "$scratch/purged" && fail "purging left that behind"
    must "taking away what it needed" inside apt-get autoremove --purge -q -y \
        -o APT::AutoRemove::RecommendsImportant=0 -o APT::AutoRemove::SuggestsImportant=0
    files after
    diff "$scratch/before" "$scratch/after" >"$scratch/diff" || {
        fail "the system is not as before:"
        cat "$scratch/diff"
    }
}

check_source() {
    say "Running the quickstart of the source tarball"
    must "making the tarball" cpack --config "$build/CPackSourceConfig.cmake" -B "$scratch/dist"
    tar -xzf "$scratch"/dist/roster-*.tar.gz --no-same-owner -C "$root/tmp" || exit 1
    must "the quickstart of the tarball" inside sh -c '/tmp/roster-[0-9]*/examples/quickstart.sh'
    tail -n 3 "$scratch/must.log"
    grep -q '== Done' "$scratch/must.log" || fail "the quickstart did not come to its end"
}

must "making the package" cpack --config "$build/CPackConfig.cmake" -B "$scratch/deb"
deb=$(ls "$scratch"/deb/*.deb)
bare_system
cp "$deb" "$root/tmp/roster.deb"
files before
say "Installing ${deb##*/}"
check_install
say "Running the quickstart of the package"
check_quickstart
say "Purging"
check_purge
[ $with_source = no ] || check_source
end
