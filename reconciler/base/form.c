#include "base/form.h"

#include <string.h>

static void add_encoded(struct buf *form, const char *text)
{
    static const char unreserved[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                     "0123456789-._~";
    const char *at;

    for (at = text; *at != '\0'; at++) {
        if (strchr(unreserved, *at) != NULL)
            buf_add_char(form, *at);
        else
            buf_printf(form, "%%%02X", (unsigned char)*at);
    }
}

void form_add(struct buf *form, const char *name, const char *value)
{
    if (form->size != 0)
        buf_add_char(form, '&');
    add_encoded(form, name);
    buf_add_char(form, '=');
    add_encoded(form, value);
}
