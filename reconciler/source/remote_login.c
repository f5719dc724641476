#include "source/remote_login.h"

#include "base/str.h"
#include "base/subprocess.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { ANSWER_MAX = 64 * 1024 };

static bool is_plain(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            return false;
    return true;
}

static int read_token(struct remote_login *login, source_lookup *lookup, struct arena *arena,
                      struct diag *diag)
{
    const char *token = lookup("ROSTER_GIT_TOKEN"), *user = lookup("ROSTER_GIT_USERNAME");

    login->username = arena_strdup(arena, str_is_empty(user) ? "x-access-token" : user);
    login->empty_token = token != NULL && token[0] == '\0';
    if (str_is_empty(token))
        return 0;
    if (!is_plain(token) || !is_plain(login->username) || strchr(login->username, ':') != NULL) {
        diag_error(diag, NULL,
                   "ROSTER_GIT_TOKEN or ROSTER_GIT_USERNAME has a character in it that "
                   "can't be sent");
        diag_help(diag, "look for a line end that was copied with it");
        return -1;
    }
    login->token = arena_strdup(arena, token);
    return 0;
}

static int read_named_key(struct remote_login *login, const char *path, struct arena *arena,
                          struct diag *diag)
{
    if (access(path, R_OK) != 0) {
        diag_error(diag, NULL, "cannot read the key %s: %s", path, strerror(errno));
        diag_help(diag, "ROSTER_GIT_SSH_KEY names the file of a private key");
        return -1;
    }
    login->keys[login->key_count++] = arena_strdup(arena, path);
    return 0;
}

static int read_keys(struct remote_login *login, source_lookup *lookup, struct arena *arena,
                     struct diag *diag)
{
    static const char *const usual[REMOTE_LOGIN_KEYS] = {"id_ed25519", "id_ecdsa", "id_rsa"};
    const char *home = lookup("HOME"), *named = lookup("ROSTER_GIT_SSH_KEY");
    const char *agent = lookup("SSH_AUTH_SOCK");
    size_t i;

    login->passphrase = arena_strdup(arena, lookup("ROSTER_GIT_SSH_PASSPHRASE"));
    if (!str_is_empty(named))
        return read_named_key(login, named, arena, diag);
    login->agent = !str_is_empty(agent) && access(agent, F_OK) == 0;
    for (i = 0; i < COUNT_OF(usual) && !str_is_empty(home); i++) {
        const char *path = arena_printf(arena, "%s/.ssh/%s", home, usual[i]);
        if (access(path, R_OK) == 0)
            login->keys[login->key_count++] = path;
    }
    return 0;
}

static void read_host_files(struct remote_login *login, source_lookup *lookup, struct arena *arena)
{
    const char *home = lookup("HOME"), *named = lookup("ROSTER_GIT_KNOWN_HOSTS");

    login->host_files_named = !str_is_empty(named);
    if (login->host_files_named) {
        login->host_files[login->host_file_count++] = arena_strdup(arena, named);
        return;
    }
    if (!str_is_empty(home))
        login->host_files[login->host_file_count++] =
            arena_printf(arena, "%s/.ssh/known_hosts", home);
    login->host_files[login->host_file_count++] = "/etc/ssh/ssh_known_hosts";
}

int remote_login_read(struct remote_login *login, const struct remote_location *location,
                      source_lookup *lookup, struct arena *arena, struct diag *diag)
{
    memset(login, 0, sizeof(*login));
    switch (location->scheme) {
    case REMOTE_HTTPS:
        return read_token(login, lookup, arena, diag);
    case REMOTE_SSH:
        login->ssh_user = location->user == NULL ? "git" : location->user;
        read_host_files(login, lookup, arena);
        return read_keys(login, lookup, arena, diag);
    case REMOTE_FILE:
        break;
    }
    return 0;
}

/* The value of a line "key=value"; NULL when there is none. */
static const char *value_of(const char *text, const char *key, struct arena *arena)
{
    const size_t size = strlen(key);

    while (text != NULL && *text != '\0') {
        if (strncmp(text, key, size) == 0 && text[size] == '=')
            return arena_strndup(arena, text + size + 1, strcspn(text + size + 1, "\r\n"));
        text = strchr(text, '\n');
        text = text == NULL ? NULL : text + 1;
    }
    return NULL;
}

bool remote_login_ask_helper(struct remote_login *login, const struct remote_location *location,
                             int64_t timeout_ms, bool (*stopped)(void), struct arena *arena)
{
    static const char *const argv[] = {"git", "credential", "fill", NULL};
    /* Nobody is there to be asked: what a helper does not know, it is to say at once. */
    static const char *const environment[] = {
        "GIT_TERMINAL_PROMPT", "0",     "GIT_ASKPASS", "", "SSH_ASKPASS", "",
        "GCM_INTERACTIVE",     "never", NULL,
    };
    const char *rest = strchr(location->url + strlen("https://"), '/');
    const char *question = arena_printf(arena, "protocol=https\nhost=%.*s\npath=%s\n\n",
                                        (int)(rest - location->url - (ptrdiff_t)strlen("https://")),
                                        location->url + strlen("https://"), rest + 1);
    const struct subprocess process = {
        .argv = argv,
        .environment = environment,
        .input = question,
        .input_size = strlen(question),
        .timeout_ms = timeout_ms,
        .stopped = stopped,
    };
    const char *user, *password;
    struct buf out;
    int status;

    buf_init(&out, ANSWER_MAX);
    if (subprocess_run(&process, &out, NULL, &status) == SUBPROCESS_ENDED && status == 0) {
        user = value_of(buf_text(&out), "username", arena);
        password = value_of(buf_text(&out), "password", arena);
        if (user != NULL && !str_is_empty(password)) {
            login->username = user;
            login->token = password;
            login->from_helper = true;
        }
    }
    buf_release(&out);
    return login->from_helper;
}
