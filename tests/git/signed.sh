#!/usr/bin/env bash
# Signed commits: by whom, and what is wrong with one when it is refused.
set -u
# Without it, this would work on the files of whoever runs it.
. "$(dirname "$0")/support.sh" || exit 1
need ssh-keygen gpg

make_repository c
url=git+file://$scratch/c.git//rosters/orders.yaml
mkdir -m 700 "$scratch/gnupg"
export GNUPGHOME=$scratch/gnupg
cd "$scratch" || exit 1
for name in ada bob old; do
    ssh-keygen -q -t ed25519 -N '' -f "key-$name" -C ''
done
for name in ada bob; do
    gpg --batch --quiet --passphrase '' --quick-generate-key "$name <$name@example.com>" ed25519 sign \
        never 2>/dev/null
    gpg --batch --armor --export "$name@example.com" >"$name.asc"
done
# One that was valid for a day, and one that was revoked.
gpg --batch --quiet --passphrase '' --faked-system-time 20260130T120000 --quick-generate-key \
    'old <old@example.com>' ed25519 sign 1d 2>/dev/null
gpg --batch --armor --export old@example.com >old.asc
printf 'ada@example.com namespaces="git" %s\n' "$(cat key-ada.pub)" >ssh-signers
printf 'old@example.com namespaces="git",valid-before="20250101" %s\n' "$(cat key-old.pub)" >>ssh-signers
printf 'bob@example.com namespaces="file" %s\n' "$(cat key-bob.pub)" >other-namespace
{
    echo '# those who may sign'
    cat ssh-signers ada.asc
} >signers
cd "$here" || exit 1

# sign_ssh KEY / sign_pgp NAME: a signed commit.
sign_ssh() {
    write_roster c "By-$1"
    git -C "$scratch/c" add -A
    git -C "$scratch/c" -c gpg.format=ssh -c user.signingKey="$scratch/key-$1" commit -q -S -m ssh
    git -C "$scratch/c" push -q --force origin HEAD 2>/dev/null
}

sign_pgp() {
    write_roster c "By-$1"
    git -C "$scratch/c" add -A
    git -C "$scratch/c" -c user.signingKey="$1@example.com" "${@:2}" commit -q -S -m pgp 2>/dev/null ||
        fail "signing as $1"
    git -C "$scratch/c" push -q --force origin HEAD 2>/dev/null
}

# alter: the last commit gets other contents below its signature.
alter() {
    local tree altered
    write_roster c Altered
    git -C "$scratch/c" add -A
    tree=$(git -C "$scratch/c" write-tree)
    altered=$(git -C "$scratch/c" cat-file commit HEAD | sed "s/^tree .*/tree $tree/" |
        git -C "$scratch/c" hash-object -t commit -w --stdin)
    git -C "$scratch/c" reset -q --hard "$altered"
    git -C "$scratch/c" push -q --force origin HEAD 2>/dev/null
}

signed=(roster validate --require-signed --allowed-signers "$scratch/signers" "$url")

run 1 "${signed[@]}"
says "of file://$scratch/c.git is not signed" 'git commit -S'
sign_ssh ada
run 0 "${signed[@]}"
says 'is signed by ada@example.com (checked with ssh-keygen)' valid
run 0 "${signed[@]}" --offline
says 'is signed by ada@example.com'
ROSTER_REQUIRE_SIGNED=true ROSTER_ALLOWED_SIGNERS=$scratch/signers run 0 \
    "$ROSTER_SANDBOX" --state "$scratch/account.json" -- roster plan --out "$scratch/plan.json" "$url"
says 'is signed by ada@example.com'
run 0 "$ROSTER_SANDBOX" --state "$scratch/account.json" -- roster apply --auto-approve --require-signed \
    --allowed-signers "$scratch/signers" "$scratch/plan.json"
says 'is signed by ada@example.com'
alter
run 1 "${signed[@]}"
says 'the signature of commit' 'is wrong' 'ssh-keygen (for SSH signatures) was found'
sign_ssh bob
run 1 "${signed[@]}"
says "signed by ED25519 key $(ssh-keygen -lf "$scratch/key-bob.pub" | cut -d' ' -f2)" \
    "which $scratch/signers does not allow"
