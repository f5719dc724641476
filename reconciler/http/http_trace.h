/*
 * An observer that logs: with LOG_TRACE a line for each attempt, with LOG_INFO one for each that is
 * repeated, with its cause and the wait.
 *
 *     trace: request method=GET url=https://messaging.twilio.com/v1/Services?PageSize=1000
 *     attempt=1 status=200 request_id=RQ… sent_bytes=0 received_bytes=5123 http=1.1 reused=false
 *     queued_ms=0 lookup_ms=1.2 connect_ms=14.1 tls_ms=20.3 first_byte_ms=120.4 duration_ms=121.7
 *
 * (on one line). Besides, where there is such a thing: form, the parameters of the body; fault and
 * error instead of the status; code and answer, Twilio's error code and the body of an answer that
 * is an error; retry_ms, after which it is sent again.
 *
 * Never shown are headers, credentials among them, and bodies of good answers. Values of the
 * query and the form that are those of a variable (`redactions`), and passwords in their URLs, are
 * replaced. With `secret_url` nothing but the scheme is shown of the URL, no body and no error
 * text.
 */
#ifndef ROSTER_HTTP_HTTP_TRACE_H
#define ROSTER_HTTP_HTTP_TRACE_H

#include "base/logger.h"
#include "base/redact.h"
#include "http/http_observer.h"

#include <stdbool.h>

struct http_trace {
    struct logger *logger;               /* borrowed; NULL: nothing is logged */
    const struct redactions *redactions; /* borrowed; NULL: none */
    bool secret_url;
};

/* `trace` has to outlive the observer. */
struct http_observer http_trace_observer(struct http_trace *trace);

#endif
