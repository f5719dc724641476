#!/usr/bin/env bash
# The Debian package of a build: what cpack makes is what Debian wants of a package, has the same
# bytes whatever the environment, and installs, runs and goes away again in a root of its own.
#
#     deb.sh BUILD
. "$(dirname "$0")/support.sh"
build=${1:?usage: deb.sh BUILD}
need cpack dpkg dpkg-deb dpkg-shlibdeps fakeroot lintian jq curl

# pack FOLDER: the package, of which $deb is the path.
pack() {
    must "making the package" cpack --config "$build/CPackConfig.cmake" -B "$scratch/$1"
    deb=$(ls "$scratch/$1"/*.deb)
}

check_fields() {
    local field wanted found version
    version=$(sed -n 's/^CMAKE_PROJECT_VERSION:STATIC=//p' "$build/CMakeCache.txt")
    while IFS='=' read -r field wanted; do
        found=$(dpkg-deb -f "$deb" "$field")
        [[ $found =~ ^$wanted$ ]] || fail "$field is \"$found\", not \"$wanted\""
    done <<FIELDS
Package=roster
Version=$version-1
Architecture=$(dpkg --print-architecture)
Section=net
Priority=optional
Maintainer=.+ <.+@.+>
Installed-Size=$(dpkg-deb -c "$deb" | awk '$6 != "./" { size += /^d/ ? 1 : int(($3 + 1023) / 1024) } END { print size }')
Depends=ca-certificates, tzdata, libc6 .*libcurl4 .*libgit2-1.5 .*libjansson4 .*libmicrohttpd12.*libssl3 .*libyaml-0-2.*
FIELDS
    [ "${deb##*/}" = "roster_$version-1_$(dpkg --print-architecture).deb" ] || fail "it is named $deb"
}

check_files() {
    local root=$scratch/unpacked file wrong
    wrong=$(dpkg-deb -c "$deb" | awk '
        $2 != "root/root" || ($1 != "drwxr-xr-x" && $1 != "-rw-r--r--" && $1 != "-rwxr-xr-x")
        $4 != "2001-09-09" # SOURCE_DATE_EPOCH below
        $1 == "-rwxr-xr-x" && $6 !~ /^\.\/usr\/bin\/|\/examples\/.*\.sh$/')
    [ -z "$wrong" ] || fail "owners or permissions: $wrong"
    dpkg-deb -R "$deb" "$root"
    (cd "$root" && md5sum --quiet -c DEBIAN/md5sums) || fail "md5sums are wrong"
    [ "$(cd "$root" && find usr -type f | wc -l)" -eq "$(wc -l <"$root/DEBIAN/md5sums")" ] ||
        fail "md5sums lacks files"
    for file in bin/roster bin/roster-sandbox share/man/man5/roster.yaml.5.gz \
        share/man/man1/roster.1.gz share/man/man1/roster-sandbox.1.gz \
        share/bash-completion/completions/roster share/zsh/vendor-completions/_roster \
        share/fish/vendor_completions.d/roster.fish \
        share/roster/roster.schema.json share/doc/roster/copyright \
        share/doc/roster/changelog.gz share/doc/roster/changelog.Debian.gz \
        share/doc/roster/README.md share/doc/roster/examples/quickstart.sh; do
        [ -s "$root/usr/$file" ] || fail "there is no $file"
    done
    for file in roster roster-sandbox; do
        ! readelf -SW "$root/usr/bin/$file" | grep -qE ' \.(debug_info|symtab) ' ||
            fail "$file is not stripped"
        ! grep -qaF "$tree" "$root/usr/bin/$file" || fail "$file names the folder it was built in"
    done
    find "$root/usr/share/man" -type f ! -name '*.gz' | grep . && fail "manual pages are not compressed"
    grep -q 'AUTHORS OR COPYRIGHT HOLDERS' "$root/usr/share/doc/roster/copyright" ||
        fail "the copyright file lacks the licence"
}

check_lintian() {
    local found
    found=$(lintian --allow-root --fail-on none "$deb" 2>&1)
    found=$(echo "$found" | grep -E '^[EW]:')
    [ -z "$found" ] || fail "lintian: $found"
}

# With fakeroot, so that it takes no rights. What it depends on is not in that root, so that the
# programs run with this machine's libraries.
check_life() {
    local root=$scratch/root program
    local dpkg=(fakeroot dpkg --root="$root" --force-not-root --force-depends --log=/dev/null)
    mkdir -p "$root/var/lib/dpkg/info" "$root/var/lib/dpkg/updates"
    touch "$root/var/lib/dpkg/status"
    (cd "$root" && find . ! -path './var/lib/dpkg/*' | sort) >"$scratch/before"
    must "installing" "${dpkg[@]}" --install "$deb"
    for program in roster roster-sandbox; do
        must "$program --help" "$root/usr/bin/$program" --help
    done
    [ "$("$root/usr/bin/roster" version | sed -n '1s/^roster //p')-1" = "$(dpkg-deb -f "$deb" Version)" ] ||
        fail "roster version is not the package's"
    must "the quickstart of the package" env PATH="$root/usr/bin:$PATH" \
        "$root/usr/share/doc/roster/examples/quickstart.sh"
    grep -q '== Done' "$scratch/must.log" ||
        fail "the quickstart did not come to its end"
    must "purging" "${dpkg[@]}" --purge roster
    (cd "$root" && find . ! -path './var/lib/dpkg/*' | sort) >"$scratch/after"
    diff "$scratch/before" "$scratch/after" >"$scratch/diff" ||
        fail "left behind after purging: $(cat "$scratch/diff")"
}

export SOURCE_DATE_EPOCH=1000000000
umask 077
pack first
first=$deb
umask 002
export LC_ALL=C.UTF-8 TZ=Pacific/Auckland LANG=de_DE.UTF-8 USER=somebody
pack second
same "$first" "$deb"
check_fields
check_files
check_lintian
check_life
export SOURCE_DATE_EPOCH=yesterday
! cpack --config "$build/CPackConfig.cmake" -B "$scratch/bad" >"$scratch/bad.log" 2>&1 ||
    fail "SOURCE_DATE_EPOCH=yesterday is accepted"
grep -q 'SOURCE_DATE_EPOCH is "yesterday"' "$scratch/bad.log" || fail "$(cat "$scratch/bad.log")"
end
