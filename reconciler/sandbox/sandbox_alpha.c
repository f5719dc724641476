#include "sandbox/sandbox_alpha.h"

#include <string.h>

static const char refused[] = " AR BE BR CA CL CN CO CR DO EC HU IR KR MX MY NZ PA PE TW US UY VE "
                              "ZA ";
static const char registered[] = " AE CZ EG ID IN JO KE KW LK NG PH QA RU SA SG TH TR VN ";

enum sandbox_alpha sandbox_alpha_in(const char *country)
{
    char word[] = " .. ";

    if (strlen(country) != 2)
        return SANDBOX_ALPHA_TAKEN;
    memcpy(word + 1, country, 2);
    if (strstr(refused, word) != NULL)
        return SANDBOX_ALPHA_REFUSED;
    return strstr(registered, word) != NULL ? SANDBOX_ALPHA_REGISTERED : SANDBOX_ALPHA_TAKEN;
}
