#include "cli/commands.h"
#include "cli/terminal.h"

#include <curl/curl.h>
#include <jansson.h>
#include <yaml.h>

enum exit_code cmd_version(const struct options *options, struct diag *diag)
{
    const curl_version_info_data *curl = curl_version_info(CURLVERSION_NOW);
    enum exit_code code = EXIT_OK;
    struct buf out;

    (void)options;
    buf_init(&out, BUF_LIMIT_DEFAULT);
    buf_printf(&out, "roster %s\nlibcurl %s (%s), jansson %s, libyaml %s\n", ROSTER_VERSION,
               curl->version, curl->ssl_version == NULL ? "no TLS" : curl->ssl_version,
               jansson_version_str(), yaml_get_version_string());
    if (terminal_write(&out, diag) != 0)
        code = EXIT_ERROR;
    buf_release(&out);
    return code;
}
