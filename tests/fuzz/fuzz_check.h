/*
 * What both fuzz targets hold whatever they report to.
 */
#ifndef ROSTER_TESTS_FUZZ_CHECK_H
#define ROSTER_TESTS_FUZZ_CHECK_H

#include "base/diag.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdlib.h>

static inline void require(bool holds)
{
    if (!holds)
        abort();
}

static inline bool may_be_shown(unsigned char byte, bool color)
{
    return (byte >= 0x20 && byte != 0x7f) || byte == '\n' || (color && byte == 0x1b);
}

/* What is shown is UTF-8 without a control character but line ends, and escapes only in color. */
static inline void check_shown(const struct diag *diag, bool color)
{
    struct buf shown;
    size_t i;

    buf_init(&shown, BUF_LIMIT_DEFAULT);
    diag_render_text(diag, &shown, color);
    require(!shown.full);
    require(str_utf8_valid(buf_text(&shown), shown.size) == shown.size);
    for (i = 0; i < shown.size; i++)
        require(may_be_shown((unsigned char)shown.data[i], color));
    buf_release(&shown);
}

#endif
