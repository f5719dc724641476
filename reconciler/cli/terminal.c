#include "cli/terminal.h"

#include "base/file.h"
#include "base/str.h"
#include "render/render_diag.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* A terminal that understands more than lines. */
static bool is_capable(int descriptor)
{
    const char *term = getenv("TERM");

    return isatty(descriptor) && !str_is_empty(term) && strcmp(term, "dumb") != 0;
}

bool terminal_color(const struct options *options, int descriptor)
{
    if (strcmp(options->color, "always") == 0)
        return true;
    if (strcmp(options->color, "never") == 0 || !str_is_empty(getenv("NO_COLOR")))
        return false;
    return is_capable(descriptor);
}

unsigned terminal_columns(int descriptor)
{
    enum { WIDEST = 1000 };
    const char *given = getenv("COLUMNS");
    struct winsize size = {0};
    int64_t columns = 0;

    if (!isatty(descriptor))
        return 0;
    if (str_is_empty(given) || str_to_int64(given, &columns) != 0)
        columns = ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
    return columns <= 0 || columns > WIDEST ? 0 : (unsigned)columns;
}

unsigned terminal_width(int descriptor)
{
    /* Below this, lines would be nothing but breaks. */
    enum { NARROWEST = 40 };
    const unsigned columns = terminal_columns(descriptor);

    return columns != 0 && columns < NARROWEST ? NARROWEST : columns;
}

static enum log_level level_of(const struct options *options)
{
    if (options->trace)
        return LOG_TRACE;
    if (options->verbose)
        return LOG_INFO;
    return options->quiet ? LOG_ERROR : LOG_NOTE;
}

void terminal_logger(const struct options *options, struct logger *logger)
{
    const bool json = strcmp(options->log_format, "json") == 0;

    *logger = (struct logger){
        .level = level_of(options),
        .json = json,
        .details_json = json,
        .color = !json && terminal_color(options, STDERR_FILENO),
        .redraw = !json && !options->quiet && is_capable(STDERR_FILENO),
        .descriptor = STDERR_FILENO,
        .details = STDERR_FILENO,
        .columns = terminal_columns,
    };
}

int terminal_write(const struct buf *document, struct diag *diag)
{
    if (document->full) {
        diag_error(diag, NULL, "the output is larger than %zu bytes", document->limit);
        return -1;
    }
    if (file_write_all(STDOUT_FILENO, buf_text(document), document->size) != 0) {
        diag_error(diag, NULL, "cannot write to standard output: %s", strerror(errno));
        return -1;
    }
    return 0;
}

static void show_records(struct logger *log, const struct diag *diag)
{
    size_t i;

    for (i = 0; i < diag->count; i++) {
        const struct diag_item *item = &diag->items[i];
        logger_record(log, item->level == DIAG_ERROR ? LOG_ERROR : LOG_WARNING,
                      render_diag_item(item), "%s", item->message);
    }
    if (diag->dropped != 0)
        logger_say(log, LOG_ERROR, "%zu more not shown", diag->dropped);
}

void terminal_diagnostics(const struct options *options, struct diag *diag)
{
    struct logger *log = options->log;
    struct buf out;

    if (!logger_shows(log, LOG_WARNING))
        diag_drop_warnings(diag);
    if (log != NULL && log->json) {
        show_records(log, diag);
    } else {
        buf_init(&out, BUF_LIMIT_DEFAULT);
        diag_render_text_within(diag, &out, terminal_color(options, STDERR_FILENO),
                                terminal_width(STDERR_FILENO));
        logger_text(log, LOG_ERROR, &out);
        buf_release(&out);
    }
    diag_release(diag);
}

bool terminal_can_ask(const struct options *options, const char **why)
{
    *why = strcmp(options->log_format, "json") == 0 ? "--log-format json leaves no room to ask"
                                                    : "there is no terminal to ask on";
    return strcmp(options->log_format, "json") != 0 && isatty(STDIN_FILENO) &&
           isatty(STDERR_FILENO);
}

/* What did not fit into the line is no answer to the next question. */
static void skip_line(void)
{
    int byte;

    while ((byte = getchar()) != EOF && byte != '\n')
        continue;
}

bool terminal_read(const char *question, char *line, size_t size)
{
    size_t length;

    fprintf(stderr, "%s", question);
    fflush(stderr);
    if (fgets(line, (int)size, stdin) == NULL) {
        fputs("\n", stderr);
        return false;
    }
    length = strcspn(line, "\n");
    if (line[length] == '\0' && length + 1 == size)
        skip_line();
    line[strcspn(line, "\r\n")] = '\0';
    return true;
}

bool terminal_ask(const char *question)
{
    char line[64];

    return terminal_read(question, line, sizeof(line)) && strcmp(line, "yes") == 0;
}
