#include "cli/rehearsal_faults.h"

#include "base/str.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/*
 * The first requests of each kind are hit surely, so that small plans have their share of trouble,
 * and of the others one in five.
 */
static const struct trouble {
    const char *name, *meaning, *text;
} troubles[] = {
    {"429", "Twilio refuses requests as too many",
     "faults:\n"
     "  - {method: GET, count: 1, status: 429, code: 20429}\n"
     "  - {method: POST, count: 1, status: 429, code: 20429}\n"
     "  - {method: DELETE, count: 1, status: 429, code: 20429}\n"
     "  - {probability: 0.2, status: 429, code: 20429}\n"},
    {"5xx", "Twilio answers that it is unavailable; of writes, some take effect all the same",
     "faults:\n"
     "  - {method: GET, count: 1, status: 503, code: 20503}\n"
     "  - {method: POST, count: 1, status: 503, code: 20503}\n"
     "  - {method: POST, count: 1, status: 500, code: 20500, effect: true}\n"
     "  - {method: DELETE, count: 1, status: 500, code: 20500, effect: true}\n"
     "  - {probability: 0.1, status: 503, code: 20503}\n"
     "  - {probability: 0.1, status: 500, code: 20500, effect: true}\n"},
    {"lost-answers", "writes take effect, and their answers are lost",
     "faults:\n"
     "  - {method: POST, count: 1, reset: after}\n"
     "  - {method: DELETE, count: 1, reset: after}\n"
     "  - {method: POST, probability: 0.2, reset: after}\n"
     "  - {method: DELETE, probability: 0.2, reset: after}\n"},
    {"resets", "connections break before requests take effect",
     "faults:\n"
     "  - {method: GET, count: 1, reset: before}\n"
     "  - {method: POST, count: 1, reset: before}\n"
     "  - {method: DELETE, count: 1, reset: before}\n"
     "  - {probability: 0.2, reset: before}\n"},
    {"outage", "Twilio stops taking writes half way, and stays so",
     "faults:\n"
     "  - {method: POST, skip: 1, count: all, status: 503, code: 20503}\n"
     "  - {method: DELETE, skip: 1, count: all, status: 503, code: 20503}\n"},
};

static const struct trouble *find(const char *name)
{
    size_t i;

    for (i = 0; i < COUNT_OF(troubles); i++)
        if (strcmp(troubles[i].name, name) == 0)
            return &troubles[i];
    return NULL;
}

/* Names are not files, unless there is such a file. */
static int complain(const char *name, struct diag *diag)
{
    const char *names[COUNT_OF(troubles)], *nearest;
    size_t i;

    for (i = 0; i < COUNT_OF(troubles); i++)
        names[i] = troubles[i].name;
    nearest = str_closest(name, names, COUNT_OF(names));
    diag_error(diag, NULL, "--faults: there is no file %s, and no trouble of that name", name);
    if (nearest != NULL)
        diag_help(diag, "did you mean \"%s\"?", nearest);
    else
        diag_help(diag, "it takes a file as roster-sandbox does, or 429, 5xx, lost-answers, "
                        "resets, outage");
    return -1;
}

int rehearsal_faults_read(const char *name, struct sandbox_faults_file *file, struct diag *diag)
{
    const struct trouble *trouble = find(name);
    struct stat info;

    if (trouble != NULL)
        return sandbox_faults_file_parse(file, trouble->name, trouble->text, strlen(trouble->text),
                                         diag);
    if (stat(name, &info) != 0 && errno == ENOENT)
        return complain(name, diag);
    return sandbox_faults_file_read(file, name, diag);
}

const char *rehearsal_faults_meaning(const char *name)
{
    const struct trouble *trouble = find(name);

    return trouble == NULL ? NULL : trouble->meaning;
}
