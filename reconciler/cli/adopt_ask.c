#include "cli/adopt_ask.h"

#include "cli/adopt_output.h"
#include "cli/terminal.h"

#include "base/logger.h"
#include "base/str.h"

#include <string.h>
#include <unistd.h>

static const char question[] = "Take this into the roster [y,n,a,q,?]? ";
static const char help[] = "  y  take it into the roster: the file will say what the account has\n"
                           "  n  leave the roster as it is there\n"
                           "  a  take this and all that follows of this service\n"
                           "  q  take nothing more; what was taken so far is shown next";

/* What a question is about has to be seen even with --quiet. */
static void show(const struct adopt *adopt, const struct adopt_item *item, bool heading,
                 const struct options *options)
{
    const bool color = terminal_color(options, STDERR_FILENO);
    struct buf out;

    buf_init(&out, BUF_LIMIT_DEFAULT);
    if (heading) {
        buf_add_char(&out, '\n');
        adopt_add_service(adopt, item, color, &out);
    }
    adopt_add_item(adopt, item, color, &out);
    if (item->problem != NULL) {
        buf_add_text(&out, "      can't be adopted: ");
        str_add_visible(&out, item->problem, strlen(item->problem));
        buf_add_char(&out, '\n');
        if (item->help != NULL)
            buf_printf(&out, "      help: %s\n", item->help);
    }
    logger_text(options->log, LOG_ERROR, &out);
    buf_release(&out);
}

/* One of "ynaq"; the end of input is the end of taking. */
static char ask(const struct options *options)
{
    char line[16];

    for (;;) {
        if (!terminal_read(question, line, sizeof(line)))
            return 'q';
        if (strcmp(line, "yes") == 0 || strcmp(line, "no") == 0)
            return line[0];
        if (line[0] != '\0' && line[1] == '\0' && strchr("ynaq", line[0]) != NULL)
            return line[0];
        logger_say(options->log, LOG_ERROR, "%s", help);
    }
}

void adopt_ask(struct adopt *adopt, const struct options *options)
{
    size_t last = ADOPT_NO_ROW, all = ADOPT_NO_ROW, i;

    for (i = 0; i < adopt->count; i++) {
        struct adopt_item *item = &adopt->items[i];
        char answer = 'y';
        show(adopt, item, item->service != last, options);
        last = item->service;
        if (item->problem != NULL)
            continue;
        if (item->service != all)
            answer = ask(options);
        if (answer == 'q')
            return;
        if (answer == 'a')
            all = item->service;
        item->chosen = answer != 'n';
    }
}
