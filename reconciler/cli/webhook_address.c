#include "cli/webhook_address.h"

#include "base/arena.h"
#include "base/str.h"
#include "http/webhook_url.h"

#include <stdio.h>
#include <string.h>

int webhook_address_read(struct listen_address *address, const struct options *options,
                         const char *otherwise, struct diag *diag)
{
    const char *where = options->listen == NULL ? otherwise : options->listen, *why;
    int result = 0;

    if (options->public_url != NULL && !webhook_url_is_base(options->public_url, &why)) {
        diag_error(diag, NULL, "--public-url can't be used: %s", why);
        diag_help(diag, "it is what the URLs that Twilio calls begin with: "
                        "https://hooks.example.com");
        result = -1;
    }
    if (listen_address_read(address, where, diag) != 0)
        return -1;
    if (address->any && options->public_url == NULL) {
        diag_error(diag, NULL, "--listen %s needs --public-url", where);
        diag_help(diag, "signatures cover the URL that Twilio calls, and no URL has that address");
        result = -1;
    }
    return result;
}

void webhook_address_add_bases(const struct listen_address *address, const struct options *options,
                               uint16_t port, struct webhook_receiver *receiver)
{
    char url[LISTEN_URL_SIZE];

    if (options->public_url != NULL) {
        webhook_receiver_add_base(receiver, options->public_url);
        return;
    }
    listen_address_url(address, port, url);
    webhook_receiver_add_base(receiver, url);
    if (!address->loopback)
        return;
    snprintf(url, sizeof(url), "http://localhost:%u", (unsigned)port);
    webhook_receiver_add_base(receiver, url);
}

void webhook_address_add_shown(struct buf *out, const char *url)
{
    enum { LONGEST = 200 };
    struct arena scratch = {0};
    char *shown = arena_strdup(&scratch, url);
    size_t size = str_mask_passwords(shown, strlen(shown));

    str_add_visible(out, shown, size < LONGEST ? size : LONGEST);
    if (size > LONGEST)
        buf_add_text(out, "...");
    arena_release(&scratch);
}
