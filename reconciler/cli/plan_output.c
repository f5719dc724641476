#include "cli/plan_output.h"

#include "cli/terminal.h"

#include <string.h>
#include <unistd.h>

struct render_options plan_output_look(const struct session *session, const struct options *options)
{
    return (struct render_options){
        .color = terminal_color(options, STDOUT_FILENO),
        .width = terminal_width(STDOUT_FILENO),
        .plan_key = session->plan_key,
    };
}

int plan_output(const struct session *session, const struct options *options, const char *format,
                struct diag *diag)
{
    const struct render_options look = plan_output_look(session, options);
    struct buf out;
    int result;

    buf_init(&out, BUF_LIMIT_DEFAULT);
    render_find(format)(&session->plan, &look, &out);
    result = terminal_write(&out, diag);
    buf_release(&out);
    return result;
}

bool plan_output_refused(const struct plan *plan, struct diag *diag)
{
    struct buf names;
    size_t i;

    if (plan->refusal_count == 0)
        return false;
    buf_init(&names, 64 * 1024);
    /* Those of one guard stand together. */
    for (i = 0; i < plan->refusal_count; i++)
        if (i == 0 || strcmp(plan->refusals[i].guard, plan->refusals[i - 1].guard) != 0)
            buf_printf(&names, "%s%s", i == 0 ? "" : ", ", plan->refusals[i].guard);
    diag_error(diag, NULL, "the plan was refused by its guards: %s", buf_text(&names));
    diag_help(diag, "the plan says what would allow each; nothing was changed");
    buf_release(&names);
    return true;
}
