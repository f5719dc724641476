#include "render/render.h"

#include <string.h>

render_plan *render_find(const char *format)
{
    static const struct {
        const char *name;
        render_plan *render;
    } formats[] = {
        {"text", render_text},
        {"json", render_json},
        {"markdown", render_markdown},
        {"html", render_html},
    };
    size_t i;

    for (i = 0; i < COUNT_OF(formats); i++)
        if (strcmp(formats[i].name, format) == 0)
            return formats[i].render;
    return NULL;
}
