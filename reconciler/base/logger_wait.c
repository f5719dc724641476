#include "base/logger.h"

#include "base/file.h"
#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ERASE "\r\033[K"

enum { UNKNOWN_WIDTH = 79 };

static const int signals[LOGGER_SIGNALS] = {SIGINT, SIGTERM, SIGHUP};

/* SA_RESETHAND has brought the usual end back; it comes when the handler returns. */
static void on_signal(int number)
{
    ssize_t written = write(STDERR_FILENO, ERASE, sizeof(ERASE) - 1);

    (void)written;
    raise(number);
}

/* Whoever handles a signal goes on, and ends the wait himself; one that is ignored stays so. */
static void guard(struct logger_wait *wait)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    int i;

    sigemptyset(&action.sa_mask);
    for (i = 0; i < LOGGER_SIGNALS; i++) {
        sigaction(signals[i], NULL, &wait->before[i]);
        if (wait->before[i].sa_handler == SIG_DFL)
            sigaction(signals[i], &action, NULL);
    }
}

static void unguard(const struct logger_wait *wait)
{
    int i;

    for (i = 0; i < LOGGER_SIGNALS; i++)
        if (wait->before[i].sa_handler == SIG_DFL)
            sigaction(signals[i], &wait->before[i], NULL);
}

static int64_t now_ms(const struct logger *logger)
{
    return clock_monotonic(logger->clock == NULL ? &clock_system : logger->clock);
}

bool logger_shows_waits(const struct logger *logger)
{
    return logger != NULL && (logger->redraw || logger->level >= LOG_INFO);
}

void logger_wait_begin(struct logger *logger)
{
    if (logger == NULL)
        return;
    logger_wait_end(logger);
    logger->wait.going = true;
    logger->wait.begun_ms = logger->wait.said_ms = now_ms(logger);
    logger->wait.drawn_ms = 0;
}

bool logger_wait_is_due(const struct logger *logger)
{
    int64_t now;

    if (!logger_shows_waits(logger) || !logger->wait.going)
        return false;
    now = now_ms(logger);
    if (logger->redraw)
        return now - logger->wait.begun_ms >= LOGGER_WAIT_MS &&
               now - logger->wait.drawn_ms >= LOGGER_REDRAW_MS;
    return now - logger->wait.said_ms >= LOGGER_REPEAT_MS;
}

static void draw(struct logger *logger, const char *text)
{
    const unsigned columns = logger->columns == NULL ? 0 : logger->columns(logger->descriptor);
    struct logger_wait *wait = &logger->wait;
    struct buf line;

    wait->drawn_ms = now_ms(logger);
    buf_init(&line, BUF_LIMIT_DEFAULT);
    buf_add_char(&line, '\r');
    /* In the last column a terminal may begin a new line, which could not be written over. */
    str_add_fitted(&line, text, columns == 0 ? UNKNOWN_WIDTH : columns - 1);
    /* Erased behind the text and not before it, so that it never blinks. */
    buf_add_text(&line, "\033[K");
    if (!wait->drawn || strcmp(wait->line, buf_text(&line)) != 0) {
        if (!wait->drawn)
            guard(wait);
        wait->drawn = true;
        snprintf(wait->line, sizeof(wait->line), "%s", buf_text(&line));
        (void)!file_write_all(logger->descriptor, buf_text(&line), line.size);
    }
    buf_release(&line);
}

void logger_wait(struct logger *logger, const char *format, ...)
{
    va_list arguments;
    struct buf text;

    if (!logger_wait_is_due(logger))
        return;
    buf_init(&text, BUF_LIMIT_DEFAULT);
    va_start(arguments, format);
    buf_vprintf(&text, format, arguments);
    va_end(arguments);
    if (logger->redraw) {
        draw(logger, buf_text(&text));
    } else {
        logger->wait.said_ms = now_ms(logger);
        logger_text(logger, LOG_INFO, &text);
    }
    buf_release(&text);
}

void logger_wait_erase(struct logger *logger)
{
    if (logger == NULL || !logger->wait.drawn)
        return;
    logger->wait.drawn = false;
    (void)!file_write_all(logger->descriptor, ERASE, sizeof(ERASE) - 1);
    unguard(&logger->wait);
}

void logger_wait_end(struct logger *logger)
{
    if (logger == NULL)
        return;
    logger_wait_erase(logger);
    logger->wait.going = false;
}
