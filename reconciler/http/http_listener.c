#include "http/http_listener.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Binds and listens; returns the descriptor, or -1 with errno set. */
static int listen_on(const struct addrinfo *where)
{
    static const int on = 1;
    int saved, descriptor = socket(where->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (descriptor < 0)
        return -1;
    if (setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
        bind(descriptor, where->ai_addr, where->ai_addrlen) == 0 &&
        listen(descriptor, SOMAXCONN) == 0)
        return descriptor;
    saved = errno;
    close(descriptor);
    errno = saved;
    return -1;
}

int http_listener_open(const char *address, uint16_t port, struct diag *diag)
{
    struct addrinfo hints = {.ai_family = AF_UNSPEC,
                             .ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE};
    struct addrinfo *found = NULL;
    char digits[8];
    int descriptor, failed;

    address = address == NULL ? "127.0.0.1" : address;
    snprintf(digits, sizeof(digits), "%u", (unsigned)port);
    failed = getaddrinfo(address, digits, &hints, &found);
    if (failed != 0) {
        diag_error(diag, NULL, "cannot listen on \"%s\": it is not a numeric address", address);
        return -1;
    }
    descriptor = listen_on(found);
    if (descriptor < 0) {
        failed = errno;
        diag_error(diag, NULL, "cannot listen on %s port %s: %s", address, digits,
                   strerror(failed));
        if (failed == EADDRINUSE)
            diag_help(diag, "another program listens there, perhaps one that was started earlier; "
                            "end it, or choose another port (0: a free one)");
    }
    freeaddrinfo(found);
    return descriptor;
}

uint16_t http_listener_port(int descriptor)
{
    struct sockaddr_storage bound;
    socklen_t size = sizeof(bound);
    char port[8];

    if (getsockname(descriptor, (struct sockaddr *)&bound, &size) != 0 ||
        getnameinfo((struct sockaddr *)&bound, size, NULL, 0, port, sizeof(port), NI_NUMERICSERV) !=
            0)
        return 0;
    return (uint16_t)strtoul(port, NULL, 10);
}

/* Connecting the socket to nothing resets it (Linux); shutdown() and close() would be polite. */
void http_listener_reset(int descriptor)
{
    static const struct sockaddr nothing = {.sa_family = AF_UNSPEC};
    static const struct linger at_once = {.l_onoff = 1, .l_linger = 0};

    (void)setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    (void)connect(descriptor, &nothing, sizeof(nothing));
}
