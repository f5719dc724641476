#include "cli/listen_address.h"

#include "base/str.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

/* Splits at the last colon. */
static int split(const char *text, struct listen_address *address)
{
    const char *colon = strrchr(text, ':'), *host = text;
    size_t size;
    int64_t port;

    if (colon == NULL || !str_is_digits(colon + 1, strlen(colon + 1)) ||
        str_to_int64(colon + 1, &port) != 0 || port > UINT16_MAX)
        return -1;
    size = (size_t)(colon - text);
    address->v6 = size > 2 && host[0] == '[' && host[size - 1] == ']';
    if (address->v6) {
        host++;
        size -= 2;
    }
    if (size == 0 || size >= sizeof(address->host))
        return -1;
    memcpy(address->host, host, size);
    address->port = (uint16_t)port;
    return 0;
}

int listen_address_read(struct listen_address *address, const char *text, struct diag *diag)
{
    struct in6_addr v6;
    struct in_addr v4;

    memset(address, 0, sizeof(*address));
    if (split(text, address) == 0) {
        if (address->v6 && inet_pton(AF_INET6, address->host, &v6) == 1) {
            address->any = IN6_IS_ADDR_UNSPECIFIED(&v6);
            address->loopback = IN6_IS_ADDR_LOOPBACK(&v6);
            return 0;
        }
        if (!address->v6 && inet_pton(AF_INET, address->host, &v4) == 1) {
            address->any = v4.s_addr == htonl(INADDR_ANY);
            address->loopback = ntohl(v4.s_addr) >> 24 == 127;
            return 0;
        }
    }
    diag_error(diag, NULL, "--listen can't be \"%s\"", text);
    diag_help(diag, "a numeric address and a port: 127.0.0.1:8080, [::1]:8080; port 0: a free one");
    return -1;
}

void listen_address_url(const struct listen_address *address, uint16_t port,
                        char out[LISTEN_URL_SIZE])
{
    snprintf(out, LISTEN_URL_SIZE, address->v6 ? "http://[%s]:%u" : "http://%s:%u", address->host,
             (unsigned)port);
}
