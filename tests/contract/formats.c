#include "formats.h"

#include "base/attributes.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Whether the text looks like the picture: 9 is a digit, A a capital, a a small letter. */
static bool has_shape(const char *text, const char *picture)
{
    for (; *picture != '\0'; picture++, text++) {
        bool digit = *text >= '0' && *text <= '9';
        bool capital = *text >= 'A' && *text <= 'Z';
        bool small = *text >= 'a' && *text <= 'z';
        bool fits = *picture == '9'   ? digit
                    : *picture == 'A' ? capital
                    : *picture == 'a' ? small
                                      : *text == *picture;
        if (!fits)
            return false;
    }
    return *text == '\0';
}

static int number_at(const char *text, size_t digits)
{
    int value = 0;

    for (size_t i = 0; i < digits; i++)
        value = value * 10 + (text[i] - '0');
    return value;
}

static bool is_time(const char *text)
{
    return number_at(text, 2) < 24 && number_at(text + 3, 2) < 60 && number_at(text + 6, 2) < 61;
}

static bool is_date(int year, int month, int day)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    if (month < 1 || month > 12 || day < 1)
        return false;
    return day <= days[month - 1] + (leap && month == 2 ? 1 : 0);
}

/* 0: Sunday (Sakamoto's method). */
static int day_of_week(int year, int month, int day)
{
    static const int offsets[] = {0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4};

    if (month < 3)
        year--;
    return (year + year / 4 - year / 100 + year / 400 + offsets[month - 1] + day) % 7;
}

static bool is_date_time(const char *text)
{
    return has_shape(text, "9999-99-99T99:99:99Z") &&
           is_date(number_at(text, 4), number_at(text + 5, 2), number_at(text + 8, 2)) &&
           is_time(text + 11);
}

/* Position of the three letters in a row of such names, or -1. */
static int name_index(const char *names, const char *text)
{
    for (int i = 0; names[i * 3] != '\0'; i++) {
        if (strncmp(names + (size_t)i * 3, text, 3) == 0)
            return i;
    }
    return -1;
}

/* "Thu, 30 Jul 2015 23:19:04 +0000" */
static bool is_rfc_2822(const char *text)
{
    int year, month, day, weekday;

    if (!has_shape(text, "Aaa, 99 Aaa 9999 99:99:99 +0000"))
        return false;
    weekday = name_index("SunMonTueWedThuFriSat", text);
    month = name_index("JanFebMarAprMayJunJulAugSepOctNovDec", text + 8) + 1;
    day = number_at(text + 5, 2);
    year = number_at(text + 12, 4);
    return is_date(year, month, day) && weekday == day_of_week(year, month, day) &&
           is_time(text + 17);
}

static bool is_uri(const char *text)
{
    const char *host;

    if (str_starts_with(text, "https://"))
        host = text + strlen("https://");
    else if (str_starts_with(text, "http://"))
        host = text + strlen("http://");
    else
        return false;
    for (const char *at = text; *at != '\0'; at++) {
        if ((unsigned char)*at <= ' ' || (unsigned char)*at >= 0x7f || strchr("<>\"\\^`{|}", *at))
            return false;
    }
    return *host != '\0' && strchr("/?#:", *host) == NULL;
}

static bool is_e164(const char *text)
{
    size_t digits = strlen(text) - (*text == '\0' ? 0 : 1);

    return text[0] == '+' && text[1] != '0' && digits >= 7 && digits <= 15 &&
           str_is_digits(text + 1, digits);
}

static bool is_country(const char *text)
{
    return has_shape(text, "AA");
}

static bool is_currency(const char *text)
{
    return has_shape(text, "AAA") || has_shape(text, "aaa");
}

static bool is_anything(const char *text)
{
    (void)text;
    return true;
}

static const struct {
    const char *name;
    bool (*holds)(const char *text);
} formats[] = {
    {"date-time", is_date_time},
    {"date-time-rfc-2822", is_rfc_2822},
    {"uri", is_uri},
    {"phone-number", is_e164},
    {"iso-country-code", is_country},
    {"currency", is_currency},
    {"http-method", is_anything},
    {"int64", is_anything},
};

enum format_result format_check(const char *format, const char *text)
{
    for (size_t i = 0; i < COUNT_OF(formats); i++) {
        if (strcmp(formats[i].name, format) == 0)
            return formats[i].holds(text) ? FORMAT_HOLDS : FORMAT_BROKEN;
    }
    return FORMAT_UNKNOWN;
}