run 1 roster validate --require-signed --allowed-signers "$scratch/other-namespace" "$url"
says 'is signed by' 'not valid then, or not for that'
# A plan of a commit that is not allowed any more is not applied.
run 0 "$ROSTER_SANDBOX" --state "$scratch/account.json" -- roster plan --out "$scratch/plan.json" "$url"
run 1 "$ROSTER_SANDBOX" --state "$scratch/account.json" -- roster apply --auto-approve --require-signed \
    --allowed-signers "$scratch/signers" "$scratch/plan.json"
says 'does not allow'
run 0 "$ROSTER_SANDBOX" --state "$scratch/account.json" -- roster plan --out "$scratch/plan.json" "$scratch/c/rosters"
run 1 "$ROSTER_SANDBOX" --state "$scratch/account.json" -- roster apply --auto-approve --require-signed \
    --allowed-signers "$scratch/signers" "$scratch/plan.json"
says '--require-signed needs a plan of a roster from git'
# ssh-keygen does not tell a key whose time is over from one that is not there.
sign_ssh old
run 1 "${signed[@]}"
says 'is signed by ED25519 key' 'does not allow' 'valid-before'

sign_pgp ada
run 0 "${signed[@]}"
says 'is signed by ada <ada@example.com>' '(checked with gpg)' valid
alter
run 1 "${signed[@]}"
says 'the signature of commit' 'is wrong' 'gpg (for OpenPGP) was found'
sign_pgp bob
run 1 "${signed[@]}"
says 'is signed by OpenPGP key' "which $scratch/signers does not allow"
run 1 roster validate --require-signed --allowed-signers "$scratch/ssh-signers" "$url"
says 'is signed by OpenPGP key' "which $scratch/ssh-signers does not allow"
# Keys that the user has for himself count for nothing; those of the file do.
cat "$scratch/bob.asc" >>"$scratch/signers"
run 0 "${signed[@]}"
says 'is signed by bob <bob@example.com>'
printf '#!/bin/sh\nexec gpg --faked-system-time 20260130T130000 "$@"\n' >"$scratch/gpg-then"
chmod +x "$scratch/gpg-then"
sign_pgp old -c gpg.program="$scratch/gpg-then"
cat "$scratch/old.asc" >>"$scratch/signers"
run 1 "${signed[@]}"
says 'is signed by old <old@example.com>' 'not valid'

# Signatures of other kinds, files that hold nothing, tools that are missing.
other=$(git -C "$scratch/c" cat-file commit HEAD | sed 's/PGP SIGNATURE/OTHER MESSAGE/' |
    git -C "$scratch/c" hash-object -t commit -w --stdin)
git -C "$scratch/c" push -q --force origin "$other:refs/heads/other" 2>/dev/null
run 1 roster validate --require-signed --allowed-signers "$scratch/signers" "$url?ref=other"
says 'neither SSH nor OpenPGP'
: >"$scratch/nobody"
run 1 roster validate --require-signed --allowed-signers "$scratch/nobody" "$url"
says 'does not allow'
run 1 roster validate --require-signed --allowed-signers "$scratch/none" "$url"
says "cannot open $scratch/none" '--allowed-signers needs a file'
run 1 roster validate --require-signed "$url"
says '--require-signed needs --allowed-signers'
run 1 roster validate --allowed-signers "$scratch/signers" "$url"
says '--allowed-signers does nothing without --require-signed'
mkdir "$scratch/bare-path"
ln -s "$(command -v git)" "$scratch/bare-path/git"
roster=$(command -v roster)
run 1 env PATH="$scratch/bare-path" "$roster" validate --require-signed \
    --allowed-signers "$scratch/signers" "$url"
says 'has an OpenPGP signature, and gpg is not installed to check it' 'install gnupg' \
    'ssh-keygen (for SSH signatures) was not found'
end
