#include "cli/watch_attempts.h"

#include "base/file.h"
#include "base/json_text.h"
#include "base/str.h"

#include <jansson.h>
#include <string.h>
#include <unistd.h>

enum { FILE_MAX = 1024 * 1024, VERSION = 1 };

static struct watch_attempt *find(struct watch_attempts *attempts, const char *key)
{
    size_t i;

    for (i = 0; i < attempts->count; i++)
        if (strcmp(attempts->items[i].key, key) == 0)
            return &attempts->items[i];
    return NULL;
}

enum watch_attempt_verdict watch_attempts_judge(const struct watch_attempts *attempts,
                                                const char *key)
{
    size_t i;

    for (i = 0; i < attempts->count; i++) {
        const struct watch_attempt *attempt = &attempts->items[i];
        if (strcmp(attempt->key, key) != 0)
            continue;
        if (attempt->failed)
            return WATCH_ATTEMPT_FAILED;
        return attempt->begun >= WATCH_CUT_OFF_MAX ? WATCH_ATTEMPT_CUT_OFF : WATCH_ATTEMPT_FREE;
    }
    return WATCH_ATTEMPT_FREE;
}

static void drop(struct watch_attempts *attempts, struct watch_attempt *attempt)
{
    size_t index = (size_t)(attempt - attempts->items);

    attempts->count--;
    memmove(attempt, attempt + 1, (attempts->count - index) * sizeof(*attempt));
}

void watch_attempts_begin(struct watch_attempts *attempts, const char *key)
{
    struct watch_attempt *attempt = find(attempts, key);

    if (attempt == NULL) {
        if (attempts->count == WATCH_ATTEMPTS_MAX)
            drop(attempts, attempts->items);
        attempt = &attempts->items[attempts->count++];
        memset(attempt, 0, sizeof(*attempt));
        memcpy(attempt->key, key, strlen(key) + 1);
    }
    attempt->begun++;
}

void watch_attempts_end(struct watch_attempts *attempts, const char *key,
                        enum watch_attempt_end end)
{
    struct watch_attempt *attempt = find(attempts, key);

    if (attempt == NULL)
        return;
    switch (end) {
    case WATCH_ATTEMPT_WORKED:
        attempts->count = 0;
        break;
    case WATCH_ATTEMPT_DID_NOT:
        attempt->failed = true;
        break;
    case WATCH_ATTEMPT_WITHDRAWN:
        if (--attempt->begun == 0)
            drop(attempts, attempt);
        break;
    }
}

static int read_one(struct watch_attempts *attempts, const json_t *object)
{
    const char *key = json_string_value(json_object_get(object, "key"));
    const json_t *begun = json_object_get(object, "begun"),
                 *failed = json_object_get(object, "failed");
    struct watch_attempt *attempt = &attempts->items[attempts->count];

    if (key == NULL || strlen(key) != DIGEST_HEX_SIZE - 1 || !str_is_hex(key, strlen(key)) ||
        !json_is_integer(begun) || json_integer_value(begun) < 1 || !json_is_boolean(failed) ||
        attempts->count == WATCH_ATTEMPTS_MAX)
        return -1;
    memcpy(attempt->key, key, DIGEST_HEX_SIZE);
    attempt->begun = json_integer_value(begun);
    attempt->failed = json_is_true(failed);
    attempts->count++;
    return 0;
}

static int parse(struct watch_attempts *attempts, const struct buf *text)
{
    json_t *document = json_loadb(buf_text(text), text->size, JSON_REJECT_DUPLICATES, NULL);
    const json_t *list = json_object_get(document, "attempts");
    int result = -1;
    size_t i;

    if (json_integer_value(json_object_get(document, "version")) == VERSION && json_is_array(list))
        result = 0;
    for (i = 0; result == 0 && i < json_array_size(list); i++)
        result = read_one(attempts, json_array_get(list, i));
    json_decref(document);
    return result;
}

int watch_attempts_read(struct watch_attempts *attempts, const char *path, struct diag *diag)
{
    struct buf text;
    int result = 0;

    attempts->count = 0;
    if (access(path, F_OK) != 0)
        return 0;
    buf_init(&text, FILE_MAX);
    result = file_read(path, &text, diag);
    if (result == 0 && parse(attempts, &text) != 0) {
        diag_error(diag, NULL, "%s is not what watch writes of its attempts", path);
        diag_help(diag, "nothing is applied while it is unclear what was tried; delete the file "
                        "to begin anew");
        result = -1;
    }
    buf_release(&text);
    return result;
}

int watch_attempts_write(const struct watch_attempts *attempts, const char *path, struct diag *diag)
{
    json_t *document = json_object(), *list = json_array();
    struct buf text;
    size_t i;
    int result;

    json_object_set_new(document, "version", json_integer(VERSION));
    for (i = 0; i < attempts->count; i++) {
        json_t *object = json_object();
        json_object_set_new(object, "key", json_string(attempts->items[i].key));
        json_object_set_new(object, "begun", json_integer(attempts->items[i].begun));
        json_object_set_new(object, "failed", json_boolean(attempts->items[i].failed));
        json_array_append_new(list, object);
    }
    json_object_set_new(document, "attempts", list);
    buf_init(&text, FILE_MAX);
    json_text_add_document(&text, document);
    result = file_write_atomic(path, buf_text(&text), text.size, 0600, diag);
    buf_release(&text);
    json_decref(document);
    return result;
}
