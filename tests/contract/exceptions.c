#include "exceptions.h"

#include "base/str.h"

#include <assert.h>
#include <string.h>

#define NUMBERS "/2010-04-01/Accounts/{AccountSid}/IncomingPhoneNumbers"
#define MESSAGES "/2010-04-01/Accounts/{AccountSid}/Messages"

const struct contract_exception contract_exceptions[] = {
    {CONTRACT_ANSWER, "/2010-04-01/", NULL, FINDING_FORMAT | FINDING_PATTERN, "^$",
     "the 2010 API shows unset URLs and SIDs as \"\", as the description's own examples do"},
    {CONTRACT_ANSWER, "/2010-04-01/", NULL, FINDING_FORMAT, "^/2010-04-01/",
     "the 2010 API's links are relative to its host, as the description's own examples are"},
    {CONTRACT_ANSWER, MESSAGES, "from", FINDING_FORMAT, "^([0-9]{5,6}|[A-Za-z0-9 +_&-]{1,11})$",
     "a message may come from a short code or an alpha sender, as the member's text says"},
    {CONTRACT_REQUEST, NUMBERS, "PhoneNumber", FINDING_FORMAT, "^[+*0-9]+$",
     "the filter takes partial numbers and \"*\", as the parameter's text says"},
    {CONTRACT_REQUEST, "/v1/Services", NULL, FINDING_FORMAT, "^$",
     "an empty value clears a URL; the description is silent about that"},
};
const size_t contract_exception_count = COUNT_OF(contract_exceptions);

static_assert(COUNT_OF(contract_exceptions) <= CONTRACT_MAX_EXCEPTIONS, "one counter a row");

/* "date_created" of "services[].date_created"; "capabilities" of "capabilities[]". */
static bool is_last_name(const char *place, const char *member)
{
    size_t size = strlen(place), length = strlen(member);

    if (str_ends_with(place, "[]"))
        size -= 2;
    if (size < length || memcmp(place + size - length, member, length) != 0)
        return false;
    return size == length || place[size - length - 1] == '.';
}

static bool matches(const char *pattern, const char *value)
{
    regex_t regex;
    bool match;

    if (regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB) != 0)
        return false;
    match = regexec(&regex, value, 0, NULL, 0) == 0;
    regfree(&regex);
    return match;
}

const struct contract_exception *contract_exception_for(const struct contract *contract,
                                                        enum finding finding, const char *value)
{
    for (size_t i = 0; value != NULL && i < contract_exception_count; i++) {
        const struct contract_exception *row = &contract_exceptions[i];
        if (row->side == contract->side && (row->findings & finding) != 0 &&
            str_starts_with(contract->path, row->path) &&
            (row->member == NULL || is_last_name(buf_text(&contract->place), row->member)) &&
            matches(row->pattern, value))
            return row;
    }
    return NULL;
}
