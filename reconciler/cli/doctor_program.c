/*
 * Checks of the program and the machine that it runs on.
 */
#include "cli/doctor.h"
#include "cli/terminal.h"

#include "base/str.h"
#include "base/zone.h"

#include <curl/curl.h>
#include <git2.h>
#include <jansson.h>
#include <langinfo.h>
#include <microhttpd.h>
#include <openssl/crypto.h>
#include <openssl/opensslv.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <unistd.h>
#include <yaml.h>

void doctor_program(struct doctor *doctor)
{
    doctor_add(doctor, DOCTOR_OK, NULL, "roster %s", ROSTER_VERSION);
}

bool doctor_is_older(const char *version, const char *than)
{
    for (;;) {
        char *end, *than_end;
        const unsigned long number = strtoul(version, &end, 10);
        const unsigned long other = strtoul(than, &than_end, 10);
        if (number != other)
            return number < other;
        if (*end != '.' || *than_end != '.')
            return false;
        version = end + 1;
        than = than_end + 1;
    }
}

static bool check_library(struct doctor *doctor, const char *name, const char *running,
                          const char *built)
{
    if (!doctor_is_older(running, built))
        return true;
    doctor_add(doctor, DOCTOR_WARNING,
               "install the version that roster was built with, or build "
               "roster anew",
               "%s %s is older than %s, with which roster was built", name, running, built);
    return false;
}

void doctor_libraries(struct doctor *doctor)
{
    const curl_version_info_data *curl = curl_version_info(CURLVERSION_NOW);
    const char *git_built = LIBGIT2_VERSION, *git_running;
    int git[3];
    bool good;

    git_libgit2_version(&git[0], &git[1], &git[2]);
    git_running = arena_printf(&doctor->arena, "%d.%d.%d", git[0], git[1], git[2]);
    good = check_library(doctor, "libcurl", curl->version, LIBCURL_VERSION);
    good &= check_library(doctor, "jansson", jansson_version_str(), JANSSON_VERSION);
    good &= check_library(doctor, "libgit2", git_running, git_built);
    good &= check_library(doctor, "libmicrohttpd", MHD_get_version(),
                          arena_printf(&doctor->arena, "%x.%x.%x", MHD_VERSION >> 24,
                                       MHD_VERSION >> 16 & 0xff, MHD_VERSION >> 8 & 0xff));
    good &= check_library(doctor, "OpenSSL", OpenSSL_version(OPENSSL_VERSION_STRING),
                          OPENSSL_VERSION_STR);
    if ((curl->features & CURL_VERSION_SSL) == 0) {
        doctor_add(doctor, DOCTOR_PROBLEM, "install a libcurl with TLS",
                   "libcurl %s has no TLS, without which Twilio can't be reached", curl->version);
        good = false;
    }
    if (good)
        doctor_add(doctor, DOCTOR_OK, NULL,
                   "libcurl %s (%s), OpenSSL %s, jansson %s, libyaml %s, libgit2 %s, "
                   "libmicrohttpd %s",
                   curl->version, curl->ssl_version, OpenSSL_version(OPENSSL_VERSION_STRING),
                   jansson_version_str(), yaml_get_version_string(), git_running,
                   MHD_get_version());
}

/* The locale that the terminal is said to have; NULL: nothing is said. */
static const char *locale_of(const struct doctor *doctor)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    size_t i;

    for (i = 0; i < COUNT_OF(names); i++)
        if (!str_is_empty(doctor->lookup(names[i])))
            return doctor->lookup(names[i]);
    return NULL;
}

static bool is_utf8(const char *locale)
{
    const char *dot = strchr(locale, '.');

    return dot != NULL &&
           (strncasecmp(dot + 1, "utf-8", 5) == 0 || strncasecmp(dot + 1, "utf8", 4) == 0);
}

void doctor_terminal(struct doctor *doctor)
{
    const char *locale = locale_of(doctor);
    const unsigned width = terminal_width(STDOUT_FILENO);

    if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        doctor_add(doctor, DOCTOR_WARNING, "install the locale C.UTF-8 (Debian: libc-bin)",
                   "there is no locale C.UTF-8: columns may not be in line");
    else if (locale == NULL || !is_utf8(locale))
        doctor_add(doctor, DOCTOR_WARNING, "set LANG=C.UTF-8, or another locale with UTF-8",
                   "roster writes UTF-8, and the locale is %s",
                   locale == NULL ? "not set" : locale);
    else if (width == 0)
        doctor_add(doctor, DOCTOR_OK, NULL, "UTF-8; standard output is no terminal");
    else
        doctor_add(doctor, DOCTOR_OK, NULL, "UTF-8, %u columns, %s", width,
                   terminal_color(doctor->options, STDOUT_FILENO) ? "colours" : "no colours");
}

void doctor_zones(struct doctor *doctor)
{
    if (zone_check("Europe/Berlin") == 0 && zone_check("America/New_York") == 0)
        doctor_add(doctor, DOCTOR_OK, NULL, "the IANA data is there");
    else
        doctor_add(doctor, DOCTOR_WARNING, "install tzdata, or set TZDIR to where it is",
                   "there is no IANA time zone data: --window of watch knows UTC only");
}

void doctor_files(struct doctor *doctor)
{
    /* Sockets to two hosts; and the rest: standard streams, journal, lock, listener, git. */
    const rlim_t wanted = (rlim_t)doctor->options->parallelism * 2 + 64;
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY ||
        limit.rlim_cur >= wanted)
        doctor_add(doctor, DOCTOR_OK, NULL, "enough for %d requests at once",
                   (int)doctor->options->parallelism);
    else
        doctor_add(doctor, DOCTOR_WARNING, "raise the limit (ulimit -n), or lower --parallelism",
                   "at most %llu open files, and %d requests at once may need %llu",
                   (unsigned long long)limit.rlim_cur, (int)doctor->options->parallelism,
                   (unsigned long long)wanted);
}
