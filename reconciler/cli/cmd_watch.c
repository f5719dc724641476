#include "cli/commands.h"
#include "cli/listen_address.h"
#include "cli/session.h"
#include "cli/terminal.h"
#include "cli/watch_loop.h"
#include "cli/watch_schedule.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/str.h"
#include "twilio/credentials.h"

#include <stdlib.h>
#include <string.h>

enum { CONNECTIONS = 64, REQUEST_TIMEOUT_S = 10, SECRET_MIN = 16 };

/* NULL: unset. What is set but empty comes from a secret that is missing, and must not be taken for
 * a wish to do without. */
static int read_secret(const char **out, const char *name, size_t shortest, struct diag *diag)
{
    const char *value = getenv(name);

    *out = value;
    if (value == NULL || strlen(value) >= shortest)
        return 0;
    if (value[0] == '\0')
        diag_error(diag, NULL, "%s is set, but empty", name);
    else
        diag_error(diag, NULL, "%s is shorter than %zu characters", name, shortest);
    diag_help(diag, "give it a value (\"openssl rand -hex 32\" makes one), or unset it");
    return -1;
}

static int read_password(struct watch_http *http, struct diag *diag)
{
    int result = 0;

    if (read_secret(&http->user, "ROSTER_WATCH_USER", 1, diag) != 0)
        result = -1;
    if (read_secret(&http->password, "ROSTER_WATCH_PASSWORD", 1, diag) != 0)
        result = -1;
    if (result == 0 && (http->user == NULL) != (http->password == NULL)) {
        diag_error(diag, NULL, "only one of ROSTER_WATCH_USER and ROSTER_WATCH_PASSWORD is set");
        diag_help(diag, "set both, or neither");
        result = -1;
    }
    if (result == 0 && http->user != NULL && strchr(http->user, ':') != NULL) {
        diag_error(diag, NULL, "ROSTER_WATCH_USER has a colon in it");
        diag_help(diag, "HTTP basic authentication can't have that in a user's name");
        result = -1;
    }
    return result;
}

static int read_address(struct listen_address *address, const struct watch_loop *loop)
{
    const struct options *options = loop->options;
    const char *where = options->listen == NULL ? LISTEN_ADDRESS_DEFAULT : options->listen;

    if (listen_address_read(address, where, loop->diag) != 0)
        return -1;
    if (address->loopback || loop->http.password != NULL)
        return 0;
    diag_error(loop->diag, NULL, "--listen %s would show the account to the network", where);
    diag_help(loop->diag,
              "set ROSTER_WATCH_USER and ROSTER_WATCH_PASSWORD, or listen on 127.0.0.1");
    return -1;
}

static int read_windows(struct watch_loop *loop)
{
    const struct option_list *windows = &loop->options->windows;
    int result = 0;
    size_t i;

    for (i = 0; i < windows->count; i++)
        if (watch_windows_add(&loop->windows, windows->items[i], loop->diag) != 0)
            result = -1;
    if (windows->count > 0 && !loop->options->auto_apply) {
        diag_error(loop->diag, NULL, "--window does nothing without --auto-apply");
        diag_help(loop->diag, "give both, or neither");
        result = -1;
    }
    return result;
}

/* What no later run could mend. */
static int check_credentials(const struct options *options, struct diag *diag)
{
    struct twilio_credentials credentials;
    struct session scratch = {0};
    struct twilio_hosts hosts;
    int result = session_credentials(&scratch, options, diag);

    if (result == 0) {
        if (twilio_credentials_read(&credentials, &scratch.variables, &scratch.arena, diag) != 0)
            result = -1;
        if (twilio_hosts_read(&hosts, options->api_url, &scratch.variables, &scratch.arena, diag) !=
            0)
            result = -1;
    }
    session_release(&scratch);
    return result;
}

static int check_roster(const struct options *options, struct diag *diag)
{
    if (strcmp(session_roster(options), "-") != 0)
        return 0;
    diag_error(diag, NULL, "watch reads its roster again and again, which standard input can't");
    diag_help(diag, "name a file, a folder or a git repository");
    return -1;
}

/* Everything that can be wrong is reported in one run. */
static int read_settings(struct watch_loop *loop, struct listen_address *address)
{
    int result = check_roster(loop->options, loop->diag);

    if (check_credentials(loop->options, loop->diag) != 0)
        result = -1;
    if (read_password(&loop->http, loop->diag) != 0)
        result = -1;
    else if (read_address(address, loop) != 0)
        result = -1;
    if (read_secret(&loop->http.hook_secret, "ROSTER_HOOK_SECRET", SECRET_MIN, loop->diag) != 0)
        result = -1;
    if (read_windows(loop) != 0)
        result = -1;
    return result;
}

static int open_server(struct watch_loop *loop, const struct listen_address *address)
{
    const struct http_server_config config = {
        .address = address->host,
        .port = address->port,
        .max_connections = CONNECTIONS,
        .max_body = loop->http.hook_secret != NULL ? WATCH_HOOK_MAX : WATCH_BODY_MAX,
        .request_timeout_s = REQUEST_TIMEOUT_S,
        .handler = watch_http_handle,
        .context = &loop->http,
    };
    char url[LISTEN_URL_SIZE], time[CLOCK_ISO_SIZE];
    struct buf note;

    loop->server = http_server_new(&config, loop->diag);
    if (loop->server == NULL)
        return -1;
    listen_address_url(address, http_server_port(loop->server), url);
    buf_init(&note, 1024);
    buf_printf(&note, "%s watching; status page on %s/\n",
               clock_iso(clock_wall(&clock_system), time), url);
    logger_text(loop->options->log, LOG_NOTE, &note);
    buf_release(&note);
    return 0;
}

enum exit_code cmd_watch(const struct options *options, struct diag *diag)
{
    struct watch_loop *loop = memory_zeroed(sizeof(*loop)); /* its history is large */
    struct listen_address address;
    enum exit_code code = EXIT_ERROR;

    loop->options = options;
    loop->diag = diag;
    loop->notify.socket = -1;
    loop->http.status = &loop->status;
    loop->http.clock = &clock_system;
    loop->status.location = session_roster(options);
    loop->status.interval_ms =
        options->interval_ms == 0 ? WATCH_INTERVAL_DEFAULT_MS : options->interval_ms;
    loop->status.auto_apply = options->auto_apply;
    if (read_settings(loop, &address) == 0) {
        loop->status.window_count = loop->windows.count;
        if (notify_open(&loop->notify, getenv, diag) == 0 && open_server(loop, &address) == 0 &&
            watch_loop(loop) == 0)
            code = EXIT_OK;
    }
    http_server_free(loop->server);
    notify_close(&loop->notify);
    watch_status_release(&loop->status);
    free(loop);
    return code;
}
