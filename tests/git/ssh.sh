#!/usr/bin/env bash
# Rosters over ssh: sshd on a high port with host keys of its own, run by whoever runs the test.
set -u
# Without it, this would work on the files of whoever runs it.
. "$(dirname "$0")/support.sh" || exit 1
need sshd ssh-keygen ssh-keyscan ssh-agent ssh-add

user=$(id -un)
shell=$(getent passwd "$user" | cut -d: -f7)
case $shell in
*/nologin | */false)
    echo "SKIPPED: $user has no shell that a git server could use"
    exit 77
    ;;
esac
make_repository c
port=$(free_port)
url=git+ssh://$user@localhost:$port$scratch/c.git//rosters
mkdir "$scratch/keys"
cd "$scratch/keys" || exit 1
ssh-keygen -q -t ecdsa -N '' -f host-ecdsa -C ''
ssh-keygen -q -t ed25519 -N '' -f host-ed25519 -C ''
for name in allowed locked other agent; do
    ssh-keygen -q -t ed25519 -N "$([ $name = locked ] && echo open-sesame)" -f $name -C ''
done
cat allowed.pub locked.pub agent.pub >authorized
cd "$here" || exit 1

# serve_ssh HOST_KEY…
serve_ssh() {
    local key
    cat >"$scratch/sshd.conf" <<END
Port $port
ListenAddress 127.0.0.1
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
AuthorizedKeysFile $scratch/keys/authorized
END
    for key in "$@"; do
        echo "HostKey $scratch/keys/$key" >>"$scratch/sshd.conf"
    done
    [ "$(id -u)" != 0 ] || mkdir -p /run/sshd
    serve sshd "$(command -v sshd)" -D -e -f "$scratch/sshd.conf"
    wait_for "$port"
}

# known FILE HOST_KEY: a known_hosts file that knows the server by that key.
known() {
    printf '[localhost]:%s %s\n' "$port" "$(cat "$scratch/keys/$2.pub")" >"$scratch/keys/$1"
    export ROSTER_GIT_KNOWN_HOSTS=$scratch/keys/$1
}

serve_ssh host-ecdsa host-ed25519
known known host-ecdsa
export ROSTER_GIT_SSH_KEY=$scratch/keys/allowed

# A push, and the next plan has it.
run 0 "$ROSTER_SANDBOX" -- roster plan "$url?ref=main"
says Orders "commit $(commit_of c)"
write_roster c Shipping
push c second
run 0 "$ROSTER_SANDBOX" -- roster plan "$url"
says Shipping "commit $(commit_of c)"

# Keys: named, with a passphrase, from the agent, from the home folder; none that is allowed.
ROSTER_GIT_SSH_KEY=$scratch/keys/locked ROSTER_GIT_SSH_PASSPHRASE=open-sesame \
    run 0 roster validate "$url"
ROSTER_GIT_SSH_KEY=$scratch/keys/locked ROSTER_GIT_SSH_PASSPHRASE=s3cret-wrong \
    run 1 roster validate "$url"
says "cannot fetch ssh://localhost:$port$scratch/c.git" ROSTER_GIT_SSH_PASSPHRASE
says_not s3cret
ROSTER_GIT_SSH_KEY=$scratch/keys/other run 1 roster validate "$url"
says "lets \"$user\" in with none of our keys" "tried: $scratch/keys/other"
ROSTER_GIT_SSH_KEY=$scratch/keys/none run 1 roster validate "$url"
says "cannot read the key $scratch/keys/none"
unset ROSTER_GIT_SSH_KEY
run 1 roster validate "$url"
says 'with none of our keys' 'tried: none, for there are none'
serve agent ssh-agent -D -a "$scratch/agent.sock"
for ((i = 0; i < 400; i++)); do
    [ ! -S "$scratch/agent.sock" ] || break
    sleep 0.05
