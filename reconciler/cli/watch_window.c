#include "cli/watch_window.h"

#include "base/str.h"
#include "base/zone.h"

#include <string.h>
#include <strings.h>

enum { DAY = 24 * 60, MINUTE_MS = 60 * 1000, LOOK_AHEAD = 8 * DAY, DAYS = 7 };

static const char *const day_names[DAYS] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

/* What is being read of a window, and where it is reported. */
struct reading {
    const char *text;
    struct diag *diag;
};

static int refuse(const struct reading *reading, const char *part, size_t size, const char *what,
                  const char *help)
{
    diag_error(reading->diag, NULL, "--window \"%s\": \"%.*s\" %s", reading->text, (int)size, part,
               what);
    diag_help(reading->diag, "%s", help);
    return -1;
}

static int day_of(const char *text, size_t size)
{
    int day;

    for (day = 0; day < DAYS; day++)
        if (size == strlen(day_names[day]) && strncasecmp(text, day_names[day], size) == 0)
            return day;
    return -1;
}

/* "Mon", or "Mon-Fri", which may go over the end of the week. */
static int read_day_range(struct watch_window *window, const char *text, size_t size)
{
    const char *dash = memchr(text, '-', size);
    size_t first_size = dash == NULL ? size : (size_t)(dash - text);
    int first = day_of(text, first_size), last = first;

    if (dash != NULL)
        last = day_of(dash + 1, size - first_size - 1);
    if (first < 0 || last < 0)
        return -1;
    for (;; first = (first + 1) % DAYS) {
        window->days[first] = true;
        if (first == last)
            return 0;
    }
}

static int read_days(struct watch_window *window, const struct reading *reading, const char *text,
                     size_t size)
{
    const char *end = text + size;

    if (size == strlen("daily") && strncasecmp(text, "daily", size) == 0) {
        memset(window->days, true, sizeof(window->days));
        return 0;
    }
    for (;;) {
        const char *comma = memchr(text, ',', (size_t)(end - text));
        size_t part = (size_t)((comma == NULL ? end : comma) - text);
        if (read_day_range(window, text, part) != 0)
            return refuse(reading, text, part, "is no day of the week",
                          "days are Mon, Tue, Wed, Thu, Fri, Sat and Sun, as in Mon-Fri or "
                          "Mon,Wed,Sat-Sun, or daily");
        if (comma == NULL)
            return 0;
        text = comma + 1;
    }
}

/* "09:00" as minutes of the day, -1 when it is none. */
static int minute_of(const char *text, size_t size)
{
    int hour, minute;

    if (size != 5 || text[2] != ':' || !str_is_digits(text, 2) || !str_is_digits(text + 3, 2))
        return -1;
    hour = (text[0] - '0') * 10 + text[1] - '0';
    minute = (text[3] - '0') * 10 + text[4] - '0';
    if (minute > 59 || hour > 24 || (hour == 24 && minute != 0))
        return -1;
    return hour * 60 + minute;
}

static int read_time_range(struct watch_window *window, const struct reading *reading,
                           const char *text, size_t size)
{
    const char *dash = memchr(text, '-', size);
    int from = dash == NULL ? -1 : minute_of(text, (size_t)(dash - text));
    int to = dash == NULL ? -1 : minute_of(dash + 1, (size_t)(text + size - dash - 1));

    if (from < 0 || to < 0 || from == DAY)
        return refuse(reading, text, size, "is no range of times",
                      "write HH:MM-HH:MM, from 00:00 to 24:00: 09:00-17:00, 22:00-04:00");
    if (from == to)
        return refuse(reading, text, size, "ends when it begins", "a whole day is 00:00-24:00");
    if (window->time_count == WATCH_WINDOW_TIMES)
        return refuse(reading, text, size, "is one range of times too many",
                      "a window has eight at the most; give --window again");
    window->times[window->time_count].from = from;
    window->times[window->time_count++].to = to;
    return 0;
}

static int read_times(struct watch_window *window, const struct reading *reading, const char *text,
                      size_t size)
{
    const char *end = text + size;

    for (;;) {
        const char *comma = memchr(text, ',', (size_t)(end - text));
        size_t part = (size_t)((comma == NULL ? end : comma) - text);
        if (read_time_range(window, reading, text, part) != 0)
            return -1;
        if (comma == NULL)
            return 0;
        text = comma + 1;
    }
}

int watch_windows_add(struct watch_windows *windows, const char *text, struct diag *diag)
{
    const struct reading reading = {.text = text, .diag = diag};
    struct watch_window window = {0};
    const char *days = text + strspn(text, " "), *times, *zone;
    size_t days_size = strcspn(days, " "), times_size;

    times = days + days_size + strspn(days + days_size, " ");
    times_size = strcspn(times, " ");
    zone = times + times_size + strspn(times + times_size, " ");
    if (times_size == 0 || zone[0] == '\0' || strchr(zone, ' ') != NULL) {
        diag_error(diag, NULL, "--window \"%s\" is not DAYS TIMES ZONE", text);
        diag_help(diag, "for instance \"Mon-Fri 09:00-17:00 Europe/Berlin\" or \"Sat,Sun "
                        "00:00-24:00 UTC\"");
        return -1;
    }
    if (read_days(&window, &reading, days, days_size) != 0 ||
        read_times(&window, &reading, times, times_size) != 0)
        return -1;
    if (zone_check(zone) != 0)
        return refuse(&reading, zone, strlen(zone), "is no time zone of this machine",
                      "zones have names like Europe/Berlin, America/New_York and UTC; the package "
                      "tzdata has them");
    if (windows->count == WATCH_WINDOWS_MAX) {
        diag_error(diag, NULL, "--window can be given %d times only", WATCH_WINDOWS_MAX);
        return -1;
    }
    window.zone = zone;
    windows->items[windows->count++] = window;
    return 0;
}

/* In the window's zone already. */
static bool is_open(const struct watch_window *window, int64_t wall_ms)
{
    struct zone_time now;
    bool today, yesterday;
    size_t i;

    zone_local(wall_ms, &now);
    today = window->days[now.weekday];
    yesterday = window->days[(now.weekday + DAYS - 1) % DAYS];
    for (i = 0; i < window->time_count; i++) {
        const int from = window->times[i].from, to = window->times[i].to;
        if (from < to ? today && now.minute >= from && now.minute < to
                      : (today && now.minute >= from) || (yesterday && now.minute < to))
            return true;
    }
    return false;
}

bool watch_windows_open(const struct watch_windows *windows, int64_t wall_ms)
{
    bool open = windows->count == 0;
    struct zone zone;
    size_t i;

    for (i = 0; i < windows->count && !open; i++) {
        zone_enter(&zone, windows->items[i].zone);
        open = is_open(&windows->items[i], wall_ms);
        zone_leave(&zone);
    }
    return open;
}

int64_t watch_windows_next(const struct watch_windows *windows, int64_t wall_ms)
{
    const int64_t start = wall_ms - wall_ms % MINUTE_MS;
    int64_t first = LOOK_AHEAD + 1;
    struct zone zone;
    size_t i;

    for (i = 0; i < windows->count; i++) {
        int64_t minute = 1;
        zone_enter(&zone, windows->items[i].zone);
        while (minute < first && !is_open(&windows->items[i], start + minute * MINUTE_MS))
            minute++;
        zone_leave(&zone);
        if (minute < first)
            first = minute;
    }
    return first > LOOK_AHEAD ? 0 : start + first * MINUTE_MS;
}
