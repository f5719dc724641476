/*
 * Checks of the way to Twilio: proxy, certificates, hosts, clock.
 */
#include "cli/doctor.h"

#include "base/str.h"
#include "http/http_url.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* How far clocks may differ without harm. */
enum { SKEW_MS = 60 * 1000 };

/* The variable that libcurl takes its proxy for https from; it reads HTTPS_PROXY last of its two.
 */
static const char *proxy_variable(const struct doctor *doctor)
{
    static const char *const names[] = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
    size_t i;

    for (i = 0; i < COUNT_OF(names); i++)
        if (!str_is_empty(doctor->lookup(names[i])))
            return names[i];
    return NULL;
}

static bool is_loopback(const struct doctor *doctor)
{
    return http_url_is_loopback(doctor->hosts.api);
}

void doctor_proxy(struct doctor *doctor)
{
    const char *name = proxy_variable(doctor), *exceptions = doctor->lookup("no_proxy");
    char *shown;

    if (str_is_empty(exceptions))
        exceptions = doctor->lookup("NO_PROXY");
    if (name == NULL || is_loopback(doctor)) {
        doctor_add(doctor, DOCTOR_OK, NULL, "%s",
                   name == NULL ? "none: requests go straight to their hosts"
                                : "none is used for this machine itself");
        return;
    }
    shown = arena_strdup(&doctor->arena, doctor->lookup(name));
    str_mask_passwords(shown, strlen(shown));
    doctor_add(doctor, DOCTOR_OK, NULL, "requests go through %s (%s)%s%s%s", shown, name,
               str_is_empty(exceptions) ? "" : ", but those to ",
               str_is_empty(exceptions) ? "" : exceptions,
               str_is_empty(exceptions) ? "" : " (no_proxy)");
}

void doctor_ca_file(struct doctor *doctor)
{
    const char *path = doctor->options->ca_file;

    if (path == NULL)
        doctor_add(doctor, DOCTOR_OK, NULL, "the system's authorities are trusted");
    else if (access(path, R_OK) != 0)
        doctor_add(doctor, DOCTOR_PROBLEM, "give --ca-file (ROSTER_CA_FILE) a file that is there",
                   "cannot read the CA file %s: %s", path, strerror(errno));
    else
        doctor_add(doctor, DOCTOR_OK, NULL, "only the authorities in %s are trusted", path);
}

/* Hosts */

static const char *advice_for(enum http_probe_end end)
{
    switch (end) {
    case HTTP_PROBE_PROXY_NAME:
        return "look at https_proxy and all_proxy: name, port, and whether one is needed";
    case HTTP_PROBE_NAME:
        return "look at the network and its name servers; with TWILIO_REGION or TWILIO_EDGE, at "
               "their spelling";
    case HTTP_PROBE_CONNECTION:
        return "look at the network, firewalls and proxies; port 443 to Twilio has to be open";
    case HTTP_PROBE_TLS:
        return "a proxy that opens TLS needs its authority in --ca-file; else look at the clock, "
               "and at the system's certificates (Debian: ca-certificates)";
    case HTTP_PROBE_TIMEOUT:
        return "try again, or raise --request-timeout";
    case HTTP_PROBE_ODD:
        return "look whether a proxy or a portal answers in the place of Twilio";
    case HTTP_PROBE_NONE:
    case HTTP_PROBE_ANSWERED:
        break;
    }
    return NULL;
}

/* What ends at the slash behind the host. */
static const char *host_of(struct doctor *doctor, const char *url)
{
    const char *host = strstr(url, "://") + 3;

    return arena_strndup(&doctor->arena, host, strcspn(host, "/"));
}

static void check_host(struct doctor *doctor, const char *base, const char *path,
                       struct http_probe *probe)
{
    const struct options *options = doctor->options;
    const struct http_engine_config config = {
        .connect_timeout_ms = options->connect_timeout * 1000,
        .total_timeout_ms = options->request_timeout * 1000,
        .ca_file = options->ca_file,
        .user_agent = "roster/" ROSTER_VERSION,
    };
    const char *url = arena_printf(&doctor->arena, "%s%s", base, path);
    const char *host = host_of(doctor, base);
    struct diag diag;

    if (options->ca_file != NULL && access(options->ca_file, R_OK) != 0) {
        doctor_add(doctor, DOCTOR_SKIPPED, NULL, "not looked at: the CA file can't be read");
        return;
    }
    diag_init(&diag);
    if (http_probe(probe, &config, url, &doctor->arena, &diag) == 0) {
        if (probe->end == HTTP_PROBE_ANSWERED)
            doctor_add(doctor, DOCTOR_OK, NULL, "%s answers from %s in %" PRId64 " ms", host,
                       probe->address, probe->duration_ms);
        else
            doctor_add(doctor, DOCTOR_PROBLEM, advice_for(probe->end), "%s is not reached: %s",
                       host, probe->error);
    }
    (void)doctor_take(doctor, &diag);
}

void doctor_messaging_host(struct doctor *doctor)
{
    check_host(doctor, doctor->hosts.messaging, "/v1/Services?PageSize=1", &doctor->messaging);
}

void doctor_api_host(struct doctor *doctor)
{
    const char *account =
        doctor->has_login ? doctor->credentials.account_sid : "AC00000000000000000000000000000000";

    if (strcmp(doctor->hosts.api, doctor->hosts.messaging) == 0)
        doctor_add(doctor, DOCTOR_OK, NULL, "the same (--api-url)");
    else
        check_host(doctor, doctor->hosts.api,
                   arena_printf(&doctor->arena,
                                "/2010-04-01/Accounts/%s/IncomingPhoneNumbers.json?PageSize=1",
                                account),
                   &doctor->api);
}

void doctor_clock(struct doctor *doctor)
{
    const struct http_probe *probe =
        doctor->messaging.end == HTTP_PROBE_ANSWERED ? &doctor->messaging : &doctor->api;
    int64_t ahead_ms;

    if (probe->end != HTTP_PROBE_ANSWERED || probe->date_ms < 0) {
        doctor_add(doctor, DOCTOR_SKIPPED, NULL, "no answer tells the time");
        return;
    }
    ahead_ms = probe->local_ms - probe->date_ms;
    if (ahead_ms < SKEW_MS && ahead_ms > -SKEW_MS)
        doctor_add(doctor, DOCTOR_OK, NULL, "as the server's, within a minute");
    else
        doctor_add(
            doctor, DOCTOR_WARNING,
            "let the machine keep its time (timedatectl set-ntp true): certificates, windows "
            "and the times of journals depend on it",
            "it is %" PRId64 " s %s the server's", (ahead_ms > 0 ? ahead_ms : -ahead_ms) / 1000,
            ahead_ms > 0 ? "ahead of" : "behind");
}
