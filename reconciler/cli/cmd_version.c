#include "cli/commands.h"
#include "cli/terminal.h"

#include <curl/curl.h>
#include <git2.h>
#include <jansson.h>
#include <yaml.h>

enum exit_code cmd_version(const struct options *options, struct diag *diag)
{
    const curl_version_info_data *curl = curl_version_info(CURLVERSION_NOW);
    enum exit_code code = EXIT_OK;
    struct buf out;
    int git[3];

    (void)options;
    git_libgit2_version(&git[0], &git[1], &git[2]);
    buf_init(&out, BUF_LIMIT_DEFAULT);
    buf_printf(&out, "roster %s\nlibcurl %s (%s), jansson %s, libyaml %s, libgit2 %d.%d.%d\n",
               ROSTER_VERSION, curl->version,
               curl->ssl_version == NULL ? "no TLS" : curl->ssl_version, jansson_version_str(),
               yaml_get_version_string(), git[0], git[1], git[2]);
    if (terminal_write(&out, diag) != 0)
        code = EXIT_ERROR;
    buf_release(&out);
    return code;
}
