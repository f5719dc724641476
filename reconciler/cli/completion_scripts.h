/*
 * The scripts that switch completion on, one for each shell; also installed as files. The build
 * makes their definitions (embed.cmake).
 */
#ifndef ROSTER_CLI_COMPLETION_SCRIPTS_H
#define ROSTER_CLI_COMPLETION_SCRIPTS_H

#include <stddef.h>

struct completion_script {
    const unsigned char *bytes;
    size_t size;
};

extern const struct completion_script completion_bash, completion_zsh, completion_fish;

#endif
