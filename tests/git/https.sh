#!/usr/bin/env bash
# Rosters over https: nginx and git http-backend, with basic authentication over TLS whose authority
# is our own.
set -u
# Without it, this would work on the files of whoever runs it.
. "$(dirname "$0")/support.sh" || exit 1
need nginx fcgiwrap openssl

make_repository c
port=$(free_port)
catch_port=$(free_port)

make_certificates() {
    cd "$scratch" || exit 1
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
        -keyout ca.key -out ca.pem -subj '/CN=Test authority' 2>/dev/null
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout server.key \
        -out server.csr -subj '/CN=localhost' 2>/dev/null
    printf 'subjectAltName=DNS:localhost\n' >server.ext
    openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 \
        -extfile server.ext -out server.pem 2>/dev/null
    cd "$here" || exit 1
}

serve_https() {
    local paths='' kind
    for kind in client_body fastcgi proxy uwsgi scgi; do
        paths="$paths ${kind}_temp_path $scratch/nginx-$kind;"
    done
    printf 'ada:%s\n' "$(openssl passwd -apr1 right-token)" >"$scratch/users"
    cat >"$scratch/nginx.conf" <<END
daemon off;
master_process off;
pid $scratch/nginx.pid;
error_log stderr;
events {}
http {
    access_log $scratch/access.log;
    client_max_body_size 100m;
    $paths
    server {
        listen 127.0.0.1:$port ssl;
        server_name localhost;
        ssl_certificate $scratch/server.pem;
        ssl_certificate_key $scratch/server.key;
        location /public/ { include $scratch/backend.conf; fastcgi_param PATH_INFO /\$repo; }
        location /other/ { return 301 http://localhost:$catch_port/c.git\$is_args\$args; }
        location /third/ { return 301 https://localhost:$catch_port/c.git\$is_args\$args; }
        location /near/ { return 301 https://localhost:$port/public/c.git\$is_args\$args; }
        location /moved/ { return 301 https://127.0.0.1:$port/public/c.git\$is_args\$args; }
        location / {
            auth_basic git;
            auth_basic_user_file $scratch/users;
            include $scratch/backend.conf;
            fastcgi_param PATH_INFO \$uri;
        }
    }
    # Somebody who would like to have the token.
    log_format catch \$http_authorization;
    server {
        listen 127.0.0.1:$catch_port ssl;
        server_name localhost;
        ssl_certificate $scratch/server.pem;
        ssl_certificate_key $scratch/server.key;
        access_log $scratch/caught.log catch;
        auth_basic git;
        auth_basic_user_file $scratch/users;
    }
}
END
    sed -i "s|location /public/ .*|location ~ ^/public(/.*) { include $scratch/backend.conf; fastcgi_param PATH_INFO \$1; }|" \
        "$scratch/nginx.conf"
    cat >"$scratch/backend.conf" <<END
fastcgi_pass unix:$scratch/fcgi.sock;
fastcgi_param SCRIPT_FILENAME $(git --exec-path)/git-http-backend;
fastcgi_param GIT_PROJECT_ROOT $scratch;
fastcgi_param GIT_HTTP_EXPORT_ALL 1;
fastcgi_param QUERY_STRING \$query_string;
fastcgi_param REQUEST_METHOD \$request_method;
fastcgi_param CONTENT_TYPE \$content_type;
fastcgi_param CONTENT_LENGTH \$content_length;
fastcgi_param REMOTE_USER \$remote_user;
END
    serve fcgiwrap fcgiwrap -c 1 -s "unix:$scratch/fcgi.sock"
    serve nginx nginx -c "$scratch/nginx.conf"
    wait_for "$port"
}

make_certificates
serve_https
url=git+https://localhost:$port
here_url=$url/c.git//rosters/orders.yaml
export ROSTER_CA_FILE=$scratch/ca.pem

plan() {
    run "$1" "$ROSTER_SANDBOX" -- roster plan "${@:2}"
}

# A push, and the next plan has it, and says which commit it is of.
export ROSTER_GIT_USERNAME=ada ROSTER_GIT_TOKEN=right-token
plan 0 "$here_url?ref=main"
says 'create service' 'Orders' "commit $(commit_of c) by Ada Lovelace <ada@example.com>, 2026-01-31"
write_roster c Shipping
push c second
plan 0 "$here_url?ref=main"
says Shipping "commit $(commit_of c)"
plan 0 --format json "$here_url"
[ "$(jq -r .source.commit "$scratch/out")" = "$(commit_of c)" ] || fail "the commit of the document"
[ "$(jq -r .source.author "$scratch/out")" = 'Ada Lovelace <ada@example.com>' ] || fail "its author"
[ "$(jq -r .source.date "$scratch/out")" = 2026-01-31T12:00:00Z ] || fail "its date"

# A forced push, named once.
git -C "$scratch/c" reset -q --hard HEAD~1
write_roster c Returns
push c other --force
plan 0 "$here_url?ref=main"
says Returns 'refs/heads/main of' 'was forced from commit'
plan 0 "$here_url?ref=main"
says_not forced

# A mistake has the place in the commit.
printf 'version: 1\nservices:\n  - friendly_nam: X\n' >"$scratch/c/rosters/orders.yaml"
push c bad
short=$(commit_of c | cut -c1-7)
run 1 roster validate "$here_url?ref=main"
says "rosters/orders.yaml@$short:3:5: error:"
write_roster c Orders
push c good

# Only the ref that was asked for comes over.
git -C "$scratch/c" checkout -q -b large
head -c 300000 /dev/urandom >"$scratch/c/large.bin"
push c large
git -C "$scratch/c" checkout -q main
rm -rf "${scratch:?}/cache"
run 0 roster validate "$here_url?ref=main"
[ "$(du -sk "$XDG_CACHE_HOME" | cut -f1)" -lt 250 ] || fail "more than one ref was fetched"

# Credentials.
ROSTER_GIT_TOKEN=s3cret-wrong run 1 roster validate "$here_url"
says "https://localhost:$port/c.git refused the credentials" 'check ROSTER_GIT_TOKEN'
says_not s3cret
ROSTER_GIT_TOKEN='' run 1 roster validate "$here_url"
says 'asks for credentials, and there are none' 'ROSTER_GIT_TOKEN is set, but empty'
unset ROSTER_GIT_TOKEN ROSTER_GIT_USERNAME
run 1 roster validate "$here_url"
says 'asks for credentials, and there are none' 'git'\''s credential helpers'
run 0 roster validate "$url/public/c.git//rosters"
cat >"$scratch/helper" <<'END'
#!/bin/sh
[ "$1" = get ] && printf 'username=ada\npassword=%s\n' "$(cat "${0%/*}/helped")"
END
chmod +x "$scratch/helper"
printf '[credential "https://localhost:%s"]\n\thelper = %s\n' "$port" "$scratch/helper" >"$scratch/gitconfig"
echo right-token >"$scratch/helped"
GIT_CONFIG_GLOBAL=$scratch/gitconfig run 0 roster validate "$here_url"
echo s3cret-stale >"$scratch/helped"
GIT_CONFIG_GLOBAL=$scratch/gitconfig run 1 roster validate "$here_url"
says 'refused the credentials' "came from git's credential helper"
says_not s3cret
run 1 roster validate "git+https://ada:s3cret@localhost:$port/c.git"
says 'has a user or a password in it'
says_not s3cret
# Nothing of them is kept.
! grep -rq 'right-token' "$scratch/cache" "$scratch/state" 2>/dev/null || fail "the token is in a file"

# What git itself is told to do elsewhere does not apply.
printf '[url "https://localhost:%s/none/"]\n\tinsteadOf = https://localhost:%s/public/\n' "$port" "$port" \
    >"$scratch/gitconfig"
GIT_CONFIG_GLOBAL=$scratch/gitconfig run 0 roster validate "$url/public/c.git//rosters"
mkdir -p "$scratch/other-home/.config/git"
cp "$scratch/gitconfig" "$scratch/other-home/.gitconfig"
cp "$scratch/gitconfig" "$scratch/other-home/.config/git/config"
HOME=$scratch/other-home run 0 roster validate "$url/public/c.git//rosters"

# Certificates.
ROSTER_CA_FILE='' run 1 roster validate "$url/public/c.git//rosters"
says 'the certificate of localhost' '--git-ca-file'
run 1 roster validate "git+https://127.0.0.1:$port/public/c.git//rosters"
says 'the certificate of 127.0.0.1'
run 0 env -u ROSTER_CA_FILE roster validate --ca-file "$scratch/ca.pem" "$url/public/c.git//rosters"
ROSTER_GIT_CA_FILE=$scratch/ca.pem run 0 roster validate --ca-file /dev/null "$url/public/c.git//rosters"
run 1 roster validate --git-ca-file "$scratch/server.pem" "$url/public/c.git//rosters"
says 'the certificate of localhost'
run 1 roster validate --ca-file "$scratch/none.pem" "$url/public/c.git//rosters"
says 'cannot read the certificates in'

# Addresses that lead nowhere.
run 1 roster validate "$url/public/none.git//rosters"
says 'cannot fetch https://localhost' '404' 'is the address right'
run 0 roster validate "$url/near/c.git//rosters"
run 1 roster validate "$url/moved/c.git//rosters"
says 'cannot fetch' 'write its new address'
for path in other third; do
    ROSTER_GIT_TOKEN=right-token ROSTER_GIT_USERNAME=ada run 1 roster validate "$url/$path/c.git//rosters"
    says 'write its new address'
done
! grep -q Basic "$scratch/caught.log" || fail "another server got the token"
# A helper that hangs.
printf '[credential]\n\thelper = "!sleep 600 #"\n' >"$scratch/gitconfig"
GIT_CONFIG_GLOBAL=$scratch/gitconfig run 1 roster validate --git-timeout 2 "$here_url"
says 'asks for credentials, and there are none'
run 1 roster validate "git+https://localhost:$(free_port)/c.git//rosters"
says 'cannot fetch https://localhost' 'refused'
serve_silence
run 1 roster validate --git-timeout 1 "git+https://localhost:$silent_port/c.git//rosters"
says 'was not fetched within 1 s' '--git-timeout'
run 1 roster validate --timeout 1s "git+https://localhost:$silent_port/c.git//rosters"
says 'was not fetched within 1 s'

# A signal ends it at once, and what it started, and leaves nothing locked.
location=git+https://localhost:$silent_port/c.git//rosters
for signal in INT TERM KILL; do
    # What a shell starts behind itself ignores SIGINT.
    env --default-signal=INT,TERM roster validate --git-timeout 600 "$location" \
        >/dev/null 2>"$scratch/err" </dev/null &
    pid=$!
    for ((i = 0; i < 400; i++)); do
        child=$(pgrep -P "$pid" | head -1)
        [ -z "$child" ] || break
        sleep 0.05
    done
    [ -n "$child" ] || fail "no child fetches"
    kill "-$signal" "$pid"
    { wait "$pid"; } 2>/dev/null
    [ $? -gt 128 ] || fail "$signal did not end it"
    for ((i = 0; i < 400; i++)); do
        kill -0 "$child" 2>/dev/null || break
        sleep 0.05
    done
    ! kill -0 "$child" 2>/dev/null || fail "after $signal the child goes on"
    run 1 roster validate --git-timeout 1 "$location"
    says 'was not fetched within 1 s'
done
end
