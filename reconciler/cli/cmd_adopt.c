#include "cli/adopt_ask.h"
#include "cli/adopt_files.h"
#include "cli/adopt_output.h"
#include "cli/commands.h"
#include "cli/export_secrets.h"
#include "cli/session.h"
#include "cli/terminal.h"

#include "base/logger.h"
#include "base/str.h"
#include "plan/adopt.h"

#include <string.h>
#include <unistd.h>

/* What the run is about to do, from the options. */
struct mode {
    bool filter; /* from standard input to standard output */
    bool asks;
    bool writes; /* into the files */
};

static struct mode mode_of(const struct options *options)
{
    struct mode mode = {.filter = strcmp(session_roster(options), "-") == 0};

    mode.asks = !mode.filter && !options->auto_approve && !options->diff;
    mode.writes = !mode.filter && (mode.asks || options->auto_approve);
    return mode;
}

static int check_options(const struct options *options, const struct mode *mode, struct diag *diag)
{
    const char *why;

    if (source_is_remote(session_roster(options))) {
        diag_error(diag, NULL, "a roster in a git repository can't be edited in place");
        diag_help(diag, "adopt into the files of a checkout, and commit them");
        return -1;
    }
    if (mode->asks && !terminal_can_ask(options, &why)) {
        diag_error(diag, NULL, "nothing was adopted: %s", why);
        diag_help(diag, "look at the edit with --diff, then run it with --auto-approve");
        return -1;
    }
    return 0;
}

static void refuse_entries(struct adopt *adopt, const struct options *options)
{
    size_t i;

    for (i = 0; i < adopt->count; i++) {
        struct adopt_item *item = &adopt->items[i];
        item->chosen = true;
        if (adopt->plan->changes[item->first].kind != CHANGE_CREATE_SERVICE ||
            options->remove_entries || item->problem != NULL)
            continue;
        item->problem = "the account has no such service, and its whole entry would go";
        item->help = "--remove-entries takes it out; \"roster apply\" creates the service";
    }
}

/* A plan refuses these; they are in no list of a service. */
static size_t warn_of_numbers(const struct session *session, struct diag *diag)
{
    const struct live_senders *owned = &session->live.owned[SENDER_PHONE_NUMBER];
    size_t count = 0, i;

    for (i = 0; i < session->desired.number_count; i++) {
        const struct desired_number *number = &session->desired.numbers[i];
        if (live_senders_find(owned, number->sender.identity) != NULL)
            continue;
        count++;
        diag_warning(diag, &number->origin.span,
                     "not adopted: the account does not own %s, which \"numbers\" declares",
                     number->origin.written != NULL ? number->origin.written
                                                    : number->sender.identity);
        diag_help(diag, "take it out by hand: a plan refuses the roster with it");
    }
    return count;
}

static size_t count_adopted(const struct adopt *adopt)
{
    size_t count = 0, i;
    for (i = 0; i < adopt->count; i++)
        count += adopt->items[i].adopted;
    return count;
}

/* Shows the edit on the terminal. */
static bool approved(struct adopt *adopt, const struct options *options, struct diag *diag)
{
    struct buf out;

    terminal_diagnostics(options, diag);
    buf_init(&out, BUF_LIMIT_DEFAULT);
    buf_add_char(&out, '\n');
    adopt_add_diff(adopt, terminal_color(options, STDERR_FILENO), true, &out);
    logger_text(options->log, LOG_ERROR, &out);
    buf_release(&out);
    if (terminal_ask("\nWrite this into the roster? Only \"yes\" is accepted: "))
        return true;
    diag_error(diag, NULL, "nothing was adopted: the edit was not approved");
    return false;
}

static void note_hidden(bool hidden, struct diag *diag)
{
    if (!hidden)
        return;
    diag_warning(diag, NULL, "the diff hides a password that stands in the roster");
    diag_help(diag, "it can't be applied as a patch; put ${NAME} in the place of the password");
}

/* The one document on standard output. */
static int output(const struct adopt *adopt, const struct options *options, const struct mode *mode,
                  struct diag *diag)
{
    const bool color = terminal_color(options, STDOUT_FILENO);
    struct buf out;
    int result;

    buf_init(&out, BUF_LIMIT_DEFAULT);
    if (strcmp(options->format, "json") == 0)
        adopt_json(adopt, mode->writes, &out);
    else if (options->diff)
        note_hidden(adopt_add_diff(adopt, color, isatty(STDOUT_FILENO), &out), diag);
    else if (mode->filter && adopt->files[0].changed)
        buf_add(&out, buf_text(&adopt->files[0].result), adopt->files[0].result.size);
    else if (mode->filter)
        buf_add(&out, adopt->files[0].text, adopt->files[0].size);
    else
        adopt_text(adopt, color, &out);
    result = terminal_write(&out, diag);
    buf_release(&out);
    return result;
}

/* Chooses, edits and writes. */
static enum exit_code adopt_chosen(struct adopt *adopt, const struct session *session,
                                   const struct options *options, const struct mode *mode,
                                   struct diag *diag)
{
    size_t left;

    if (mode->asks)
        adopt_ask(adopt, options);
    else
        refuse_entries(adopt, options);
    adopt_prepare(adopt, diag);
    if (export_secrets_set(&adopt->export, diag) != 0 ||
        export_secrets_set(&adopt->entries, diag) != 0)
        return EXIT_ERROR;
    adopt_edit(adopt);
    left = adopt_warn(adopt, diag) + warn_of_numbers(session, diag);
    export_secrets_explain(&adopt->export, false, diag);
    export_secrets_explain(&adopt->entries, false, diag);
    if (mode->asks && count_adopted(adopt) != 0 && !approved(adopt, options, diag))
        return EXIT_ERROR;
    if (mode->writes && adopt_write_files(adopt, diag) != 0)
        return EXIT_ERROR;
    if (output(adopt, options, mode, diag) != 0)
        return EXIT_ERROR;
    return left == 0 ? EXIT_OK : EXIT_INCOMPLETE;
}

static enum exit_code adopt_roster(struct session *session, const struct options *options,
                                   const struct mode *mode, struct diag *diag)
{
    struct adopt_file *files = arena_array(&session->arena, session->doc_count, sizeof(*files));
    struct adopt adopt = {0};
    enum exit_code code = EXIT_ERROR;
    size_t i;

    for (i = 0; i < session->doc_count; i++)
        files[i] = (struct adopt_file){
            .name = session->source.items[i].name,
            .doc = &session->docs[i],
            .text = buf_text(&session->source.items[i].text),
            .size = session->source.items[i].text.size,
        };
    if (adopt_begin(&adopt, &session->plan, &session->live, files, session->doc_count, diag) == 0)
        code = adopt_chosen(&adopt, session, options, mode, diag);
    adopt_release(&adopt);
    return code;
}

enum exit_code cmd_adopt(const struct options *options, struct diag *diag)
{
    const struct mode mode = mode_of(options);
    struct session session = {.keep_texts = true};
    enum exit_code code = EXIT_ERROR;

    if (check_options(options, &mode, diag) == 0 && session_load(&session, options, diag) == 0 &&
        session_target(&session, options, diag) == 0 &&
        session_connect(&session, options, diag) == 0) {
        terminal_diagnostics(options, diag);
        if (session_compare(&session, options, diag) == 0)
            code = adopt_roster(&session, options, &mode, diag);
    }
    session_release(&session);
    return code;
}
