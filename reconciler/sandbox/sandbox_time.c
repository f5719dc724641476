#include "sandbox/sandbox_time.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* Not strftime(): its names are those of the locale. */
static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

static struct tm parts_of(int64_t seconds)
{
    struct tm parts = {0};
    time_t time = (time_t)seconds;
    /* Past what the calendar holds it leaves the parts at zero, which is as good as any. */
    (void)gmtime_r(&time, &parts);
    return parts;
}

const char *sandbox_time_iso(int64_t seconds, char out[SANDBOX_TIME_SIZE])
{
    struct tm at = parts_of(seconds);
    snprintf(out, SANDBOX_TIME_SIZE, "%04d-%02d-%02dT%02d:%02d:%02dZ", at.tm_year + 1900,
             at.tm_mon + 1, at.tm_mday, at.tm_hour, at.tm_min, at.tm_sec);
    return out;
}

const char *sandbox_time_iso_ms(int64_t milliseconds, char out[SANDBOX_TIME_SIZE])
{
    size_t end;
    sandbox_time_iso(milliseconds / 1000, out);
    end = strlen(out) - 1;
    snprintf(out + end, SANDBOX_TIME_SIZE - end, ".%03dZ", (int)(milliseconds % 1000));
    return out;
}

const char *sandbox_time_rfc2822(int64_t seconds, char out[SANDBOX_TIME_SIZE])
{
    struct tm at = parts_of(seconds);
    snprintf(out, SANDBOX_TIME_SIZE, "%s, %02d %s %04d %02d:%02d:%02d +0000", days[at.tm_wday],
             at.tm_mday, months[at.tm_mon], at.tm_year + 1900, at.tm_hour, at.tm_min, at.tm_sec);
    return out;
}

const char *sandbox_time_minute(int64_t seconds, char out[SANDBOX_TIME_SIZE])
{
    struct tm at = parts_of(seconds);
    snprintf(out, SANDBOX_TIME_SIZE, "%02d%02d%02d%02d%02d", at.tm_year % 100, at.tm_mon + 1,
             at.tm_mday, at.tm_hour, at.tm_min);
    return out;
}

/* `size` digits at `*text` as a number between the limits; moves past them. */
static int take_number(const char **text, int size, int least, int most, int *out)
{
    int value = 0;
    while (size-- > 0) {
        if (**text < '0' || **text > '9')
            return -1;
        value = value * 10 + *(*text)++ - '0';
    }
    if (value < least || value > most)
        return -1;
    *out = value;
    return 0;
}

static int take_text(const char **text, const char *wanted)
{
    size_t size = strlen(wanted);
    if (strncmp(*text, wanted, size) != 0)
        return -1;
    *text += size;
    return 0;
}

static int take_name(const char **text, const char (*names)[4], int count, int *out)
{
    int i;
    for (i = 0; i < count; i++) {
        if (take_text(text, names[i]) == 0) {
            *out = i;
            return 0;
        }
    }
    return -1;
}

static int take_clock(const char **text, struct tm *at)
{
    if (take_number(text, 2, 0, 23, &at->tm_hour) != 0 || take_text(text, ":") != 0 ||
        take_number(text, 2, 0, 59, &at->tm_min) != 0 || take_text(text, ":") != 0 ||
        take_number(text, 2, 0, 60, &at->tm_sec) != 0)
        return -1;
    return 0;
}

static int take_day(const char **text, struct tm *at)
{
    if (take_number(text, 4, 1900, 9999, &at->tm_year) != 0 || take_text(text, "-") != 0 ||
        take_number(text, 2, 1, 12, &at->tm_mon) != 0 || take_text(text, "-") != 0 ||
        take_number(text, 2, 1, 31, &at->tm_mday) != 0)
        return -1;
    at->tm_year -= 1900;
    at->tm_mon -= 1;
    return 0;
}

static int take_rfc2822(const char **text, struct tm *at)
{
    int weekday;
    if (take_name(text, days, 7, &weekday) != 0 || take_text(text, ", ") != 0 ||
        take_number(text, 2, 1, 31, &at->tm_mday) != 0 || take_text(text, " ") != 0 ||
        take_name(text, months, 12, &at->tm_mon) != 0 || take_text(text, " ") != 0 ||
        take_number(text, 4, 1900, 9999, &at->tm_year) != 0 || take_text(text, " ") != 0 ||
        take_clock(text, at) != 0 || take_text(text, " +0000") != 0)
        return -1;
    at->tm_year -= 1900;
    return 0;
}

static int take_iso(const char **text, struct tm *at)
{
    if (take_day(text, at) != 0 || take_text(text, "T") != 0 || take_clock(text, at) != 0)
        return -1;
    if (take_text(text, ".") == 0)
        while (**text >= '0' && **text <= '9')
            (*text)++;
    return take_text(text, "Z");
}

int sandbox_time_parse(const char *text, int64_t *out)
{
    struct tm at = {0};
    const char *rest = text;

    if (take_iso(&rest, &at) != 0 || *rest != '\0') {
        memset(&at, 0, sizeof(at));
        rest = text;
        if (take_rfc2822(&rest, &at) != 0 || *rest != '\0')
            return -1;
    }
    *out = (int64_t)timegm(&at);
    return 0;
}

int sandbox_time_parse_filter(const char *text, int64_t *out, bool *day)
{
    struct tm at = {0};
    const char *rest = text;

    *day = take_day(&rest, &at) == 0 && *rest == '\0';
    if (!*day)
        return sandbox_time_parse(text, out);
    *out = (int64_t)timegm(&at);
    return 0;
}
