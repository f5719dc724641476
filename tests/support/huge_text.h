/*
 * For unit tests: a large roster and a live state that lacks most of it, as texts for roster_text.h
 * and live_text.h.
 *
 * Of the roster's services every third is new; the others are there without callback, and with one
 * number each that the roster does not list. One service in ten is there and not in the roster,
 * which prunes it.
 */
#ifndef ROSTER_TESTS_HUGE_TEXT_H
#define ROSTER_TESTS_HUGE_TEXT_H

#include "base/buf.h"

#include <stddef.h>

static inline void huge_text_number(struct buf *out, const char *separator, size_t number)
{
    buf_printf(out,
               "%s{\"sid\": \"PN%032zx\", \"phone_number\": \"+1%010zu\", "
               "\"capabilities\": [\"SMS\"]}",
               separator, number, 2000000000 + number);
}

static inline void huge_text_service(struct buf *out, const char *separator, const char *label,
                                     size_t service, size_t number)
{
    buf_printf(out, "%s{\"sid\": \"MG%032zx\", \"friendly_name\": \"%s %05zu\", ", separator,
               service + 1, label, service);
    buf_add_text(out, "\"status_callback\": null, \"phone_numbers\": [");
    huge_text_number(out, "", number);
    buf_add_text(out, "]}");
}

/* Each of the services gets that many numbers. The buffers are initialised by the caller. */
static inline void huge_text(size_t services, size_t numbers, struct buf *roster, struct buf *live)
{
    const size_t total = services * numbers;
    const char *separator = "";
    size_t i, j;

    buf_add_text(roster, "version: 1\nprune: true\nservices:\n");
    buf_add_text(live, "{\"services\": [");
    for (i = 0; i < services; i++) {
        buf_printf(roster,
                   "  - friendly_name: Service %05zu\n"
                   "    status_callback: https://hooks.example.com/status\n"
                   "    phone_numbers:\n",
                   i);
        for (j = 0; j < numbers; j++)
            buf_printf(roster, "      - \"+1%010zu\"\n", 2000000000 + i * numbers + j);
        if (i % 3 != 0) {
            huge_text_service(live, separator, "Service", i, total + i);
            separator = ",\n";
        }
    }
    for (i = 0; i < services; i += 10) {
        huge_text_service(live, separator, "Stray", services + i, total + services + i);
        separator = ",\n";
    }
    buf_add_text(live, "],\n\"owned\": {\"phone_numbers\": [");
    for (i = 0; i < total; i++)
        huge_text_number(live, i == 0 ? "" : ",\n", i);
    buf_add_text(live, "]}}\n");
}

#endif
