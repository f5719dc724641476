#include "cli/test_listener.h"

#include "cli/terminal.h"
#include "cli/webhook_address.h"

#include "base/str.h"
#include "http/http_url.h"

#include <stdlib.h>
#include <string.h>

enum { REQUEST_TIMEOUT_S = 10 };

#define CALLBACK_PATH "/status"

static int on_event(void *context, const struct webhook_event *event)
{
    struct test_listener *listener = context;

    if (event->kind == WEBHOOK_STATUS)
        (void)test_run_callback(listener->run, event->message_sid, event->status);
    return 0;
}

static int start(struct test_listener *listener, const char *token, const struct options *options,
                 struct diag *diag)
{
    static const char *const paths[] = {CALLBACK_PATH};
    const struct webhook_receiver_config config = {
        .token = token,
        .paths = paths,
        .path_count = COUNT_OF(paths),
        .clock = &clock_system,
        .on_event = on_event,
        .context = listener,
    };
    struct http_server_config http = {
        .address = listener->address.host,
        .port = listener->address.port,
        .max_body = WEBHOOK_MAX_BODY,
        .request_timeout_s = REQUEST_TIMEOUT_S,
        .handler = webhook_receiver_handle,
        .lost = webhook_receiver_lost,
    };
    char own[LISTEN_URL_SIZE];
    const char *base;
    size_t size;

    listener->receiver = http.context = webhook_receiver_new(&config);
    listener->server = http_server_new(&http, diag);
    if (listener->server == NULL)
        return -1;
    listen_address_url(&listener->address, http_server_port(listener->server), own);
    webhook_address_add_bases(&listener->address, options, http_server_port(listener->server),
                              listener->receiver);
    base = options->public_url == NULL ? own : options->public_url;
    for (size = strlen(base); size > 0 && base[size - 1] == '/';)
        size--;
    listener->callback = arena_printf(&listener->arena, "%.*s%s", (int)size, base, CALLBACK_PATH);
    return 0;
}

/* Twilio itself refuses such a URL, each time, after the message was paid for in patience. */
static int check_reachable(const struct options *options, struct diag *diag)
{
    if (options->public_url != NULL ||
        (options->api_url != NULL && http_url_is_loopback(options->api_url)))
        return 0;
    diag_error(diag, NULL, "--listen needs --public-url: Twilio calls no private addresses");
    diag_help(diag, "it is what the URL begins with that a proxy or tunnel passes on to --listen");
    return -1;
}

static void announce(const struct test_listener *listener, struct logger *log)
{
    struct buf note;

    buf_init(&note, 8 * 1024);
    buf_add_text(&note, "listening for status callbacks at ");
    webhook_address_add_shown(&note, listener->callback);
    buf_add_char(&note, '\n');
    logger_text(log, LOG_NOTE, &note);
    buf_release(&note);
}

int test_listener_open(struct test_listener *listener, struct test_run *run,
                       const struct twilio_variables *variables, const struct options *options,
                       struct diag *diag)
{
    const char *token;
    int result;

    if (options->listen == NULL && options->public_url == NULL)
        return 0;
    listener->run = run;
    result = check_reachable(options, diag);
    if (twilio_auth_token_read(&token, variables, &listener->arena, diag) != 0)
        result = -1;
    if (webhook_address_read(&listener->address, options, LISTEN_ADDRESS_DEFAULT, diag) != 0)
        result = -1;
    if (result != 0 || start(listener, token, options, diag) != 0)
        return -1;
    announce(listener, options->log);
    return 0;
}

void test_listener_turn(struct test_listener *listener)
{
    /* A broken listener costs callbacks, and no message. */
    if (listener->server != NULL && http_server_turn(listener->server, 0) != 0) {
        http_server_free(listener->server);
        listener->server = NULL;
    }
}

int test_listener_descriptor(const struct test_listener *listener)
{
    return listener->server == NULL ? -1 : http_server_fd(listener->server);
}

uint64_t test_listener_refused(const struct test_listener *listener)
{
    struct webhook_counts counts;
    uint64_t refused = 0;
    int outcome;

    if (listener->receiver == NULL)
        return 0;
    webhook_receiver_counts(listener->receiver, &counts);
    for (outcome = WEBHOOK_OUTCOME_ACCEPTED + 1; outcome < WEBHOOK_OUTCOME_COUNT; outcome++)
        refused += counts.outcomes[outcome];
    return refused;
}

void test_listener_close(struct test_listener *listener)
{
    http_server_free(listener->server);
    webhook_receiver_free(listener->receiver);
    arena_release(&listener->arena);
    memset(listener, 0, sizeof(*listener));
}
