/*
 * Logger: all that a program says besides its document, each piece with a level, as text for people
 * or as JSON Lines for machines; and the one line of a terminal that shows how a wait goes on.
 *
 *     logger_say(log, LOG_INFO, "read %zu services in %zu requests", services, requests);
 *
 *     json_t *fields = logger_fields(log, LOG_TRACE);     NULL when nobody wants to know
 *     logger_set(fields, "status", json_integer(200));
 *     logger_record(log, LOG_TRACE, fields, "request");
 *
 * Levels: what is above `level` is not shown.
 *
 *     LOG_ERROR    what has to be known whatever was asked for; all that --quiet leaves
 *     LOG_WARNING  what is wrong without being an error
 *     LOG_NOTE     what people expect to read: results, progress of an apply
 *     LOG_INFO     what is done, and why: --verbose
 *     LOG_TRACE    each request: --trace
 *
 * As text a message stands as it is, that of LOG_INFO behind "info: ", that of LOG_TRACE behind
 * "trace: " and before its fields, as name=value, quoted where a blank would take them apart. As
 * JSON each message is one object on one line:
 *
 *     {"time": "2026-01-31T12:00:00.000Z", "level": "trace", "message": "request", "status": 200}
 *
 * Messages that repeat what came from outside have gone through str_add_visible() before; fields
 * are escaped here. In LOG_INFO and LOG_TRACE, message and fields, the values of `redactions` and
 * passwords of URLs are replaced; the other levels are worded by those who know what they may show.
 *
 * Waits: between logger_wait_begin() and logger_wait_end() call logger_wait() as often as you like.
 * On a terminal its text appears after a second and is written over at most ten times a second, cut
 * to the terminal's width of that moment; whatever else is said goes above it; at the end, and when
 * a signal ends the process, it is erased. Elsewhere, with LOG_INFO, the text is said every ten
 * seconds. Waits don't nest: an inner one ends the outer.
 *
 * Everywhere a logger may be NULL: then nothing is shown. Not thread-safe. Each message is one
 * write, so that processes can share a descriptor. That writing fails is nobody's business.
 */
#ifndef ROSTER_BASE_LOGGER_H
#define ROSTER_BASE_LOGGER_H

#include "base/attributes.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/redact.h"

#include <jansson.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

enum log_level { LOG_ERROR, LOG_WARNING, LOG_NOTE, LOG_INFO, LOG_TRACE };

/* A second of silence is none; more than ten pictures a second only flicker. */
enum {
    LOGGER_WAIT_MS = 1000,
    LOGGER_REDRAW_MS = 100,
    LOGGER_REPEAT_MS = 10 * 1000,
    LOGGER_LINE_MAX = 1024,
    LOGGER_SIGNALS = 3,
};

/* The wait that is going on; the logger's own. */
struct logger_wait {
    bool going, drawn;
    int64_t begun_ms, drawn_ms, said_ms;
    char line[LOGGER_LINE_MAX]; /* as it was drawn */
    struct sigaction before[LOGGER_SIGNALS];
};

/* Set up by its owner; all zero but `descriptor` and `details` shows errors, as text. */
struct logger {
    enum log_level level;
    bool json, details_json; /* what goes to the one descriptor and the other */
    bool color;
    bool redraw;                         /* `descriptor` is a terminal that can write over a line */
    int descriptor;                      /* of all up to LOG_NOTE */
    int details;                         /* of LOG_INFO and LOG_TRACE; mostly the same */
    unsigned (*columns)(int descriptor); /* the terminal's width now, 0: unknown; may be NULL */
    const struct clock *clock;           /* NULL: the system's */
    const struct redactions *redactions; /* as above; borrowed; NULL: none are known */
    struct logger_wait wait;
};

/* Whether such a message would be shown. */
bool logger_shows(const struct logger *logger, enum log_level level);

/* "error", "warning", "note", "info", "trace". */
const char *logger_level_name(enum log_level level);

/* Says a message; it has no end of line. */
void logger_say(struct logger *logger, enum log_level level, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* The same with a text that was put together before; an end of line is added unless it has one. */
void logger_text(struct logger *logger, enum log_level level, const struct buf *text);

/* The same with fields, which are taken over; NULL: none. */
void logger_record(struct logger *logger, enum log_level level, json_t *fields, const char *format,
                   ...) PRINTF_LIKE(4, 5);

/* An empty object for fields, NULL when the level is not shown. */
json_t *logger_fields(const struct logger *logger, enum log_level level);

/* Takes the value over. With NULL for the fields it is dropped. */
void logger_set(json_t *fields, const char *name, json_t *value);
/* A text, which need not be UTF-8; NULL is left out. */
void logger_set_text(json_t *fields, const char *name, const char *text);

/* Writes bytes as they are, on behalf of others; not for JSON. */
void logger_pass(struct logger *logger, const char *bytes, size_t size);

void logger_wait_begin(struct logger *logger);
/* Whether logger_wait() would do something now: a text need not be made for nothing. */
bool logger_wait_is_due(const struct logger *logger);
void logger_wait(struct logger *logger, const char *format, ...) PRINTF_LIKE(2, 3);
void logger_wait_end(struct logger *logger);
/* Whether waits are shown at all, so that it makes sense to wake up for them. */
bool logger_shows_waits(const struct logger *logger);

/* Takes the line away, for what others write to the terminal; it comes again by itself. */
void logger_wait_erase(struct logger *logger);

#endif
