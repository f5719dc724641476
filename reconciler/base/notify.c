#include "base/notify.h"

#include "base/str.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int64_t read_watchdog(notify_lookup *lookup)
{
    const char *limit = lookup("WATCHDOG_USEC"), *process = lookup("WATCHDOG_PID");
    int64_t us, pid;

    if (limit == NULL || str_to_int64(limit, &us) != 0 || us <= 0)
        return 0;
    /* Inherited from somebody who is watched. */
    if (process != NULL && (str_to_int64(process, &pid) != 0 || pid != getpid()))
        return 0;
    return us / 2000 > 0 ? us / 2000 : 1;
}

static int connect_to(const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const size_t size = strlen(name);
    int opened;

    errno = ENAMETOOLONG;
    if (size >= sizeof(address.sun_path))
        return -1;
    errno = EINVAL;
    if (name[0] != '/' && (name[0] != '@' || size < 2))
        return -1;
    memcpy(address.sun_path, name, size);
    if (name[0] == '@')
        address.sun_path[0] = '\0';
    opened = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    /* The size tells an abstract name's end; a path's end is its NUL. */
    if (opened >= 0 && connect(opened, (const struct sockaddr *)(const void *)&address,
                               (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size +
                                           (name[0] == '/'))) != 0) {
        int error = errno;
        close(opened);
        errno = error;
        return -1;
    }
    return opened;
}

int notify_open(struct notify *notify, notify_lookup *lookup, struct diag *diag)
{
    const char *name = lookup("NOTIFY_SOCKET");

    notify->socket = -1;
    notify->watchdog_ms = 0;
    if (str_is_empty(name))
        return 0;
    notify->socket = connect_to(name);
    if (notify->socket < 0) {
        diag_error(diag, NULL, "cannot reach the service manager at NOTIFY_SOCKET (%s): %s", name,
                   strerror(errno));
        diag_help(diag, "systemd sets it; without it, nobody is told that roster is ready");
        return -1;
    }
    notify->watchdog_ms = read_watchdog(lookup);
    return 0;
}

void notify_send(const struct notify *notify, const char *lines)
{
    /* A manager that does not read must not stop us. */
    if (notify->socket >= 0 &&
        send(notify->socket, lines, strlen(lines), MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
        return;
}

void notify_close(struct notify *notify)
{
    if (notify->socket >= 0)
        close(notify->socket);
    notify->socket = -1;
}
