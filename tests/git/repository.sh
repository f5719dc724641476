#!/usr/bin/env bash
# Rosters from a repository on this machine: what may be wrong with it, saved plans, the copy in the
# cache and what may happen to it.
set -u
# Without it, this would work on the files of whoever runs it.
. "$(dirname "$0")/support.sh" || exit 1

make_repository c
url=git+file://$scratch/c.git//rosters/orders.yaml
first=$(commit_of c)
state=$scratch/account.json
export ROSTER_PLAN_KEY=0123456789abcdef

# sandbox COMMAND…: with an account that is kept.
sandbox() {
    "$ROSTER_SANDBOX" --state "$state" -- "$@"
}

the_copy() {
    find "$XDG_CACHE_HOME/roster/git" -mindepth 1 -maxdepth 1 -type d
}

# What the commit is stands in every format, in the journal and in the saved plan.
for format in text json markdown html; do
    run 0 sandbox roster plan --format "$format" "$url"
    says "$first" 'ada@example.com' 2026-01-31
done
run 0 sandbox roster plan --out "$scratch/plan.json" "$url?ref=main"
[ "$(jq -r '.source | [.commit, .author, .date, .location] | join(" ")' "$scratch/plan.json")" = \
    "$first Ada Lovelace <ada@example.com> 2026-01-31T12:00:00Z $url?ref=main" ] ||
    fail "the source of the saved plan: $(jq -c .source "$scratch/plan.json")"

cp "$scratch/plan.json" "$scratch/first.json"
# A saved plan is of its commit, wherever the branch is by now.
write_roster c Shipping
push c second
run 0 sandbox roster apply --auto-approve "$scratch/plan.json"
says "commit $first" 'Verified: all that the plan touches is as it says'
run 0 roster journal "$(find "$XDG_STATE_HOME" -name '*.jsonl')"
says "commit   $first" 'author   Ada Lovelace <ada@example.com>, 2026-01-31T12:00:00Z'
run 2 sandbox roster plan --detailed-exitcode "$url?ref=main"
says Shipping "commit $(commit_of c)"
run 0 sandbox roster plan --out "$scratch/plan.json" "$url?ref=main"
second=$(commit_of c)
# Forced away: with the copy it is applied; without it, there is nothing to hold it against.
git -C "$scratch/c" reset -q --hard "$first"
write_roster c Returns
push c other --force
git -C "$scratch/c.git" reflog expire --expire=now --all 2>/dev/null
git -C "$scratch/c.git" gc -q --prune=now
cp -r "$XDG_CACHE_HOME" "$scratch/kept-cache"
run 0 sandbox roster plan "$scratch/plan.json"
says "commit $second"
rm -rf "${scratch:?}/cache"
run 5 sandbox roster apply --auto-approve "$scratch/plan.json"
says "has no branch, tag or commit \"$second\"" 'plan again'
# Made anew from the branch, when that is asked for.
rm -rf "${scratch:?}/cache"
mv "$scratch/kept-cache" "$scratch/cache"
run 0 sandbox roster apply --auto-approve "$url?ref=main"
run 5 sandbox roster apply --auto-approve "$scratch/first.json"
run 0 sandbox roster apply --auto-approve --replan "$scratch/first.json"
says 'the saved plan is stale' "planning anew from $url?ref=main" 'No changes'
unset ROSTER_PLAN_KEY

# Offline.
run 0 roster validate --offline "$url?ref=main"
says "Offline: file://$scratch/c.git as it was fetched" 'valid'
mv "$scratch/c.git" "$scratch/away.git"
ROSTER_OFFLINE=1 run 0 roster validate "$url?ref=main"
ROSTER_OFFLINE=maybe run 1 roster validate "$url?ref=main"
says 'ROSTER_OFFLINE must be 1 or 0'
ROSTER_OFFLINE=0 run 1 roster validate "$url?ref=main"
says "cannot fetch file://$scratch/c.git"
run 1 roster validate --offline "$url?ref=next"
says 'was never fetched, and --offline forbids it now'
mv "$scratch/away.git" "$scratch/c.git"
XDG_CACHE_HOME=$scratch/cold run 1 roster validate --offline "$url"
says 'was never fetched'

# The copy is ours alone, and a folder that is not is refused.
[ "$(stat -c %a "$(the_copy)")" = 700 ] || fail "the mode of the copy"
chmod 777 "$(the_copy)"
run 1 roster validate "$url"
says 'others may write to it'
chmod 700 "$(the_copy)"

