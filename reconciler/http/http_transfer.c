#include "http/http_transfer.h"

#include "base/memory.h"
#include "base/str.h"
#include "http/http_url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* libcurl stores every header; a server that never ends them is stopped here. */
enum { MAX_HEAD = 256 * 1024 };

static size_t receive_body(char *bytes, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;

    buf_add(&transfer->body, bytes, size * count);
    if (!transfer->body.full)
        return size * count;
    transfer->too_large = true;
    return CURL_WRITEFUNC_ERROR;
}

static size_t receive_header(char *bytes, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;

    if (size * count >= 5 && memcmp(bytes, "HTTP/", 5) == 0)
        transfer->head_ended = false;
    else if (bytes[0] == '\r' || bytes[0] == '\n')
        transfer->head_ended = true;
    transfer->head_size += size * count;
    if (transfer->head_size <= MAX_HEAD)
        return size * count;
    transfer->too_large = true;
    return CURL_WRITEFUNC_ERROR;
}

/*
 * Called when a connection is there and the request is about to be sent on it.
 *
 * That a POST comes here twice in one attempt means that libcurl sent it on a kept-alive
 * connection, the connection died without an answer, and libcurl wants to send it again on a fresh
 * one: Curl_retry_request() in lib/transfer.c does so for every method as long as no byte of an
 * answer was received ("Connection died, retrying a fresh connect"). The server may have acted on
 * the first one, so the second is stopped and the attempt ends as a lost connection. Most
 * connections that the server closed while idle are not affected: libcurl notices those before it
 * sends anything.
 */
static int before_sending(void *context, char *remote, char *local, int remote_port, int local_port)
{
    struct transfer *transfer = context;

    (void)remote;
    (void)local;
    (void)remote_port;
    (void)local_port;
    if (transfer->begun && transfer->once) {
        transfer->resend = true;
        return CURL_PREREQFUNC_ABORT;
    }
    transfer->begun = true;
    return CURL_PREREQFUNC_OK;
}

/*
 * libcurl keeps copies of texts. For want of memory it does not, and a removal without its method
 * would be a read.
 */
static void check_option(CURLcode code)
{
    if (code == CURLE_OUT_OF_MEMORY)
        memory_exhausted();
}

#define SET(easy, option, value) check_option(curl_easy_setopt(easy, option, value))

static void add_header(struct transfer *transfer, const char *name, const char *value)
{
    struct curl_slist *longer;
    struct buf line;

    buf_init(&line, BUF_LIMIT_DEFAULT);
    buf_printf(&line, "%s:%s%s", name, value[0] == '\0' ? "" : " ", value);
    longer = curl_slist_append(transfer->headers, line.data);
    if (longer == NULL)
        memory_exhausted();
    transfer->headers = longer;
    buf_release(&line);
}

static const char *body_of(const struct http_request *request)
{
    if (request->json != NULL)
        return request->json;
    return request->form == NULL ? "" : request->form;
}