done
SSH_AUTH_SOCK=$scratch/agent.sock ssh-add -q "$scratch/keys/other" "$scratch/keys/agent" 2>/dev/null
SSH_AUTH_SOCK=$scratch/agent.sock run 0 roster validate "$url"
SSH_AUTH_SOCK=$scratch/agent.sock ssh-add -q -D 2>/dev/null
SSH_AUTH_SOCK=$scratch/agent.sock run 1 roster validate "$url"
says 'tried: the ssh agent'
SSH_AUTH_SOCK=$scratch/none.sock run 1 roster validate "$url"
says 'tried: none, for there are none'
SSH_AUTH_SOCK=$scratch/keys/known run 1 roster validate "$url"
says 'SSH_AUTH_SOCK names an ssh agent that does not answer'
mkdir -p "$HOME/.ssh"
cp "$scratch/keys/allowed" "$HOME/.ssh/id_ed25519"
run 0 roster validate "$url"
SSH_AUTH_SOCK=$scratch/agent.sock run 0 roster validate "$url"
stop_server
run 1 roster validate "git+ssh://$user:s3cret@localhost:$port$scratch/c.git//rosters"
says 'has a password in it'
says_not s3cret

# Host keys.
cp "$scratch/keys/known" "$HOME/.ssh/known_hosts"
named=$ROSTER_GIT_KNOWN_HOSTS
unset ROSTER_GIT_KNOWN_HOSTS
run 0 roster validate "$url"
ssh-keygen -q -H -f "$HOME/.ssh/known_hosts" >/dev/null 2>&1
run 0 roster validate "$url"
rm "$HOME/.ssh/known_hosts"
run 1 roster validate "$url"
fingerprint=$(ssh-keygen -lf "$scratch/keys/host-ecdsa.pub" | cut -d' ' -f2)
says "the ssh server [localhost]:$port is not known" "$fingerprint" "ssh-keyscan -p $port" \
    "$HOME/.ssh/known_hosts"
# What the help says does it.
eval "$(sed -n 's/.*then add it: \(ssh-keyscan .*\)$/\1/p' "$scratch/err")" 2>/dev/null
run 0 roster validate "$url"
export ROSTER_GIT_KNOWN_HOSTS=$named
known wrong allowed
run 1 roster validate "$url"
says 'showed another key than the one that is known' "$scratch/keys/wrong:1" ssh-ed25519
ssh-keygen -q -t ecdsa -N '' -f "$scratch/keys/another" -C ''
known changed another
run 1 roster validate "$url"
says 'showed another key than the one that is known' "$scratch/keys/changed:1" 'may be listening in'
known revoked host-ecdsa
printf '@revoked * %s\n' "$(cat "$scratch/keys/host-ecdsa.pub")" >>"$scratch/keys/revoked"
run 1 roster validate "$url"
says 'is revoked' "$scratch/keys/revoked:2"
ROSTER_GIT_KNOWN_HOSTS=$scratch/keys/nowhere run 1 roster validate "$url"
says 'is not known'
# Of two keys that the server has, it is asked for the one that is known; lines that libssh2 can't
# read don't matter, nor does what the home folder knows.
known known host-ed25519
printf '@cert-authority *.example.com %s\nx y z\n' "$(cat "$scratch/keys/other.pub")" |
    cat - "$scratch/keys/known" >"$scratch/keys/odd"
for file in known odd; do
    ROSTER_GIT_KNOWN_HOSTS=$scratch/keys/$file run 0 roster validate "$url"
done
# A server that has no other.
stop_server
known known host-ed25519
serve_ssh host-ecdsa
run 1 roster validate "$url"
says 'cannot fetch ssh://localhost' 'none of the types that are known'
stop_server
serve_ssh host-ed25519
run 0 roster validate "$url"

# What is not there, and who says nothing.
run 1 roster validate "git+ssh://$user@localhost:$port$scratch/none.git//rosters"
says 'cannot fetch ssh://localhost'
run 1 roster validate "git+ssh://$user@localhost:$(free_port)$scratch/c.git//rosters"
says 'cannot fetch ssh://localhost'
serve_silence
run 1 roster validate --git-timeout 1 "git+ssh://$user@localhost:$silent_port$scratch/c.git//rosters"
says 'was not fetched within 1 s'
end
