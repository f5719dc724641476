#include "base/segments.h"

#include "base/attributes.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static bool is_gsm7(uint32_t codepoint, unsigned *units)
{
    static const char plain[] = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
                                "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
    static const char escaped[] = "\f^{}\\[~]|€";
    const char *const sets[] = {plain, escaped};
    size_t set, at;

    for (set = 0; set < COUNT_OF(sets); set++) {
        size_t size = strlen(sets[set]);
        for (at = 0; at < size;) {
            uint32_t candidate;
            at += str_utf8_decode(sets[set] + at, size - at, &candidate);
            if (candidate == codepoint) {
                *units += set == 0 ? 1 : 2;
                return true;
            }
        }
    }
    return false;
}

unsigned segments_of(const char *text)
{
    size_t size = strlen(text), at = 0;
    unsigned septets = 0, utf16 = 0, units, whole, part;
    bool gsm7 = true;

    while (at < size) {
        uint32_t codepoint;
        at += str_utf8_decode(text + at, size - at, &codepoint);
        utf16 += codepoint > 0xffff ? 2 : 1;
        gsm7 = gsm7 && is_gsm7(codepoint, &septets);
    }
    units = gsm7 ? septets : utf16;
    whole = gsm7 ? 160 : 70;
    part = gsm7 ? 153 : 67;
    return units <= whole ? 1 : (units + part - 1) / part;
}