static void set_request(struct transfer *transfer, const struct http_request *request)
{
    CURL *easy = transfer->easy;
    size_t i;

    for (i = 0; i < HTTP_EXTRA_HEADERS; i++)
        if (request->extra[i].value != NULL)
            add_header(transfer, request->extra[i].name, request->extra[i].value);
    add_header(transfer, "Accept", request->accept == NULL ? "application/json" : request->accept);
    if (request->method == HTTP_POST) {
        /* Without a value: not sent. The content type of a form is libcurl's default. */
        add_header(transfer, "Expect", "");
        SET(easy, CURLOPT_POST, 1L);
        if (request->json != NULL)
            add_header(transfer, "Content-Type", "application/json");
        SET(easy, CURLOPT_POSTFIELDS, body_of(request));
    } else if (request->method == HTTP_DELETE) {
        SET(easy, CURLOPT_CUSTOMREQUEST, http_method_name(request->method));
    }
    SET(easy, CURLOPT_HTTPHEADER, transfer->headers);
    SET(easy, CURLOPT_URL, request->url);
    if (request->user != NULL) {
        SET(easy, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
        SET(easy, CURLOPT_USERNAME, request->user);
        SET(easy, CURLOPT_PASSWORD, request->password == NULL ? "" : request->password);
    }
}

static void set_connection(CURL *easy, const struct transfer_settings *settings, const char *url)
{
    bool loopback = http_url_is_loopback(url);

    SET(easy, CURLOPT_NOSIGNAL, 1L);
    SET(easy, CURLOPT_PROTOCOLS_STR, loopback ? "http,https" : "https");
    SET(easy, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
    SET(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS);
    /* To wait for a connection that may turn out to be HTTP/2 only makes sense where that can be.
     */
    if (strncasecmp(url, "https:", 6) == 0)
        SET(easy, CURLOPT_PIPEWAIT, 1L);
    if (loopback)
        SET(easy, CURLOPT_PROXY, "");
    if (settings->ca_file != NULL) {
        SET(easy, CURLOPT_CAINFO, settings->ca_file);
        SET(easy, CURLOPT_CAPATH, NULL);
    }
    SET(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)settings->connect_timeout_ms);
    SET(easy, CURLOPT_TIMEOUT_MS, (long)settings->total_timeout_ms);
}

void transfer_prepare(struct transfer *transfer, const struct transfer_settings *settings,
                      const struct http_request *request)
{
    if (transfer->easy == NULL)
        transfer->easy = curl_easy_init();
    if (transfer->easy == NULL)
        memory_exhausted();
    buf_init(&transfer->body, settings->max_body);
    buf_init(&transfer->error, 4096);
    transfer->once = request->method == HTTP_POST && !request->repeatable;
    set_connection(transfer->easy, settings, request->url);
    set_request(transfer, request);
    SET(transfer->easy, CURLOPT_USERAGENT, settings->user_agent);
    SET(transfer->easy, CURLOPT_ACCEPT_ENCODING, "");
    SET(transfer->easy, CURLOPT_WRITEFUNCTION, receive_body);
    SET(transfer->easy, CURLOPT_WRITEDATA, transfer);
    SET(transfer->easy, CURLOPT_HEADERFUNCTION, receive_header);
    SET(transfer->easy, CURLOPT_HEADERDATA, transfer);
    SET(transfer->easy, CURLOPT_PREREQFUNCTION, before_sending);
    SET(transfer->easy, CURLOPT_PREREQDATA, transfer);
    SET(transfer->easy, CURLOPT_ERRORBUFFER, transfer->reason);
    SET(transfer->easy, CURLOPT_PRIVATE, transfer);
}

/*
 * A handshake that was cut off by the network, as against one that was refused. Only the text
 * tells: of libcurl's socket functions, of ossl_connect_step2() in its lib/vtls/openssl.c when
 * OpenSSL has no reason to give, and of OpenSSL for an early end.
 */
static bool handshake_cut_off(const char *reason)
{
    return strncmp(reason, "Send failure: ", 14) == 0 ||
           strncmp(reason, "Recv failure: ", 14) == 0 ||
           strstr(reason, " in connection to ") != NULL || strstr(reason, "unexpected eof") != NULL;
}

/*
 * A fault that says "nothing was sent" holds only when nothing was: a connection that died after
 * the request went out on it makes libcurl connect again, and that may fail in its own way.
 */
static enum http_fault unless_begun(const struct transfer *transfer, enum http_fault fault)
{
    return transfer->begun ? HTTP_FAULT_CONNECTION : fault;
}

static enum http_fault classify_handshake(const struct transfer *transfer)
{
    return handshake_cut_off(transfer->reason) ? HTTP_FAULT_CONNECT : HTTP_FAULT_TLS;
}

static long answer_status(const struct transfer *transfer)
{
    long status = 0;

    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

/* Whether the headers of a final answer came whole. */
static bool has_answer(const struct transfer *transfer)
{
    return transfer->head_ended && answer_status(transfer) >= 200;
}

static enum http_fault classify(const struct transfer *transfer, CURLcode code)
{
    if (transfer->too_large)
        return HTTP_FAULT_TOO_LARGE;
    switch (code) {
    case CURLE_OK:
        /* libcurl is content with a connection that is closed within the headers. */
        return has_answer(transfer) ? HTTP_FAULT_NONE : HTTP_FAULT_CONNECTION;
    case CURLE_OPERATION_TIMEDOUT:
        return transfer->begun ? HTTP_FAULT_TIMEOUT : HTTP_FAULT_CONNECT;
    case CURLE_ABORTED_BY_CALLBACK: /* by before_sending() */
    case CURLE_COULDNT_CONNECT:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_GOT_NOTHING:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
    case CURLE_PARTIAL_FILE:
    case CURLE_PROXY:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
        return unless_begun(transfer, HTTP_FAULT_CONNECT);
    case CURLE_SSL_CONNECT_ERROR:
        return unless_begun(transfer, classify_handshake(transfer));
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CLIENTCERT:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_ISSUER_ERROR:
        return unless_begun(transfer, HTTP_FAULT_TLS);
    default:
        return HTTP_FAULT_PROTOCOL;
    }
}

static const char *fault_words(enum http_fault fault)
{
    switch (fault) {
    case HTTP_FAULT_CONNECT:
        return "cannot connect";
    case HTTP_FAULT_CONNECTION:
        return "the connection was lost before the whole answer was there";
    case HTTP_FAULT_TIMEOUT:
        return "no whole answer in time";
    case HTTP_FAULT_TLS:
        return "no trusted TLS connection";
    case HTTP_FAULT_TOO_LARGE:
        return "the answer is too large";
    case HTTP_FAULT_NONE:
    case HTTP_FAULT_PROTOCOL:
    case HTTP_FAULT_OVER:
        break;
    }
    return "the request failed";
}

/* Why a connection failed, in the system's words where there are any. */
static const char *connect_reason(const struct transfer *transfer)
{
    long number = 0;

    curl_easy_getinfo(transfer->easy, CURLINFO_OS_ERRNO, &number);
    return number != 0 ? strerror((int)number) : transfer->reason;
}

/* What is known beyond the fault; never anything that was in the request. */
static void add_reason(const struct transfer *transfer, const struct transfer_settings *settings,
                       CURLcode code, struct buf *out)
{
    const char *reason = transfer->reason;

    if (transfer->too_large) {
        buf_printf(out, "more than %zu bytes",
                   transfer->body.full ? settings->max_body : (size_t)MAX_HEAD);
        return;
    }
    if (transfer->resend)
        reason = "Connection died after the request was sent";
    else if (code == CURLE_OK)
        reason = "Connection closed within the headers";
    else if (code == CURLE_COULDNT_RESOLVE_PROXY)
        /* libcurl's own text shows the proxy's URL, which may hold a password. */
        reason = "the proxy that https_proxy or all_proxy names is not usable";
    else if (code == CURLE_COULDNT_CONNECT)
        reason = connect_reason(transfer);
    else if (reason[0] == '\0')
        reason = curl_easy_strerror(code);
    str_add_visible(out, reason, strlen(reason));
    if (code == CURLE_PEER_FAILED_VERIFICATION)
        buf_printf(out, " (trusted are the authorities in %s%s)",
                   settings->ca_file == NULL ? "the system's certificate store" : "",
                   settings->ca_file == NULL ? "" : settings->ca_file);
}

/* A header of the final answer, as long as the transfer is neither cleared nor started anew. */
static const char *answer_header(struct transfer *transfer, const char *name)
{
    struct curl_header *header;

    if (curl_easy_header(transfer->easy, name, 0, CURLH_HEADER, -1, &header) != CURLHE_OK)
        return NULL;
    return header->value;
}

static const char *or_empty(const char *text)
{
    return text == NULL ? "" : text;
}

void transfer_conclude(struct transfer *transfer, const struct transfer_settings *settings,
                       CURLcode code, struct http_response *response)
{
    response->fault = classify(transfer, code);
    response->body = response->content_type = response->request_id = response->error = "";
    if (response->fault == HTTP_FAULT_NONE) {
        response->status = (int)answer_status(transfer);
        response->body = buf_text(&transfer->body);
        response->body_size = transfer->body.size;
        response->content_type = or_empty(answer_header(transfer, "Content-Type"));
        response->request_id = or_empty(answer_header(transfer, "Twilio-Request-Id"));
        return;
    }
    buf_printf(&transfer->error, "%s: ", fault_words(response->fault));
    add_reason(transfer, settings, code, &transfer->error);
    response->error = buf_text(&transfer->error);
}

const char *transfer_retry_after(struct transfer *transfer)
{
    return answer_header(transfer, "Retry-After");
}

int64_t transfer_latency_us(struct transfer *transfer)
{
    curl_off_t sent = 0, answered = 0;

    curl_easy_getinfo(transfer->easy, CURLINFO_PRETRANSFER_TIME_T, &sent);
    curl_easy_getinfo(transfer->easy, CURLINFO_STARTTRANSFER_TIME_T, &answered);
    return answered > sent ? (int64_t)(answered - sent) : 0;
}

static int64_t measured(const struct transfer *transfer, CURLINFO what)
{
    curl_off_t value = 0;

    return curl_easy_getinfo(transfer->easy, what, &value) == CURLE_OK ? (int64_t)value : 0;
}

static const char *http_version(const struct transfer *transfer)
{
    long version = CURL_HTTP_VERSION_NONE;

    curl_easy_getinfo(transfer->easy, CURLINFO_HTTP_VERSION, &version);
    switch (version) {
    case CURL_HTTP_VERSION_1_0:
        return "1.0";
    case CURL_HTTP_VERSION_1_1:
        return "1.1";
    case CURL_HTTP_VERSION_2_0:
        return "2";
    default:
        return "";
    }
}

/* libcurl's times count from the attempt's beginning; what was not reached is 0. */
static void measure_connection(const struct transfer *transfer, struct http_attempt *attempt)
{
    const int64_t lookup = measured(transfer, CURLINFO_NAMELOOKUP_TIME_T);
    const int64_t connected = measured(transfer, CURLINFO_CONNECT_TIME_T);
    const int64_t secured = measured(transfer, CURLINFO_APPCONNECT_TIME_T);

    attempt->lookup_us = lookup;
    attempt->connect_us = connected > lookup ? connected - lookup : 0;
    attempt->tls_us = secured > connected ? secured - connected : 0;
}

void transfer_observe(struct transfer *transfer, const struct http_observer *observer,
                      const struct job *job, const struct http_response *response,
                      const struct retry_decision *decision)
{
    struct http_attempt attempt = {
        .request = &job->request,
        .response = response,
        .number = job->attempts,
        .queued_ms = job->queued_ms,
        .again = decision->again,
        .delay_ms = decision->delay_ms,
    };
    long connections = 0;

    if (observer->ended == NULL)
        return;
    curl_easy_getinfo(transfer->easy, CURLINFO_NUM_CONNECTS, &connections);
    attempt.reused = connections == 0 && transfer->begun;
    if (!attempt.reused)
        measure_connection(transfer, &attempt);
    attempt.version = http_version(transfer);
    attempt.first_byte_us = measured(transfer, CURLINFO_STARTTRANSFER_TIME_T);
    attempt.total_us = measured(transfer, CURLINFO_TOTAL_TIME_T);
    attempt.sent_bytes = measured(transfer, CURLINFO_SIZE_UPLOAD_T);
    attempt.received_bytes = measured(transfer, CURLINFO_SIZE_DOWNLOAD_T);
    observer->ended(observer->context, &attempt);
}

void transfer_clear(struct transfer *transfer)
{
    struct transfer empty = {.easy = transfer->easy};

    /* Connections, TLS sessions and resolved names are the multi handle's and stay. */
    curl_easy_reset(transfer->easy);
    curl_slist_free_all(transfer->headers);
    buf_release(&transfer->body);
    buf_release(&transfer->error);
    *transfer = empty;
}

void transfer_release(struct transfer *transfer)
{
    if (transfer->easy == NULL)
        return;
    transfer_clear(transfer);
    curl_easy_cleanup(transfer->easy);
    transfer->easy = NULL;
}
