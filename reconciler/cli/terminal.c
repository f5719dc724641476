#include "cli/terminal.h"

#include "base/file.h"
#include "base/str.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

bool terminal_color(const struct options *options, int descriptor)
{
    const char *term = getenv("TERM");

    if (strcmp(options->color, "always") == 0)
        return true;
    if (strcmp(options->color, "never") == 0 || !str_is_empty(getenv("NO_COLOR")))
        return false;
    return isatty(descriptor) && !str_is_empty(term) && strcmp(term, "dumb") != 0;
}

unsigned terminal_width(int descriptor)
{
    /* Below this, lines would be nothing but breaks. */
    enum { NARROWEST = 40, WIDEST = 1000 };
    const char *given = getenv("COLUMNS");
    struct winsize size = {0};
    int64_t columns = 0;

    if (!isatty(descriptor))
        return 0;
    if (str_is_empty(given) || str_to_int64(given, &columns) != 0)
        columns = ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
    if (columns <= 0 || columns > WIDEST)
        return 0;
    return columns < NARROWEST ? NARROWEST : (unsigned)columns;
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

void terminal_note(const struct buf *text)
{
    if (file_write_all(STDERR_FILENO, buf_text(text), text->size) != 0)
        return;
}

void terminal_diagnostics(const struct options *options, struct diag *diag)
{
    struct buf out;

    buf_init(&out, BUF_LIMIT_DEFAULT);
    diag_render_text(diag, &out, terminal_color(options, STDERR_FILENO));
    terminal_note(&out);
    buf_release(&out);
    diag_release(diag);
}

bool terminal_can_ask(void)
{
    return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
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
