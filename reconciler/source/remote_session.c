#include "source/remote_session.h"

#include "base/buf.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/str.h"
#include "source/known_hosts.h"

#include <string.h>
#include <unistd.h>

enum { KNOWN_HOSTS_MAX = 16 * 1024 * 1024 };

static int give_up(struct remote_session *session, int code, const char *message, const char *help)
{
    session->problem.outcome = FETCH_FAILED;
    session->problem.message = message;
    session->problem.help = help;
    return code;
}

static int show_token(git_credential **out, struct remote_session *session)
{
    const struct remote_login *login = session->request->login;
    const char *url = session->request->location->display;

    if (login->token == NULL) {
        give_up(session, GIT_EAUTH,
                arena_printf(session->arena, "%s asks for credentials, and there are none", url),
                login->empty_token
                    ? "ROSTER_GIT_TOKEN is set, but empty: does this job have the secret?"
                    : "set ROSTER_GIT_TOKEN, or set up one of git's credential helpers; where it "
                      "needs none, such a repository may not exist");
        session->problem.outcome = FETCH_NEEDS_USER;
        return GIT_EAUTH;
    }
    if (session->token_shown)
        return give_up(
            session, GIT_EAUTH, arena_printf(session->arena, "%s refused the credentials", url),
            login->from_helper
                ? "they came from git's credential helper: renew them there, or set "
                  "ROSTER_GIT_TOKEN"
                : "check ROSTER_GIT_TOKEN and ROSTER_GIT_USERNAME: is the token still valid, and "
                  "may it read this repository?");
    session->token_shown = true;
    return git_credential_userpass_plaintext_new(out, login->username, login->token);
}

static int no_key_left(struct remote_session *session)
{
    const struct remote_login *login = session->request->login;
    struct buf tried;
    size_t i;

    buf_init(&tried, 64 * 1024);
    if (session->agent_tried)
        buf_add_text(&tried, "the ssh agent");
    for (i = 0; i < login->key_count; i++)
        buf_printf(&tried, "%s%s", tried.size == 0 ? "" : ", ", login->keys[i]);
    give_up(session, GIT_EAUTH,
            arena_printf(session->arena, "%s lets \"%s\" in with none of our keys",
                         session->request->location->display, login->ssh_user),
            arena_printf(session->arena,
                         "tried: %s; name a key with ROSTER_GIT_SSH_KEY, add it to the ssh agent, "
                         "or check that the server knows it%s",
                         tried.size == 0 ? "none, for there are none" : buf_text(&tried),
                         login->key_count > 0
                             ? " (RSA keys don't work with libssh2 before 1.11 and "
                               "OpenSSH from 8.8 on)"
                             : ""));
    buf_release(&tried);
    return GIT_EAUTH;
}

static int show_key(git_credential **out, struct remote_session *session)
{
    const struct remote_login *login = session->request->login;

    if (login->agent && !session->agent_tried) {
        session->agent_tried = true;
        return git_credential_ssh_key_from_agent(out, login->ssh_user);
    }
    if (session->keys_tried == login->key_count)
        return no_key_left(session);
    return git_credential_ssh_key_new(out, login->ssh_user, NULL,
                                      login->keys[session->keys_tried++],
                                      login->passphrase == NULL ? "" : login->passphrase);
}

/* Whether that is the server that was asked for: libgit2 follows a redirect to another port of the
 * same host, whatever it is told. */
static bool is_our_server(const struct remote_location *location, const char *url)
{
    const char *path = strchr(location->url + strlen("https://"), '/');

    return strncmp(url, location->url, (size_t)(path + 1 - location->url)) == 0;
}

static int on_credentials(git_credential **out, const char *url, const char *user,
                          unsigned int allowed, void *payload)
{
    struct remote_session *session = payload;
    (void)user;

    if (session->request->location->scheme == REMOTE_HTTPS &&
        !is_our_server(session->request->location, url))
        return give_up(session, GIT_EAUTH,
                       arena_printf(session->arena, "%s leads to another server",
                                    session->request->location->display),
                       "the repository has moved; roster follows nobody elsewhere with its "
                       "credentials: write its new address");
    if (session->request->location->scheme == REMOTE_HTTPS)
        return (allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT) != 0
                   ? show_token(out, session)
                   : give_up(session, GIT_EAUTH, "the server wants another kind of credentials",
                             "roster can show a user and a token (HTTP basic authentication)");
    if ((allowed & GIT_CREDENTIAL_USERNAME) != 0 && !session->user_told) {
        session->user_told = true;
        return git_credential_username_new(out, session->request->login->ssh_user);
    }
    if ((allowed & GIT_CREDENTIAL_SSH_KEY) == 0)
        return give_up(session, GIT_EAUTH, "the server takes no ssh keys",
                       "roster shows keys only, never a password");
    return show_key(out, session);
}

