/*
 * The files that the status page carries besides those of a plan's page (render/html_assets.h). The
 * build makes their definitions (embed.cmake).
 */
#ifndef ROSTER_CLI_WATCH_ASSETS_H
#define ROSTER_CLI_WATCH_ASSETS_H

#include "render/html_assets.h"

extern const struct html_asset watch_style, watch_script;

#endif
