/*
 * Whether a file is a plan at all, and unaltered.
 */
#include "plan/plan_file.h"

#include "base/digest.h"
#include "base/str.h"
#include "plan/plan_document.h"

#include <inttypes.h>
#include <string.h>

bool plan_file_is_plan(const char *path, const char *text, size_t size)
{
    static const char key[] = "\"format\"", value[] = "\"" PLAN_FORMAT "\"";
    size_t at = 0;

    if (str_ends_with(path, ".json"))
        return true;
    while (at < size && strchr(" \t\r\n", text[at]) != NULL && text[at] != '\0')
        at++;
    if (at == size || text[at] != '{')
        return false;
    at++;
    while (at < size && strchr(" \t\r\n", text[at]) != NULL && text[at] != '\0')
        at++;
    if (size - at < sizeof(key) - 1 || memcmp(text + at, key, sizeof(key) - 1) != 0)
        return false;
    at += sizeof(key) - 1;
    while (at < size && strchr(" \t\r\n:", text[at]) != NULL && text[at] != '\0')
        at++;
    return size - at >= sizeof(value) - 1 && memcmp(text + at, value, sizeof(value) - 1) == 0;
}

static json_t *reject(json_t *document, enum plan_file_verdict why, enum plan_file_verdict *verdict)
{
    *verdict = why;
    json_decref(document);
    return NULL;
}

static json_t *parse_json(const char *path, const char *text, size_t size, struct diag *diag)
{
    json_error_t error;
    json_t *document = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);

    if (document != NULL)
        return document;
    if (size == 0) {
        diag_error(diag, NULL, "%s is empty", path);
        diag_help(diag, "make it anew with \"roster plan --out\"");
    } else if (json_error_code(&error) == json_error_premature_end_of_input) {
        diag_error(diag, NULL, "%s was cut off: it ends in line %d", path, error.line);
        diag_help(diag, "copy the whole file, or make it anew with \"roster plan --out\"");
    } else {
        diag_error(diag, NULL, "%s is not a plan file: %s in line %d", path, error.text,
                   error.line);
        diag_help(diag, "\"roster plan --out FILE\" makes one; name a roster *.yaml to apply it");
    }
    return NULL;
}

/* Whether it is a plan of a version that we know. */
static bool check_version(const char *path, const json_t *document, struct diag *diag)
{
    const char *format = json_string_value(json_object_get(document, "format"));
    const json_t *version = json_object_get(document, "version");

    if (format == NULL || strcmp(format, PLAN_FORMAT) != 0 || !json_is_integer(version)) {
        diag_error(diag, NULL, "%s is not a plan file: it has no \"format\": \"%s\"", path,
                   PLAN_FORMAT);
        diag_help(diag, "\"roster plan --out FILE\" makes one; name a roster *.yaml to apply it");
        return false;
    }
    if (json_object_get(document, "drift") != NULL) {
        diag_error(diag, NULL, "%s is a drift report, not a plan", path);
        diag_help(diag, "\"roster plan --out FILE\" makes a plan that can be applied");
        return false;
    }
    if (json_integer_value(version) == PLAN_VERSION)
        return true;
    diag_error(diag, NULL, "%s has plan version %" JSON_INTEGER_FORMAT "; this roster reads %d",
               path, json_integer_value(version), PLAN_VERSION);
    diag_help(diag, "apply it with the roster that made it, or plan again with this one");
    return false;
}

static enum plan_file_verdict check_integrity(const char *path, const json_t *document,
                                              const char *key, struct diag *diag)
{
    const json_t *given = json_object_get(document, "integrity");
    const char *algorithm = json_string_value(json_object_get(given, "algorithm"));
    const char *value = json_string_value(json_object_get(given, "value"));
    enum plan_file_verdict verdict = PLAN_FILE_BAD;
    json_t *wanted = plan_integrity(document, key);
    bool is_signed = algorithm != NULL && strcmp(algorithm, "hmac-sha256") == 0;

    if (is_signed && key == NULL) {
        diag_error(diag, NULL, "%s is signed, and without ROSTER_PLAN_KEY that can't be checked",
                   path);
        diag_help(diag, "set ROSTER_PLAN_KEY to the key that it was made with");
        verdict = PLAN_FILE_UNREADABLE;
    } else if (!is_signed && key != NULL) {
        diag_error(diag, NULL, "%s is not signed, and ROSTER_PLAN_KEY asks for signed plans", path);
        diag_help(diag, "make it anew with ROSTER_PLAN_KEY set");
    } else if (algorithm == NULL || value == NULL ||
               strcmp(algorithm, json_string_value(json_object_get(wanted, "algorithm"))) != 0 ||
               !digest_equal(value, json_string_value(json_object_get(wanted, "value")))) {
        diag_error(diag, NULL,
                   key == NULL ? "%s was altered after it was made"
                               : "%s was altered after it was made, or signed with another key",
                   path);
        diag_help(diag, "plan again; a plan is to be reviewed, not edited");
    } else {
        verdict = PLAN_FILE_GOOD;
    }
    json_decref(wanted);
    return verdict;
}

json_t *plan_file_parse(const char *path, const char *text, size_t size, const char *key,
                        enum plan_file_verdict *verdict, struct diag *diag)
{
    json_t *document = parse_json(path, text, size, diag);

    if (document == NULL)
        return reject(document, PLAN_FILE_BAD, verdict);
    if (!check_version(path, document, diag))
        return reject(document, PLAN_FILE_UNREADABLE, verdict);
    *verdict = check_integrity(path, document, key, diag);
    return *verdict == PLAN_FILE_GOOD ? document : reject(document, *verdict, verdict);
}