# A broken copy heals itself, however it is broken; nothing beside it is touched.
damage() {
    local copy
    copy=$(the_copy)
    chmod -R u+w "$copy"
    case $1 in
    packs) find "$copy/objects" -type f -exec sh -c ': >"$1"' _ {} \; ;;
    garbage) find "$copy/objects" -type f -exec sh -c 'echo garbage >"$1"' _ {} \; ;;
    bits) find "$copy/objects" -name '*.pack' \
        -exec dd if=/dev/zero of={} bs=1 seek=40 count=20 conv=notrunc status=none \; ;;
    objects) rm -rf "${copy:?}/objects" ;;
    all) find "$copy" -mindepth 1 -delete ;;
    config) echo '[core' >"$copy/config" ;;
    refs) find "$copy/refs" -type f -exec sh -c 'echo nonsense >"$1"' _ {} \; ;;
    head) echo nonsense >"$copy/HEAD" ;;
    record) echo '{"refs": [' >"$copy/roster.json" ;;
    record-commit) sed -i 's/"commit": "..../"commit": "ffff/' "$copy/roster.json" ;;
    leftovers) echo half >"$copy/objects/pack/pack_git2_12345" ;;
    esac
}
echo mine >"$XDG_CACHE_HOME/roster/git/mine"
for kind in packs garbage bits objects all config refs head record record-commit leftovers; do
    damage $kind
    run 0 roster validate "$url?ref=main"
    says valid
    case $kind in
    head | record* | leftovers) ;;
    *) says 'is broken; it is fetched anew' ;;
    esac
    run 0 roster validate --offline "$url?ref=main"
    says valid
done
[ ! -e "$(the_copy)/objects/pack/pack_git2_12345" ] || fail "a leftover of a killed fetch stays"
damage packs
run 1 roster validate --offline "$url?ref=main"
says 'is broken' 'run it once without --offline'
run 0 roster validate "$url?ref=main"
says 'is broken; it is fetched anew'
[ "$(cat "$XDG_CACHE_HOME/roster/git/mine")" = mine ] || fail "what lies beside the copy was touched"
rm "$XDG_CACHE_HOME/roster/git/mine"

# When it is the repository that is broken, the copy stays as it was; so it does when the process
# that was fetching anew was killed.
cp -r "$scratch/c.git" "$scratch/whole.git"
write_roster c Later
push c later
find "$scratch/c.git/objects" -type f -exec chmod u+w {} \; -exec sh -c 'echo garbage >"$1"' _ {} \;
run 1 roster validate "$url?ref=main"
says "cannot fetch file://$scratch/c.git: "
run 0 roster validate --offline "$url?ref=main"
[ -z "$(find "$XDG_CACHE_HOME" -name '*.aside')" ] || fail "the copy that was put aside stays"
rm -rf "${scratch:?}/c.git"
run 1 roster validate "$url?ref=main"
says '--offline would take it as it was fetched'
mv "$scratch/whole.git" "$scratch/c.git"
git -C "$scratch/c" push -q --force origin HEAD
the_copy=$(the_copy)
mv "$the_copy" "$the_copy.aside"
mkdir -m 700 "$the_copy"
run 0 roster validate --offline "$url?ref=main"
says valid

# Runs at the same time, with a copy and without, and killed in between.
for round in 1 2 3; do
    [ "$round" = 2 ] || rm -rf "${scratch:?}/cache"
    pids=()
    for i in 1 2 3 4 5 6; do
        roster validate "$url?ref=main" >"$scratch/out.$i" 2>&1 </dev/null &
        pids+=($!)
    done
    [ "$round" != 3 ] || kill -KILL "${pids[0]}" "${pids[3]}" 2>/dev/null
    for i in 1 2 3 4 5 6; do
        { wait "${pids[i - 1]}"; } 2>/dev/null
        [ $? -eq 0 ] || [ "$round-$i" = 3-1 ] || [ "$round-$i" = 3-4 ] ||
            fail "of six at the same time, number $i: $(cat "$scratch/out.$i")"
    done
    run 0 roster validate "$url?ref=main"
done
# One that holds it for good.
(
    exec 9>"$(the_copy).lock"
    flock 9
    run 1 roster validate --git-timeout 1 "$url"
    says 'another roster is still fetching' '--git-timeout'
    exit $failures
) || failures=$((failures + 1))

