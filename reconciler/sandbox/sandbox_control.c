#include "sandbox/sandbox_request.h"

#include "base/str.h"
#include "sandbox/sandbox_error.h"
#include "sandbox/sandbox_simulator.h"
#include "sandbox/sandbox_time.h"

/* A year at once is enough for everything. */
#define ADVANCE_MAX_MS (INT64_C(366) * 24 * 60 * 60 * 1000)

static void reply_clock(const struct sandbox_request *request, struct sandbox_reply *reply)
{
    const struct sandbox_simulator *simulator = request->simulator;
    int64_t now_ms = sandbox_simulator_now_ms(simulator);
    char text[SANDBOX_TIME_SIZE];

    reply->body = json_object();
    json_object_set_new(reply->body, "clock",
                        json_string(simulator->config.manual_clock ? "manual" : "wall"));
    json_object_set_new(reply->body, "now", json_string(sandbox_time_iso_ms(now_ms, text)));
    json_object_set_new(reply->body, "now_ms", json_integer((json_int_t)now_ms));
    json_object_set_new(reply->body, "messages_on_their_way",
                        json_integer((json_int_t)simulator->life.due.count));
    json_object_set_new(reply->body, "callbacks_under_way",
                        json_integer((json_int_t)(simulator->config.pending == NULL
                                                      ? 0
                                                      : simulator->config.pending(
                                                            simulator->config.post_context))));
}

void sandbox_control_show_clock(const struct sandbox_request *request, struct sandbox_reply *reply)
{
    reply_clock(request, reply);
}

void sandbox_control_move_clock(const struct sandbox_request *request, struct sandbox_reply *reply)
{
    const char *text = sandbox_error_need(request, reply, "AdvanceMs");
    int64_t by_ms;

    if (text == NULL)
        return;
    if (str_to_int64(text, &by_ms) != 0 || by_ms < 0 || by_ms > ADVANCE_MAX_MS) {
        sandbox_error(reply, 20422, "AdvanceMs: it is milliseconds, a year of them at most", NULL);
        return;
    }
    if (!request->simulator->config.manual_clock) {
        sandbox_error(reply, 20409, "the clock moves by itself; it wants --clock manual", NULL);
        return;
    }
    sandbox_simulator_move_clock(request->simulator, by_ms);
    reply_clock(request, reply);
}
