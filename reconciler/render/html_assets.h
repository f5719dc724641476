/*
 * The files that a plan's HTML page carries in itself, plan.css and plan.js, as bytes. The build
 * makes their definitions (embed.cmake); they have no NUL at the end.
 */
#ifndef ROSTER_RENDER_HTML_ASSETS_H
#define ROSTER_RENDER_HTML_ASSETS_H

#include <stddef.h>

struct html_asset {
    const unsigned char *bytes;
    size_t size;
};

extern const struct html_asset html_style, html_script;

#endif
