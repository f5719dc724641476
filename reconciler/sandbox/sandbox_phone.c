#include "sandbox/sandbox_phone.h"

#include "base/attributes.h"
#include "base/str.h"

#include <string.h>

bool sandbox_phone_is_e164(const char *text)
{
    size_t digits = strlen(text) - 1;
    return text[0] == '+' && text[1] != '0' && digits >= 7 && digits <= 15 &&
           str_is_digits(text + 1, digits);
}

bool sandbox_phone_is_short_code(const char *text)
{
    size_t size = strlen(text);
    return (size == 5 || size == 6) && str_is_digits(text, size);
}

bool sandbox_phone_is_alpha_sender(const char *text)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                  "0123456789 -+_&";
    size_t size = strlen(text);
    return size >= 1 && size <= 11 && strspn(text, allowed) == size && !str_is_digits(text, size);
}

const char *sandbox_phone_channel(const char *text)
{
    static const struct {
        const char *prefix, *name;
    } channels[] = {
        {"whatsapp:", "WhatsApp"},
        {"messenger:", "Messenger"},
        {"rcs:", "RCS"},
    };
    size_t i;

    for (i = 0; i < COUNT_OF(channels); i++) {
        const char *address = text + strlen(channels[i].prefix);
        if (!str_starts_with(text, channels[i].prefix))
            continue;
        if (i == 0 ? sandbox_phone_is_e164(address) : *address != '\0')
            return channels[i].name;
    }
    return NULL;
}

bool sandbox_phone_read_country(const char *text, char out[3])
{
    char country[3] = "";
    size_t i;

    if (strlen(text) != 2)
        return false;
    for (i = 0; i < 2; i++) {
        /* Without regard to the locale, as ever. */
        country[i] = text[i] >= 'a' && text[i] <= 'z' ? (char)(text[i] - 'a' + 'A') : text[i];
        if (country[i] < 'A' || country[i] > 'Z')
            return false;
    }
    memcpy(out, country, sizeof(country));
    return true;
}

bool sandbox_phone_normalise(const char *text, char out[SANDBOX_PHONE_SIZE])
{
    bool international = text[0] == '+';
    size_t count = 0;
    char digits[SANDBOX_PHONE_SIZE];

    for (text += international; *text != '\0'; text++) {
        if (strchr(" -.()", *text) != NULL)
            continue;
        if (*text < '0' || *text > '9' || count == 15)
            return false;
        digits[count++] = *text;
    }
    digits[count] = '\0';
    out[0] = '+';
    if (!international && count == 10) {
        out[1] = '1';
        memcpy(out + 2, digits, count + 1);
    } else {
        if (!international && !(count == 11 && digits[0] == '1'))
            return false;
        memcpy(out + 1, digits, count + 1);
    }
    return sandbox_phone_is_e164(out);
}

const char *sandbox_phone_friendly(struct arena *arena, const char *address)
{
    if (strlen(address) != 12 || !str_starts_with(address, "+1"))
        return arena_strdup(arena, address);
    return arena_printf(arena, "(%.3s) %.3s-%s", address + 2, address + 5, address + 8);
}

/* Prefixes that share a beginning stand with the longer one first. */
static const struct {
    char prefix[4], country[3];
} countries[] = {
    {"20", "EG"},  {"211", "SS"}, {"212", "MA"}, {"213", "DZ"}, {"216", "TN"}, {"220", "GM"},
    {"221", "SN"}, {"233", "GH"}, {"234", "NG"}, {"254", "KE"}, {"255", "TZ"}, {"256", "UG"},
    {"27", "ZA"},  {"30", "GR"},  {"31", "NL"},  {"32", "BE"},  {"33", "FR"},  {"34", "ES"},
    {"351", "PT"}, {"352", "LU"}, {"353", "IE"}, {"354", "IS"}, {"356", "MT"}, {"357", "CY"},
    {"358", "FI"}, {"359", "BG"}, {"36", "HU"},  {"370", "LT"}, {"371", "LV"}, {"372", "EE"},
    {"380", "UA"}, {"381", "RS"}, {"385", "HR"}, {"386", "SI"}, {"39", "IT"},  {"40", "RO"},
    {"41", "CH"},  {"420", "CZ"}, {"421", "SK"}, {"43", "AT"},  {"44", "GB"},  {"45", "DK"},
    {"46", "SE"},  {"47", "NO"},  {"48", "PL"},  {"49", "DE"},  {"51", "PE"},  {"52", "MX"},
    {"54", "AR"},  {"55", "BR"},  {"56", "CL"},  {"57", "CO"},  {"58", "VE"},  {"60", "MY"},
    {"61", "AU"},  {"62", "ID"},  {"63", "PH"},  {"64", "NZ"},  {"65", "SG"},  {"66", "TH"},
    {"7", "RU"},   {"81", "JP"},  {"82", "KR"},  {"84", "VN"},  {"852", "HK"}, {"86", "CN"},
    {"886", "TW"}, {"90", "TR"},  {"91", "IN"},  {"92", "PK"},  {"94", "LK"},  {"966", "SA"},
    {"971", "AE"}, {"972", "IL"}, {"974", "QA"}, {"98", "IR"},
};

/* Area codes of Canada; all else behind +1 is taken for the US. */
static const char canada[] = " 204 226 236 249 250 257 263 289 306 343 354 365 367 368 382 387 403 "
                             "416 418 428 431 437 438 450 460 468 474 506 514 519 537 548 568 579 "
                             "581 584 587 604 613 639 647 672 683 705 709 742 753 778 780 782 807 "
                             "819 825 867 873 879 902 905 942 ";

const char *sandbox_phone_country(const char *e164)
{
    size_t i;

    if (e164[0] != '+')
        return "";
    if (e164[1] == '1') {
        char area[] = " ... ";
        if (strlen(e164) != 12)
            return "US";
        memcpy(area + 1, e164 + 2, 3);
        return strstr(canada, area) != NULL ? "CA" : "US";
    }
    for (i = 0; i < COUNT_OF(countries); i++)
        if (str_starts_with(e164 + 1, countries[i].prefix))
            return countries[i].country;
    return "";
}

static bool has_area(const char *e164)
{
    return str_starts_with(e164, "+1") && strlen(e164) == 12;
}

bool sandbox_phone_is_toll_free(const char *e164)
{
    static const char codes[] = " 800 833 844 855 866 877 888 ";
    char area[] = " ... ";

    if (!has_area(e164))
        return false;
    memcpy(area + 1, e164 + 2, 3);
    return strstr(codes, area) != NULL;
}

bool sandbox_phone_same_area(const char *e164, const char *other)
{
    return has_area(e164) && has_area(other) && memcmp(e164, other, 5) == 0;
}

static bool matches_here(const char *digits, const char *pattern)
{
    for (; *pattern != '\0'; pattern++, digits++)
        if (*digits == '\0' || (*pattern == '*' ? *digits == '+' : *pattern != *digits))
            return false;
    return true;
}

bool sandbox_phone_matches(const char *digits, const char *pattern)
{
    do {
        if (matches_here(digits, pattern))
            return true;
    } while (*digits++ != '\0');
    return false;
}
