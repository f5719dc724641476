/*
 * libFuzzer target: a webhook request, as far as it is read by what checks signatures and makes
 * events of it. The input is four lines: the content type ("-": none), the URL, the signature, and
 * from there on the body; its first byte chooses the method.
 *
 * What is signed here has to be genuine as it stands, and not with a byte changed; and whatever is
 * read has to become one line of ASCII.
 */
#include "base/memory.h"
#include "base/str.h"
#include "fuzz/fuzz_check.h"
#include "twilio/webhook_event.h"
#include "twilio/webhook_messages.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TOKEN "12345"

/* Cuts the next line off; "" when there is none. */
static char *next_line(char **at)
{
    char *line = *at;

    *at += strcspn(*at, "\n");
    if (**at == '\n')
        *(*at)++ = '\0';
    return line;
}

static void check_line(const struct webhook_event *event)
{
    struct buf line;
    size_t i;

    buf_init(&line, BUF_LIMIT_DEFAULT);
    webhook_event_add_line(event, &line);
    require(line.size > 2 && line.data[line.size - 1] == '\n');
    for (i = 0; i + 1 < line.size; i++)
        require(line.data[i] >= ' ' && line.data[i] < 0x7f);
    buf_release(&line);
}

static void read_event(const struct webhook_request *request, const struct webhook_content *content,
                       struct arena *arena)
{
    struct webhook_messages *messages = webhook_messages_new(2);
    struct webhook_event event;
    const char *why = NULL;

    if (webhook_event_read(&event, request, content, arena, &why) == 0) {
        event.path = "/";
        event.query = "";
        event.idempotency_token = request->content_type;
        event.signature = "signature";
        webhook_messages_note(messages, &event);
        require(!event.duplicate && !event.late);
        webhook_messages_note(messages, &event);
        require(event.duplicate && !event.late);
        check_line(&event);
    } else {
        require(why != NULL);
    }
    webhook_event_release(&event);
    webhook_messages_free(messages);
}

/* Signs what was read as its sender would, and has it checked again. */
static void sign_and_check(struct webhook_request *request, const struct webhook_content *content,
                           struct arena *arena)
{
    bool get = strcmp(request->method, "GET") == 0;
    size_t count = get ? 0 : content->form.count, i;
    struct webhook_parameter *parameters = arena_array(arena, count, sizeof(*parameters));
    char signature[WEBHOOK_SIGNATURE_SIZE];
    struct webhook_content again;
    const char *why;

    if (!get && !webhook_is_form(request->content_type))
        return;
    for (i = 0; i < count; i++)
        parameters[i] =
            (struct webhook_parameter){content->form.pairs[i].name, content->form.pairs[i].value};
    webhook_signature_make(TOKEN, request->url, parameters, count, signature);
    request->signature = signature;
    request->signature_count = 1;
    require(webhook_signature_check(TOKEN, request, arena, &again, &why) == WEBHOOK_GENUINE);
    signature[3] = signature[3] == 'A' ? 'B' : 'A';
    require(webhook_signature_check(TOKEN, request, arena, &again, &why) == WEBHOOK_FORGED);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = memory_zeroed(size + 1), *at = text, *type;
    struct webhook_request request = {.signature_count = 1};
    struct webhook_content content;
    struct arena arena = {0};
    enum webhook_verdict verdict;
    const char *why = NULL;

    if (size > 0)
        memcpy(text, data, size);
    request.method = size > 0 && data[0] % 2 == 0 ? "POST" : "GET";
    at += size > 0;
    type = next_line(&at);
    request.content_type = strcmp(type, "-") == 0 ? NULL : type;
    request.url = next_line(&at);
    request.signature = next_line(&at);
    request.body = at;
    request.body_size = size - (size_t)(at - text);
    verdict = webhook_signature_check(TOKEN, &request, &arena, &content, &why);
    require((verdict == WEBHOOK_GENUINE) == (why == NULL));
    if (verdict != WEBHOOK_MALFORMED) {
        read_event(&request, &content, &arena);
        sign_and_check(&request, &content, &arena);
    }
    arena_release(&arena);
    free(text);
    return 0;
}
