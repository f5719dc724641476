#include "cli/sandbox_option_rows.h"

#include "cli/options.h"

#include <string.h>

static const char usage[] =
    "Usage: roster-sandbox [options] [-- COMMAND [ARGUMENT...]]\n"
    "\n"
    "Serves a made-up Twilio account that behaves like the real API, on 127.0.0.1.\n"
    "With a COMMAND: listens on a free port, runs the command with TWILIO_ACCOUNT_SID,\n"
    "TWILIO_AUTH_TOKEN and ROSTER_API_URL set for it, and exits with its status.\n"
    "Without: serves until it is interrupted.\n"
    "\n"
    "Options:\n";

const char sandbox_help_faults[] =
    "The file of --faults is a list \"faults\" of rules; a request gets what the first rule\n"
    "says that takes it. Which requests a rule takes:\n"
    "  request: N            the Nth one since the start; or:\n"
    "  method: GET           those of that method, and\n"
    "  path: \"/v1/Services*\" those of that path (* is any characters); left out: all\n"
    "  skip: N               but not the first N of them\n"
    "  count: N              and no more than N, or \"all\" (default 1; all with the next two)\n"
    "  probability: 0.2      and only by chance, drawn from --seed\n"
    "  until: 2s             and only that long since the start (ms, s, m)\n"
    "What goes wrong with them, one or several together:\n"
    "  status: 503           that status instead of the effect; with it, if wanted:\n"
    "    code: 20503         Twilio's error body for that code (default 20000 + status)\n"
    "    body: text          that body instead\n"
    "    retry_after: 1      a Retry-After header, in seconds\n"
    "    effect: true        the request takes effect all the same\n"
    "  content_type: text    that Content-Type\n"
    "  delay: 300ms          the answer is that late (ms, s, m)\n"
    "  reset: before         the connection is reset, without an effect; or \"after\", with it\n"
    "  truncate: 20          the body ends after 20 bytes, Content-Length says more\n"
    "  garbage: true         the body is as many random bytes\n"
    "  drip: 50              the body comes 50 bytes each 100 ms\n"
    "  duplicate: true       the request takes effect twice, the second answer is sent\n"
    "\n"
    "Callbacks of messages get what the first rule of the list \"callbacks\" says that\n"
    "takes them:\n"
    "  status: delivered     those of that status, and\n"
    "  to: \"+1415*\"          to that recipient; left out: all\n"
    "  skip, count, probability  as above\n"
    "  lost: true            it is never sent; or, one or several together:\n"
    "  delay: 2s             it is sent that late, by the messages' clock\n"
    "  duplicate: true       it is sent twice\n"
    "  out_of_order: true    it is sent after the next one of its message\n"
    "  bad_signature: true   its signature is wrong\n"
    "\n"
    "How a message ends: the first rule of the list \"recipients\" that fits.\n"
    "  to: \"+1415*\"          its recipient\n"
    "  status: undelivered   delivered, undelivered, failed, or sent, as its last one for ever\n"
    "  code: 30003           its error; alone, for the known ones, it says the status as well\n"
    "Without one it is delivered, but to +1500553 and the last four digits of an error it ends\n"
    "with that: +15005530003 is undelivered with 30003 (30001 to 30008, 30010, 30032, 30034,\n"
    "30450); +15005530000 stays sent.\n";

const char sandbox_help_control[] =
    "Under /-/ the sandbox itself is controlled, with the account's credentials:\n"
    "  POST /-/clock AdvanceMs=MS       moves the clock of --clock manual, and answers with it\n"
    "  GET /-/clock                     the clock, messages on their way, callbacks under way\n"
    "  POST /-/inbound From= To= Body=  a message comes in; its webhook is posted, signed, to\n"
    "                                   the service's inbound_request_url or the number's\n"
    "                                   sms_url\n";

const char sandbox_help_examples[] =
    "# try a roster without an account\n"
    "roster-sandbox --state account.json -- roster apply roster.yaml\n"
    "\n"
    "# an account of its own for programs, until it is interrupted\n"
    "roster-sandbox --generate services=100,numbers=5000 --port 8080 --log requests.jsonl\n"
    "\n"
    "# what becomes of an apply when things go wrong\n"
    "roster-sandbox --faults faults.yaml --rate 50 -- roster apply --auto-approve roster.yaml\n";

/* As they are in the manual, behind two blanks. */
static void add_examples(struct buf *out)
{
    const char *at = sandbox_help_examples;

    buf_add_text(out, "\nExamples:\n");
    while (*at != '\0') {
        const size_t size = strcspn(at, "\n");
        buf_printf(out, "%s%.*s\n", size == 0 ? "" : "  ", (int)size, at);
        at += size + 1;
    }
}

void sandbox_help(struct buf *out, size_t width)
{
    enum { INDENT = 24 };
    struct buf page;
    size_t i;

    buf_init(&page, BUF_LIMIT_DEFAULT);
    buf_add_text(&page, usage);
    for (i = 0; i < sandbox_option_row_count; i++)
        help_row(&page, INDENT, sandbox_option_rows[i].name, sandbox_option_rows[i].value,
                 sandbox_option_rows[i].help);
    buf_printf(&page, "\n%s\n%s", sandbox_help_faults, sandbox_help_control);
    help_flush(&page, width, out);
    add_examples(out);
    buf_add_text(out, "\nAll of it: man roster-sandbox\n");
    buf_release(&page);
}
