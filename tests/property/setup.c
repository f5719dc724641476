#include "setup.h"

#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int take_environment(const char *prefix, const char *name, int64_t *out)
{
    char whole[64];
    const char *text;

    snprintf(whole, sizeof(whole), "%s_%s", prefix, name);
    text = getenv(whole);
    return str_is_empty(text) ? 0 : str_to_int64(text, out);
}

static int take_argument(struct setup *setup, const char *name, const char *value)
{
    if (value == NULL)
        return -1;
    if (strcmp(name, "--pairs") == 0)
        return str_to_int64(value, &setup->pairs);
    setup->alone = strcmp(name, "--seed") == 0;
    if (setup->alone)
        setup->pairs = 1;
    if (setup->alone || strcmp(name, "--base") == 0)
        return str_to_int64(value, &setup->first);
    return -1;
}

int setup_read(struct setup *setup, const char *prefix, int argc, char **argv)
{
    int i;

    if (take_environment(prefix, "SEED", &setup->first) != 0 ||
        take_environment(prefix, "PAIRS", &setup->pairs) != 0)
        return -1;
    for (i = 1; i < argc; i += 2)
        if (take_argument(setup, argv[i], argv[i + 1]) != 0)
            return -1;
    return 0;
}