static enum known_host_verdict look_up(const struct remote_session *session,
                                       const struct shown_key *key, struct known_host_place *place)
{
    const struct remote_login *login = session->request->login;
    enum known_host_verdict best = KNOWN_HOST_UNKNOWN;
    size_t i;

    memset(place, 0, sizeof(*place));
    for (i = 0; i < login->host_file_count && best != KNOWN_HOST_REVOKED; i++) {
        struct known_host_place found;
        enum known_host_verdict verdict;
        struct diag quiet;
        struct buf text;
        diag_init(&quiet);
        buf_init(&text, KNOWN_HOSTS_MAX);
        /* One that is not there knows nobody. */
        if (file_read(login->host_files[i], &text, &quiet) == 0) {
            verdict = known_hosts_check(login->host_files[i], buf_text(&text), text.size, key,
                                        session->arena, &found);
            if (verdict == KNOWN_HOST_REVOKED || verdict == KNOWN_HOST_GOOD ||
                best == KNOWN_HOST_UNKNOWN) {
                best = verdict;
                *place = found;
            }
        }
        buf_release(&text);
        diag_release(&quiet);
    }
    return best;
}

static int judge(struct remote_session *session, const struct shown_key *key)
{
    const char *name = known_host_name(key->host, key->port, session->arena);
    const char *print = known_host_fingerprint(key->bytes, key->size, session->arena);
    const char *file = session->request->login->host_files[0], *message = NULL, *help = NULL;
    const char *scan = arena_printf(session->arena,
                                    "compare that with what its operator publishes, then add it: "
                                    "ssh-keyscan -p %d -t %s %s >> %s",
                                    key->port, key->type, key->host, file);
    struct known_host_place place;

    switch (look_up(session, key, &place)) {
    case KNOWN_HOST_GOOD:
        return 0;
    case KNOWN_HOST_UNKNOWN:
        message =
            arena_printf(session->arena, "the ssh server %s is not known; it showed the key %s %s",
                         name, key->type, print);
        help = scan;
        break;
    case KNOWN_HOST_OTHER_TYPE:
        message = arena_printf(session->arena,
                               "of the ssh server %s a key of type %s is known (%s:%zu), and it "
                               "showed %s %s",
                               name, place.type, place.file, place.line, key->type, print);
        help = scan;
        break;
    case KNOWN_HOST_CHANGED:
        message = arena_printf(session->arena,
                               "the ssh server %s showed another key than the one that is known "
                               "(%s:%zu): %s %s",
                               name, place.file, place.line, key->type, print);
        help =
            "somebody may be listening in; if the server really has a new key, replace that line";
        break;
    case KNOWN_HOST_REVOKED:
        message = arena_printf(session->arena,
                               "the key that the ssh server %s showed is revoked (%s:%zu): %s",
                               name, place.file, place.line, print);
        help = "don't trust this server until its operator says which key it has";
        break;
    }
    return give_up(session, GIT_ECERTIFICATE, message, help);
}

static int on_certificate(git_cert *certificate, int valid, const char *host, void *payload)
{
    struct remote_session *session = payload;
    const struct remote_location *location = session->request->location;
    struct shown_key key = {.host = location->host, .port = location->port};
    (void)host;

    if (certificate->cert_type == GIT_CERT_HOSTKEY_LIBSSH2) {
        const git_cert_hostkey *shown = (const git_cert_hostkey *)(const void *)certificate;
        if ((shown->type & GIT_CERT_SSH_RAW) == 0)
            return give_up(session, GIT_ECERTIFICATE, "the ssh server showed no key", NULL);
        key.bytes = shown->hostkey;
        key.size = shown->hostkey_len;
        key.type = known_host_key_type(key.bytes, key.size, session->arena);
        return judge(session, &key);
    }
    if (valid)
        return 0;
    return give_up(session, GIT_ECERTIFICATE,
                   arena_printf(session->arena,
                                "the certificate of %s is not valid for it, or not "
                                "signed by a known authority",
                                location->host),
                   "for a private certificate authority, name its file with --git-ca-file");
}

static int on_progress(const git_indexer_progress *stats, void *payload)
{
    struct remote_session *session = payload;

    const size_t most =
        session->request->max_bytes == 0 ? REMOTE_SESSION_MAX : session->request->max_bytes;

    if (session->request->progress != NULL) {
        session->request->progress->received = stats->received_objects;
        session->request->progress->total = stats->total_objects;
        session->request->progress->bytes = stats->received_bytes;
    }
    if (stats->received_bytes <= most)
        return 0;
    return give_up(session, GIT_EUSER,
                   arena_printf(session->arena, "%s sends more than %zu bytes",
                                session->request->location->display, most),
                   "keep rosters in a repository of their own");
}

void remote_session_callbacks(git_remote_callbacks *callbacks, struct remote_session *session)
{
    callbacks->credentials = on_credentials;
    callbacks->certificate_check = on_certificate;
    callbacks->transfer_progress = on_progress;
    callbacks->payload = session;
}
