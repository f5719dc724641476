#include "http/http_probe.h"

#include "http/http_transfer.h"

#include <curl/curl.h>
#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static enum http_probe_end end_of(CURLcode code, enum http_fault fault)
{
    if (fault == HTTP_FAULT_NONE)
        return HTTP_PROBE_ANSWERED;
    if (code == CURLE_COULDNT_RESOLVE_PROXY)
        return HTTP_PROBE_PROXY_NAME;
    if (code == CURLE_COULDNT_RESOLVE_HOST)
        return HTTP_PROBE_NAME;
    switch (fault) {
    case HTTP_FAULT_CONNECT:
    case HTTP_FAULT_CONNECTION:
        return HTTP_PROBE_CONNECTION;
    case HTTP_FAULT_TLS:
        return HTTP_PROBE_TLS;
    case HTTP_FAULT_TIMEOUT:
        return HTTP_PROBE_TIMEOUT;
    case HTTP_FAULT_NONE:
    case HTTP_FAULT_TOO_LARGE:
    case HTTP_FAULT_PROTOCOL:
    case HTTP_FAULT_OVER:
        break;
    }
    return HTTP_PROBE_ODD;
}

/* Seconds, so that the answer's time is half a second later on the average. */
static int64_t date_of(struct transfer *transfer)
{
    const char *text = transfer_header(transfer, "Date");
    const time_t seconds = text == NULL ? -1 : curl_getdate(text, NULL);

    return seconds == -1 ? -1 : (int64_t)seconds * 1000 + 500;
}

static void conclude(struct http_probe *probe, struct transfer *transfer,
                     const struct transfer_settings *settings, CURLcode code, struct arena *arena)
{
    struct http_response response = {0};
    char *address = NULL;

    transfer_conclude(transfer, settings, code, &response);
    curl_easy_getinfo(transfer->easy, CURLINFO_PRIMARY_IP, &address);
    probe->end = end_of(code, response.fault);
    probe->error = arena_strdup(arena, response.error);
    probe->address = arena_strdup(arena, address == NULL ? "" : address);
    probe->status = response.status;
    probe->date_ms = -1;
    if (probe->end == HTTP_PROBE_ANSWERED)
        probe->date_ms = date_of(transfer);
}

int http_probe(struct http_probe *probe, const struct http_engine_config *config, const char *url,
               struct arena *arena, struct diag *diag)
{
    const struct http_request request = {.method = HTTP_GET, .url = url};
    struct transfer_settings settings;
    struct transfer transfer = {0};
    int64_t begun_ms = clock_monotonic(&clock_system);
    const char *why;
    CURLcode code;

    memset(probe, 0, sizeof(*probe));
    if (!http_url_allowed(url, &why)) {
        *probe = (struct http_probe){.end = HTTP_PROBE_ODD, .error = why, .address = ""};
        return 0;
    }
    if (config->ca_file != NULL && access(config->ca_file, R_OK) != 0) {
        diag_error(diag, NULL, "cannot read the CA file %s: %s", config->ca_file, strerror(errno));
        return -1;
    }
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        diag_error(diag, NULL, "cannot set up libcurl");
        return -1;
    }
    transfer_settings_init(&settings, config);
    transfer_prepare(&transfer, &settings, &request);
    code = curl_easy_perform(transfer.easy);
    probe->local_ms = clock_wall(&clock_system);
    probe->duration_ms = clock_monotonic(&clock_system) - begun_ms;
    conclude(probe, &transfer, &settings, code, arena);
    transfer_release(&transfer);
    transfer_settings_release(&settings);
    curl_global_cleanup();
    return 0;
}