# What must not be followed, and a file that is too large to be a roster.
ln -s orders.yaml "$scratch/c/rosters/link.yaml"
ln -s /etc/passwd "$scratch/c/passwd.yaml"
git init -q -b main "$scratch/c/module"
git -C "$scratch/c/module" commit -q --allow-empty -m module
head -c 100000000 /dev/zero >"$scratch/c/huge.yaml"
push c odd 2>/dev/null
base=git+file://$scratch/c.git
run 1 roster validate "$base//rosters/link.yaml"
says 'rosters/link.yaml is a symbolic link in commit' 'are not followed'
run 1 roster validate "$base//rosters"
says 'rosters/link.yaml is a symbolic link in commit'
run 1 roster validate "$base//passwd.yaml"
says 'passwd.yaml is a symbolic link'
says_not root:
run 1 roster validate "$base//module/roster.yaml"
says 'module is a submodule in commit' 'submodules are not fetched'
run 1 roster validate "$base//huge.yaml"
says 'huge.yaml in commit' 'is larger than the limit of'
# It is refused by its size, and never in memory; sanitizers need more than this themselves.
if ! grep -q __asan_init "$ROSTER"; then
    (
        ulimit -v 90000
        run 1 roster validate --offline "$base//huge.yaml"
        says 'is larger than the limit of'
        exit $failures
    ) || failures=$((failures + 1))
fi
run 1 roster validate "$base//roster"
says 'there is no roster in commit' 'did you mean rosters?' 'its top folder has huge.yaml, module, passwd.yaml, rosters/'
run 1 roster validate "$base//rosters?ref=mian"
says 'did you mean ref=main?' 'it has branches main'
run 1 roster validate "git+file://$scratch//rosters"
says "cannot fetch file://$scratch"
git init -q --bare "$scratch/empty.git"
run 1 roster validate "git+file://$scratch/empty.git//rosters"
says 'has no commit yet'
git -C "$scratch/c" rm -q rosters/link.yaml
push c good

# A repository whose own configuration, hooks, attributes and filters would run things.
trap_it="touch $scratch/executed"
for hook in post-checkout post-update pre-receive reference-transaction fsmonitor; do
    printf '#!/bin/sh\n%s\n' "$trap_it" >"$scratch/c.git/hooks/$hook"
    chmod +x "$scratch/c.git/hooks/$hook"
done
git config --file "$scratch/c.git/config" --add core.fsmonitor "$trap_it"
git config --file "$scratch/c.git/config" --add core.sshCommand "$trap_it"
git config --file "$scratch/c.git/config" --add core.pager "$trap_it"
git config --file "$scratch/c.git/config" --add core.hooksPath "$scratch/c.git/hooks"
git config --file "$scratch/c.git/config" --add uploadpack.packObjectsHook "$trap_it"
git config --file "$scratch/c.git/config" --add filter.evil.smudge "$trap_it"
git config --file "$scratch/c.git/config" --add filter.evil.process "$trap_it"
git config --file "$scratch/c.git/config" --add credential.helper "!$trap_it"
git config --file "$scratch/c.git/config" --add include.path "$scratch/evil.config"
git config --file "$scratch/evil.config" core.gitProxy "$trap_it"
(
    cd "$scratch/c" || exit 1
    echo '*.yaml filter=evil diff=evil' >.gitattributes
    printf '[submodule "module"]\n\tpath = module\n\turl = --upload-pack=%s\n\tupdate = !%s\n' "$trap_it" \
        "$trap_it" >.gitmodules
    git add -A
    git -c core.hooksPath=/dev/null commit -q -m hostile
    git -c core.hooksPath=/dev/null bundle create -q "$scratch/bundle" main
)
GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=core.hooksPath GIT_CONFIG_VALUE_0=/dev/null \
    git -C "$scratch/c.git" fetch -q -f "$scratch/bundle" main:main 2>/dev/null
rm -f "$scratch/executed"
[ "$(git --git-dir="$scratch/c.git" rev-parse main)" = "$(commit_of c)" ] || fail "the hostile commit"
run 0 roster validate "$base//rosters?ref=main"
[ ! -e "$scratch/executed" ] || fail "something of the repository was run"
[ -z "$(find "$XDG_CACHE_HOME" -path '*hooks/*' -not -name '*.sample')" ] || fail "the copy has hooks"

# A tag and ids; the same roster as a plain folder of files.
git -C "$scratch/c" checkout -q main
git -C "$scratch/c" tag -a -m tagged v1 "$first"
git -C "$scratch/c" push -q origin v1 2>/dev/null
rm -f "$scratch/executed"
for ref in v1 refs/tags/v1 "$first" "$(echo "$first" | cut -c1-9)"; do
    rm -rf "${scratch:?}/cache"
    run 0 sandbox roster plan "$url?ref=$ref"
    says "commit $first"
done

# Elsewhere, all is as before.
run 1 roster validate --require-signed "$scratch/c/rosters"
says '--require-signed needs a roster from git'
XDG_CACHE_HOME='' HOME='' run 1 roster validate "$url"
says 'neither XDG_CACHE_HOME nor HOME says where copies of git repositories are'
end
