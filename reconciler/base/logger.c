#include "base/logger.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/json_text.h"
#include "base/str.h"

#include <string.h>

/* Enough for what is true of times in milliseconds, and 0.1 stays 0.1. */
enum { DIGITS = 12 };

bool logger_shows(const struct logger *logger, enum log_level level)
{
    return logger != NULL && level <= logger->level;
}

const char *logger_level_name(enum log_level level)
{
    static const char *const names[] = {
        [LOG_ERROR] = "error", [LOG_WARNING] = "warning", [LOG_NOTE] = "note",
        [LOG_INFO] = "info",   [LOG_TRACE] = "trace",
    };

    return names[level];
}

json_t *logger_fields(const struct logger *logger, enum log_level level)
{
    return logger_shows(logger, level) ? json_object() : NULL;
}

void logger_set(json_t *fields, const char *name, json_t *value)
{
    if (fields == NULL)
        json_decref(value);
    else
        json_object_set_new(fields, name, value);
}

void logger_set_text(json_t *fields, const char *name, const char *text)
{
    if (fields != NULL && text != NULL)
        json_object_set_new(fields, name, json_text_string(text));
}

/* A text of details as it may be shown; in the arena. */
static const char *redacted(const struct logger *logger, const char *text, struct arena *arena)
{
    char *copy = arena_strdup(arena, redact_text(logger->redactions, arena, text));

    copy[str_mask_passwords(copy, strlen(copy))] = '\0';
    return copy;
}

static void redact_fields(const struct logger *logger, json_t *fields, struct arena *arena)
{
    const char *name;
    json_t *value;

    json_object_foreach(fields, name, value)
    {
        if (json_is_string(value))
            json_object_set_new(
                fields, name, json_text_string(redacted(logger, json_string_value(value), arena)));
    }
}

static void add_value(struct buf *out, const json_t *value)
{
    const char *text = json_string_value(value);

    if (text == NULL)
        (void)json_text_add(out, value,
                            JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(DIGITS));
    else if (text[0] == '\0' || strpbrk(text, " \"\\\t\n\r") != NULL)
        str_add_quoted(out, text);
    else
        str_add_visible(out, text, strlen(text));
}

static void add_fields(struct buf *out, json_t *fields)
{
    const char *name;
    json_t *value;

    json_object_foreach(fields, name, value)
    {
        buf_printf(out, " %s=", name);
        add_value(out, value);
    }
}

static void add_text(const struct logger *logger, enum log_level level, json_t *fields,
                     const char *message, struct buf *out)
{
    const bool dim = logger->color && level >= LOG_INFO;

    if (dim)
        buf_add_text(out, "\033[2m");
    if (level >= LOG_INFO)
        buf_printf(out, "%s: ", logger_level_name(level));
    buf_add_text(out, message);
    if (level == LOG_TRACE)
        add_fields(out, fields);
    if (dim)
        buf_add_text(out, "\033[0m");
    if (out->size == 0 || out->data[out->size - 1] != '\n')
        buf_add_char(out, '\n');
}

static void add_json(const struct logger *logger, enum log_level level, json_t *fields,
                     const char *message, struct buf *out)
{
    const struct clock *clock = logger->clock == NULL ? &clock_system : logger->clock;
    size_t size = strlen(message);
    struct arena scratch = {0};
    json_t *record = json_object();
    char time[CLOCK_ISO_SIZE];

    while (size > 0 && message[size - 1] == '\n')
        size--;
    json_object_set_new(record, "time", json_string(clock_iso(clock_wall(clock), time)));
    json_object_set_new(record, "level", json_string(logger_level_name(level)));
    json_object_set_new(record, "message",
                        json_text_string(arena_strndup(&scratch, message, size)));
    if (fields != NULL)
        json_object_update_missing(record, fields);
    (void)json_text_add(out, record, JSON_COMPACT | JSON_REAL_PRECISION(DIGITS));
    buf_add_char(out, '\n');
    json_decref(record);
    arena_release(&scratch);
}

static void show(struct logger *logger, enum log_level level, json_t *fields, const char *message)
{
    const int descriptor = level >= LOG_INFO ? logger->details : logger->descriptor;
    struct arena scratch = {0};
    struct buf out;

    buf_init(&out, BUF_LIMIT_DEFAULT);
    if (level >= LOG_INFO) {
        message = redacted(logger, message, &scratch);
        redact_fields(logger, fields, &scratch);
    }
    if (level >= LOG_INFO ? logger->details_json : logger->json)
        add_json(logger, level, fields, message, &out);
    else
        add_text(logger, level, fields, message, &out);
    logger_wait_erase(logger);
    (void)!file_write_all(descriptor, buf_text(&out), out.size);
    buf_release(&out);
    arena_release(&scratch);
}

static void record(struct logger *logger, enum log_level level, json_t *fields, const char *format,
                   va_list arguments)
{
    struct buf message;

    if (logger_shows(logger, level)) {
        buf_init(&message, BUF_LIMIT_DEFAULT);
        buf_vprintf(&message, format, arguments);
        show(logger, level, fields, buf_text(&message));
        buf_release(&message);
    }
    json_decref(fields);
}

void logger_say(struct logger *logger, enum log_level level, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    record(logger, level, NULL, format, arguments);
    va_end(arguments);
}

void logger_record(struct logger *logger, enum log_level level, json_t *fields, const char *format,
                   ...)
{
    va_list arguments;

    va_start(arguments, format);
    record(logger, level, fields, format, arguments);
    va_end(arguments);
}

void logger_text(struct logger *logger, enum log_level level, const struct buf *text)
{
    if (logger_shows(logger, level) && text->size != 0)
        show(logger, level, NULL, buf_text(text));
}

void logger_pass(struct logger *logger, const char *bytes, size_t size)
{
    if (logger == NULL)
        return;
    logger_wait_erase(logger);
    (void)!file_write_all(logger->descriptor, bytes, size);
}
