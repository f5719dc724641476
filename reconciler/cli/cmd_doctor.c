#include "cli/commands.h"
#include "cli/doctor.h"
#include "cli/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

enum exit_code cmd_doctor(const struct options *options, struct diag *diag)
{
    struct doctor doctor = {.options = options, .lookup = getenv, .environment = environ};
    enum exit_code code = EXIT_OK;
    struct buf out;

    buf_init(&out, BUF_LIMIT_DEFAULT);
    doctor_run(&doctor);
    if (strcmp(options->format, "json") == 0)
        doctor_report_json(&doctor, &out);
    else
        doctor_report_text(&doctor, terminal_color(options, STDOUT_FILENO), &out);
    if (terminal_write(&out, diag) != 0 || doctor.counts[DOCTOR_PROBLEM] != 0)
        code = EXIT_ERROR;
    doctor_release(&doctor);
    buf_release(&out);
    return code;
}
