/*
 * The commands, one cmd_<name>.c each. Each writes its document to standard output, reports into
 * `diag`, which main prints, and returns the exit code.
 */
#ifndef ROSTER_CLI_COMMANDS_H
#define ROSTER_CLI_COMMANDS_H

#include "cli/options.h"

enum exit_code cmd_validate(const struct options *options, struct diag *diag);
enum exit_code cmd_plan(const struct options *options, struct diag *diag);
enum exit_code cmd_apply(const struct options *options, struct diag *diag);
enum exit_code cmd_rehearse(const struct options *options, struct diag *diag);
enum exit_code cmd_doctor(const struct options *options, struct diag *diag);
enum exit_code cmd_drift(const struct options *options, struct diag *diag);
enum exit_code cmd_export(const struct options *options, struct diag *diag);
enum exit_code cmd_fmt(const struct options *options, struct diag *diag);
enum exit_code cmd_adopt(const struct options *options, struct diag *diag);
enum exit_code cmd_test(const struct options *options, struct diag *diag);
enum exit_code cmd_journal(const struct options *options, struct diag *diag);
enum exit_code cmd_listen(const struct options *options, struct diag *diag);
enum exit_code cmd_watch(const struct options *options, struct diag *diag);
enum exit_code cmd_schema(const struct options *options, struct diag *diag);
enum exit_code cmd_completion(const struct options *options, struct diag *diag);
enum exit_code cmd_version(const struct options *options, struct diag *diag);
enum exit_code cmd_help(const struct options *options, struct diag *diag);

#endif
